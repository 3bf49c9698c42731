//! Damage to the bytes of a database: every answer is correct or an error with a code, never a panic, and the search index is
//! rebuilt from the stored bytes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use han_native::model::{MessageQuery, SessionQuery};
use han_native::{DoctorOptions, Error, ErrorCode, Han, ScanOptions};
use rusqlite::Connection;

use super::checks::{assert_sound, code, found, meddle, options, reader, scan, search};
use crate::support::home::Home;
use crate::support::lines::turns;
use crate::support::random::Random;

const PAGE: usize = 4096;

fn home() -> Home {
    let home = Home::new();
    for session in ["s1", "s2", "s3"] {
        home.write_session(session, turns(session, 60));
    }
    home.scanned().close();
    meddle(&home.database_file(), "PRAGMA wal_checkpoint(TRUNCATE)");
    home
}

/// Runs every operation; what fails, fails with a code.
fn use_all_of_it(database: &Path, home: &Home) -> Result<(), Error> {
    let mut failure = None;
    let mut note = |result: Result<(), Error>| {
        if let Err(error) = result {
            assert!(!error.to_string().is_empty());
            assert_ne!(error.code(), ErrorCode::Panic);
            failure.get_or_insert(error);
        }
    };
    let han = Han::open(options(database, &home.config_dir()))?;
    note(han.sessions().list(&SessionQuery::default()).map(drop));
    for session in ["s1", "s2", "s3"] {
        let query = MessageQuery { session_id: session.into(), first: Some(1_000), ..MessageQuery::default() };
        note(han.messages().list(&query).and_then(|page| {
            let ids: Vec<String> = page.items.iter().map(|message| message.id.to_string()).collect();
            han.messages().raw_bytes(&ids).map(drop)
        }));
        let target = tempfile::tempdir().unwrap();
        note(han.restore(home.transcript(session).to_str().unwrap(), target.path().join("copy")));
    }
    for query in ["parser", "number*", "\"please the window\"", "done number12"] {
        note(search(&han, query).map(drop));
    }
    note(han.stats().map(drop));
    note(han.doctor(DoctorOptions::default()).map(drop));
    note(han.scan(ScanOptions::default()).map(drop));
    note(han.index_session_file(home.transcript("s1")).map(drop));
    note(han.doctor(DoctorOptions { fix: true }).map(drop));
    note(han.rederive().map(drop));
    note(search(&han, "parser").map(drop));
    han.close();
    failure.map_or(Ok(()), Err)
}

fn assert_no_panic(what: &str, bytes: &[u8], home: &Home) -> Option<ErrorCode> {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().canonicalize().unwrap().join("han.db");
    std::fs::write(&database, bytes).unwrap();
    std::fs::set_permissions(&database, std::fs::Permissions::from_mode(0o600)).unwrap();
    match catch_unwind(AssertUnwindSafe(|| use_all_of_it(&database, home))) {
        Ok(outcome) => outcome.err().map(|error| error.code()),
        Err(_) => panic!("a panic after {what}"),
    }
}

#[test]
fn flipped_bytes_anywhere_are_errors_and_never_panics() {
    let home = home();
    let whole = std::fs::read(home.database_file()).unwrap();
    let mut random = Random::new(99);
    let pages = whole.len() / PAGE;
    let mut refused = 0;
    // Every page of a small database, every n-th of a large one.
    for page in (0..pages).step_by(pages.div_ceil(60)) {
        let mut bytes = whole.clone();
        for _ in 0..12 {
            let at = page * PAGE + random.below(PAGE as u64) as usize;
            bytes[at] ^= 1 << random.below(8);
        }
        refused += usize::from(assert_no_panic(&format!("flips in page {page} of {pages}"), &bytes, &home).is_some());
    }
    assert!(refused > 0, "damage in {pages} pages was never noticed");
}

#[test]
fn overwritten_pages_are_errors_and_never_panics() {
    let home = home();
    let whole = std::fs::read(home.database_file()).unwrap();
    let mut random = Random::new(100);
    let pages = whole.len() / PAGE;
    for page in (0..pages).step_by(pages.div_ceil(30)) {
        let mut bytes = whole.clone();
        let other = random.below(pages as u64) as usize;
        match page % 3 {
            0 => bytes[page * PAGE..(page + 1) * PAGE].fill(0),
            1 => bytes[page * PAGE..(page + 1) * PAGE].fill_with(|| random.next() as u8),
            _ => bytes.copy_within(other * PAGE..(other + 1) * PAGE, page * PAGE),
        }
        assert_no_panic(&format!("an overwritten page {page} of {pages}"), &bytes, &home);
    }
}

