//! The functions of the views: names as they are shown, and what is in the stored records.
//!
//! They read through a connection of their own, since the one that calls them is busy; both see one snapshot.

use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::functions::Context;
use rusqlite::{Connection, OptionalExtension, params};

use super::answer::{Answer, FLAGS, failed};
use super::{costs, linear};
use crate::cost::PriceTable;
use crate::model::{MessageId, SearchField, Timestamp};
use crate::query::record::bytes::Extent;
use crate::query::record::parts::{Part, parts_of};
use crate::query::record::records::RecordReader;
use crate::query::{rows, search};
use crate::store::Failure;
use crate::transcript::discover::FileKind;

/// Registers the functions with `target`; `source` reads for them.
pub(super) fn register(target: &Connection, source: Connection, prices: &Arc<PriceTable>) -> Result<(), Failure> {
    target.create_scalar_function("iso_time", 1, FLAGS, |context| {
        Ok(context.get::<Option<i64>>(0)?.and_then(Timestamp::from_millis).map(|time| time.to_string()))
    })?;
    target.create_scalar_function("uuid_text", 1, FLAGS, |context| Ok(rows::uuid_text(context.get_raw(0))))?;
    for arguments in [3, 5] {
        target.create_scalar_function("message_id", arguments, FLAGS, message_id)?;
    }
    let records = Arc::new(Mutex::new(Records { source, reader: RecordReader::default(), last: None }));
    let add = |name: &str, arguments: i32, function: fn(&mut Records, &Context<'_>) -> Answer<Option<String>>| {
        let records = Arc::clone(&records);
        target.create_scalar_function(name, arguments, FLAGS, move |context| function(&mut records.lock(), context))
    };
    add("message_raw", 1, Records::raw)?;
    add("message_text", 1, Records::text)?;
    add("message_text", 2, Records::text)?;
    add("tool_input", 2, Records::tool_input)?;
    add("tool_output", 2, Records::tool_output)?;
    let read = Arc::clone(&records);
    costs::register(target, prices, move |ask| ask(&read.lock().source))?;
    let reals = Arc::clone(&records);
    linear::register(target, move |real| reals.lock().text_of(real))?;
    target.create_scalar_function("message_row", 1, FLAGS, move |context| {
        records.lock().row_of(&context.get::<Option<String>>(0)?.unwrap_or_default())
    })?;
    Ok(())
}

/// Path hash, line, part; then whether the generation is superseded, and its number.
fn message_id(context: &mut Context<'_>) -> Answer<String> {
    let is_superseded = context.len() == 5 && context.get(3)?;
    let id = MessageId {
        path_hash: context.get::<i64>(0)? as u64,
        line: context.get(1)?,
        part: context.get(2)?,
        generation: if is_superseded { Some(context.get(4)?) } else { None },
    };
    Ok(id.to_string())
}

/// Reads records, and remembers the last: the columns of one row ask for the same one.
struct Records {
    source: Connection,
    reader: RecordReader,
    last: Option<Record>,
}

struct Record {
    row_id: i64,
    generation_id: i64,
    kind: FileKind,
    bytes: Vec<u8>,
    /// By field; read when they are requested.
    texts: Option<Vec<(SearchField, String)>>,
}

impl Records {
    /// `message_raw(row)`: the record as it is stored.
    fn raw(&mut self, context: &Context<'_>) -> Answer<Option<String>> {
        Ok(self.record(context)?.map(|record| String::from_utf8_lossy(&record.bytes).into_owned()))
    }

    /// `message_text(row)`, `message_text(row, field)`: the searchable text, of all fields or of one.
    fn text(&mut self, context: &Context<'_>) -> Answer<Option<String>> {
        let field = match context.len() {
            1 => None,
            _ => Some(field(&context.get::<String>(1)?)?),
        };
        if self.record(context)?.is_none() {
            return Ok(None);
        }
        let Some(record) = &mut self.last else { return Ok(None) };
        let texts = match &record.texts {
            Some(texts) => texts,
            None => {
                let texts =
                    search::texts(&self.source, &record.bytes, record.kind, record.generation_id).map_err(failed)?;
                record.texts.insert(texts)
            }
        };
        let asked = texts.iter().filter(|(of, _)| field.is_none_or(|field| field == *of));
        let asked: Vec<&str> = asked.map(|(_, text)| text.as_str()).collect();
        Ok(Some(asked.join("\n")))
    }

