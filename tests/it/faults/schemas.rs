//! Databases of newer and older versions.

use han_native::{Han, OpenOptions};

use super::checks::{code, found, meddle, scan};
use crate::support::home::Home;
use crate::support::lines::turns;

fn home() -> Home {
    let home = Home::new();
    home.write_session("s1", turns("s1", 3));
    home.scanned().close();
    home
}

fn read_only(home: &Home) -> OpenOptions {
    OpenOptions { read_only: true, ..home.options() }
}

#[test]
fn a_newer_schema_that_we_may_not_write_is_refused() {
    let home = home();
    meddle(&home.database_file(), "PRAGMA user_version = 99; UPDATE meta SET value = '99' WHERE key LIKE 'min_%'");
    for options in [home.options(), read_only(&home)] {
        let error = Han::open(options).unwrap_err();
        assert_eq!(error.code().as_str(), "HAN_SCHEMA_TOO_NEW");
        assert!(error.to_string().contains("99") && error.to_string().contains("upgrade"), "{error}");
    }
}

#[test]
fn a_newer_schema_may_still_be_open_to_our_readers() {
    let home = home();
    meddle(&home.database_file(), "PRAGMA user_version = 99; UPDATE meta SET value = '99' WHERE key = 'min_writer'");
    assert_eq!(code(Han::open(home.options())), "HAN_SCHEMA_TOO_NEW");
    let reader = Han::open(read_only(&home)).unwrap();
    assert_eq!(found(&reader, "number2").len(), 2);
}

#[test]
fn a_newer_schema_that_only_adds_is_read_and_written() {
    let home = home();
    meddle(&home.database_file(), "PRAGMA user_version = 99; CREATE TABLE later (value)");
    home.write_session("s2", turns("s2", 2));
    let han = home.open();
    assert_eq!(scan(&han).messages_indexed, 4);
    assert_eq!(han.stats().unwrap().schema_version, 99);
    assert!(Han::open(read_only(&home)).is_ok());
}

#[test]
fn a_reader_never_migrates() {
    let home = home();
    meddle(&home.database_file(), "PRAGMA user_version = 0");
    let before = std::fs::read(home.database_file()).unwrap();
    let error = Han::open(read_only(&home)).unwrap_err();
    assert_eq!(error.code().as_str(), "HAN_SCHEMA_TOO_OLD");
    assert!(error.to_string().contains("writing"), "says what to do: {error}");
    assert_eq!(std::fs::read(home.database_file()).unwrap(), before);
}

#[test]
fn a_schema_that_says_nothing_of_its_readers_is_refused() {
    let home = home();
    meddle(&home.database_file(), "DELETE FROM meta WHERE key LIKE 'min_%'");
    let refused = code(Han::open(home.options()));
    assert!(["HAN_SCHEMA_TOO_NEW", "HAN_CORRUPT"].contains(&refused), "{refused}");
}
