//! What keeps a statement in its bounds: the authorizer, SQLite's limits, and the watch over its time.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;

use super::vocabulary::{is_function_allowed, is_table_allowed};
use crate::config::Cancellation;
use crate::store::Failure;

/// Steps of SQLite's machine between two looks at the clock: some microseconds, but one step may read or make a long text.
const STEPS: i32 = 100;

/// The longest text or blob: the longest line of a transcript has to fit.
pub(super) const LONGEST_VALUE: i32 = (64 << 20) + (1 << 16);

/// The longest statement, in bytes.
pub(super) const LONGEST_SQL: usize = 256 << 10;

const LIMITS: [(Limit, i32); 11] = [
    (Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, LONGEST_SQL as i32),
    (Limit::SQLITE_LIMIT_COLUMN, 256),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
    (Limit::SQLITE_LIMIT_VDBE_OP, 250_000),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 127),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 10_000),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// What was refused, for people: SQLite says only that something was.
pub(super) type Refusal = Arc<Mutex<Option<String>>>;

/// Lets a connection read and nothing else, whatever it is asked to do.
pub(super) fn close(connection: &mut Connection) -> Result<Refusal, Failure> {
    for (limit, value) in LIMITS {
        connection.set_limit(limit, value)?;
    }
    let tables = tables(connection)?;
    let refusal = Refusal::default();
    let told = Arc::clone(&refusal);
    connection.authorizer(Some(move |context: AuthContext<'_>| match refused(&context, &tables) {
        None => Authorization::Allow,
        Some(what) => {
            told.lock().get_or_insert(what);
            Authorization::Deny
        }
    }))?;
    Ok(refusal)
}

/// The ordinary tables, which have pages of their own, and the views, in lower case.
fn tables(connection: &Connection) -> Result<HashSet<String>, Failure> {
    let mut statement = connection.prepare(
        "SELECT lower(name) FROM sqlite_schema WHERE type = 'table' AND rootpage > 0
         UNION ALL SELECT lower(name) FROM sqlite_temp_schema WHERE type = 'view'",
    )?;
    let names = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(names)
}

/// What is refused of an action; `None` if it is allowed.
fn refused(context: &AuthContext<'_>, tables: &HashSet<String>) -> Option<String> {
    match context.action {
        AuthAction::Select | AuthAction::Recursive => None,
        // Without a column it may be a name that the statement itself defines; only the number of rows is read.
        AuthAction::Read { column_name: "", .. } => None,
        AuthAction::Read { table_name, .. } => {
            (!is_table_allowed(table_name, |name| tables.contains(name))).then(|| format!("the table {table_name}"))
        }
        AuthAction::Function { function_name } => {
            (!is_function_allowed(function_name)).then(|| format!("the function {function_name}"))
        }
        AuthAction::Pragma { pragma_name, .. } => Some(format!("PRAGMA {pragma_name}")),
        AuthAction::Attach { .. } => Some("ATTACH".into()),
        AuthAction::Detach { .. } => Some("DETACH".into()),
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => Some("a transaction of its own".into()),
        AuthAction::Insert { table_name } => Some(format!("writing to {table_name}")),
        AuthAction::Update { table_name, .. } => Some(format!("writing to {table_name}")),
        AuthAction::Delete { table_name } => Some(format!("deleting from {table_name}")),
        _ => Some("changing the schema".into()),
    }
}

/// Ends a statement when its time is over or its caller cancels it.
#[derive(Clone)]
pub(super) struct Watch {
    end: Instant,
    cancellation: Cancellation,
}

impl Watch {
    pub(super) fn begin(deadline: Duration, cancellation: &Cancellation) -> Watch {
        Watch { end: Instant::now() + deadline, cancellation: cancellation.clone() }
    }

    /// Makes the connection ask, while it works.
    pub(super) fn guard(&self, connection: &mut Connection) -> Result<(), Failure> {
        let watch = self.clone();
        Ok(connection.progress_handler(STEPS, Some(move || watch.is_over()))?)
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancellation.is_cancelled()
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_cancelled() || Instant::now() >= self.end
    }
}
