//! The floor of a full index: one thread that inserts ready rows, blocks and full-text documents from memory into the same
//! tables without their indexes.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use rusqlite::{Connection, params_from_iter};

use crate::Result;
use crate::corpus::Corpus;

/// Bytes of transcripts that one transaction of the floor takes.
const TRANSACTION_BYTES: usize = 48 << 20;

/// How fast the rows of a database are inserted into a new one, in a process of its own; in bytes of transcripts a second.
pub(super) fn measure(database: &Path, path: &Path) -> Result<f64> {
    let output = Command::new(std::env::current_exe()?).arg("--child-floor").arg(database).arg(path).output()?;
    if !output.status.success() {
        return Err(format!("the child failed: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// The child.
pub(crate) fn insert_and_print(database: &Path, path: &Path) -> Result<()> {
    let corpus = Corpus::load(database)?;
    let bytes = corpus.pieces.iter().map(|piece| piece.bytes).sum::<usize>() as f64;
    println!("{}", bytes / insert(&corpus, path)?);
    Ok(())
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
    let message = format!("INSERT INTO messages VALUES ({})", vec!["?"; corpus.messages.columns].join(", "));
    let block = format!("INSERT INTO raw_blocks VALUES ({})", vec!["?"; corpus.blocks.columns].join(", "));
    let mut pieces = corpus.pieces.iter().peekable();
    while pieces.peek().is_some() {
        let transaction = connection.transaction()?;
        {
            let mut messages = transaction.prepare_cached(&message)?;
            let mut blocks = transaction.prepare_cached(&block)?;
            let mut documents = transaction.prepare_cached(
                "INSERT INTO messages_fts (rowid, user, assistant, thinking, tool_input, tool_output, title, other)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )?;
            let mut bytes = 0;
            while let Some(piece) = pieces.next_if(|_| bytes < TRANSACTION_BYTES) {
                bytes += piece.bytes;
                for row in corpus.blocks.get(piece.blocks.clone()) {
                    blocks.execute(params_from_iter(row))?;
                }
                for row in corpus.messages.get(piece.messages.clone()) {
                    messages.execute(params_from_iter(row))?;
                }
                for row in corpus.documents.get(piece.documents.clone()) {
                    documents.execute(params_from_iter(row))?;
                }
            }
        }
        transaction.commit()?;
    }
    connection.close().map_err(|(_, error)| error)?;
    Ok(start.elapsed().as_secs_f64())
}
