//! A closed handle: closing twice is allowed, using it is an error, and closing waits for running calls.

use std::path::Path;
use std::sync::mpsc;

use han_native::model::{MessageQuery, ProblemFilter, SearchQuery, SessionQuery};
use han_native::{DoctorOptions, ForgetTarget, Han, ScanOptions};

use super::checks::{code, scan};
use crate::support::home::Home;
use crate::support::lines::turns;

fn assert_closed(han: &Han, home: &Home) {
    let file = home.transcript("s1");
    let ids = ["0000000000000000:1:0".to_string()];
    let target = home.folder().join("target");
    let search = SearchQuery { query: "parser".into(), ..SearchQuery::default() };
    let codes = [
        code(han.scan(ScanOptions::default())),
        code(han.index_session_file(&file)),
        code(han.sessions().list(&SessionQuery::default())),
        code(han.sessions().get(&ids)),
        code(han.messages().list(&MessageQuery { session_id: "s1".into(), ..MessageQuery::default() })),
        code(han.messages().get(&ids)),
        code(han.messages().raw(&ids)),
        code(han.messages().raw_bytes(&ids)),
        code(han.messages().count_batch(&ids)),
        code(han.search(&search)),
        code(han.problems(&ProblemFilter::default())),
        code(han.restore(file.to_str().unwrap(), &target)),
        code(han.stats()),
        code(han.doctor(DoctorOptions { fix: true })),
        code(han.doctor(DoctorOptions::default())),
        code(han.rederive()),
        code(han.forget(&ForgetTarget::Session("s1".into()))),
        code(han.backup(&target)),
    ];
    assert_eq!(codes, ["HAN_CLOSED"; 18]);
    assert!(!target.exists(), "nothing is written by a refused call");
}

#[test]
fn a_closed_handle_refuses_everything() {
    let home = Home::new();
    home.write_session("s1", turns("s1", 3));
    let han = home.scanned();
    let clone = han.clone();
    han.close();
    han.close();
    clone.close();
    assert_closed(&han, &home);
    assert_closed(&clone, &home);
    let memory = Han::open_in_memory().unwrap();
    memory.close();
    memory.close();
    assert_closed(&memory, &home);
}

#[test]
fn closing_leaves_one_file_and_a_new_handle_finds_everything() {
    let home = Home::new();
    home.write_session("s1", turns("s1", 3));
    home.scanned().close();
    for suffix in ["-wal", "-shm"] {
        assert!(!home.folder().join(format!("han.db{suffix}")).exists(), "{suffix} is left over");
    }
    assert_eq!(home.open().stats().unwrap().messages, 6);
}

#[test]
fn closing_waits_for_a_running_scan() {
    let home = Home::new();
    home.write_session("s1", turns("s1", 30));
    let han = home.open();
    let (started, has_started) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let han = &han;
        scope.spawn(move || {
            let mut is_first = true;
            let report = han.scan(ScanOptions {
                on_progress: Some(Box::new(move |_| {
                    if std::mem::take(&mut is_first) {
                        started.send(()).unwrap();
                        may_go_on.recv().unwrap();
                    }
                })),
                ..ScanOptions::default()
            });
            assert_eq!(report.unwrap().messages_indexed, 60, "a scan that runs is not cut off");
        });
        has_started.recv().unwrap();
        let closing = scope.spawn(|| han.close());
        // The close has begun once new calls are refused; the scan is still inside its hook then.
        while han.stats().is_ok() {
            std::thread::yield_now();
        }
        assert!(!closing.is_finished(), "closed while the scan is in its hook");
        go_on.send(()).unwrap();
        closing.join().unwrap();
    });
    assert_eq!(messages(&home.database_file()), 60);
}

fn messages(database: &Path) -> i64 {
    super::checks::reader(database).query_row("SELECT count(*) FROM messages", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_progress_hook_may_read_and_another_thread_may_close_meanwhile() {
    let home = Home::new();
    for session in 0..10 {
        let name = format!("s{session}");
        home.write_session(&name, turns(&name, 20));
    }
    let han = home.open();
    std::thread::scope(|scope| {
        let hook = han.clone();
        let (started, has_started) = mpsc::channel();
        scope.spawn(|| {
            let report = han.scan(ScanOptions {
                on_progress: Some(Box::new(move |_| {
                    let _ = started.send(());
                    // Both are correct: the close may have begun.
                    let read = hook.stats();
                    assert!(read.is_ok() || code(read) == "HAN_CLOSED");
                })),
                ..ScanOptions::default()
            });
            assert!(report.is_ok() || code(report) == "HAN_CLOSED");
        });
        has_started.recv().unwrap();
        han.close();
    });
    assert_eq!(code(han.stats()), "HAN_CLOSED");
    let again = home.open();
    scan(&again);
    assert_eq!(again.stats().unwrap().messages, 400);
}
