//! The rows, blocks and full-text documents of a database, in memory: what the floor writes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use han_native::bench_support;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use crate::Result;

/// Files with more bytes are written in parts.
const PIECE_BYTES: usize = 1 << 20;

/// Everything that goes into the three great tables.
pub(crate) struct Corpus {
    /// How the tables are made.
    pub(crate) tables: Vec<String>,
    /// How the full-text index is configured.
    pub(crate) search_options: Vec<(String, Value)>,
    pub(crate) message_columns: usize,
    /// What to write, in the order in which it was indexed.
    pub(crate) pieces: Vec<Piece>,
}

/// The rows of a file, or of a part of a large one.
pub(crate) struct Piece {
    pub(crate) messages: Vec<Vec<Value>>,
    pub(crate) blocks: Vec<Vec<Value>>,
    /// Row id and columns.
    pub(crate) documents: Vec<(i64, Vec<String>)>,
    /// Of the transcript.
    pub(crate) bytes: usize,
}

/// A transcript of the database: its generation, path, and whether it is an agent's.
struct Source {
    generation_id: i64,
    path: PathBuf,
    is_agent: bool,
}

impl Corpus {
    pub(crate) fn load(database: &Path) -> Result<Corpus> {
        let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let tables = strings(
            &connection,
            "SELECT sql FROM sqlite_master WHERE name IN ('messages', 'raw_blocks', 'messages_fts') AND type = 'table'",
        )?;
        let search_options = (connection.prepare("SELECT k, v FROM messages_fts_config WHERE k != 'version'")?)
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let message_columns = connection.prepare("SELECT * FROM messages")?.column_count();
        let mut pieces = Vec::new();
        for source in sources(&connection)? {
            pieces.extend(split(file_rows(&connection, &source)?));
        }
        Ok(Corpus { tables, search_options, message_columns, pieces })
    }
}

fn strings(connection: &Connection, sql: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare(sql)?;
    let found = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

fn sources(connection: &Connection) -> Result<Vec<Source>> {
    let mut statement = connection.prepare(
        "SELECT generations.id, config_dirs.path, files.path, files.kind = 'agent'
         FROM files JOIN generations ON generations.id = files.generation_id
         JOIN config_dirs ON config_dirs.id = files.config_dir_id
         WHERE files.kind != 'spill' ORDER BY generations.id",
    )?;
    let found = statement.query_map([], |row| {
        let (config_dir, path): (String, String) = (row.get(1)?, row.get(2)?);
        Ok(Source { generation_id: row.get(0)?, path: Path::new(&config_dir).join(path), is_agent: row.get(3)? })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn file_rows(connection: &Connection, source: &Source) -> Result<Piece> {
    let rows = |table: &str| -> Result<Vec<Vec<Value>>> {
        let sql = format!("SELECT * FROM {table} WHERE generation_id = ?1 ORDER BY id");
        let mut statement = connection.prepare_cached(&sql)?;
        let columns = statement.column_count();
        let rows =
            statement.query_map([source.generation_id], |row| (0..columns).map(|column| row.get(column)).collect())?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    let mut ids: HashMap<(i64, i64), i64> = HashMap::new();
    let mut statement = connection.prepare_cached("SELECT id, line, part FROM messages WHERE generation_id = ?1")?;
    let mut places = statement.query([source.generation_id])?;
    while let Some(row) = places.next()? {
        ids.insert((row.get(1)?, row.get(2)?), row.get(0)?);
    }
    let transcript = std::fs::read(&source.path)?;
    let spills = source.path.with_extension("").join("tool-results");
    let mut spill = |name: &str| std::fs::read_to_string(spills.join(name)).ok();
    let documents = bench_support::documents(&transcript, source.is_agent, &mut spill)
        .into_iter()
        .filter_map(|document| Some((*ids.get(&(document.line, document.part))?, document.columns)))
        .collect();
    Ok(Piece { messages: rows("messages")?, blocks: rows("raw_blocks")?, documents, bytes: transcript.len() })
}

/// Parts of about equal size, none of many more bytes than a piece should have.
fn split(file: Piece) -> Vec<Piece> {
    let parts = file.bytes.div_ceil(PIECE_BYTES).max(1);
    let (mut messages, mut blocks, mut documents) =
        (file.messages.into_iter(), file.blocks.into_iter(), file.documents.into_iter());
    let sizes = [messages.len(), blocks.len(), documents.len()].map(|length| length.div_ceil(parts));
    (0..parts)
        .map(|_| Piece {
            messages: messages.by_ref().take(sizes[0]).collect(),
            blocks: blocks.by_ref().take(sizes[1]).collect(),
            documents: documents.by_ref().take(sizes[2]).collect(),
            bytes: file.bytes / parts,
        })
        .collect()
}
