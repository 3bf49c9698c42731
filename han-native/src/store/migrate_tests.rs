//! Databases of older versions are brought up to date, sums included.

use std::path::Path;

use rusqlite::Connection;

use super::{LATEST, MIGRATIONS, migrate};
use crate::error::Error;
use crate::row::flag;
use crate::store::rollups::{Sums, scope};
use crate::store::session_sums;

/// A database as the version with two migrations left it: a prompt and the answer to it, in one session.
fn older() -> Connection {
    let connection = crate::store::connection::open_in_memory().unwrap();
    for sql in &MIGRATIONS[..2] {
        connection.execute_batch(sql).unwrap();
    }
    let flags = flag::OWN_TIME | flag::TALK;
    connection
        .execute_batch(&format!(
            "PRAGMA user_version = 2;
             INSERT INTO meta VALUES ('time_zone', 'Europe/Berlin'), ('min_writer', '2'), ('min_reader', '1');
             INSERT INTO strings VALUES (1, 'user'), (2, 'assistant'), (3, 'claude-opus-4-1'), (4, 'Bash');
             INSERT INTO config_dirs VALUES (1, '/c');
             INSERT INTO projects (id, slug) VALUES (1, 'p');
             INSERT INTO sessions (id, session_id, project_id) VALUES (1, 's', 1);
             INSERT INTO files (id, config_dir_id, path, path_hash, kind, project_id, session_id, generation_id)
                 VALUES (1, 1, 'projects/p/s.jsonl', 1, 'main', 1, 1, 1);
             INSERT INTO generations (id, file_id, number, lines, messages, prompts, assistants, talk)
                 VALUES (1, 1, 1, 2, 2, 1, 1, 2);
             INSERT INTO usage (id, key) VALUES (1, 'msg_1');
             INSERT INTO messages (id, generation_id, line, part, offset, length, type_id, flags, time, preview)
                 VALUES (1, 1, 1, 0, 0, 10, 1, {}, 84600000, '');
             INSERT INTO messages (id, generation_id, line, part, offset, length, type_id, flags, time, preview, model_id,
                 usage_id, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens,
                 cache_creation_5m_tokens, cache_creation_1h_tokens)
                 VALUES (2, 1, 2, 0, 10, 10, 2, {}, 86400000, '', 3, 1, 150000, 7, 60000, 0, 0, 0);
             INSERT INTO tool_calls VALUES (2, 0, 1, 'toolu_1', 4);
             INSERT INTO rollups (scope, bucket, project_id, model_id, messages) VALUES (0, 1, 1, 0, 99);",
            flags | flag::PROMPT | flag::ROLE_USER,
            flags | flag::ROLE_ASSISTANT,
        ))
        .unwrap();
    connection
}

#[test]
fn the_sums_of_an_older_database_are_counted_again() {
    let mut connection = older();
    migrate(&mut connection, Path::new(":memory:"), "UTC").unwrap();
    let rows = |sql: &str| -> Vec<[i64; 8]> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| {
            let mut values = [0; 8];
            for (column, value) in values.iter_mut().enumerate() {
                *value = row.get(column)?;
            }
            Ok(values)
        });
        rows.unwrap().map(Result::unwrap).collect()
    };
    let columns = "messages, prompts, talk, api_messages, input_tokens_above_200k, model_id";
    // In Berlin both are on the second of January 1970.
    let own = |scope: i64, prompt: i64, answer: i64| {
        [[scope, prompt, 1, 1, 1, 0, 0, 0], [scope, answer, 1, 0, 1, 1, 150_000, 3]]
    };
    let expected = [own(0, 1, 1), own(2, 1, 1)].concat();
    assert_eq!(rows(&format!("SELECT scope, bucket, {columns} FROM rollups ORDER BY 1, 2, model_id")), expected);
    let (mut packed, mut calls) = (Vec::new(), Vec::new());
    for scope in [scope::QUARTER_HOUR, scope::DAY] {
        session_sums::for_each(&connection, scope, i64::MIN, i64::MAX, &mut |row| {
            row.for_each_sum(&mut |key, sums| {
                let Sums { messages, prompts, talk, api_messages, input_tokens_above_200k, .. } = *sums;
                let long = input_tokens_above_200k;
                packed.push([scope, key.bucket, messages, prompts, talk, api_messages, long, key.name_id]);
                Ok(())
            })?;
            row.for_each_call(&mut |key, count| {
                calls.push((scope, key.bucket, key.name_id, count));
                Ok(())
            })
        })
        .unwrap();
    }
    assert_eq!(packed, [own(1, 94, 96), own(2, 1, 1)].concat());
    assert_eq!(calls, [(1, 96, 4, 1), (2, 1, 4, 1)]);
    let number = |sql: &str| -> i64 { connection.query_row(sql, [], |row| row.get(0)).unwrap() };
    assert_eq!(number("SELECT count(*) FROM meta WHERE key = 'sums_are_stale'"), 0);
    assert_eq!(number("PRAGMA user_version"), LATEST);
}

