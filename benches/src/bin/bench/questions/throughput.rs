//! How fast is a full index, against one thread that inserts ready rows, blocks and full-text documents from memory into the
//! same tables without their indexes?

use std::path::Path;
use std::time::Instant;

use han_native::ScanOptions;
use rusqlite::{Connection, params_from_iter};

use crate::Result;
use crate::context::{Context, open};
use crate::corpus::Corpus;
use crate::report::{Bound, Row};
use crate::statistics::Sample;

/// Times each side is measured, in turn.
const ROUNDS: usize = 5;
/// Bytes of transcripts that one transaction of the floor takes.
const TRANSACTION_BYTES: usize = 48 << 20;

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let database = context.indexed()?.database;
    let corpus = Corpus::load(&database)?;
    let bytes = corpus.pieces.iter().map(|piece| piece.bytes).sum::<usize>() as f64;
    let (mut ours, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(bytes / 1e6 / index(context)?);
        let path = context.new_folder()?.join("floor.db");
        floors.push(bytes / 1e6 / insert(&corpus, &path)?);
        std::fs::remove_file(path)?;
    }
    let ratios = Sample::new(ours.iter().zip(&floors).map(|(ours, floor)| ours / floor).collect());
    let (ours, floors) = (Sample::new(ours), Sample::new(floors));
    let shown =
        |sample: &Sample| format!("{:.0} MB/s ({:.0}-{:.0})", sample.median(), sample.least(), sample.greatest());
    let ratio = ratios.median();
    let row = Row::new("full index, of the floor", shown(&ours), ratio, "")
        .against(shown(&floors), ratio)
        .goal(Bound::AtLeast(1.0))
        .must(Bound::AtLeast(0.8));
    Ok(vec![row])
}

/// Seconds of a full index into a new database, opening and closing included.
fn index(context: &mut Context) -> Result<f64> {
    let folder = context.new_folder()?;
    let start = Instant::now();
    let han = open(&folder.join("han.db"), &context.config_dir)?;
    han.scan(ScanOptions::default())?;
    han.close();
    drop(han);
    let seconds = start.elapsed().as_secs_f64();
    std::fs::remove_dir_all(folder)?;
    Ok(seconds)
}

/// Seconds of inserting everything from memory, opening and closing included.
fn insert(corpus: &Corpus, path: &Path) -> Result<f64> {
    let start = Instant::now();
    let mut connection = Connection::open(path)?;
    for (name, value) in [
        ("page_size", "8192"),
        ("temp_store", "memory"),
        ("foreign_keys", "false"),
        ("journal_mode", "wal"),
        ("synchronous", "normal"),
        ("journal_size_limit", "16777216"),
        ("wal_autocheckpoint", "500"),
        ("cache_size", "-24576"),
    ] {
        connection.pragma_update(None, name, value)?;
    }
    connection.execute_batch(&corpus.tables.join(";\n"))?;
    for (name, value) in &corpus.search_options {
        connection.execute("INSERT INTO messages_fts (messages_fts, rank) VALUES (?1, ?2)", (name, value))?;
    }
    let message = format!("INSERT INTO messages VALUES ({})", vec!["?"; corpus.message_columns].join(", "));
    let mut pieces = corpus.pieces.iter().peekable();
    while pieces.peek().is_some() {
        let transaction = connection.transaction()?;
        {
            let mut messages = transaction.prepare_cached(&message)?;
            let mut blocks = transaction.prepare_cached("INSERT INTO raw_blocks VALUES (?, ?, ?, ?, ?, ?)")?;
            let mut documents = transaction.prepare_cached(
                "INSERT INTO messages_fts (rowid, user, assistant, thinking, tool_input, tool_output, title, other)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )?;
            let mut bytes = 0;
            while let Some(piece) = pieces.next_if(|_| bytes < TRANSACTION_BYTES) {
                bytes += piece.bytes;
                for row in &piece.blocks {
                    blocks.execute(params_from_iter(row))?;
                }
                for row in &piece.messages {
                    messages.execute(params_from_iter(row))?;
                }
                for (id, columns) in &piece.documents {
                    let id = [id as &dyn rusqlite::ToSql];
                    let columns = columns.iter().map(|column| column as &dyn rusqlite::ToSql);
                    documents.execute(params_from_iter(id.into_iter().chain(columns)))?;
                }
            }
        }
        transaction.commit()?;
    }
    connection.close().map_err(|(_, error)| error)?;
    Ok(start.elapsed().as_secs_f64())
}
