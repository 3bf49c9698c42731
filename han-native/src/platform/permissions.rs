//! Files and folders that only their owner may touch.

use std::fs::{File, OpenOptions};
use std::path::Path;

use crate::error::{Error, Result};

/// Creates an empty file with mode 0600 whatever the umask; false if one exists already.
pub(crate) fn create_private_file(path: &Path) -> Result<bool> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    set_mode(&mut options, 0o600);
    match options.open(path) {
        Ok(file) => {
            force_mode(&file, path, 0o600)?;
            Ok(true)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Error::io(path, error)),
    }
}

/// Opens a file for reading and writing, and creates it with mode 0600 if it is missing. What is not a file is refused:
/// somebody may have put a link there that leads to another one.
pub(crate) fn open_private(path: &Path) -> Result<File> {
    if !create_private_file(path)? {
        check_kind(path)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    follow_no_link(&mut options);
    options.open(path).map_err(|error| Error::io(path, error))
}

fn check_kind(path: &Path) -> Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(Error::InsecurePermissions {
            path: path.into(),
            problem: "is not a regular file".into(),
            fix: format!("{} {}", if metadata.is_dir() { "rmdir" } else { "rm" }, quoted(path)),
        }),
        // A missing one is created when it is needed.
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn follow_no_link(options: &mut OpenOptions) {
    use rustix::fs::OFlags;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags.bits() as i32);
}

#[cfg(not(unix))]
fn follow_no_link(_options: &mut OpenOptions) {}

/// Creates a folder with mode 0700 whatever the umask, and those above it that are missing.
pub(crate) fn create_private_folder(path: &Path) -> Result<()> {
    let missing: Vec<&Path> = path.ancestors().take_while(|folder| !folder.exists()).collect();
    for folder in missing.into_iter().rev().filter(|folder| !folder.as_os_str().is_empty()) {
        match std::fs::create_dir(folder) {
            Ok(()) => force_folder_mode(folder)?,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Error::io(folder, error)),
        }
    }
    Ok(())
}

#[cfg(unix)]
fn force_folder_mode(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(folder, mode).map_err(|error| Error::io(folder, error))
}

#[cfg(not(unix))]
fn force_folder_mode(_folder: &Path) -> Result<()> {
    Ok(())
}

#[cfg(unix)]
fn set_mode(options: &mut OpenOptions, mode: u32) {
    std::os::unix::fs::OpenOptionsExt::mode(options, mode);
}

#[cfg(not(unix))]
fn set_mode(_options: &mut OpenOptions, _mode: u32) {}

#[cfg(unix)]
fn force_mode(file: &File, path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(mode)).map_err(|error| Error::io(path, error))
}

#[cfg(not(unix))]
fn force_mode(_file: &File, _path: &Path, _mode: u32) -> Result<()> {
    Ok(())
}

/// Another user, who owns a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OtherUser(u32);

impl std::fmt::Display for OtherUser {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match name_of(self.0) {
            Some(name) => write!(formatter, "user {name} ({})", self.0),
            None => write!(formatter, "user {}", self.0),
        }
    }
}

impl OtherUser {
    /// That only the owner may do something with what is at the path.
    pub(crate) fn may_alone(self, path: &Path, action: &'static str) -> Error {
        Error::OtherOwner { path: path.into(), owner: self.to_string(), action }
    }
}

/// The name of a user, if the system's own list has it.
fn name_of(id: u32) -> Option<String> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (number.parse() == Ok(id)).then(|| name.to_owned())
    })
}

/// The owner of what is at a path, if that is another user.
#[cfg(unix)]
pub(crate) fn other_owner(path: &Path) -> Option<OtherUser> {
    use std::os::unix::fs::MetadataExt;
    other_than_me(std::fs::symlink_metadata(path).ok()?.uid())
}

/// Refuses what is not a file, or one that others may read or write. A missing file is fine.
#[cfg(unix)]
pub(crate) fn check_file(path: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    check_kind(path)?;
    let metadata = match std::fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io(path, error)),
    };
    let mode = metadata.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(Error::InsecurePermissions {
            path: path.into(),
            problem: format!("is open to others (mode {mode:04o})"),
            fix: format!("chmod 600 {}", quoted(path)),
        });
    }
    Ok(())
}

/// Refuses a folder that others may write to (a sticky one excepted); returns the user if another user owns it.
#[cfg(unix)]
pub(crate) fn check_folder(path: &Path) -> Result<Option<OtherUser>> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(path).map_err(|error| Error::io(path, error))?;
    let mode = metadata.mode() & 0o7777;
    if mode & 0o1000 != 0 {
        return Ok(None);
    }
    if mode & 0o022 != 0 {
        return Err(Error::InsecurePermissions {
            path: path.into(),
            problem: format!("may be written to by others (mode {mode:04o})"),
            fix: format!("chmod go-w {}", quoted(path)),
        });
    }
    Ok(other_than_me(metadata.uid()))
}

/// The path as one word of a shell's command.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', "'\\''"))
}

#[cfg(unix)]
fn other_than_me(owner: u32) -> Option<OtherUser> {
    (owner != rustix::process::geteuid().as_raw()).then_some(OtherUser(owner))
}

/// Access control lists are not checked on this system.
#[cfg(not(unix))]
pub(crate) fn check_file(_path: &Path) -> Result<()> {
    Ok(())
}

/// Access control lists are not looked at on this system.
#[cfg(not(unix))]
pub(crate) fn other_owner(_path: &Path) -> Option<OtherUser> {
    None
}

/// Access control lists are not checked on this system.
#[cfg(not(unix))]
pub(crate) fn check_folder(_path: &Path) -> Result<Option<OtherUser>> {
    Ok(None)
}
