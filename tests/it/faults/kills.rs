//! A process that indexes is killed at any moment: what it committed is whole, and the next one finishes the work.

use std::path::{Path, PathBuf};

use han_benches::Generator;
use han_native::{DoctorOptions, Han};

use super::checks::{assert_sound, integrity, options, reader, scan};
use super::child::{self, Running};
use crate::request_log;
use crate::support::dump::{Dump, Scope};
use crate::support::home::{Database, Home};
use crate::support::random::Random;
use crate::support::size;

/// Kills the child once it has moved this many bytes; false if it ended before.
fn kill_after(mut running: Running, work: u64) -> bool {
    while running.is_running() {
        match running.work() {
            Some(done) if done < work => std::thread::yield_now(),
            Some(_) => {
                running.kill();
                return true;
            }
            None => break,
        }
    }
    let ending = running.finish();
    assert!(ending.outcome.is_ok(), "the scan failed: {ending:?}");
    false
}

/// The bytes that a whole scan into a new database moves.
fn whole_work(database: &Path, config_dir: &Path) -> u64 {
    let mut running = child::start(child::scan(database, config_dir));
    let mut work = 0;
    while running.is_running() {
        work = running.work().unwrap_or(work).max(work);
        std::thread::yield_now();
    }
    assert!(running.finish().outcome.is_ok());
    work
}

fn reopened(mut database: Database, config_dir: &Path) -> Database {
    database.han = Han::open(options(&database.path, config_dir)).unwrap();
    database
}

fn assert_same(database: &Database, expected: &Dump, what: &str) {
    if let Err(difference) = database.dump(Scope::Present).expect(expected, what) {
        panic!("{difference}");
    }
}

fn assert_restores_every_file(home: &Home, database: &Database) {
    let target = tempfile::tempdir().unwrap();
    for (number, path) in transcripts(&home.config_dir()).into_iter().enumerate() {
        let copy = target.path().join(number.to_string());
        database.han.restore(path.to_str().unwrap(), &copy).unwrap();
        assert!(std::fs::read(&path).unwrap() == std::fs::read(&copy).unwrap(), "{} differs", path.display());
        std::fs::remove_file(copy).unwrap();
    }
}

fn transcripts(root: &Path) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![root.join("projects")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "jsonl") && !path.ends_with("journal.jsonl")
            {
                found.push(path);
            }
        }
    }
    found
}

/// What a reader finds at this moment.
fn messages(database: &Path) -> i64 {
    let count = reader(database).query_row("SELECT count(*) FROM messages", [], |row| row.get(0));
    // A kill may have come before the tables existed.
    count.unwrap_or(0)
}

/// Nothing but the database, its log and its lock.
fn assert_no_leftovers(database: &Path) {
    let allowed = ["han.db", "han.db-wal", "han.db-shm", "coordinator.lock"];
    for entry in std::fs::read_dir(database.parent().unwrap()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(allowed.contains(&name.as_str()), "left over: {name}");
    }
}

#[test]
fn kills_of_a_scan_lose_nothing_and_double_nothing() {
    let (least_lines, most_kills) = (size::of(10_000, 20_000), size::of(20, 50));
    let home = Home::new();
    let mut bytes = size::of(8_000_000, 16_000_000);
    loop {
        let summary = Generator::new(7).config_dir(home.config_dir(), bytes).unwrap();
        if summary.lines as i64 >= least_lines {
            break;
        }
        std::fs::remove_dir_all(home.file("projects")).unwrap();
        bytes = bytes * 5 / 4;
    }
    request_log::sessions(&home, 20, &request_log::system_prompt(7, 20_000));
    let expected = home.from_scratch();
    let measured = home.database();
    measured.han.close();
    let work = whole_work(&measured.path, &home.config_dir());
    let all = messages(&measured.path);
    let mut random = Random::new(2026);
    let (mut kills, mut halfway) = (0, 0);
    while kills < most_kills {
        let database = home.database();
        database.han.close();
        while kill_after(child::start(child::scan(&database.path, &home.config_dir())), random.below(work / 3)) {
            kills += 1;
            halfway += usize::from((1..all).contains(&messages(&database.path)));
            // Whatever the kill left, a reader finds a whole database right after.
            if kills % 5 == 0 {
                assert_eq!(integrity(&database.path), ["ok"], "after kill {kills}");
            }
            if kills % 10 == 0 {
                let han = Han::open(options(&database.path, &home.config_dir())).unwrap();
                let report = han.doctor(DoctorOptions::default()).unwrap();
                assert!(report.is_healthy, "after kill {kills} the doctor finds {:#?}", report.issues);
            }
        }
        let database = reopened(database, &home.config_dir());
        assert_same(&database, &expected, "after the kills");
        assert_sound(&database.han, &database.path);
        assert_eq!(scan(&database.han).messages_indexed, 0, "nothing is left to read");
        assert_restores_every_file(&home, &database);
        assert_no_leftovers(&database.path);
    }
    println!("{kills} kills, {halfway} of them with a part committed; a whole scan moves {work} bytes");
    // An optimised build may commit everything at once.
    assert!(halfway > 0 || !cfg!(debug_assertions), "every kill came before the first commit or after the last one");
}

#[test]
fn kills_between_appends_lose_nothing_and_double_nothing() {
    let home = Home::new();
    let source = tempfile::NamedTempFile::new().unwrap();
    let system = request_log::system_prompt(11, 9_000);
    let logged = (1..30).flat_map(|number| request_log::turn("logged", number, "peel a quince", &system));
    let lines = [logged.collect::<String>().into_bytes(), Generator::new(11).single_session(400_000)].concat();
    std::fs::write(source.path(), lines).unwrap();
    let below = "projects/-code-shop/5b0c8a52-77a1-4f0e-9d3c-0123456789ab.jsonl";
    home.write(below, b"");
    let target = home.file(below);
    let database = home.database();
    database.han.close();
    let mut random = Random::new(5);
    let mut kills = 0;
    let config_dir = home.config_dir();
    let files = [&database.path, &config_dir, source.path(), &target];
    let arguments = [&["append"], &files.map(child::text)[..]].concat();
    loop {
        let mut running = child::start(child::command(&arguments));
        let lines = random.below(40);
        // The line after the last one says that nothing is left to append.
        if (0..lines).any(|_| !running.hear().unwrap_or_default().starts_with("line")) {
            assert!(running.finish().outcome.is_ok());
            break;
        }
        // Not at once: somewhere inside the work that follows.
        let start = running.work().unwrap_or(0);
        if !kill_after(running, start + random.below(60_000)) {
            break;
        }
        kills += 1;
    }
    assert!(kills >= 5, "only {kills} kills");
    assert_eq!(std::fs::read(source.path()).unwrap(), std::fs::read(&target).unwrap());
    let database = reopened(database, &home.config_dir());
    assert_eq!(scan(&database.han).messages_indexed, 0, "every line was indexed when it was appended");
    assert_same(&database, &home.from_scratch(), "after kills between appends");
    assert_sound(&database.han, &database.path);
    assert_restores_every_file(&home, &database);
}
