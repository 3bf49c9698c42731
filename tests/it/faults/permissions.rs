//! Nobody else may read the database or change what stands beside it: created so whatever the umask, refused otherwise
//! with the command that fixes it.

use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

use han_native::{Error, Han};

use super::child;
use super::world::{World, is_root, skip, turns};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn files_are_private_whatever_the_umask() {
    for umask in ["000", "077", "022", "0777"] {
        let world = World::new();
        world.write("s1", &turns("s1", 3));
        let folder = world.path().join("new/deep");
        let database = folder.join("han.db");
        let config_dir = world.config_dir();
        let arguments = ["hold", child::text(&database), child::text(&config_dir)];
        let mut running = child::start(child::command_after(&format!("umask {umask}"), &arguments));
        running.hear_of("holding");
        for name in ["han.db", "han.db-wal", "han.db-shm", "coordinator.lock"] {
            assert_eq!(format!("{:04o}", mode(&folder.join(name))), "0600", "{name} under umask {umask}");
        }
        assert_eq!(mode(&folder), 0o700, "the folder under umask {umask}");
        assert_eq!(mode(&world.path().join("new")), 0o700, "the folder above under umask {umask}");
        assert_eq!(running.finish().outcome, Ok(6));
        let copy = folder.join("copy.db");
        world_handle(&world, &database).backup(&copy).unwrap();
        assert_eq!(mode(&copy), 0o600, "a copy holds the same secrets");
    }
}

fn world_handle(world: &World, database: &Path) -> Han {
    Han::open(super::world::options(database, &world.config_dir())).unwrap()
}

/// The database is refused with a command that fixes it, to readers as well, and accepted after that command.
fn assert_database_refused_until_fixed(world: &World, path: &Path, program: &str) {
    let read_only = han_native::OpenOptions { read_only: true, ..world.options() };
    assert_eq!(super::world::code(Han::open(read_only)), "HAN_INSECURE_PERMISSIONS", "a reader is told, too");
    assert_refused_until_fixed(path, program, || Han::open(world.options()));
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

fn closed_world() -> World {
    let world = World::new();
    world.write("s1", &turns("s1", 3));
    world.scanned().close();
    world
}

#[test]
fn a_database_that_others_may_read_is_refused() {
    for bits in [0o644, 0o640, 0o602, 0o660, 0o666] {
        let world = closed_world();
        set_mode(&world.database(), bits);
        assert_database_refused_until_fixed(&world, &world.database(), "chmod");
    }
}

#[test]
fn a_log_that_others_may_read_is_refused() {
    for suffix in ["-wal", "-shm", "-journal"] {
        let world = closed_world();
        let path = world.path().join(format!("han.db{suffix}"));
        std::fs::write(&path, b"").unwrap();
        set_mode(&path, 0o644);
        assert_database_refused_until_fixed(&world, &path, "chmod");
    }
}

#[test]
fn a_log_that_leads_elsewhere_is_refused_and_not_followed() {
    for suffix in ["-wal", "-shm", "-journal"] {
        let world = closed_world();
        let precious = world.path().join("precious");
        std::fs::write(&precious, "mine").unwrap();
        set_mode(&precious, 0o600);
        let path = world.path().join(format!("han.db{suffix}"));
        std::os::unix::fs::symlink(&precious, &path).unwrap();
        assert_database_refused_until_fixed(&world, &path, "rm");
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
        let world = closed_world();
        let precious = world.path().join("precious");
        std::fs::write(&precious, "mine").unwrap();
        set_mode(&precious, 0o600);
        let lock = world.path().join("coordinator.lock");
        std::fs::remove_file(&lock).unwrap();
        put(&lock);
        assert_refused_until_fixed(&lock, program, || Han::open(world.options()));
        assert_eq!(std::fs::read_to_string(&precious).unwrap(), "mine");
        assert!(!world.path().join("dangling").exists());
    }
}

#[test]
fn a_folder_that_others_may_write_to_is_refused() {
    for bits in [0o777, 0o770, 0o702, 0o775] {
        let world = closed_world();
        set_mode(&world.path(), bits);
        assert_database_refused_until_fixed(&world, &world.path(), "chmod");
    }
}

#[test]
fn a_path_with_a_quote_in_it_is_fixed_as_well() {
    let world = closed_world();
    let folder = world.path().join("it's; here");
    std::fs::create_dir(&folder).unwrap();
    set_mode(&folder, 0o700);
    let database = folder.join("han.db");
    let options = || super::world::options(&database, &world.config_dir());
    Han::open(options()).unwrap().close();
    set_mode(&database, 0o644);
    let Err(Error::InsecurePermissions { fix, .. }) = Han::open(options()) else { panic!("this has to be refused") };
    assert!(Command::new("sh").args(["-c", &fix]).status().unwrap().success(), "{fix}");
    Han::open(options()).unwrap();
}

#[test]
fn what_another_user_owns_is_refused() {
    if !is_root() {
        return skip("giving a file to another user needs the superuser");
    }
    let world = closed_world();
    chown(world.path(), Some(65_534), None).unwrap();
    assert_database_refused_until_fixed(&world, &world.path(), "chown");
    chown(world.database(), Some(65_534), None).unwrap();
    assert_database_refused_until_fixed(&world, &world.database(), "chown");
}

#[test]
fn a_sticky_folder_is_accepted() {
    let world = closed_world();
    set_mode(&world.path(), 0o1777);
    assert_eq!(world.open().stats().unwrap().messages, 6);
}

#[test]
fn a_new_database_in_an_open_folder_is_not_created() {
    let world = World::new();
    set_mode(&world.path(), 0o777);
    assert_eq!(super::world::code(Han::open(world.options())), "HAN_INSECURE_PERMISSIONS");
    assert!(!world.database().exists());
}
