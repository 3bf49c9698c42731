//! The rows, blocks and full-text documents of a database, in memory: what the floor writes.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use han_native::bench_support;
use han_native::model::SearchField;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
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
    pub(crate) messages: Rows,
    pub(crate) blocks: Rows,
    /// Row ids and columns of the full-text index.
    pub(crate) documents: Rows,
    /// What to write, in the order in which it was indexed.
    pub(crate) pieces: Vec<Piece>,
}

/// The rows of a file, or of a part of a large one.
pub(crate) struct Piece {
    pub(crate) messages: Range<usize>,
    pub(crate) blocks: Range<usize>,
    pub(crate) documents: Range<usize>,
    /// Of the transcript.
    pub(crate) bytes: usize,
}

/// Rows of one table, one after the other, so that the memory of the process is as orderly as before.
pub(crate) struct Rows {
    pub(crate) columns: usize,
    cells: Vec<Cell>,
    texts: Vec<u8>,
}

enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(Range<usize>),
    Blob(Range<usize>),
}

impl Rows {
    fn new(columns: usize) -> Rows {
        Rows { columns, cells: Vec::new(), texts: Vec::new() }
    }

    fn len(&self) -> usize {
        self.cells.len() / self.columns
    }

    fn push(&mut self, value: ValueRef<'_>) {
        let cell = match value {
            ValueRef::Null => Cell::Null,
            ValueRef::Integer(value) => Cell::Integer(value),
            ValueRef::Real(value) => Cell::Real(value),
            ValueRef::Text(bytes) => Cell::Text(self.keep(bytes)),
            ValueRef::Blob(bytes) => Cell::Blob(self.keep(bytes)),
        };
        self.cells.push(cell);
    }

    fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.texts.len();
        self.texts.extend_from_slice(bytes);
        start..self.texts.len()
    }

    /// Some of the rows, each as the parameters of a statement.
    pub(crate) fn get(&self, rows: Range<usize>) -> impl Iterator<Item = impl Iterator<Item = ToSqlOutput<'_>>> {
        let cells = &self.cells[rows.start * self.columns..rows.end * self.columns];
        cells.chunks(self.columns).map(|row| row.iter().map(|cell| ToSqlOutput::Borrowed(self.value(cell))))
    }

    fn value(&self, cell: &Cell) -> ValueRef<'_> {
        match cell {
            Cell::Null => ValueRef::Null,
            Cell::Integer(value) => ValueRef::Integer(*value),
            Cell::Real(value) => ValueRef::Real(*value),
            Cell::Text(range) => ValueRef::Text(&self.texts[range.clone()]),
            Cell::Blob(range) => ValueRef::Blob(&self.texts[range.clone()]),
        }
    }
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
        let columns = |table: &str| -> Result<usize> {
            Ok(connection.prepare(&format!("SELECT * FROM {table}"))?.column_count())
        };
        let mut corpus = Corpus {
            tables,
            search_options,
            messages: Rows::new(columns("messages")?),
            blocks: Rows::new(columns("raw_blocks")?),
            documents: Rows::new(1 + SearchField::ALL.len()),
            pieces: Vec::new(),
        };
        for source in sources(&connection)? {
            corpus.load_file(&connection, &source)?;
        }
        Ok(corpus)
    }

    fn load_file(&mut self, connection: &Connection, source: &Source) -> Result<()> {
        let starts = [self.messages.len(), self.blocks.len(), self.documents.len()];
        let mut ids: HashMap<(i64, i64), i64> = HashMap::new();
        let mut statement =
            connection.prepare_cached("SELECT id, line, part FROM messages WHERE generation_id = ?1")?;
        let mut places = statement.query([source.generation_id])?;
        while let Some(row) = places.next()? {
            ids.insert((row.get(1)?, row.get(2)?), row.get(0)?);
        }
        load_rows(connection, "messages", source.generation_id, &mut self.messages)?;
        load_rows(connection, "raw_blocks", source.generation_id, &mut self.blocks)?;
        let transcript = std::fs::read(&source.path)?;
        let spills = source.path.with_extension("").join("tool-results");
        let mut spill = |name: &str| std::fs::read_to_string(spills.join(name)).ok();
        for document in bench_support::documents(&transcript, source.is_agent, &mut spill) {
            let Some(id) = ids.get(&(document.line, document.part)) else { continue };
            self.documents.push(ValueRef::Integer(*id));
            for column in &document.columns {
                self.documents.push(if column.is_empty() { ValueRef::Null } else { column.as_str().into() });
            }
        }
        // Parts of about equal size, none much larger than a piece should be.
        let parts = transcript.len().div_ceil(PIECE_BYTES).max(1);
        let ends = [self.messages.len(), self.blocks.len(), self.documents.len()];
        for part in 0..parts {
            let range = |table: usize| {
                let cut = |part: usize| starts[table] + (ends[table] - starts[table]) * part / parts;
                cut(part)..cut(part + 1)
            };
            let bytes = transcript.len() / parts;
            self.pieces.push(Piece { messages: range(0), blocks: range(1), documents: range(2), bytes });
        }
        Ok(())
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

fn load_rows(connection: &Connection, table: &str, generation_id: i64, rows: &mut Rows) -> Result<()> {
    let sql = format!("SELECT * FROM {table} WHERE generation_id = ?1 ORDER BY id");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut found = statement.query([generation_id])?;
    while let Some(row) = found.next()? {
        for column in 0..rows.columns {
            rows.push(row.get_ref(column)?);
        }
    }
    Ok(())
}
