//! A database of very many messages, made from generated transcripts.

use std::fmt;
use std::path::{Path, PathBuf};

use han_benches::Generator;
use han_native::ScanOptions;

use crate::Result;
use crate::context::{Context, database_bytes, open};

/// Transcripts are written, indexed and removed in parts of this many bytes.
const PART_BYTES: u64 = 300_000_000;

/// A database that was filled.
pub(super) struct Scaled {
    pub(super) database: PathBuf,
    messages: i64,
    sessions: i64,
}

impl fmt::Display for Scaled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let megabytes = database_bytes(&self.database) / 1_000_000;
        write!(formatter, "{} messages in {} sessions, {megabytes} MB", self.messages, self.sessions)
    }
}

/// Fills a database with at least this many messages.
pub(super) fn fill(context: &mut Context, messages: i64) -> Result<Scaled> {
    let database = context.new_folder()?.join("han.db");
    for number in 0.. {
        let config_dir = more(context, PART_BYTES.min(messages as u64 * 4_000), number + 10)?;
        let han = open(&database, &config_dir)?;
        let report = han.scan(ScanOptions::default())?;
        let stats = han.stats()?;
        han.close();
        drop(han);
        std::fs::remove_dir_all(config_dir)?;
        if stats.messages >= messages {
            return Ok(Scaled { database, messages: stats.messages, sessions: stats.sessions });
        }
        if report.messages_indexed == 0 {
            return Err("the database does not grow".into());
        }
    }
    Err("there are not enough transcripts".into())
}

/// Transcripts that no other part has.
pub(super) fn more(context: &mut Context, bytes: u64, number: u64) -> Result<PathBuf> {
    let config_dir = context.new_folder()?;
    Generator::new(context.seed + 10_000 + number).config_dir(&config_dir, bytes)?;
    Ok(config_dir)
}

/// Opens the database to read it.
pub(super) fn open_to_read(database: &Path) -> Result<han_native::Han> {
    let options = han_native::OpenOptions {
        db_path: Some(database.to_owned()),
        config_dirs: Some(Vec::new()),
        read_only: true,
        ..han_native::OpenOptions::default()
    };
    Ok(han_native::Han::open(options)?)
}
