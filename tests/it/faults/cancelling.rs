//! A scan that is cancelled keeps what it committed; and the progress that a scan reports.

use std::sync::Mutex;

use han_native::model::ScanProgress;
use han_native::{Cancellation, ScanOptions};

use super::checks::{assert_sound, code, reader};
use crate::support::dump::Scope;
use crate::support::home::Home;
use crate::support::lines::turns;
use han_benches::Generator;

/// More than one transaction takes.
fn home() -> Home {
    let home = Home::new();
    for session in 0..6_u64 {
        let bytes = Generator::new(session).single_session(4_000_000);
        home.write(&format!("projects/-code-shop/session-{session}.jsonl"), &bytes);
    }
    home
}

#[test]
fn a_cancelled_scan_keeps_what_it_committed_and_the_next_one_goes_on() {
    let home = home();
    let database = home.database();
    let cancellation = Cancellation::default();
    let hook = cancellation.clone();
    let outcome = database.han.scan(ScanOptions {
        on_progress: Some(Box::new(move |progress| {
            if progress.bytes_done > 0 {
                hook.cancel();
            }
        })),
        cancellation,
        ..ScanOptions::default()
    });
    assert_eq!(code(outcome), "HAN_CANCELLED");
    let kept = database.han.stats().unwrap().messages;
    assert!(kept > 0, "what is committed stays");
    assert_sound(&database.han, &database.path);
    assert!(database.scan().messages_indexed > 0, "something was left for the next scan");
    assert!(database.han.stats().unwrap().messages > kept);
    if let Err(difference) = database.dump(Scope::Present).expect(&home.from_scratch(), "after a cancelled scan") {
        panic!("{difference}");
    }
}

#[test]
fn a_scan_that_is_cancelled_before_it_starts_writes_nothing() {
    let home = home();
    let database = home.database();
    let cancellation = Cancellation::default();
    cancellation.cancel();
    assert_eq!(code(database.han.scan(ScanOptions { cancellation, ..ScanOptions::default() })), "HAN_CANCELLED");
    assert_eq!(database.han.stats().unwrap().messages, 0);
}

#[test]
fn progress_grows_and_ends_at_its_total() {
    let home = home();
    let database = home.database();
    let told: Mutex<Vec<ScanProgress>> = Mutex::default();
    let report = database
        .han
        .scan(ScanOptions {
            on_progress: Some(Box::new(|progress| told.lock().unwrap().push(progress.clone()))),
            ..ScanOptions::default()
        })
        .unwrap();
    let told = told.into_inner().unwrap();
    assert!(told.len() >= 3, "a start, a commit and an end at least: {told:?}");
    for pair in told.windows(2) {
        let of = |progress: &ScanProgress| (progress.files_done, progress.bytes_done, progress.messages_indexed);
        let ((files, bytes, messages), (more_files, more_bytes, more_messages)) = (of(&pair[0]), of(&pair[1]));
        assert!(files <= more_files && bytes <= more_bytes && messages <= more_messages, "{pair:#?}");
        assert_eq!((pair[0].files_total, pair[0].bytes_total), (pair[1].files_total, pair[1].bytes_total));
    }
    assert_eq!((told[0].files_done, told[0].bytes_done), (0, 0));
    let last = told.last().unwrap();
    assert_eq!((last.files_done, last.bytes_done), (last.files_total, last.bytes_total));
    assert_eq!(last.messages_indexed, report.messages_indexed);
    assert_eq!(last.bytes_done, report.bytes);
}

#[test]
fn progress_ends_at_its_total_where_files_have_moved_or_restart() {
    let home = Home::new();
    for session in ["s1", "s2", "s3"] {
        home.write_session(session, turns(session, 2));
    }
    let han = home.scanned();
    let moved = home.transcript("s1");
    let target = moved.parent().unwrap().with_file_name("-code-lib").join("s1.jsonl");
    std::fs::create_dir_all(target.parent().unwrap()).unwrap();
    std::fs::rename(&moved, &target).unwrap();
    let more = std::fs::read_to_string(&target).unwrap() + &turns("s1-more", 1);
    std::fs::write(&target, more).unwrap();
    home.write_session("s2", turns("s4", 2));
    home.write_session("s3", turns("s3", 3));
    let told: Mutex<Vec<ScanProgress>> = Mutex::default();
    let report = han
        .scan(ScanOptions {
            on_progress: Some(Box::new(|progress| told.lock().unwrap().push(progress.clone()))),
            ..ScanOptions::default()
        })
        .unwrap();
    let last = told.into_inner().unwrap().pop().unwrap();
    assert_eq!((last.files_done, last.bytes_done), (last.files_total, last.bytes_total));
    assert_eq!((last.files_total, last.bytes_done), (3, report.bytes));
    assert_eq!(last.messages_indexed, report.messages_indexed);
}

#[test]
fn the_newest_files_come_first() {
    /// Files may overtake each other while several threads read them, but no further than there are threads.
    const OVERTAKING: usize = 3;
    let home = Home::new();
    let mut times = Vec::new();
    for session in 0..15_u64 {
        let name = format!("s{session:02}");
        let path = home.write_session(&name, "");
        std::fs::write(&path, Generator::new(session).single_session(200_000)).unwrap();
        // Neither the order of names nor that of writing.
        let time = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000 + session * 7 % 15);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        times.push((time, name));
    }
    times.sort();
    let newest_first: Vec<String> = times.into_iter().rev().map(|(_, session)| session).collect();
    home.scanned();
    let connection = reader(&home.database_file());
    let mut statement = connection
        .prepare(
            "SELECT s.session_id FROM messages m JOIN generations g ON g.id = m.generation_id
             JOIN files f ON f.id = g.file_id JOIN sessions s ON s.id = f.session_id GROUP BY f.id ORDER BY min(m.id)",
        )
        .unwrap();
    let written: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(written.len(), newest_first.len());
    for (expected, session) in newest_first.iter().enumerate() {
        let place = written.iter().position(|other| other == session).unwrap();
        assert!(place.abs_diff(expected) <= OVERTAKING, "written {written:?}, the newest first is {newest_first:?}");
    }
}
