//! Tool calls with their results, by the id that both name, and their texts from the stored records.

use rusqlite::{Connection, Row};

use super::page;
use super::record::bytes::Extent;
use super::record::parts::{Part, parts_of};
use super::record::records::RecordReader;
use super::rows::{index, json_array, message_id, timestamp};
use crate::error::Result;
use crate::model::{ToolCall, ToolCallOptions, ToolResult};
use crate::row;
use crate::store::{Failure, Store};
use crate::transcript::discover::FileKind;

pub(crate) fn get(store: &Store, ids: &[String], options: ToolCallOptions) -> Result<Vec<Option<ToolCall>>> {
    page::check_batch(ids)?;
    store.read(|connection| get_in(connection, ids, options))
}

/// The row of a table that counts for an id: never one of a copy or of an older generation, and that of an agent's own file
/// before a report of its progress.
fn counting(table: &str, condition: &str) -> String {
    format!(
        "SELECT found.message_id, found.ordinal FROM {table} AS found
         CROSS JOIN messages AS message ON message.id = found.message_id
         CROSS JOIN generations AS generation ON generation.id = message.generation_id
         CROSS JOIN files AS file ON file.id = generation.file_id
         CROSS JOIN config_dirs AS config_dir ON config_dir.id = file.config_dir_id
         WHERE found.tool_use_key = wanted.value ->> 0 AND {condition} AND message.replay_of IS NULL
         AND NOT generation.is_superseded
         ORDER BY message.carried_uuid IS NOT NULL, file.path, config_dir.path, message.line, message.part, found.ordinal
         LIMIT 1"
    )
}

fn calls_with_results() -> String {
    format!(
        "SELECT wanted.key,
                call_file.path_hash, caller.line, caller.part, call_generation.number, call_generation.is_superseded,
                call.tool_use_id, name.value, session.session_id, coalesce(own_agent.value, file_agent.value), caller.time,
                caller.generation_id, caller.offset, caller.length,
                result_file.path_hash, answer.line, answer.part, result_generation.number,
                result_generation.is_superseded,
                result.is_error, result.spill, answer.time, answer.generation_id, answer.offset, answer.length
         FROM json_each(?1) AS wanted
         CROSS JOIN tool_calls AS call ON (call.message_id, call.ordinal) = ({})
         CROSS JOIN messages AS caller ON caller.id = call.message_id
         CROSS JOIN generations AS call_generation ON call_generation.id = caller.generation_id
         CROSS JOIN files AS call_file ON call_file.id = call_generation.file_id
         CROSS JOIN sessions AS session ON session.id = call_file.session_id
         CROSS JOIN strings AS name ON name.id = call.name_id
         LEFT JOIN strings AS own_agent ON own_agent.id = caller.agent_id
         LEFT JOIN strings AS file_agent ON file_agent.id = call_file.agent_id
         LEFT JOIN tool_results AS result ON (result.message_id, result.ordinal) = ({})
         LEFT JOIN messages AS answer ON answer.id = result.message_id
         LEFT JOIN generations AS result_generation ON result_generation.id = answer.generation_id
         LEFT JOIN files AS result_file ON result_file.id = result_generation.file_id",
        counting("tool_calls", "found.tool_use_id = wanted.value ->> 1"),
        counting("tool_results", "TRUE")
    )
}

/// A call, and where the records of it and of its result are.
struct Found {
    call: ToolCall,
    call_record: Extent,
    result_record: Option<Extent>,
}

pub(super) fn get_in(
    connection: &Connection,
    ids: &[String],
    options: ToolCallOptions,
) -> Result<Vec<Option<ToolCall>>, Failure> {
    let wanted: Vec<(i64, &str)> = ids.iter().map(|id| (row::tool_use_key(id), id.as_str())).collect();
    let mut found: Vec<Option<Found>> = Vec::new();
    found.resize_with(ids.len(), || None);
    let mut statement = connection.prepare_cached(&calls_with_results())?;
    let mut rows = statement.query([json_array(&wanted)])?;
    while let Some(row) = rows.next()? {
        let at = index(row, 0)?;
        let read = read(row)?;
        // SQLite ends a text of JSON at a NUL: what it found may not be what was requested.
        if ids.get(at) == Some(&read.call.id) {
            found[at] = Some(read);
        }
    }
    if options.include_text {
        fill_texts(connection, &mut found)?;
    }
    Ok(found.into_iter().map(|found| found.map(|found| found.call)).collect())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Found> {
    let has_result = row.get::<_, Option<i64>>(14)?.is_some();
    let result = || {
        Ok::<_, rusqlite::Error>(ToolResult {
            message_id: message_id(row, 14)?,
            is_error: row.get(19)?,
            spill: row.get(20)?,
            timestamp: timestamp(row, 21)?,
            output: None,
        })
    };
    Ok(Found {
        call: ToolCall {
            message_id: message_id(row, 1)?,
            id: row.get(6)?,
            name: row.get(7)?,
            session_id: row.get(8)?,
            agent_id: row.get(9)?,
            timestamp: timestamp(row, 10)?,
            input: None,
            result: has_result.then(result).transpose()?,
        },
        call_record: extent(row, 11)?,
        result_record: has_result.then(|| extent(row, 22)).transpose()?,
    })
}

fn extent(row: &Row<'_>, first: usize) -> rusqlite::Result<Extent> {
    Ok(Extent { generation_id: row.get(first)?, offset: row.get(first + 1)?, length: row.get(first + 2)? })
}

/// Fills in inputs and outputs, one record at a time.
fn fill_texts(connection: &Connection, found: &mut [Option<Found>]) -> Result<(), Failure> {
    let mut texts: Vec<(Extent, Text<'_>)> = Vec::new();
    for Found { call: ToolCall { id, input, result, .. }, call_record, result_record } in found.iter_mut().flatten() {
        texts.push((*call_record, Text { id, is_input: true, target: input }));
        if let (Some(result), Some(record)) = (result, result_record) {
            texts.push((*record, Text { id, is_input: false, target: &mut result.output }));
        }
    }
    // Records of one block are neighbours then.
    texts.sort_by_key(|(extent, _)| *extent);
    let mut reader = RecordReader::default();
    for (extent, text) in texts {
        let record = reader.read(connection, extent)?;
        // Events never call tools: the record is read the same way in every other kind of file.
        *text.target = parts_of(&record, FileKind::Main).into_iter().find_map(|part| match part {
            Part::Call(call) if text.is_input && call.id == text.id => {
                Some(call.input.text).filter(|input| !input.is_empty())
            }
            Part::Result(outcome) if !text.is_input && outcome.call_id == text.id => Some(outcome.text.text),
            _ => None,
        });
    }
    Ok(())
}

/// A text to be taken from a record.
struct Text<'a> {
    id: &'a str,
    /// The call's input, else the result's output.
    is_input: bool,
    target: &'a mut Option<String>,
}

#[cfg(test)]
#[path = "tool_calls_tests.rs"]
mod tests;