    /// `tool_input(row, ordinal)`: the input of a call, as JSON.
    fn tool_input(&mut self, context: &Context<'_>) -> Answer<Option<String>> {
        self.tool(context, |part, wanted| match part {
            Part::Call(call) if call.ordinal == Some(wanted) => Some(call.input.text),
            _ => None,
        })
    }

    /// `tool_output(row, ordinal)`: the text of a result, without what was spilled.
    fn tool_output(&mut self, context: &Context<'_>) -> Answer<Option<String>> {
        self.tool(context, |part, wanted| match part {
            Part::Result(outcome) if outcome.ordinal == Some(wanted) => Some(outcome.text.text),
            _ => None,
        })
    }

    fn tool(&mut self, context: &Context<'_>, pick: impl Fn(Part, i64) -> Option<String>) -> Answer<Option<String>> {
        let ordinal: Option<i64> = context.get(1)?;
        let (Some(record), Some(ordinal)) = (self.record(context)?, ordinal) else { return Ok(None) };
        Ok(parts_of(&record.bytes, record.kind).into_iter().find_map(|part| pick(part, ordinal)))
    }

    /// The record of the row that the first argument names.
    fn record(&mut self, context: &Context<'_>) -> Answer<Option<&Record>> {
        let Some(row_id) = context.get::<Option<i64>>(0)? else { return Ok(None) };
        if self.last.as_ref().is_none_or(|last| last.row_id != row_id) {
            self.last = self.read(row_id).map_err(failed)?;
        }
        Ok(self.last.as_ref())
    }

    fn read(&mut self, row_id: i64) -> Result<Option<Record>, Failure> {
        let mut statement = self.source.prepare_cached(
            "SELECT message.generation_id, message.offset, message.length, file.kind
             FROM messages AS message
             JOIN generations AS generation ON generation.id = message.generation_id
             JOIN files AS file ON file.id = generation.file_id
             WHERE message.id = ?1",
        )?;
        let found = statement
            .query_row([row_id], |row| {
                let extent = Extent { generation_id: row.get(0)?, offset: row.get(1)?, length: row.get(2)? };
                Ok((extent, rows::file_kind(row, 3)?))
            })
            .optional()?;
        let Some((extent, kind)) = found else { return Ok(None) };
        let bytes = self.reader.read(&self.source, extent)?;
        Ok(Some(Record { row_id, generation_id: extent.generation_id, kind, bytes, texts: None }))
    }

    /// A fraction as SQLite writes it.
    fn text_of(&self, real: f64) -> Answer<String> {
        self.source.prepare_cached("SELECT CAST(?1 AS TEXT)")?.query_row([real], |row| row.get(0))
    }

    /// `message_row(id)`: the row of a message id, with which SQLite can seek.
    fn row_of(&mut self, id: &str) -> Answer<Option<i64>> {
        let Ok(id) = id.parse::<MessageId>() else { return Ok(None) };
        let mut statement = self.source.prepare_cached(
            "SELECT message.id FROM files AS file
             CROSS JOIN config_dirs AS config_dir ON config_dir.id = file.config_dir_id
             CROSS JOIN generations AS generation ON generation.file_id = file.id
                 AND CASE WHEN ?4 IS NULL THEN NOT generation.is_superseded
                          ELSE generation.is_superseded AND generation.number = ?4 END
             CROSS JOIN messages AS message ON message.generation_id = generation.id
                 AND message.line = ?2 AND message.part = ?3
             WHERE file.path_hash = ?1 ORDER BY file.is_missing, config_dir.path LIMIT 1",
        )?;
        statement.query_row(params![id.path_hash as i64, id.line, id.part, id.generation], |row| row.get(0)).optional()
    }
}

/// A field by its name at the edge.
fn field(name: &str) -> Answer<SearchField> {
    serde_json::from_value(serde_json::Value::from(name)).map_err(|_| {
        let fields = "user, assistant, thinking, toolInput, toolOutput, title and other";
        rusqlite::Error::UserFunctionError(format!("message_text has the fields {fields}, not {name:?}").into())
    })
}
