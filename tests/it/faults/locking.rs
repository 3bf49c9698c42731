//! Several processes, handles and threads at one database: one writes at a time, nobody waits for ever, nothing is stored twice.

use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use han_native::model::ScanProgress;
use han_native::{Han, OpenOptions, ScanOptions};

use super::checks::{assert_sound, code, found, options, scan};
use super::child;
use crate::support::home::Home;
use crate::support::lines::turns;

fn home(sessions: usize, count: usize) -> Home {
    let home = Home::new();
    for session in 0..sessions {
        let name = format!("s{session}");
        home.write_session(&name, turns(&name, count));
    }
    home
}

fn hold(home: &Home) -> Command {
    child::command(&["hold", child::text(&home.database_file()), child::text(&home.config_dir())])
}

fn impatient(home: &Home) -> OpenOptions {
    OpenOptions { lock_timeout: Duration::from_millis(100), ..home.options() }
}

#[test]
fn two_processes_that_scan_at_once_double_nothing() {
    let home = home(20, 50);
    home.open().close();
    let children: Vec<_> =
        (0..3).map(|_| child::start(child::scan(&home.database_file(), &home.config_dir()))).collect();
    let indexed: i64 = children
        .into_iter()
        .map(|running| match running.finish().outcome {
            Ok(messages) => messages,
            Err((code, message)) => {
                assert_eq!(code, "HAN_LOCKED", "{message}");
                0
            }
        })
        .sum();
    let han = home.open();
    let indexed = indexed + scan(&han).messages_indexed;
    assert_eq!(indexed, 2_000, "each message was indexed by one of them");
    assert_eq!(han.stats().unwrap().messages, 2_000);
    assert_sound(&han, &home.database_file());
}

#[test]
fn several_processes_may_create_one_database_at_once() {
    let home = home(3, 5);
    let children: Vec<_> =
        (0..4).map(|_| child::start(child::scan(&home.database_file(), &home.config_dir()))).collect();
    for running in children {
        let ending = running.finish();
        assert!(ending.outcome.is_ok(), "{ending:?}");
    }
    let han = home.open();
    assert_eq!(han.stats().unwrap().messages, 30);
    assert_sound(&han, &home.database_file());
}

#[test]
fn another_handle_in_the_process_leaves_the_locks_of_the_first() {
    use std::os::unix::fs::MetadataExt;
    let home = home(1, 3);
    let first = home.open();
    scan(&first);
    let log = home.folder().join("han.db-wal");
    let before = std::fs::metadata(&log).unwrap().ino();
    for read_only in [false, true] {
        let second = Han::open(OpenOptions { read_only, ..home.options() }).unwrap();
        assert_eq!(second.stats().unwrap().messages, 6);
    }
    // The last process that closes a database removes its log, and whoever holds no lock does not count.
    let look = "import sqlite3, sys; connection = sqlite3.connect(sys.argv[1])
print(connection.execute('SELECT count(*) FROM messages').fetchone()[0]); connection.close()";
    let counted = || {
        let python = std::env::var("PYTHON").unwrap_or("python3".into());
        let output = Command::new(python).args(["-c", look]).arg(home.database_file()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(counted(), "6\n");
    assert_eq!(std::fs::metadata(&log).map(|metadata| metadata.ino()).ok(), Some(before), "the log was taken away");
    home.write_session("s1", turns("s1", 4));
    assert_eq!(scan(&first).messages_indexed, 8);
    assert_eq!(counted(), "14\n", "others see what the first handle wrote");
}

#[test]
fn a_writer_says_whom_it_waited_for() {
    let home = home(2, 3);
    let mut holder = child::start(hold(&home));
    holder.hear_of("holding");
    let han = Han::open(impatient(&home)).unwrap();
    for refused in [
        han.scan(ScanOptions::default()).map(drop),
        han.index_session_file(home.transcript("s0")).map(drop),
        han.rederive().map(drop),
    ] {
        let error = refused.unwrap_err();
        assert_eq!(error.code().as_str(), "HAN_LOCKED", "{error}");
        assert!(error.to_string().contains(&format!("pid {}", holder.pid())), "{error}");
    }
    assert_eq!(holder.finish().outcome, Ok(12));
    assert_eq!(scan(&han).messages_indexed, 0, "the holder did it");
    assert_sound(&han, &home.database_file());
}

#[test]
fn a_writer_does_not_blame_another_process_for_its_own() {
    let home = home(2, 3);
    let (writing, other) = (Han::open(impatient(&home)).unwrap(), Han::open(impatient(&home)).unwrap());
    let (has_begun, begun) = mpsc::channel();
    let (end, is_over) = mpsc::channel::<()>();
    let on_progress = move |_: &ScanProgress| {
        has_begun.send(()).unwrap();
        // Until the other side is dropped.
        let _ = is_over.recv();
    };
    std::thread::scope(|scope| {
        let options = ScanOptions { on_progress: Some(Box::new(on_progress)), ..ScanOptions::default() };
        let scan = scope.spawn(|| writing.scan(options).unwrap());
        begun.recv().unwrap();
        for han in [&writing, &other] {
            let error = han.index_session_file(home.transcript("s0")).unwrap_err();
            assert_eq!(error.code().as_str(), "HAN_LOCKED", "{error}");
            assert!(error.to_string().starts_with("another thread or handle of this process is writing"), "{error}");
        }
        drop(end);
        assert_eq!(scan.join().unwrap().messages_indexed, 12);
    });
}

#[test]
fn a_writer_waits_for_one_that_ends_in_time() {
    let home = home(2, 3);
    let mut holder = child::start(hold(&home));
    holder.hear_of("holding");
    let han = Han::open(OpenOptions { lock_timeout: Duration::from_millis(60_000), ..home.options() }).unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| scan(&han).messages_indexed);
        assert_eq!(holder.finish().outcome, Ok(12));
        assert_eq!(waiting.join().unwrap(), 0);
    });
}

