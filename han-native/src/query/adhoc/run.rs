//! Running one statement: preparing it behind the gate, stepping through its rows, and saying what went wrong.

use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{Row, Statement, ffi};
use serde_json::{Map, Number, Value};

use super::gate::{self, LONGEST_SQL, Refusal, Watch};
use super::{functions, parameters, views};
use crate::config::SqlOptions;
use crate::cost::PriceTable;
use crate::error::{Error, Result};
use crate::model::{SqlColumn, SqlParameters, SqlResult};
use crate::store::{Dedicated, Failure, Store};

const LONGEST_DEADLINE_MS: i64 = 3_600_000;
const MOST_ROWS: i64 = 1_000_000;
const MOST_BYTES: i64 = 1 << 30;

/// What is wrong with SQL that changes something, or that is empty.
const NOT_READING: &str = "is not a statement that reads; write one SELECT";

/// What a value takes besides its text.
const VALUE_BYTES: i64 = 32;

/// Runs one statement that only reads.
pub(crate) fn query(
    store: &Store,
    prices: &Arc<PriceTable>,
    sql: &str,
    parameters: &SqlParameters,
    options: &SqlOptions,
) -> Result<SqlResult> {
    let deadline = options.deadline;
    let deadline_ms = i64::try_from(deadline.as_millis()).unwrap_or(i64::MAX);
    check_bound("deadlineMs", deadline_ms, LONGEST_DEADLINE_MS)?;
    check_bound("maxRows", options.max_rows, MOST_ROWS)?;
    check_bound("maxBytes", options.max_bytes, MOST_BYTES)?;
    if sql.contains('\0') {
        return Err(Error::invalid("sql", "holds a NUL character; pass binary data as a parameter"));
    }
    if sql.len() > LONGEST_SQL {
        let problem = format!("is longer than {LONGEST_SQL} bytes; pass long texts as parameters");
        return Err(Error::invalid("sql", problem));
    }
    let watch = Watch::begin(deadline, &options.cancellation);
    if watch.is_cancelled() {
        return Err(Error::Cancelled);
    }
    let reading = store.begin_reading()?;
    let Dedicated { statement: mut connection, functions: source } = reading.dedicated(&views())?;
    let prepared = functions::register(&connection, source, prices)
        .and_then(|()| gate::close(&mut connection))
        .and_then(|refusal| watch.guard(&mut connection).map(|()| refusal));
    let refusal = prepared.map_err(|failure| reading.error(failure))?;

    let answer = match connection.prepare(sql) {
        Ok(mut statement) => answer(&mut statement, parameters, options, &watch),
        Err(error) => Err(error.into()),
    };
    answer.map_err(|failure| match failure {
        Failure::Sqlite(_) if watch.is_cancelled() => Error::Cancelled,
        Failure::Sqlite(error) => {
            told(error, &refusal, deadline_ms).unwrap_or_else(|error| reading.error(error.into()))
        }
        failure => reading.error(failure),
    })
}

fn check_bound(name: &'static str, value: i64, most: i64) -> Result<()> {
    match (1..=most).contains(&value) {
        true => Ok(()),
        false => Err(Error::invalid(name, format!("is 1 to {most}, not {value}"))),
    }
}

fn answer(
    statement: &mut Statement<'_>,
    parameters: &SqlParameters,
    bounds: &SqlOptions,
    watch: &Watch,
) -> Result<SqlResult, Failure> {
    if statement.column_count() == 0 || !statement.readonly() {
        return Err(Error::invalid("sql", NOT_READING).into());
    }
    parameters::bind(statement, parameters)?;
    let columns: Vec<SqlColumn> = statement
        .columns()
        .map(|column| SqlColumn {
            name: column.name().to_owned(),
            declared_type: column.decl_type().map(str::to_owned),
        })
        .collect();
    let width = columns.len();
    let mut result = SqlResult { columns, ..SqlResult::default() };
    let mut bytes = 0;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        // A statement of few steps may spend its time in functions.
        if watch.is_over() {
            return Err(interrupted().into());
        }
        bytes += size(row, width)?;
        if bytes > bounds.max_bytes && result.rows.is_empty() {
            let problem = format!(
                "of {} are less than the first row has ({bytes}); raise maxBytes, or select less",
                bounds.max_bytes
            );
            return Err(Error::invalid("maxBytes", problem).into());
        }
        if bytes > bounds.max_bytes || result.rows.len() as i64 == bounds.max_rows {
            result.is_truncated = true;
            break;
        }
        let values = (0..width).map(|column| Ok(to_json(row.get_ref(column)?))).collect::<rusqlite::Result<_>>()?;
        result.rows.push(values);
    }
    Ok(result)
}

/// About what a row takes in memory.
fn size(row: &Row<'_>, width: usize) -> rusqlite::Result<i64> {
    (0..width).try_fold(0, |sum, column| {
        let content = match row.get_ref(column)? {
            ValueRef::Text(text) => text.len() as i64,
            ValueRef::Blob(bytes) => bytes.len() as i64 * 2,
            _ => 0,
        };
        Ok(sum + VALUE_BYTES + content)
    })
}

fn to_json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(integer) => Value::from(integer),
        ValueRef::Real(real) => Number::from_f64(real)
            .map_or_else(|| Value::from(if real > 0.0 { "Infinity" } else { "-Infinity" }), Value::Number),
        ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            Value::Object(Map::from_iter([("hex".to_owned(), Value::from(digits))]))
        }
    }
}

fn interrupted() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_INTERRUPT), None)
}

/// The error that says what is wrong with the statement; SQLite's own if it is not the statement's fault.
fn told(error: rusqlite::Error, refusal: &Refusal, deadline_ms: i64) -> Result<Error, rusqlite::Error> {
    use rusqlite::ffi::ErrorCode as Sqlite;
    if let Some(what) = refusal.lock().take() {
        return Ok(Error::invalid("sql", format!("may only read what the views show; {what} is not allowed")));
    }
    match error {
        rusqlite::Error::Empty => Ok(Error::invalid("sql", NOT_READING)),
        rusqlite::Error::MultipleStatement => Ok(Error::invalid("sql", "holds several statements; pass one")),
        rusqlite::Error::SqlInputError { msg, offset, .. } => {
            Ok(Error::Statement { reason: format!("{msg} (at byte {offset})") })
        }
        rusqlite::Error::SqliteFailure(code, reason) => match code.code {
            Sqlite::OperationInterrupted => {
                let problem = format!(
                    "of {deadline_ms} passed before the statement was done; select less, seek by session_id or row_id, or raise it"
                );
                Ok(Error::invalid("deadlineMs", problem))
            }
            Sqlite::TooBig => Ok(Error::Statement { reason: "a text or blob is larger than 64 MiB".into() }),
            Sqlite::Unknown | Sqlite::TypeMismatch | Sqlite::ParameterOutOfRange => {
                Ok(Error::Statement { reason: reason.unwrap_or_else(|| code.to_string()) })
            }
            _ => Err(rusqlite::Error::SqliteFailure(code, reason)),
        },
        error => Err(error),
    }
}
