//! A spilled tool result of one name in several config dirs: which one a transcript means depends on where the files are, never on
//! the order in which they arrived, and what is searchable is what is shown.

use std::fs;
use std::path::PathBuf;

use han_native::model::SearchQuery;
use han_native::{DoctorOptions, OpenOptions, ScanOptions};
use serde_json::json;

use crate::support::dump::Scope;
use crate::support::home::{Database, Home};
use crate::support::laws;

const TRANSCRIPT: &str = "projects/-code-app/s1.jsonl";
const SPILL: &str = "projects/-code-app/s1/tool-results/out.txt";

/// A transcript of one line, whose output was spilled.
fn transcript(uuid: &str) -> String {
    let block = json!({ "type": "tool_result", "tool_use_id": "toolu_1", "content": "<persisted-output>\nToo large" });
    let record = json!({ "type": "user", "uuid": uuid, "timestamp": "2026-03-01T10:00:00.000Z", "sessionId": "s1",
        "message": { "role": "user", "content": [block] }, "toolUseResult": { "persistedOutputPath": "out.txt" } });
    format!("{record}\n")
}

/// Three config dirs in the order of their paths: the first two have a spill, each its own text, the last one has none.
struct Homes {
    homes: [Home; 3],
}

const WORDS: [&str; 2] = ["apricot", "blueberry"];

impl Homes {
    fn new() -> Homes {
        let mut homes = [Home::new(), Home::new(), Home::new()];
        homes.sort_by_key(Home::config_dir);
        for (home, uuid) in homes.iter().zip(["u-first", "u-second", "u-third"]) {
            home.write(TRANSCRIPT, transcript(uuid).as_bytes());
        }
        for (home, word) in homes.iter().zip(WORDS) {
            home.write(SPILL, format!("all about the {word}").as_bytes());
        }
        Homes { homes }
    }

    fn paths(&self) -> Vec<PathBuf> {
        self.homes.iter().map(Home::config_dir).collect()
    }

    fn database(&self) -> Database {
        Database::with(OpenOptions { config_dirs: Some(self.paths()), ..OpenOptions::default() })
    }
}

fn scan(database: &Database, paths: Vec<PathBuf>) {
    let report = database.han.scan(ScanOptions { paths: Some(paths), ..ScanOptions::default() }).unwrap();
    assert_eq!(report.errors, []);
}

/// The messages that have a word, each of which shows it.
fn found(database: &Database, word: &str) -> Vec<String> {
    let query = SearchQuery { query: word.into(), ..SearchQuery::default() };
    let hits = database.han.search(&query).unwrap().items;
    let mut uuids: Vec<String> = hits
        .into_iter()
        .map(|hit| {
            assert!(hit.snippet.contains(word), "{word} is indexed, and shown is: {}", hit.snippet);
            hit.message.uuid.unwrap()
        })
        .collect();
    uuids.sort();
    uuids
}

#[test]
fn each_config_dir_has_its_own_spill_whatever_came_first() {
    let homes = Homes::new();
    let from_scratch = homes.database();
    from_scratch.scan();
    let expected = from_scratch.dump(Scope::Present);
    let spills: Vec<PathBuf> = homes.homes[..2].iter().map(|home| home.file(SPILL)).collect();
    let transcripts: Vec<PathBuf> = homes.homes.iter().map(|home| home.file(TRANSCRIPT)).collect();
    let dirs = homes.paths();
    let orders: [Vec<PathBuf>; 6] = [
        dirs.clone(),
        dirs.iter().rev().cloned().collect(),
        vec![dirs[1].clone(), dirs[0].clone(), dirs[2].clone()],
        vec![dirs[2].clone(), dirs[1].clone(), dirs[0].clone()],
        transcripts.iter().chain(&spills).cloned().collect(),
        spills.iter().rev().chain(transcripts.iter().rev()).cloned().collect(),
    ];
    for order in orders {
        let database = homes.database();
        for path in &order {
            scan(&database, vec![path.clone()]);
        }
        assert_eq!(found(&database, WORDS[0]), ["u-first", "u-third"], "{order:?}");
        assert_eq!(found(&database, WORDS[1]), ["u-second"], "{order:?}");
        database.dump(Scope::Present).expect(&expected, &format!("{order:?}")).unwrap();
        assert!(database.han.doctor(DoctorOptions::default()).unwrap().is_healthy);
    }
}