#[test]
fn readers_do_not_wait_for_a_writer_that_is_suspended() {
    let home = home(2, 3);
    home.scanned().close();
    home.write_session("late", turns("late", 2));
    let mut holder = child::start(hold(&home));
    holder.hear_of("holding");
    holder.stop();
    let reader = Han::open(OpenOptions { read_only: true, ..impatient(&home) }).unwrap();
    let writer = Han::open(impatient(&home)).unwrap();
    for han in [&reader, &writer] {
        assert_eq!(found(han, "number2").len(), 4);
        assert_eq!(han.stats().unwrap().messages, 12);
    }
    assert_eq!(code(writer.scan(ScanOptions::default())), "HAN_LOCKED");
    holder.go_on();
    assert_eq!(holder.finish().outcome, Ok(4));
    assert_eq!(reader.stats().unwrap().messages, 16);
}

#[test]
fn the_lock_of_a_killed_writer_is_free() {
    let home = home(2, 3);
    let mut holder = child::start(hold(&home));
    holder.hear_of("holding");
    holder.kill();
    let han = Han::open(impatient(&home)).unwrap();
    assert_eq!(scan(&han).messages_indexed, 12);
    assert_sound(&han, &home.database_file());
}

#[test]
fn a_deleted_lock_file_stops_nobody_and_doubles_nothing() {
    let home = home(2, 3);
    let mut holder = child::start(hold(&home));
    holder.hear_of("holding");
    std::fs::remove_file(home.folder().join("coordinator.lock")).unwrap();
    let han = home.open();
    scan(&han);
    let ending = holder.finish();
    assert!(ending.outcome.is_ok(), "{ending:?}");
    assert_eq!(han.stats().unwrap().messages, 12);
    assert_sound(&han, &home.database_file());
}

#[test]
fn several_databases_may_share_a_folder() {
    let home = home(1, 3);
    let mut holder = child::start(hold(&home));
    holder.hear_of("holding");
    for name in ["other.db", "third.sqlite"] {
        let database = home.folder().join(name);
        let options =
            OpenOptions { lock_timeout: Duration::from_millis(100), ..options(&database, &home.config_dir()) };
        let han = Han::open(options).unwrap();
        assert_eq!(scan(&han).messages_indexed, 6, "{name} has a lock of its own");
    }
    assert_eq!(holder.finish().outcome, Ok(6));
}

#[test]
fn threads_and_handles_of_one_process_share_the_work() {
    let home = home(8, 20);
    let handles = [home.open(), home.open()];
    std::thread::scope(|scope| {
        for session in 0..8 {
            let han = &handles[session % 2];
            let path = home.transcript(&format!("s{session}"));
            scope.spawn(move || index(han, &path));
        }
        for han in &handles {
            scope.spawn(|| scan(han));
            scope.spawn(|| {
                for _ in 0..50 {
                    let page = super::checks::search(han, "parser").unwrap();
                    assert!(page.items.iter().all(|hit| hit.message.preview.contains("parser")));
                    let stats = han.stats().unwrap();
                    assert!((0..=320).contains(&stats.messages), "{}", stats.messages);
                }
            });
        }
    });
    for han in &handles {
        assert_eq!(han.stats().unwrap().messages, 320);
        assert_sound(han, &home.database_file());
    }
}

fn index(han: &Han, path: &Path) {
    let result = han.index_session_file(path).unwrap();
    assert_eq!(result.total_messages, 40);
}

#[test]
fn handles_in_memory_know_nothing_of_each_other() {
    let home = home(2, 3);
    std::thread::scope(|scope| {
        for session in ["s0", "s1"] {
            let path = home.transcript(session);
            scope.spawn(move || {
                let han = Han::open_in_memory().unwrap();
                assert_eq!(han.index_session_file(&path).unwrap().messages_indexed, 6);
                assert_eq!(han.stats().unwrap().messages, 6);
            });
        }
    });
}
