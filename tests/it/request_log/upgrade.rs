//! A database of an older version, which did not know the log, becomes like a new one.

use han_native::DoctorOptions;
use rusqlite::Connection;

use super::{system_prompt, turn};
use crate::support::dump::Scope;
use crate::support::home::{Database, Home, options};
use crate::support::laws;
use crate::support::old;

/// Takes from a database what the versions before schema 11 did not have.
fn make_old(database: &Database, home: &Home) {
    database.han.close();
    let connection = Connection::open(&database.path).unwrap();
    connection
        .execute_batch(
            "DELETE FROM raw_blocks;
             DROP TABLE shared_texts;
             DROP TABLE block_splices;
             ALTER TABLE raw_blocks DROP COLUMN reduced_length;
             ALTER TABLE generations DROP COLUMN logged;
             UPDATE messages SET flags = flags & ~4096, preview = 'older';
             UPDATE generations SET derive_revision = 1;
             INSERT INTO meta VALUES ('sums_are_stale', '1');
             UPDATE meta SET value = '10' WHERE key IN ('min_reader', 'min_writer');
             PRAGMA user_version = 10;",
        )
        .unwrap();
    old::store_whole_bytes(home, &connection);
}

#[test]
fn an_older_database_becomes_what_one_of_now_is() {
    let home = Home::new();
    let system = system_prompt(9, 5_000);
    for name in ["s1", "s2"] {
        home.write_session(name, turn(name, 1, "peel a quince", &system).concat());
    }
    let mut database = home.database();
    database.scan();
    make_old(&database, &home);
    database.han = han_native::Han::open(options(&database.path, &home.config_dir())).unwrap();
    assert_eq!(database.han.stats().unwrap().messages, 14, "until the rows are derived again they are messages");
    laws::bytes_are_kept(&home, &database).unwrap();
    assert_eq!(database.han.rederive().unwrap().files, 2);
    database.dump(Scope::Present).expect(&home.from_scratch(), "after an upgrade").unwrap();
    laws::bytes_are_kept(&home, &database).unwrap();
    assert!(database.han.doctor(DoctorOptions::default()).unwrap().is_healthy);
    assert_eq!(database.number("SELECT count(*) FROM shared_texts"), 3, "what is repeated is stored once from now on");
}
