//! What holds for every database after every history.

use std::collections::BTreeMap;
use std::path::PathBuf;

use han_native::DoctorOptions;
use han_native::model::{Message, MessageQuery, Page, Problem, ProblemFilter};
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};

use super::home::{Database, Home};
use super::rollups;
use crate::live::feed_law;

type Outcome = Result<(), TestCaseError>;

/// Every law that needs no knowledge of the history.
pub(crate) fn check(home: &Home, database: &Database) -> Outcome {
    lines_are_counted(home, database)?;
    pages_agree_with_counts(database)?;
    rollups::check(database)?;
    bytes_are_kept(home, database)?;
    feed_law::check(database)?;
    let report = database.han.doctor(DoctorOptions::default()).unwrap();
    prop_assert!(report.is_healthy, "the doctor finds {:#?}", report.issues);
    nothing_is_read_twice(home, database)
}

/// Paths of the transcripts below the config dir, without spilled tool results.
pub(crate) fn transcripts(home: &Home) -> Vec<String> {
    files(home).into_iter().filter(|path| path.ends_with(".jsonl") && !path.ends_with("/journal.jsonl")).collect()
}

fn files(home: &Home) -> Vec<String> {
    let root = home.config_dir();
    let mut folders = vec![root.join("projects")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned()),
            }
        }
    }
    found.sort();
    found
}

/// Non-blank lines = messages with part 0 + problems that represent a line.
pub(crate) fn lines_are_counted(home: &Home, database: &Database) -> Outcome {
    let problems = all_problems(database)?;
    let connection = database.connection();
    for path in transcripts(home) {
        let bytes = std::fs::read(home.file(&path)).unwrap();
        let expected = count_lines(&bytes);
        let (lines, firsts): (i64, i64) = connection
            .query_row(
                "SELECT g.lines, (SELECT count(*) FROM messages m WHERE m.generation_id = g.id AND m.part = 0)
                 FROM files f JOIN generations g ON g.id = f.generation_id WHERE f.path = ?1",
                [&path],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .map_err(|error| TestCaseError::fail(format!("{path} is not in the database: {error}")))?;
        let absolute = home.file(&path).display().to_string();
        let of_lines = problems.iter().filter(|problem| problem.path == absolute && !problem.is_note).count() as i64;
        prop_assert_eq!(expected, firsts + of_lines, "lines of {}: {} messages, {} problems", path, firsts, of_lines);
        prop_assert_eq!(expected, lines, "lines counted of {}", path);
    }
    Ok(())
}

/// Lines with anything but the white space of JSON.
pub(crate) fn count_lines(bytes: &[u8]) -> i64 {
    let is_blank = |line: &[u8]| line.iter().all(|byte| b" \t\r".contains(byte));
    bytes.split(|byte| *byte == b'\n').filter(|line| !is_blank(line)).count() as i64
}

fn all_problems(database: &Database) -> Result<Vec<Problem>, TestCaseError> {
    let page = |filter: ProblemFilter| database.han.problems(&filter).unwrap();
    let forwards = forwards(|after| page(ProblemFilter { first: Some(3), after, ..ProblemFilter::default() }));
    let backwards = backwards(|before| page(ProblemFilter { last: Some(3), before, ..ProblemFilter::default() }));
    prop_assert_eq!(&forwards, &backwards, "problems, forwards and backwards");
    Ok(forwards)
}

fn forwards<T>(mut page: impl FnMut(Option<String>) -> Page<T>) -> Vec<T> {
    let mut items = Vec::new();
    let mut cursor = None;
    loop {
        let found = page(cursor);
        items.extend(found.items);
        cursor = found.end_cursor;
        if !found.has_next_page {
            return items;
        }
    }
}

fn backwards<T>(mut page: impl FnMut(Option<String>) -> Page<T>) -> Vec<T> {
    let mut pages = Vec::new();
    let mut cursor = None;
    loop {
        let found = page(cursor);
        pages.push(found.items);
        cursor = found.start_cursor;
        if !found.has_previous_page {
            return pages.into_iter().rev().flatten().collect();
        }
    }
}

/// Which messages `m` belong to the request log, by the types of their records.
pub(crate) const REQUEST_LOG: &str = "
    (SELECT value = 'api-request' OR value LIKE 'api-request-%' FROM strings WHERE id = m.type_id)
    OR ((SELECT value FROM strings WHERE id = m.type_id) = 'attachment'
        AND (SELECT value FROM strings WHERE id = m.subtype_id) IS 'prompt_snapshot')";

/// The pages of every session, forwards and backwards, agree with the counts and with the rows.
fn pages_agree_with_counts(database: &Database) -> Outcome {
    let connection = database.connection();
    let counted: BTreeMap<String, i64> = connection
        .prepare(&format!(
            "SELECT s.session_id, (
                 SELECT count(*) FROM files f JOIN messages m ON m.generation_id = f.generation_id
                 WHERE f.session_id = s.id AND f.kind = 'main' AND m.replay_of IS NULL AND NOT ({REQUEST_LOG})) FROM sessions s"
        ))
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let ids: Vec<String> = counted.keys().cloned().collect();
    prop_assert_eq!(&database.han.messages().count_batch(&ids).unwrap(), &counted, "countBatch");
    for (session, count) in &counted {
        let base = MessageQuery { session_id: session.clone(), ..MessageQuery::default() };
        let page = |query: MessageQuery| database.han.messages().list(&query).unwrap();
        let forwards: Vec<Message> = forwards(|after| page(MessageQuery { first: Some(3), after, ..base.clone() }));
        let backwards = backwards(|before| page(MessageQuery { last: Some(3), before, ..base.clone() }));
        prop_assert_eq!(forwards.len() as i64, *count, "messages listed of {}", session);
        prop_assert_eq!(&forwards, &backwards, "messages of {}, forwards and backwards", session);
        let ids: Vec<String> = forwards.iter().map(|message| message.id.to_string()).collect();
        let again: Vec<Message> = database.han.messages().get(&ids).unwrap().into_iter().flatten().collect();
        prop_assert_eq!(&forwards, &again, "messages of {}, listed and got by id", session);
        chains_are_those_of_the_records(database, &forwards)?;
    }
    Ok(())
}

