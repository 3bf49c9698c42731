//! What is in the database, in numbers.

use std::path::Path;

use rusqlite::Connection;

use super::rows;
use crate::error::Result;
use crate::model::Stats;
use crate::store::{Failure, Store};

pub(crate) fn stats(store: &Store) -> Result<Stats> {
    let mut stats = store.read(stats_in)?;
    stats.path = store.path().display().to_string();
    if stats.path == ":memory:" {
        return Ok(stats);
    }
    if let Some(bytes) = size_of(store.path()) {
        stats.database_bytes = bytes;
    }
    let mut wal = store.path().as_os_str().to_owned();
    wal.push("-wal");
    stats.wal_bytes = size_of(Path::new(&wal)).unwrap_or(0);
    Ok(stats)
}

fn size_of(path: &Path) -> Option<i64> {
    let metadata = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
    i64::try_from(metadata.len()).ok()
}

/// All but the path and the sizes on the disk; the size of the database is that of its pages.
pub(super) fn stats_in(connection: &Connection) -> Result<Stats, Failure> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let mut stats = Stats {
        schema_version: number("PRAGMA user_version")?,
        database_bytes: number("PRAGMA page_count")? * number("PRAGMA page_size")?,
        projects: number("SELECT count(*) FROM projects")?,
        sessions: number("SELECT count(*) FROM sessions")?,
        ..Stats::default()
    };
    connection.query_row(
        "SELECT count(*), coalesce(sum(file.is_missing), 0), coalesce(sum(generation.lines), 0),
                coalesce(sum(generation.messages - generation.logged), 0), coalesce(sum(generation.replays), 0),
                coalesce(sum(generation.problems), 0), coalesce(sum(generation.notes), 0),
                coalesce(sum(generation.logged), 0)
         FROM files AS file LEFT JOIN generations AS generation ON generation.id = file.generation_id
         WHERE file.kind <> 'spill'",
        [],
        |row| {
            stats.files = row.get(0)?;
            stats.files_missing = row.get(1)?;
            stats.lines = row.get(2)?;
            stats.messages = row.get(3)?;
            stats.replays = row.get(4)?;
            stats.problems = row.get(5)?;
            stats.notes = row.get(6)?;
            stats.request_log = row.get(7)?;
            Ok(())
        },
    )?;
    // The length of a blob is stored in front of it: the blobs themselves are not read.
    (stats.transcript_bytes, stats.raw_bytes) = connection.query_row(
        "SELECT coalesce(sum(length), 0), coalesce(sum(length(data)), 0) + (
             SELECT coalesce(sum(length(data)), 0) FROM shared_texts) FROM raw_blocks",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    stats.tokens = connection.query_row(
        "SELECT sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_creation_tokens),
                sum(cache_creation_5m_tokens), sum(cache_creation_1h_tokens) FROM rollups WHERE scope = 0",
        [],
        |row| rows::tokens(row, 0),
    )?;
    Ok(stats)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{Fixture, Line};

    #[test]
    fn everything_is_counted_once() {
        let fixture = Fixture::new();
        let session = fixture.session("s1", None, true);
        let old = fixture.file(session, "projects/p/s1.jsonl", "main", None);
        fixture.line(old, Line::new(1, None, "superseded"));
        let main = fixture.generation(fixture.file_of(old), 2);
        let original = fixture.line(main, Line::new(1, None, "one"));
        fixture.line(main, Line { replay_of: Some(original), ..Line::new(2, None, "two") });
        fixture.append(fixture.file(session, "projects/p/s1/tool-results/x.txt", "spill", None), b"spilled");
        fixture.line(main, Line::new(3, None, "request"));
        fixture.run("UPDATE generations SET problems = 3, notes = 4, logged = 1 WHERE id = ?1", [main]);
        fixture.run("INSERT INTO shared_texts (hash, length, data) VALUES (x'00', 1, zeroblob(1000000))", []);
        fixture.run("UPDATE files SET is_missing = 1", []);
        for scope in [0, 1, 2] {
            fixture.run(
                "INSERT INTO rollups (scope, bucket, project_id, model_id, output_tokens) VALUES (?1, 1, 1, 0, 6)",
                [scope],
            );
        }
        let stats = stats_in(&fixture.connection).unwrap();
        assert_eq!((stats.projects, stats.sessions, stats.files, stats.files_missing), (1, 1, 1, 1));
        assert_eq!((stats.lines, stats.messages, stats.replays, stats.problems, stats.notes), (3, 2, 1, 3, 4));
        assert_eq!(stats.request_log, 1);
        assert_eq!(stats.tokens.output_tokens, 6);
        let texts =
            ["superseded", "one", "two", "request"].map(|text| crate::query::testing::record(text).len() as i64 + 1);
        assert_eq!(stats.transcript_bytes, texts.iter().sum::<i64>() + 7);
        assert!(stats.raw_bytes > 1_000_000 && stats.database_bytes > 0);
    }

    #[test]
    fn an_empty_database_counts_nothing() {
        let stats = stats_in(&crate::query::testing::empty_index()).unwrap();
        assert_eq!(Stats { database_bytes: 0, schema_version: 0, ..stats }, Stats::default());
    }
}
