//! A database that may only be read: every query is answered, every write refused.

use std::path::Path;

use han_native::model::{ProblemFilter, SessionQuery};
use han_native::{DoctorOptions, ForgetTarget, Han, OpenOptions, ScanOptions};

use super::checks::{code, found, is_root, meddle, options, skip};
use super::child;
use super::mounts::Mount;
use crate::support::home::Home;
use crate::support::lines::turns;

fn home() -> Home {
    let home = Home::new();
    home.write_session("s1", turns("s1", 10));
    home.scanned().close();
    home
}

fn read_only(database: &Path, home: &Home) -> OpenOptions {
    OpenOptions { read_only: true, ..options(database, &home.config_dir()) }
}

fn assert_answers_and_refuses(han: &Han, home: &Home) {
    assert_eq!(found(han, "number7").len(), 2);
    assert_eq!(han.sessions().list(&SessionQuery::default()).unwrap().items.len(), 1);
    assert_eq!(han.stats().unwrap().messages, 20);
    assert!(han.problems(&ProblemFilter::default()).unwrap().items.is_empty());
    assert!(han.doctor(DoctorOptions::default()).unwrap().is_healthy);
    let source = home.transcript("s1");
    let copies = tempfile::tempdir().unwrap();
    let copy = copies.path().join("s1.jsonl");
    han.restore(source.to_str().unwrap(), &copy).unwrap();
    assert_eq!(std::fs::read(&source).unwrap(), std::fs::read(&copy).unwrap());

    assert_eq!(code(han.scan(ScanOptions::default())), "HAN_READ_ONLY");
    assert_eq!(code(han.index_session_file(&source)), "HAN_READ_ONLY");
    assert_eq!(code(han.forget(&ForgetTarget::Session("s1".into()))), "HAN_READ_ONLY");
    assert_eq!(code(han.doctor(DoctorOptions { fix: true })), "HAN_READ_ONLY");
    assert_eq!(code(han.rederive()), "HAN_READ_ONLY");
}

#[test]
fn a_read_only_handle_answers_and_refuses_to_write() {
    let home = home();
    let han = Han::open(read_only(&home.database_file(), &home)).unwrap();
    assert_answers_and_refuses(&han, &home);
}

#[test]
fn a_read_only_handle_sees_what_a_writer_commits_meanwhile() {
    let home = home();
    let reader = Han::open(read_only(&home.database_file(), &home)).unwrap();
    assert_eq!(reader.stats().unwrap().messages, 20);
    home.write_session("s2", turns("s2", 1));
    home.scanned();
    assert_eq!(reader.stats().unwrap().messages, 22);
}

#[test]
fn a_read_only_handle_creates_nothing() {
    let home = Home::new();
    assert_eq!(code(Han::open(read_only(&home.database_file(), &home))), "HAN_NOT_FOUND");
    let deeper = home.folder().join("deeper/han.db");
    assert_eq!(code(Han::open(read_only(&deeper, &home))), "HAN_NOT_FOUND");
    assert!(!home.database_file().exists() && !deeper.parent().unwrap().exists());
}

#[test]
fn a_read_only_file_system_is_read_and_not_written() {
    let home = home();
    let Some(disk) = Mount::of_size(&home.folder().join("disk"), 8 * 1024) else { return };
    let database = disk.path().join("han.db");
    let writer = Han::open(options(&database, &home.config_dir())).unwrap();
    writer.scan(ScanOptions::default()).unwrap();
    writer.close();
    disk.make_read_only();
    let han = Han::open(read_only(&database, &home)).unwrap();
    assert_answers_and_refuses(&han, &home);
    han.close();
    assert_eq!(code(open_and_scan(&database, &home)), "HAN_READ_ONLY");
    let missing = disk.path().join("other.db");
    assert_eq!(code(Han::open(options(&missing, &home.config_dir()))), "HAN_READ_ONLY");
}

#[test]
fn a_read_only_file_system_is_read_whatever_its_folders_are_called() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let home = home();
    let Some(disk) = Mount::of_size(&home.folder().join("disk"), 8 * 1024) else { return };
    let names = ["données 项目".as_bytes(), b"100% ? # & = +", b"file:x", b"not \xff utf-8"];
    let databases = names.map(|name| disk.path().join(OsStr::from_bytes(name)).join("han.db"));
    for database in &databases {
        let writer = Han::open(options(database, &home.config_dir())).unwrap();
        writer.scan(ScanOptions::default()).unwrap();
        writer.close();
    }
    disk.make_read_only();
    for database in &databases {
        let han = Han::open(read_only(database, &home));
        let han = han.unwrap_or_else(|error| panic!("{}: {error}", database.display()));
        assert_eq!(han.stats().unwrap().messages, 20, "{}", database.display());
    }
}

fn open_and_scan(database: &Path, home: &Home) -> han_native::Result<i64> {
    Ok(Han::open(options(database, &home.config_dir()))?.scan(ScanOptions::default())?.messages_indexed)
}

#[test]
fn a_read_only_file_in_a_read_only_folder_is_read_and_not_written() {
    use std::os::unix::fs::{PermissionsExt, chown};
    if !is_root() {
        return skip("only the superuser may change the owner of a file");
    }
    let home = home();
    // The superuser may write whatever the mode says, so somebody else tries.
    const NOBODY: u32 = 65_534;
    let folder = home.folder().join("kept");
    let database = folder.join("han.db");
    std::fs::create_dir(&folder).unwrap();
    std::fs::rename(home.database_file(), &database).unwrap();
    meddle(&database, "PRAGMA wal_checkpoint(TRUNCATE)");
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("han.db{suffix}")));
    }
    std::fs::set_permissions(&database, std::fs::Permissions::from_mode(0o400)).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o500)).unwrap();
    for path in [&folder, &database] {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    std::fs::set_permissions(home.folder(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = child::for_everybody(&home.folder());
    let run = |action: &str| {
        let config_dir = home.config_dir();
        let arguments = [action, child::text(&database), child::text(&config_dir)];
        child::run(child::command_as(&program, NOBODY, &arguments))
    };
    assert_eq!(run("count").outcome, Ok(20));
    let (code, message) = run("scan").outcome.unwrap_err();
    assert!(["HAN_READ_ONLY", "HAN_PERMISSION"].contains(&code.as_str()), "{code} {message}");
    assert!(message.contains(folder.to_str().unwrap()), "{message}");
}
