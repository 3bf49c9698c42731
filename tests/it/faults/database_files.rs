//! The file at the database's path is not a database of ours.

use std::path::Path;

use han_native::{Han, OpenOptions};
use rusqlite::Connection;

use super::checks::{code, options};
use crate::support::home::Home;
use crate::support::lines::turns;

fn codes(path: &Path) -> [&'static str; 2] {
    let missing = Path::new("/nonexistent");
    [false, true].map(|read_only| code(Han::open(OpenOptions { read_only, ..options(path, missing) })))
}

fn private(path: &Path, bytes: &[u8]) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, bytes).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn the_database_of_another_program_is_refused_and_untouched() {
    let home = Home::new();
    for (number, sql) in [
        "CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')",
        "PRAGMA application_id = 252006673; CREATE TABLE notes (text)",
        "PRAGMA journal_mode = wal; CREATE TABLE notes (text)",
        // Our schema number does not make it ours.
        "PRAGMA user_version = 1; CREATE TABLE messages (text)",
    ]
    .iter()
    .enumerate()
    {
        let path = home.folder().join(format!("other{number}.db"));
        private(&path, b"");
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let before = std::fs::read(&path).unwrap();
        assert_eq!(codes(&path), ["HAN_FOREIGN_DATABASE"; 2], "{sql}");
        assert_eq!(std::fs::read(&path).unwrap(), before, "{sql}");
    }
}

#[test]
fn bytes_that_are_no_database_are_refused_and_untouched() {
    let home = Home::new();
    let mut cut = b"SQLite format 3\0".to_vec();
    cut.resize(60, 0);
    for bytes in [b"hello\n".to_vec(), vec![0; 4096], vec![0xff; 100_000], cut, b"SQLite format 3\0".to_vec()] {
        let path = home.folder().join("other.db");
        private(&path, &bytes);
        assert_eq!(codes(&path), ["HAN_FOREIGN_DATABASE"; 2], "{} bytes", bytes.len());
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn what_is_no_file_is_refused_and_not_waited_for() {
    let home = Home::new();
    let folder = home.folder().join("folder.db");
    std::fs::create_dir(&folder).unwrap();
    assert_eq!(codes(&folder), ["HAN_IS_DIRECTORY"; 2]);

    let pipe = home.folder().join("pipe.db");
    make_pipe(&pipe);
    assert_eq!(codes(&pipe), ["HAN_FOREIGN_DATABASE"; 2]);

    let socket = home.folder().join("socket.db");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    assert_eq!(codes(&socket), ["HAN_FOREIGN_DATABASE"; 2]);

    // The folder of devices belongs to the superuser, which is the first error that anybody else gets.
    let expected = if super::checks::is_root() { "HAN_FOREIGN_DATABASE" } else { "HAN_INSECURE_PERMISSIONS" };
    assert_eq!(codes(Path::new("/dev/null")), [expected; 2]);
    assert_eq!(code(Han::open(options(Path::new("/"), Path::new("/nonexistent")))), "HAN_INVALID_ARGUMENT");
    let unnamed = OpenOptions { data_dir: Some("".into()), ..OpenOptions::default() };
    assert_eq!(code(Han::open(unnamed)), "HAN_INVALID_ARGUMENT");
}

pub(super) fn make_pipe(path: &Path) {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
}

#[test]
fn a_link_that_somebody_put_there_is_not_followed() {
    let home = Home::new();
    home.write_session("s1", turns("s1", 1));
    home.scanned().close();
    let link = home.folder().join("link.db");
    std::os::unix::fs::symlink(home.database_file(), &link).unwrap();
    assert_eq!(codes(&link), ["HAN_FOREIGN_DATABASE"; 2]);
}

#[test]
fn a_creation_that_was_cut_short_is_begun_again() {
    let home = Home::new();
    home.write_session("s1", turns("s1", 1));
    private(&home.database_file(), b"");
    assert_eq!(super::checks::scan(&home.open()).messages_indexed, 2);
}