#[test]
fn hooks_of_an_older_database_stand_for_themselves_where_they_count() {
    let mut connection = older();
    connection
        .execute_batch(
            "UPDATE messages SET replay_of = 1 WHERE id = 2;
             INSERT INTO hook_executions VALUES (1, 0, 1, 'Stop', NULL, 'a.sh', 5, 1, 1), (2, 0, 1, 'Stop', NULL, 'a.sh', 5, 0, 0);",
        )
        .unwrap();
    migrate(&mut connection, Path::new(":memory:"), "UTC").unwrap();
    let number = |sql: &str| -> i64 { connection.query_row(sql, [], |row| row.get(0)).unwrap() };
    assert_eq!(number("SELECT count(*) FROM hook_lines WHERE event_key IS NULL"), 2);
    assert_eq!(number("SELECT sum(message_id) FROM hook_executions"), 1, "a copy does not count");
    assert_eq!(number("SELECT sum(10 * hooks + hook_errors) FROM rollups WHERE scope = 0"), 11);
}

/// What a database consists of, and its number.
fn schema(connection: &Connection) -> (Vec<String>, i64) {
    let mut statement = connection.prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name").unwrap();
    let objects = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    (objects, connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap())
}

#[test]
fn a_migration_that_fails_leaves_the_database_as_it_was() {
    let mut connection = older();
    // The sixth cannot create its own, after three that have succeeded.
    connection.execute_batch("CREATE TABLE message_times (run INTEGER)").unwrap();
    let before = schema(&connection);
    let failed = migrate(&mut connection, Path::new("/a/han.db"), "UTC");
    let message = failed.unwrap_err().to_string();
    assert!(message.contains("/a/han.db") && message.contains("already exists"), "{message}");
    assert_eq!(schema(&connection), before);
}

#[test]
fn a_database_that_is_up_to_date_is_left_alone() {
    let mut connection = older();
    migrate(&mut connection, Path::new(":memory:"), "UTC").unwrap();
    let before = schema(&connection);
    migrate(&mut connection, Path::new(":memory:"), "Asia/Tokyo").unwrap();
    assert_eq!(schema(&connection), before);
    let zone: String =
        connection.query_row("SELECT value FROM meta WHERE key = 'time_zone'", [], |row| row.get(0)).unwrap();
    assert_eq!(zone, "Europe/Berlin");
}

#[test]
fn a_number_that_no_version_of_ours_has_written_is_refused() {
    let mut connection = older();
    let path = Path::new("/a/han.db");
    connection.pragma_update(None, "user_version", LATEST + 1).unwrap();
    let before = schema(&connection);
    let error = migrate(&mut connection, path, "UTC").unwrap_err();
    assert!(
        matches!(error, Error::SchemaTooNew { found, known, .. } if (found, known) == (LATEST + 1, LATEST)),
        "{error}"
    );
    assert_eq!(schema(&connection), before);
    connection.pragma_update(None, "user_version", -1).unwrap();
    let error = migrate(&mut connection, path, "UTC").unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error}");
}