#[test]
fn a_transcript_that_is_indexed_alone_finds_the_spill_of_another_config_dir() {
    let homes = Homes::new();
    let database = homes.database();
    scan(&database, vec![homes.homes[0].config_dir()]);
    let result = database.index(&homes.homes[2].file(TRANSCRIPT));
    assert_eq!(result.messages_indexed, 1);
    assert_eq!(found(&database, WORDS[0]), ["u-first", "u-third"]);
    assert_eq!(database.number("SELECT count(*) FROM problems"), 0);
}

#[test]
fn a_spill_that_goes_leaves_its_place_to_the_next_one_until_it_is_back() {
    let homes = Homes::new();
    let database = homes.database();
    database.scan();
    let spill = homes.homes[0].file(SPILL);
    let aside = homes.homes[0].file("aside.txt");
    fs::rename(&spill, &aside).unwrap();
    database.scan();
    // In its own config dir it is what was read from it.
    assert_eq!(found(&database, WORDS[0]), ["u-first"]);
    assert_eq!(found(&database, WORDS[1]), ["u-second", "u-third"]);
    fs::rename(&aside, &spill).unwrap();
    database.scan();
    assert_eq!(found(&database, WORDS[0]), ["u-first", "u-third"]);
    assert_eq!(found(&database, WORDS[1]), ["u-second"]);
}

#[test]
fn a_session_that_is_moved_takes_its_spills_along() {
    let home = Home::new();
    home.write(TRANSCRIPT, transcript("u-first").as_bytes());
    home.write(SPILL, b"all about the apricot");
    let database = home.database();
    database.scan();
    fs::create_dir_all(home.file("projects/-code-lib")).unwrap();
    for name in ["s1.jsonl", "s1"] {
        let (from, to) = (format!("projects/-code-app/{name}"), format!("projects/-code-lib/{name}"));
        fs::rename(home.file(&from), home.file(&to)).unwrap();
    }
    database.scan();
    assert_eq!(found(&database, "apricot"), ["u-first"]);
    assert_eq!(database.number("SELECT count(*) FROM problems"), 0, "a spill has no lines");
    database.dump(Scope::Present).expect(&home.from_scratch(), "after the move").unwrap();
    laws::check(&home, &database).unwrap();
}

#[test]
fn a_spill_that_is_renamed_is_no_more_what_it_was_and_is_what_was_missing() {
    let home = Home::new();
    let other = SPILL.replace("out.txt", "other.txt");
    home.write(TRANSCRIPT, transcript("u-first").as_bytes());
    home.write(&other, b"all about the apricot");
    let database = home.database();
    database.scan();
    assert_eq!(database.number("SELECT count(*) FROM problems WHERE kind = 'spill_missing'"), 1);
    fs::rename(home.file(&other), home.file(SPILL)).unwrap();
    database.scan();
    assert_eq!(found(&database, "apricot"), ["u-first"]);
    database.dump(Scope::Present).expect(&home.from_scratch(), "found by its new name").unwrap();
    fs::rename(home.file(SPILL), home.file(&other)).unwrap();
    database.scan();
    assert_eq!(found(&database, "apricot"), [""; 0]);
    database.dump(Scope::Present).expect(&home.from_scratch(), "missed again").unwrap();
}

#[test]
fn an_append_to_a_file_of_older_rules_leaves_it_to_be_derived_again() {
    let home = Home::new();
    home.write(TRANSCRIPT, transcript("u-first").as_bytes());
    home.write(SPILL, b"all about the apricot");
    let database = home.database();
    database.scan();
    let meddler = rusqlite::Connection::open(&database.path).unwrap();
    let older = "UPDATE generations SET derive_revision = 0 WHERE messages > 0; UPDATE messages SET preview = 'old'";
    meddler.execute_batch(older).unwrap();
    home.append(TRANSCRIPT, transcript("u-second").as_bytes());
    assert_eq!(database.index(&home.file(TRANSCRIPT)).messages_indexed, 1);
    assert_eq!(database.han.rederive().unwrap().files, 1);
    database.dump(Scope::Present).expect(&home.from_scratch(), "by the rules of now").unwrap();
}
