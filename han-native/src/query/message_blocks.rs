//! The content blocks of messages, from their stored records.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Row};

use super::messages::resolve;
use super::record::blocks::{blocks_of, preview_block};
use super::record::bookkeeping::is_bookkeeping;
use super::record::bytes::{self, Extent};
use super::record::parts::{Content, Extractor, content_of};
use super::{page, rows};
use crate::error::Result;
use crate::model::{BlockOptions, MessageBlocks, Turn};
use crate::row::flag;
use crate::store::{Failure, Store};
use crate::transcript::discover::FileKind;

/// The most bytes of each text.
const MAXIMUM: i64 = 1 << 30;
/// How many bytes each text has if the caller does not say.
const DEFAULT: i64 = 64 << 10;

pub(crate) fn get(store: &Store, ids: &[String], options: &BlockOptions) -> Result<Vec<Option<MessageBlocks>>> {
    page::check_batch(ids)?;
    let limit = page::checked_limit("maxBytes", options.max_bytes.unwrap_or(DEFAULT), MAXIMUM)?;
    store.read(|connection| get_in(connection, ids, limit))
}

/// What is known of a message besides its record.
struct Facts {
    record_type: String,
    subtype: Option<String>,
    kind: FileKind,
    flags: i64,
    preview: String,
}

impl Facts {
    /// Columns from the second on.
    fn read(row: &Row<'_>) -> rusqlite::Result<Facts> {
        Ok(Facts {
            record_type: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
            subtype: row.get(2)?,
            kind: rows::file_kind(row, 3)?,
            flags: row.get(4)?,
            preview: row.get(5)?,
        })
    }

    fn turn(&self) -> Turn {
        match () {
            () if self.flags & flag::PROMPT != 0 => Turn::Prompt,
            () if self.flags & flag::TALK != 0 && self.record_type == "assistant" => Turn::Answer,
            () => Turn::Event,
        }
    }
}

pub(super) fn get_in(
    connection: &Connection,
    ids: &[String],
    limit: usize,
) -> Result<Vec<Option<MessageBlocks>>, Failure> {
    let found = resolve(connection, ids)?;
    // An id may be requested more than once.
    let records: BTreeMap<i64, Extent> = found.iter().flatten().map(|found| (found.row_id, found.record)).collect();
    let (row_ids, extents): (Vec<i64>, Vec<Extent>) = records.into_iter().unzip();
    let facts = facts(connection, &row_ids)?;
    let spills = spills(connection, &row_ids)?;
    let mut messages = HashMap::with_capacity(row_ids.len());
    let extractor = Extractor { limit, with_summaries: true };
    bytes::for_each(connection, &extents, |index, record| {
        let row_id = row_ids[index];
        let Some(facts) = facts.get(&row_id) else { return };
        let Content { parts, has_more_blocks } = content_of(record, facts.kind, extractor);
        let mut blocks = blocks_of(parts, &facts.record_type, |ordinal| spills.get(&(row_id, ordinal)).cloned());
        if blocks.is_empty() && !facts.preview.is_empty() {
            blocks.push(preview_block(&facts.record_type, &facts.preview, limit));
        }
        let turn = facts.turn();
        let is_bookkeeping = turn != Turn::Prompt && is_bookkeeping(&facts.record_type, facts.subtype.as_deref());
        messages.insert(row_id, MessageBlocks { turn, is_bookkeeping, blocks, has_more_blocks });
    })?;
    let mut uses: HashMap<i64, usize> = HashMap::with_capacity(messages.len());
    found.iter().flatten().for_each(|found| *uses.entry(found.row_id).or_default() += 1);
    let mut take = |row_id: i64| {
        let left = uses.get_mut(&row_id)?;
        *left -= 1;
        if *left == 0 { messages.remove(&row_id) } else { messages.get(&row_id).cloned() }
    };
    Ok(found.into_iter().map(|found| take(found?.row_id)).collect())
}

fn facts(connection: &Connection, row_ids: &[i64]) -> Result<HashMap<i64, Facts>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT message.id, type.value, subtype.value, file.kind, message.flags, message.preview
         FROM json_each(?1) AS wanted
         CROSS JOIN messages AS message ON message.id = wanted.value
         CROSS JOIN generations AS generation ON generation.id = message.generation_id
         CROSS JOIN files AS file ON file.id = generation.file_id
         LEFT JOIN strings AS type ON type.id = message.type_id
         LEFT JOIN strings AS subtype ON subtype.id = message.subtype_id",
    )?;
    let facts = statement.query_map([rows::json_array(row_ids)], |row| Ok((row.get(0)?, Facts::read(row)?)))?;
    Ok(facts.collect::<rusqlite::Result<_>>()?)
}

/// The files that results went to, by message and ordinal.
fn spills(connection: &Connection, row_ids: &[i64]) -> Result<HashMap<(i64, i64), String>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT result.message_id, result.ordinal, result.spill FROM json_each(?1) AS wanted
         CROSS JOIN tool_results AS result ON result.message_id = wanted.value WHERE result.spill IS NOT NULL",
    )?;
    let spills =
        statement.query_map([rows::json_array(row_ids)], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    Ok(spills.collect::<rusqlite::Result<_>>()?)
}