/// The type and the parent of a message are those of its record, however they are stored.
fn chains_are_those_of_the_records(database: &Database, messages: &[Message]) -> Outcome {
    let ids: Vec<String> = messages.iter().map(|message| message.id.to_string()).collect();
    let records = database.han.messages().raw(&ids).unwrap();
    for (message, record) in messages.iter().zip(records) {
        let Ok(record) = serde_json::from_str::<serde_json::Value>(&record.unwrap_or_default()) else { continue };
        let said = |key: &str| record[key].as_str().filter(|uuid| !uuid.is_empty()).map(str::to_owned);
        prop_assert_eq!(&message.uuid, &said("uuid"), "uuid of {}", message.id);
        prop_assert_eq!(&message.parent_uuid, &said("parentUuid"), "parent of {}", message.id);
    }
    Ok(())
}

/// Every file that exists can be written back as it is.
pub(crate) fn bytes_are_kept(home: &Home, database: &Database) -> Outcome {
    let is_spill = |path: &String| path.contains("/tool-results/") && path.ends_with(".txt");
    for path in transcripts(home).into_iter().chain(files(home).into_iter().filter(is_spill)) {
        let restored = restored(database, &path);
        let bytes = std::fs::read(home.file(&path)).unwrap();
        prop_assert!(restored == bytes, "{path} is not restored byte for byte");
    }
    Ok(())
}

/// The restored bytes of a file, or of a generation of it.
pub(crate) fn restored(database: &Database, source: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let target: PathBuf = folder.path().join("restored");
    database.han.restore(source, &target).unwrap();
    std::fs::read(target).unwrap()
}

/// A second call finds nothing new.
fn nothing_is_read_twice(home: &Home, database: &Database) -> Outcome {
    for path in transcripts(home) {
        let result = database.index(&home.file(&path));
        prop_assert_eq!(result.messages_indexed, 0, "messages indexed again of {}", path);
        prop_assert_eq!((result.problems, result.notes), (0, 0), "problems and notes found again in {}", path);
        let sessions = [result.session_id.clone()];
        let count = database.han.messages().count_batch(&sessions).unwrap();
        prop_assert_eq!(count.get(&result.session_id), Some(&result.total_messages), "totalMessages of {}", path);
    }
    let report = database.scan();
    prop_assert_eq!((report.messages_indexed, report.files_changed, report.lines), (0, 0, 0), "a scan again");
    Ok(())
}
