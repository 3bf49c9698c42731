//! A database that an older version wrote becomes what one of now is.

use std::path::{Path, PathBuf};

use han_benches::Generator;
use han_native::Han;
use rusqlite::Connection;

use super::checks::{assert_sound, options};
use crate::request_log;
use crate::support::dump::Scope;
use crate::support::home::Home;
use crate::support::laws;
use crate::support::old;
use crate::support::size;

/// The migrations up to the schema of the first release of whole transcripts.
const OLD_SCHEMA: [&str; 7] = [
    include_str!("../../../han-native/src/store/migrations/001_core.sql"),
    include_str!("../../../han-native/src/store/migrations/002_live.sql"),
    include_str!("../../../han-native/src/store/migrations/003_analytics.sql"),
    include_str!("../../../han-native/src/store/migrations/004_queries.sql"),
    include_str!("../../../han-native/src/store/migrations/005_vectors.sql"),
    include_str!("../../../han-native/src/store/migrations/006_questions.sql"),
    include_str!("../../../han-native/src/store/migrations/007_parents.sql"),
];

fn home() -> Home {
    let home = Home::new();
    Generator::new(11).config_dir(home.config_dir(), size::of(1_500_000, 16_000_000)).unwrap();
    request_log::sessions(&home, 4, &request_log::system_prompt(7, 5_000));
    home
}

fn names(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// A database of schema 7 with what it had of these transcripts: the rows of a new one as far as it knew their columns, derived by
/// rules that called every line a talk of nobody, and the whole bytes.
fn old_database(home: &Home, path: &Path) {
    let new = home.database();
    new.scan();
    new.han.close();
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch("PRAGMA page_size = 8192; PRAGMA auto_vacuum = incremental; PRAGMA application_id = 1212239409")
        .unwrap();
    connection.execute_batch("PRAGMA journal_mode = wal; PRAGMA foreign_keys = off").unwrap();
    let flags = rusqlite::functions::FunctionFlags::SQLITE_UTF8;
    connection.create_scalar_function("uuid_key", 1, flags, |_| Ok(0)).unwrap();
    OLD_SCHEMA.iter().for_each(|sql| connection.execute_batch(sql).unwrap());
    connection.execute_batch(&format!("ATTACH '{}' AS new; PRAGMA user_version = 7", new.path.display())).unwrap();
    let tables = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
                  AND name NOT LIKE 'messages_fts%' AND name NOT IN ('raw_blocks', 'leader')
                  AND name IN (SELECT name FROM new.sqlite_schema)";
    for table in names(&connection, tables) {
        let columns = format!(
            "SELECT name FROM pragma_table_info('{table}', 'main')
             WHERE name IN (SELECT name FROM pragma_table_info('{table}', 'new'))"
        );
        let columns = names(&connection, &columns).join(", ");
        connection
            .execute_batch(&format!(
                "DELETE FROM {table}; INSERT INTO {table} ({columns}) SELECT {columns} FROM new.{table}"
            ))
            .unwrap();
    }
    connection
        .execute_batch(
            "UPDATE meta SET value = '7' WHERE key IN ('min_reader', 'min_writer');
         UPDATE generations SET derive_revision = 1;
         UPDATE messages SET flags = (flags & ~4096) | 1024, preview = 'older';
         INSERT INTO meta VALUES ('sums_are_stale', '1');
         INSERT INTO messages_fts (rowid, other) SELECT id, 'older' FROM messages;",
        )
        .unwrap();
    old::store_whole_bytes(home, &connection);
    connection.execute_batch("DETACH new; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

fn place(home: &Home) -> PathBuf {
    home.folder().join("old.db")
}

#[test]
fn an_older_database_becomes_what_one_of_now_is() {
    let home = home();
    old_database(&home, &place(&home));
    let mut database = home.database();
    database.han.close();
    database.path = place(&home);
    database.han = Han::open(options(&database.path, &home.config_dir())).unwrap();
    database.han.rederive().unwrap();
    assert_eq!(database.scan().messages_indexed, 0, "nothing is left to read");
    database.dump(Scope::Present).expect(&home.from_scratch(), "after an upgrade").unwrap();
    laws::bytes_are_kept(&home, &database).unwrap();
    assert_sound(&database.han, &database.path);
}
