//! Databases of newer and older versions.

use han_native::{Han, OpenOptions};

use super::world::{World, code, found, meddle, scan, turns};

fn world() -> World {
    let world = World::new();
    world.write("s1", &turns("s1", 3));
    world.scanned().close();
    world
}

fn read_only(world: &World) -> OpenOptions {
    OpenOptions { read_only: true, ..world.options() }
}

#[test]
fn a_newer_schema_that_we_may_not_write_is_refused() {
    let world = world();
    meddle(&world.database(), "PRAGMA user_version = 99; UPDATE meta SET value = '99' WHERE key LIKE 'min_%'");
    for options in [world.options(), read_only(&world)] {
        let error = Han::open(options).unwrap_err();
        assert_eq!(error.code().as_str(), "HAN_SCHEMA_TOO_NEW");
        assert!(error.to_string().contains("99") && error.to_string().contains("upgrade"), "{error}");
    }
}

#[test]
fn a_newer_schema_may_still_be_open_to_our_readers() {
    let world = world();
    meddle(&world.database(), "PRAGMA user_version = 99; UPDATE meta SET value = '99' WHERE key = 'min_writer'");
    assert_eq!(code(Han::open(world.options())), "HAN_SCHEMA_TOO_NEW");
    let reader = Han::open(read_only(&world)).unwrap();
    assert_eq!(found(&reader, "number2").len(), 2);
}

#[test]
fn a_newer_schema_that_only_adds_is_read_and_written() {
    let world = world();
    meddle(&world.database(), "PRAGMA user_version = 99; CREATE TABLE later (value)");
    world.write("s2", &turns("s2", 2));
    let han = world.open();
    assert_eq!(scan(&han).messages_indexed, 4);
    assert_eq!(han.stats().unwrap().schema_version, 99);
    assert!(Han::open(read_only(&world)).is_ok());
}

#[test]
fn a_reader_never_migrates() {
    let world = world();
    meddle(&world.database(), "PRAGMA user_version = 0");
    let before = std::fs::read(world.database()).unwrap();
    let error = Han::open(read_only(&world)).unwrap_err();
    assert_eq!(error.code().as_str(), "HAN_SCHEMA_TOO_OLD");
    assert!(error.to_string().contains("writing"), "says what to do: {error}");
    assert_eq!(std::fs::read(world.database()).unwrap(), before);
}

#[test]
fn a_schema_that_says_nothing_of_its_readers_is_refused() {
    let world = world();
    meddle(&world.database(), "DELETE FROM meta WHERE key LIKE 'min_%'");
    let refused = code(Han::open(world.options()));
    assert!(["HAN_SCHEMA_TOO_NEW", "HAN_CORRUPT"].contains(&refused), "{refused}");
}
