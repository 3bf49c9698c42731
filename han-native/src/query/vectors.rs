//! Which models there are, which messages need vectors, and which texts vectors represent.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Row};

use super::messages::{Found, resolve_all};
use super::page::{self, checked_limit};
use super::record::bytes::Extent;
use super::record::records::RecordReader;
use super::rows::{self, json_array};
use super::search;
use crate::derive;
use crate::embedding;
use crate::error::Result;
use crate::model::{Page, PendingChunk, PendingMessage, PendingQuery, VectorModel};
use crate::store::vectors::{self, KnownMessage, wants_vector};
use crate::store::{Failure, Reading, Store};
use crate::transcript::discover::FileKind;

/// The list of messages that need vectors, in the order of their rows.
const LIST: &str = "pending vectors";
/// The most messages of a page.
const MAXIMUM: i64 = 1_000;
/// How many messages a page has if the caller does not say.
const DEFAULT: i64 = 50;
/// A page ends early once its texts have this many bytes.
const PAGE_BYTES: usize = 8 << 20;

/// Every model that has vectors, by name.
pub(crate) fn models(store: &Store) -> Result<Vec<VectorModel>> {
    store.read(models_in)
}

fn models_in(connection: &Connection) -> Result<Vec<VectorModel>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT model_id, count(*), count(DISTINCT message_id), sum(is_stale) FROM vector_items GROUP BY model_id",
    )?;
    let counts = statement
        .query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?))))?
        .collect::<rusqlite::Result<HashMap<i64, (i64, i64, i64)>>>()?;
    let models = vectors::models(connection)?.into_iter().map(|model| {
        let (vectors, messages, stale) = counts.get(&model.id).copied().unwrap_or_default();
        VectorModel { name: model.name, dimensions: model.dimensions as i64, messages, vectors, stale }
    });
    Ok(models.collect())
}

/// A page of messages that need vectors, those whose text has changed first.
pub(crate) fn pending(store: &Store, query: &PendingQuery) -> Result<Page<PendingMessage>> {
    embedding::check_model(&query.model)?;
    let limit = checked_limit("first", query.first.unwrap_or(DEFAULT), MAXIMUM)?;
    let after = query.after.as_deref().map(|cursor| page::decode::<i64>("after", LIST, cursor)).transpose()?;
    store.read(|connection| pending_in(connection, &query.model, after, limit))
}

/// A message's record, and the row that it is stored in.
struct Source {
    row_id: i64,
    extent: Extent,
    kind: FileKind,
}

const SOURCE: &str = "message.id, message.generation_id, message.offset, message.length, file.kind";
const SOURCE_JOINED: &str = "
    CROSS JOIN generations AS generation ON generation.id = message.generation_id
    CROSS JOIN files AS file ON file.id = generation.file_id";

fn source(row: &Row<'_>) -> rusqlite::Result<Source> {
    Ok(Source {
        row_id: row.get(0)?,
        extent: Extent { generation_id: row.get(1)?, offset: row.get(2)?, length: row.get(3)? },
        kind: rows::file_kind(row, 4)?,
    })
}

pub(super) fn pending_in(
    connection: &Connection,
    model: &str,
    after: Option<i64>,
    limit: usize,
) -> Result<Page<PendingMessage>, Failure> {
    let known = vectors::model(connection, model)?;
    // No model has this id: of one that has no vectors yet, every message needs one.
    let (model_id, looked_id) = known.map_or((0, 0), |model| (model.id, model.looked_id));
    let (mut items, mut cursors) = (Vec::new(), Vec::new());
    let (mut reader, mut size, mut goes_on) = (RecordReader::default(), 0, false);
    let mut listed = HashSet::new();
    let after = after.unwrap_or(0);
    let due = "vector_due AS due CROSS JOIN messages AS message ON message.id = due.message_id";
    for (from, key, bound, lower, upper) in [
        (due, "due.message_id", "due.model_id = ?1", after, looked_id),
        ("messages AS message", "message.id", "TRUE", after.max(looked_id), i64::MAX),
    ] {
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {SOURCE}, file.path_hash, message.line, message.part, generation.number, generation.is_superseded
             FROM {from} {SOURCE_JOINED} WHERE {bound} AND {key} > ?2 AND {key} <= ?3 AND {} ORDER BY {key}",
            wants_vector()
        ))?;
        let mut rows = statement.query([model_id, lower, upper])?;
        while let Some(row) = rows.next()? {
            if items.len() == limit || size > PAGE_BYTES {
                goes_on = true;
                break;
            }
            let source = source(row)?;
            let record = reader.read(connection, source.extent)?;
            let texts = search::texts(connection, &record, source.kind, source.extent.generation_id)?;
            let chunks = embedding::chunks(&texts);
            let (id, text_hash) = (rows::message_id(row, 5)?, derive::text_hash(&texts));
            // Vectors that are passed for a message are stored for those of its id in other config dirs, too.
            if chunks.is_empty() || !listed.insert((id, text_hash)) {
                continue;
            }
            size += chunks.iter().map(|chunk| chunk.text.len()).sum::<usize>();
            cursors.push(source.row_id);
            items.push(PendingMessage {
                message_id: id.to_string(),
                text_hash: hash_text(text_hash),
                chunks: (0..)
                    .zip(chunks)
                    .map(|(number, chunk)| PendingChunk {
                        chunk: number,
                        field: chunk.field,
                        start: chunk.start,
                        end: chunk.end,
                        text: chunk.text.to_owned(),
                    })
                    .collect(),
            });
        }
        if goes_on {
            break;
        }
    }
    Ok(Page {
        items,
        has_next_page: goes_on,
        has_previous_page: after > 0,
        start_cursor: cursors.first().map(|row_id| page::encode(LIST, row_id)),
        end_cursor: cursors.last().map(|row_id| page::encode(LIST, row_id)),
        total_count: None,
    })
}

/// The messages of each of these ids, the one that the id alone means first; none for an unknown one.
pub(crate) fn known(reading: &Reading<'_>, ids: &[String]) -> Result<Vec<Vec<KnownMessage>>> {
    reading.read(|connection| known_in(connection, ids))
}

fn known_in(connection: &Connection, ids: &[String]) -> Result<Vec<Vec<KnownMessage>>, Failure> {
    let found = resolve_all(connection, ids)?;
    let row_ids: Vec<i64> = found.iter().flatten().map(|found| found.row_id).collect();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {SOURCE}, message.replay_of IS NOT NULL FROM json_each(?1) AS wanted
         CROSS JOIN messages AS message ON message.id = wanted.value {SOURCE_JOINED} ORDER BY wanted.key"
    ))?;
    let mut known = HashMap::with_capacity(row_ids.len());
    let mut reader = RecordReader::default();
    let mut rows = statement.query([json_array(&row_ids)])?;
    while let Some(row) = rows.next()? {
        let source = source(row)?;
        let record = reader.read(connection, source.extent)?;
        let texts = search::texts(connection, &record, source.kind, source.extent.generation_id)?;
        let text_hash = derive::text_hash(&texts);
        known.insert(source.row_id, KnownMessage { row_id: source.row_id, text_hash, is_copy: row.get(5)? });
    }
    let of_id = |found: Vec<Found>| found.iter().filter_map(|found| known.get(&found.row_id).copied()).collect();
    Ok(found.into_iter().map(of_id).collect())
}

/// A hash of a text as it is returned.
fn hash_text(hash: i64) -> String {
    format!("{:016x}", hash as u64)
}

#[cfg(test)]
#[path = "vectors_tests.rs"]
mod tests;
