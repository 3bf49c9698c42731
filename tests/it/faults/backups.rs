//! Copies of a database that is in use.

use std::sync::mpsc;

use han_benches::Generator;
use han_native::{Han, OpenOptions, ScanOptions};

use super::checks::{assert_sound, code, options, scan};
use crate::support::home::Home;
use crate::support::lines::turns;

#[test]
fn a_copy_that_is_made_during_a_scan_is_whole() {
    let home = Home::new();
    for session in 0..4_u64 {
        let path = home.write_session(&format!("s{session}"), "");
        std::fs::write(path, Generator::new(session).single_session(4_000_000)).unwrap();
    }
    let han = home.open();
    let (committed, has_committed) = mpsc::channel();
    let copies: Vec<_> = (0..3).map(|number| home.folder().join(format!("copy{number}.db"))).collect();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let on_progress: han_native::config::ProgressHook<'_> = Box::new(move |_| {
                let _ = committed.send(());
            });
            han.scan(ScanOptions { on_progress: Some(on_progress), ..ScanOptions::default() }).unwrap();
        });
        for copy in &copies {
            // Each at another moment, if there are as many.
            let _ = has_committed.recv();
            han.backup(copy).unwrap();
        }
    });
    let all = han.stats().unwrap().messages;
    for copy in &copies {
        let copied = Han::open(options(copy, &home.config_dir())).unwrap();
        assert_sound(&copied, copy);
        scan(&copied);
        assert_eq!(copied.stats().unwrap().messages, all, "a copy continues where the original was");
        assert_sound(&copied, copy);
    }
}

#[test]
fn a_copy_is_one_file_and_replaces_nothing() {
    let home = Home::new();
    home.write_session("s1", turns("s1", 3));
    let han = home.scanned();
    let copy = home.folder().join("copy.db");
    han.backup(&copy).unwrap();
    for suffix in ["-wal", "-shm", "-journal"] {
        assert!(!home.folder().join(format!("copy.db{suffix}")).exists(), "{suffix} is left over");
    }
    let read_only = OpenOptions { read_only: true, ..options(&copy, &home.config_dir()) };
    assert_eq!(Han::open(read_only).unwrap().stats().unwrap().messages, 6);
    assert_eq!(code(han.backup(&copy)), "HAN_INVALID_ARGUMENT");
    assert_eq!(code(han.backup(home.database_file())), "HAN_INVALID_ARGUMENT");
    assert_eq!(code(han.backup(home.folder())), "HAN_INVALID_ARGUMENT");
    assert_eq!(code(han.backup("")), "HAN_INVALID_ARGUMENT");
    let nowhere = han.backup(home.folder().join("missing/copy.db")).unwrap_err();
    assert!(nowhere.to_string().starts_with("folder does not exist: "), "{nowhere}");
    assert_eq!(han.stats().unwrap().messages, 6);
}

#[test]
fn a_database_in_memory_is_copied_to_the_disk() {
    let home = Home::new();
    let path = home.write_session("s1", turns("s1", 3));
    let memory = Han::open_in_memory().unwrap();
    memory.index_session_file(path).unwrap();
    memory.backup(home.database_file()).unwrap();
    let han = home.open();
    assert_eq!(han.stats().unwrap().messages, 6);
    assert_sound(&han, &home.database_file());
}