#[test]
fn a_cut_database_is_an_error_and_never_a_panic() {
    let home = home();
    let whole = std::fs::read(home.database_file()).unwrap();
    for length in [50, 100, 1_000, PAGE, PAGE + 1, PAGE * 3, whole.len() / 2, whole.len() - PAGE] {
        let code = assert_no_panic(&format!("a cut to {length} bytes"), &whole[..length], &home);
        assert!(code.is_some(), "a cut to {length} of {} bytes was not noticed", whole.len());
    }
}

#[test]
fn a_damaged_log_is_ignored_or_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let home = home();
    let mut random = Random::new(7);
    for length in [1, 31, 32, 100, 10_000] {
        let wal = home.folder().join("han.db-wal");
        let bytes: Vec<u8> = std::iter::repeat_with(|| random.next() as u8).take(length).collect();
        std::fs::write(&wal, bytes).unwrap();
        std::fs::set_permissions(&wal, std::fs::Permissions::from_mode(0o600)).unwrap();
        let han = home.open();
        assert_eq!(han.stats().unwrap().messages, 360, "frames that SQLite did not write do not count");
        han.close();
    }
}

const QUERIES: [&str; 4] = ["parser", "number1*", "\"please the window\"", "done with number59"];

fn answers(han: &Han) -> Vec<Vec<String>> {
    QUERIES.iter().map(|query| found(han, query)).collect()
}

#[test]
fn a_damaged_search_index_is_found_and_rebuilt() {
    let damages = [
        "DELETE FROM messages_fts_data WHERE id > 1000",
        "UPDATE messages_fts_data SET block = zeroblob(length(block)) WHERE id > 1000",
        "UPDATE messages_fts_data SET block = randomblob(length(block)) WHERE id > 1000",
        "UPDATE messages_fts_data SET block = randomblob(length(block)) WHERE id = 10",
    ];
    for damage in damages {
        let home = home();
        let han = home.open();
        let before = answers(&han);
        assert!(before.iter().all(|ids| !ids.is_empty()));
        han.close();
        Connection::open(home.database_file())
            .and_then(|connection| {
                connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
                connection.execute_batch(damage)
            })
            .unwrap();
        let han = home.open();
        let report = han.doctor(DoctorOptions::default()).unwrap();
        let codes: Vec<&str> = report.issues.iter().map(|issue| issue.code.as_str()).collect();
        assert!(!report.is_healthy && codes.contains(&"search_index_damaged"), "after {damage}: {:#?}", report.issues);
        let report = han.doctor(DoctorOptions { fix: true }).unwrap();
        assert!(report.is_healthy, "after {damage}: {:#?}", report.issues);
        assert_eq!(answers(&han), before, "after {damage}");
        assert_sound(&han, &home.database_file());
        home.write_session("s4", turns("s4", 2));
        assert_eq!(scan(&han).messages_indexed, 4, "and it takes new lines");
        assert_sound(&han, &home.database_file());
    }
}

#[test]
fn lost_rows_and_wrong_sums_are_found_and_mended() {
    for damage in [
        "DELETE FROM messages WHERE id % 7 = 0",
        "UPDATE rollups SET messages = messages + 1 WHERE scope = 0",
        "UPDATE rollups SET output_tokens = 0",
        "UPDATE sessions SET message_count = 1",
        "DELETE FROM rollups",
        "UPDATE session_sums SET sums = x'80'",
        "DELETE FROM session_sums WHERE scope = 1",
        "DELETE FROM session_sums WHERE scope = 2",
    ] {
        let home = home();
        let han = home.open();
        let before = (answers(&han), han.stats().unwrap().tokens, sessions(&han));
        meddle(&home.database_file(), damage);
        assert!(!han.doctor(DoctorOptions::default()).unwrap().is_healthy, "after {damage}");
        let report = han.doctor(DoctorOptions { fix: true }).unwrap();
        assert!(report.is_healthy, "after {damage}: {:#?}", report.issues);
        let again = han.doctor(DoctorOptions::default()).unwrap();
        assert!(again.is_healthy, "mended after {damage}, and then: {:#?}", again.issues);
        assert_sound(&han, &home.database_file());
        assert_eq!((answers(&han), han.stats().unwrap().tokens, sessions(&han)), before, "after {damage}");
    }
}

