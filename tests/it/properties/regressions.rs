//! Cases that once went wrong, each as small as it could be made.

use serde_json::{Value, json};

use super::history::agrees_with_the_present;
use crate::support::dump::Scope;
use crate::support::home::{Database, Home};
use crate::support::laws;
use crate::support::lines::{jsonl, tool_result, user, with};
use crate::support::records::SESSIONS;
use crate::support::transcripts::{places, spill};

const TIME: &str = "2026-03-01T10:00:00.000Z";

fn prompt(text: &str) -> Value {
    with(user(text), &[("/timestamp", TIME.into())])
}

/// Scans, and compares with a database built from the files as they are.
fn ends_as_the_files_are(home: &Home, database: &Database) {
    database.scan();
    agrees_with_the_present(home, database).unwrap();
    laws::check(home, database).unwrap();
}

#[test]
fn a_spill_that_changed_after_its_transcript_was_read_is_searched_as_it_is() {
    let home = Home::new();
    let database = home.database();
    let outcome = json!({ "persistedOutputPath": "out1.txt" });
    let record = user(vec![tool_result("toolu_1", "see the file")]);
    let record = with(record, &[("/timestamp", TIME.into()), ("/toolUseResult", outcome)]);
    home.write(&spill("out1.txt"), b"spilled delta");
    home.write(&places()[0], jsonl(&[record]));
    database.index(&home.file(&places()[0]));
    home.write(&spill("out1.txt"), b"spilled alpha");
    ends_as_the_files_are(&home, &database);
    home.append(&spill("out1.txt"), b", and more of it: gamma");
    ends_as_the_files_are(&home, &database);
}

#[test]
fn a_project_has_the_path_that_its_present_records_say() {
    let home = Home::new();
    let database = home.database();
    let path = |database: &Database| database.han.sessions().get([SESSIONS[0]]).unwrap().remove(0).unwrap();
    for (cwd, expected) in [("/code/lib", Some("/code/lib")), ("/home/x", Some("/home/x"))] {
        let mut record = prompt("alpha");
        record["cwd"] = cwd.into();
        home.write(&places()[0], jsonl(&[record]));
        database.scan();
        assert_eq!(path(&database).project_path.as_deref(), expected);
        assert_eq!(path(&database).repository_path.as_deref(), expected);
    }
    home.write(&places()[0], jsonl(&[prompt("alpha")]));
    database.scan();
    assert_eq!(path(&database).project_path, None);
    assert_eq!(path(&database).repository_path, None);
}

#[test]
fn a_superseded_generation_has_no_replays() {
    let home = Home::new();
    let database = home.database();
    let copy = with(user("alpha"), &[("/uuid", "u".into())]);
    let original = with(copy.clone(), &[("/timestamp", TIME.into())]);
    home.write(&places()[1], jsonl(&[original]));
    home.write(&places()[0], jsonl(&[copy]));
    database.scan();
    assert_eq!(database.number("SELECT sum(replays) FROM generations"), 1);
    home.write(&places()[0], b"");
    ends_as_the_files_are(&home, &database);
    assert_eq!(database.number("SELECT sum(replays) FROM generations"), 0);
}

#[test]
fn a_flat_agent_file_that_starts_again_belongs_to_the_session_that_it_then_names() {
    let flat = &places()[4];
    let named = |session: &str| {
        let mut record = prompt("alpha");
        record["sessionId"] = session.into();
        record
    };
    let home = Home::new();
    let database = home.database();
    for records in [
        vec![named(SESSIONS[0])],
        vec![named(SESSIONS[1])],
        vec![named(SESSIONS[1]), named(SESSIONS[0])],
        vec![],
        vec![prompt("beta"), named(SESSIONS[0])],
    ] {
        home.write(flat, jsonl(&records));
        ends_as_the_files_are(&home, &database);
    }
}

#[test]
fn a_tail_that_becomes_no_message_leaves_nothing_behind() {
    let mut record = prompt("alpha");
    for (name, value) in [("cwd", "/code/app"), ("gitBranch", "main"), ("version", "2.1.0")] {
        record[name] = value.into();
    }
    for rest in [format!("{record}"), " junk\n".to_owned(), " junk".to_owned()] {
        let home = Home::new();
        let database = home.database();
        home.write(&places()[0], record.to_string().as_bytes());
        database.index(&home.file(&places()[0]));
        home.append(&places()[0], rest.as_bytes());
        database.index(&home.file(&places()[0]));
        database.dump(Scope::Present).expect(&home.from_scratch(), "a tail that went").unwrap();
    }
}

#[test]
fn a_summary_that_is_superseded_names_no_other_session() {
    let home = Home::new();
    let database = home.database();
    let mut named = prompt("alpha");
    named["uuid"] = "u".into();
    home.write(&places()[1], jsonl(&[named]));
    home.write(&places()[0], jsonl(&[json!({ "type": "summary", "summary": "Gamma", "leafUuid": "u" })]));
    database.scan();
    let title = |database: &Database| database.han.sessions().get([SESSIONS[1]]).unwrap().remove(0).unwrap().title;
    assert_eq!(title(&database).as_deref(), Some("Gamma"));
    home.write(&places()[0], b"");
    ends_as_the_files_are(&home, &database);
    assert_eq!(title(&database).as_deref(), Some("alpha"));
}

#[test]
fn a_file_that_a_scan_finds_moved_is_not_missing() {
    for (from, to) in [(0, 1), (3, 4), (4, 3), (0, 7)] {
        let home = Home::new();
        let database = home.database();
        home.write(&places()[from], jsonl(&[prompt("alpha")]));
        database.scan();
        let target = home.file(&places()[to]);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::rename(home.file(&places()[from]), target).unwrap();
        ends_as_the_files_are(&home, &database);
        assert_eq!(database.number("SELECT count(*) FROM files"), 1, "{} to {}", places()[from], places()[to]);
        assert_eq!(database.number("SELECT sum(is_missing) FROM files"), 0);
    }
}
