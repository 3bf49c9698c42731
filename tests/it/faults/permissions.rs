//! Nobody else may read the database or change what is beside it: created so whatever the umask, refused otherwise
//! with the command that fixes it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use han_native::{Error, Han};

use super::child;
use crate::support::home::Home;
use crate::support::lines::turns;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn files_are_private_whatever_the_umask() {
    for umask in ["000", "077", "022", "0777"] {
        let home = Home::new();
        home.write_session("s1", turns("s1", 3));
        let folder = home.folder().join("new/deep");
        let database = folder.join("han.db");
        let config_dir = home.config_dir();
        let arguments = ["hold", child::text(&database), child::text(&config_dir)];
        let mut running = child::start(child::command_after(&format!("umask {umask}"), &arguments));
        running.hear_of("holding");
        for name in ["han.db", "han.db-wal", "han.db-shm", "coordinator.lock"] {
            assert_eq!(format!("{:04o}", mode(&folder.join(name))), "0600", "{name} under umask {umask}");
        }
        assert_eq!(mode(&folder), 0o700, "the folder under umask {umask}");
        assert_eq!(mode(&home.folder().join("new")), 0o700, "the folder above under umask {umask}");
        assert_eq!(running.finish().outcome, Ok(6));
        let copy = folder.join("copy.db");
        home_handle(&home, &database).backup(&copy).unwrap();
        assert_eq!(mode(&copy), 0o600, "a copy holds the same secrets");
    }
}

fn home_handle(home: &Home, database: &Path) -> Han {
    Han::open(super::checks::options(database, &home.config_dir())).unwrap()
}

/// The database is refused with a command that fixes it, to readers as well, and accepted after that command.
fn assert_database_refused_until_fixed(home: &Home, path: &Path, program: &str) {
    let read_only = han_native::OpenOptions { read_only: true, ..home.options() };
    assert_eq!(super::checks::code(Han::open(read_only)), "HAN_INSECURE_PERMISSIONS", "a reader is refused, too");
    assert_refused_until_fixed(path, program, || Han::open(home.options()));
}

fn assert_refused_until_fixed(path: &Path, program: &str, open: impl Fn() -> han_native::Result<Han>) {
    let error = open().expect_err("this has to be refused");
    assert_eq!(error.code().as_str(), "HAN_INSECURE_PERMISSIONS", "{error}");
    let Error::InsecurePermissions { fix, .. } = &error else { panic!("{error:?}") };
    assert!(fix.starts_with(program) && fix.contains(path.to_str().unwrap()), "{fix}");
    assert!(error.to_string().contains(fix.as_str()), "the message says it: {error}");
    assert!(Command::new("sh").args(["-c", fix]).status().unwrap().success(), "{fix}");
    let han = open().unwrap_or_else(|error| panic!("after {fix}: {error}"));
    assert_eq!(han.stats().unwrap().messages, 6);
}

fn closed_home() -> Home {
    let home = Home::new();
    home.write_session("s1", turns("s1", 3));
    home.scanned().close();
    home
}

#[test]
fn a_database_that_others_may_read_is_refused() {
    for bits in [0o644, 0o640, 0o602, 0o660, 0o666] {
        let home = closed_home();
        set_mode(&home.database_file(), bits);
        assert_database_refused_until_fixed(&home, &home.database_file(), "chmod");
    }
}

#[test]
fn a_log_that_others_may_read_is_refused() {
    for suffix in ["-wal", "-shm", "-journal"] {
        let home = closed_home();
        let path = home.folder().join(format!("han.db{suffix}"));
        std::fs::write(&path, b"").unwrap();
        set_mode(&path, 0o644);
        assert_database_refused_until_fixed(&home, &path, "chmod");
    }
}

#[test]
fn a_log_that_leads_elsewhere_is_refused_and_not_followed() {
    for suffix in ["-wal", "-shm", "-journal"] {
        let home = closed_home();
        let precious = home.folder().join("precious");
        std::fs::write(&precious, "mine").unwrap();
        set_mode(&precious, 0o600);
        let path = home.folder().join(format!("han.db{suffix}"));
        std::os::unix::fs::symlink(&precious, &path).unwrap();
        assert_database_refused_until_fixed(&home, &path, "rm");
        assert_eq!(std::fs::read_to_string(&precious).unwrap(), "mine");
    }
}

#[test]
fn a_lock_that_is_not_ours_alone_is_refused_and_untouched() {
    use std::os::unix::fs::symlink;
    type Put = fn(&Path);
    let kinds: [(Put, &str); 5] = [
        (|lock| symlink("precious", lock).unwrap(), "rm"),
        (|lock| symlink("dangling", lock).unwrap(), "rm"),
        (super::database_files::make_pipe, "rm"),
        (|lock| std::fs::create_dir(lock).unwrap(), "rm"),
        (
            |lock| {
                std::fs::write(lock, "").unwrap();
                set_mode(lock, 0o644);
            },
            "chmod",
        ),
    ];
    for (put, program) in kinds {
        let home = closed_home();
        let precious = home.folder().join("precious");
        std::fs::write(&precious, "mine").unwrap();
        set_mode(&precious, 0o600);
        let lock = home.folder().join("coordinator.lock");
        std::fs::remove_file(&lock).unwrap();
        put(&lock);
        assert_refused_until_fixed(&lock, program, || Han::open(home.options()));
        assert_eq!(std::fs::read_to_string(&precious).unwrap(), "mine");
        assert!(!home.folder().join("dangling").exists());
    }
}

#[test]
fn a_folder_that_others_may_write_to_is_refused() {
    for bits in [0o777, 0o770, 0o702, 0o775] {
        let home = closed_home();
        set_mode(&home.folder(), bits);
        assert_database_refused_until_fixed(&home, &home.folder(), "chmod");
    }
}

#[test]
fn a_path_with_a_quote_in_it_is_fixed_as_well() {
    let home = closed_home();
    let folder = home.folder().join("it's; here");
    std::fs::create_dir(&folder).unwrap();
    set_mode(&folder, 0o700);
    let database = folder.join("han.db");
    let options = || super::checks::options(&database, &home.config_dir());
    Han::open(options()).unwrap().close();
    set_mode(&database, 0o644);
    let Err(Error::InsecurePermissions { fix, .. }) = Han::open(options()) else { panic!("this has to be refused") };
    assert!(Command::new("sh").args(["-c", &fix]).status().unwrap().success(), "{fix}");
    Han::open(options()).unwrap();
}

#[test]
fn a_sticky_folder_is_accepted() {
    let home = closed_home();
    set_mode(&home.folder(), 0o1777);
    assert_eq!(home.open().stats().unwrap().messages, 6);
}

#[test]
fn a_new_database_in_an_open_folder_is_not_created() {
    let home = Home::new();
    set_mode(&home.folder(), 0o777);
    assert_eq!(super::checks::code(Han::open(home.options())), "HAN_INSECURE_PERMISSIONS");
    assert!(!home.database_file().exists());
}