fn sessions(han: &Han) -> String {
    serde_json::to_string(&han.sessions().list(&SessionQuery::default()).unwrap().items).unwrap()
}

#[test]
fn lost_bytes_are_found_and_named() {
    for damage in [
        "DELETE FROM raw_blocks WHERE id = (SELECT max(id) FROM raw_blocks)",
        "UPDATE raw_blocks SET data = randomblob(length(data)) WHERE id = (SELECT max(id) FROM raw_blocks)",
    ] {
        let home = home();
        meddle(&home.database_file(), damage);
        let han = home.open();
        let report = han.doctor(DoctorOptions::default()).unwrap();
        let issue = report.issues.iter().find(|issue| issue.code == "stored_bytes_damaged");
        let path = issue.and_then(|issue| issue.path.clone()).unwrap_or_else(|| panic!("{damage}: {report:#?}"));
        let target = tempfile::tempdir().unwrap();
        assert_eq!(code(han.restore(&path, target.path().join("copy"))), "HAN_CORRUPT", "half a file is not returned");
        assert!(!target.path().join("copy").exists());
    }
}

#[test]
fn rows_are_kept_where_their_stored_bytes_are_lost() {
    for damage in [
        "DELETE FROM raw_blocks",
        "DELETE FROM raw_blocks WHERE id = (SELECT max(id) FROM raw_blocks)",
        "UPDATE raw_blocks SET data = randomblob(length(data)) WHERE id = (SELECT max(id) FROM raw_blocks)",
    ] {
        let home = home();
        let han = home.open();
        let before = han.stats().unwrap();
        meddle(&home.database_file(), &format!("{damage}; UPDATE generations SET derive_revision = 0"));
        assert_eq!(code(han.rederive()), "HAN_CORRUPT", "after {damage}");
        assert_eq!(han.stats().unwrap().messages, before.messages, "after {damage}");
    }
}

#[test]
fn a_spill_whose_stored_bytes_are_damaged_is_an_error_and_not_missing() {
    let home = Home::new();
    let path = home.write_session(
        "s1",
        "{\"type\":\"user\",\"uuid\":\"u1\",\"message\":{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\
         \"tool_use_id\":\"t1\",\"content\":\"\"}]},\"toolUseResult\":{\"persistedOutputPath\":\"x.txt\"}}\n",
    );
    let spill = path.with_extension("").join("tool-results/x.txt");
    std::fs::create_dir_all(spill.parent().unwrap()).unwrap();
    std::fs::write(&spill, "spilled words").unwrap();
    let han = home.scanned();
    assert_eq!(found(&han, "spilled").len(), 1);
    // From now on only the database has it.
    std::fs::remove_file(&spill).unwrap();
    scan(&han);
    let transcripts = "WHERE file_id IN (SELECT id FROM files WHERE kind <> 'spill')";
    let spills = "generation_id IN (SELECT generation_id FROM files WHERE kind = 'spill')";
    meddle(&home.database_file(), &format!("UPDATE generations SET derive_revision = 0 {transcripts}"));
    assert_eq!(han.rederive().unwrap().files, 1);
    assert_eq!(found(&han, "spilled").len(), 1, "the stored bytes are enough");
    let damage = "UPDATE raw_blocks SET data = randomblob(length(data))";
    meddle(
        &home.database_file(),
        &format!("{damage} WHERE {spills}; UPDATE generations SET derive_revision = 0 {transcripts}"),
    );
    assert_eq!(code(han.rederive()), "HAN_CORRUPT");
    assert_eq!(code(search(&han, "spilled")), "HAN_CORRUPT", "the index has the word still, and nothing to show it");
    let notes: i64 =
        reader(&home.database_file()).query_row("SELECT count(*) FROM problems", [], |row| row.get(0)).unwrap();
    assert_eq!(notes, 0);
}

#[test]
fn an_unknown_kind_of_file_is_damage() {
    let home = home();
    let han = home.open();
    meddle(&home.database_file(), "UPDATE files SET kind = 'other' WHERE id = 2");
    assert_eq!(code(han.scan(ScanOptions::default())), "HAN_CORRUPT");
    assert_eq!(code(search(&han, "parser")), "HAN_CORRUPT");
    let error = han.index_session_file(home.transcript("s2")).unwrap_err();
    assert!(error.to_string().contains("unknown kind \"other\""), "{error}");
}
