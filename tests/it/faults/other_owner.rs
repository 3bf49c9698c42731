//! The database of another user, as the superuser finds it in a folder that was mounted: it is read like anybody's file, nothing
//! is left beside it, and it is written by its owner alone.

use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use han_native::{Error, Han, OpenOptions, ScanOptions};

use super::checks::{code, is_root, meddle, skip};
use super::child;
use crate::support::home::Home;
use crate::support::lines::turns;

const OTHER: u32 = 65_534;

/// A home whose database and folder belong to another user; `None` if that cannot be done.
fn given_away() -> Option<Home> {
    if !is_root() {
        skip("only the superuser may change the owner of a file");
        return None;
    }
    let home = Home::new();
    home.write_session("s1", turns("s1", 3));
    home.scanned().close();
    give_away(&home);
    Some(home)
}

fn give_away(home: &Home) {
    own(home, OTHER);
}

fn own(home: &Home, user: u32) {
    for name in names(&home.folder()) {
        chown(home.folder().join(name), Some(user), None).unwrap();
    }
    chown(home.folder(), Some(user), None).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn reading(home: &Home) -> OpenOptions {
    OpenOptions { read_only: true, ..home.options() }
}

#[test]
fn it_is_read_and_nothing_is_left_beside_it() {
    let Some(home) = given_away() else { return };
    let before = names(&home.folder());
    for options in [home.options(), reading(&home)] {
        let han = Han::open(options).unwrap();
        assert_eq!(han.stats().unwrap().messages, 6);
        assert_eq!(super::checks::found(&han, "parser").len(), 2);
        assert_eq!(names(&home.folder()), before, "while it is read");
        han.close();
    }
    assert_eq!(names(&home.folder()), before);
}

#[test]
fn writing_is_refused_with_the_mend() {
    let Some(home) = given_away() else { return };
    let han = home.open();
    let refusals = [
        han.scan(ScanOptions::default()).map(drop),
        han.index_session_file(home.transcript("s1")).map(drop),
        han.coordinator().try_acquire().map(drop),
    ];
    for refusal in refusals {
        let error = refusal.unwrap_err();
        assert_eq!(error.code().as_str(), "HAN_INSECURE_PERMISSIONS", "{error}");
        let message = error.to_string();
        assert!(message.contains("65534") && message.contains("HAN_DATA_DIR"), "{message}");
        assert!(!message.contains("chown"), "its owner would be locked out: {message}");
    }
    let missing = OpenOptions { db_path: Some(home.folder().join("other.db")), ..home.options() };
    assert!(matches!(Han::open(missing), Err(Error::OtherOwner { .. })));
    assert!(!home.folder().join("other.db").exists());
}

#[test]
fn it_is_read_while_its_owner_writes() {
    let Some(home) = given_away() else { return };
    own(&home, 0);
    let (database, config_dir) = (home.database_file(), home.config_dir());
    let arguments = ["hold", child::text(&database), child::text(&config_dir)];
    let mut running = child::start(child::command(&arguments));
    running.hear_of("holding");
    give_away(&home);
    let before = names(&home.folder());
    assert!(before.contains(&"han.db-shm".to_owned()), "{before:?}");
    let han = Han::open(reading(&home)).unwrap();
    assert_eq!(han.stats().unwrap().messages, 6);
    assert_eq!(names(&home.folder()), before);
    running.finish();
    assert_eq!(han.stats().unwrap().messages, 6, "once the log is gone");
}

#[test]
fn a_log_without_its_index_is_left_to_the_owner() {
    let Some(home) = given_away() else { return };
    let log = home.folder().join("han.db-wal");
    std::fs::write(&log, [7; 4096]).unwrap();
    std::fs::set_permissions(&log, std::fs::Permissions::from_mode(0o600)).unwrap();
    chown(&log, Some(OTHER), None).unwrap();
    let before = names(&home.folder());
    for options in [home.options(), reading(&home)] {
        let error = Han::open(options).unwrap_err();
        assert!(matches!(error, Error::OtherOwner { .. }), "{error:?}");
    }
    assert_eq!(names(&home.folder()), before);
}

#[test]
fn a_schema_that_is_not_ours_is_refused() {
    for sql in [
        "CREATE VIEW v AS SELECT 1",
        "CREATE TRIGGER t AFTER INSERT ON meta BEGIN SELECT 1; END",
        "CREATE TABLE extra (x)",
        "DROP TABLE problems; CREATE VIEW problems AS SELECT 1 AS id",
        "CREATE INDEX i ON sessions (title)",
    ] {
        let Some(home) = given_away() else { return };
        meddle(&home.database_file(), sql);
        give_away(&home);
        assert_eq!(code(Han::open(reading(&home))), "HAN_FOREIGN_DATABASE", "{sql}");
    }
}

#[test]
fn lengths_that_cannot_be_are_damage() {
    for sql in [
        "UPDATE messages SET length = 9223372036854775807",
        "UPDATE messages SET length = 1 << 40, offset = 9223372036854775807",
        "UPDATE raw_blocks SET offset = -9223372036854775808",
        "UPDATE raw_blocks SET data = zeroblob(10)",
        "UPDATE messages SET length = -1",
        "UPDATE messages SET offset = -9223372036854775808",
    ] {
        let Some(home) = given_away() else { return };
        meddle(&home.database_file(), sql);
        give_away(&home);
        let han = Han::open(reading(&home)).unwrap();
        let first = han.messages().list(&han_native::model::MessageQuery {
            session_id: "s1".into(),
            ..han_native::model::MessageQuery::default()
        });
        let id = first.unwrap().items[0].id.to_string();
        assert_eq!(code(han.messages().raw(&[id])), "HAN_CORRUPT", "{sql}");
    }
}

#[test]
fn a_block_is_not_as_long_as_it_says_because_it_says_so() {
    let Some(home) = given_away() else { return };
    meddle(&home.database_file(), "UPDATE raw_blocks SET length = 1 << 60");
    give_away(&home);
    let folder = tempfile::tempdir().unwrap();
    let han = Han::open(reading(&home)).unwrap();
    let restored = han.restore("projects/-code-shop/s1.jsonl", folder.path().join("s1.jsonl"));
    assert_eq!(code(restored), "HAN_CORRUPT");
}
