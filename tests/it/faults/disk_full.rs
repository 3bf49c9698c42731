//! No space is left: a clear error, nothing broken, and the work continues once there is room.

use han_native::model::SessionQuery;
use han_native::{Han, ScanOptions};

use super::checks::{assert_sound, code, found, options, scan};
use super::child;
use super::mounts::Mount;
use crate::support::dump::Scope;
use crate::support::home::{Database, Home};
use crate::support::lines::turns;

/// More sessions than a database of a few MiB can hold.
fn home() -> Home {
    let home = Home::new();
    for session in 0..40 {
        let name = format!("session-{session:02}");
        home.write(&format!("projects/-code-shop/{name}.jsonl"), turns(&name, 500).as_bytes());
    }
    home
}

#[test]
fn a_full_disk_ends_a_scan_and_the_next_one_goes_on() {
    let home = home();
    let mut database = home.database();
    let Some(disk) = Mount::of_size(&database.path.with_file_name("disk"), 3 * 1024) else { return };
    database.han.close();
    database.path = disk.path().join("han.db");
    database.han = Han::open(options(&database.path, &home.config_dir())).unwrap();
    home.write("projects/-code-shop/first.jsonl", turns("first", 3).as_bytes());
    database.index(&home.file("projects/-code-shop/first.jsonl"));

    let error = database.han.scan(ScanOptions::default()).unwrap_err();
    assert_eq!(error.code().as_str(), "HAN_DISK_FULL", "{error}");
    assert!(error.to_string().contains(database.path.to_str().unwrap()), "names the file: {error}");

    // A slow machine may have committed more before the disk was full.
    let kept = found(&database.han, "number2");
    assert!(kept.len() >= 2, "what is committed stays readable");
    assert!(!database.han.sessions().list(&SessionQuery::default()).unwrap().items.is_empty());
    assert_sound(&database.han, &database.path);
    // A new handle on the full disk reads as well.
    let again = Han::open(options(&database.path, &home.config_dir())).unwrap();
    assert_eq!(found(&again, "number2"), kept);
    again.close();

    disk.resize(64 * 1024);
    scan(&database.han);
    assert_resumed(&home, &database);
    database.han.close();
}

#[test]
fn a_limit_on_the_size_of_files_is_a_full_disk_too() {
    let home = home();
    let mut database = home.database();
    database.han.close();
    let config_dir = home.config_dir();
    let arguments = ["scan", child::text(&database.path), child::text(&config_dir)];
    // In units of 512 bytes, as the standard has it. The signal would end the process before the error is seen.
    let ending = child::run(child::command_after("trap '' XFSZ; ulimit -f 2000", &arguments));
    let (code, message) = ending.outcome.unwrap_err();
    assert!(["HAN_DISK_FULL", "HAN_IO"].contains(&code.as_str()), "{code} {message}");
    assert!(message.contains(database.path.to_str().unwrap()), "names the file: {message}");
    database.han = Han::open(options(&database.path, &home.config_dir())).unwrap();
    assert_sound(&database.han, &database.path);
    scan(&database.han);
    assert_resumed(&home, &database);
}

fn assert_resumed(home: &Home, database: &Database) {
    let expected = home.from_scratch();
    if let Err(difference) = database.dump(Scope::Present).expect(&expected, "after there was room again") {
        panic!("{difference}");
    }
    assert_sound(&database.han, &database.path);
}

#[test]
fn a_full_disk_refuses_a_new_database_a_copy_and_a_restored_file() {
    let home = Home::new();
    let path = home.write_session("s1", turns("s1", 300));
    let han = home.scanned();
    let Some(disk) = Mount::of_size(&home.folder().join("disk"), 64) else { return };
    let new = disk.path().join("han.db");
    assert_eq!(code(Han::open(options(&new, &home.config_dir()))), "HAN_DISK_FULL");
    let copy = disk.path().join("copy.db");
    assert_eq!(code(han.backup(&copy)), "HAN_DISK_FULL");
    assert!(!copy.exists(), "half a copy is none");
    let restored = disk.path().join("s1.jsonl");
    assert_eq!(code(han.restore(path.to_str().unwrap(), &restored)), "HAN_DISK_FULL");
    assert!(!restored.exists(), "half a file is none");
    disk.resize(8 * 1024);
    Han::open(options(&new, &home.config_dir())).unwrap().close();
    han.backup(&copy).unwrap();
    han.restore(path.to_str().unwrap(), &restored).unwrap();
    assert_eq!(std::fs::read(path).unwrap(), std::fs::read(restored).unwrap());
}
