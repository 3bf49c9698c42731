//! File systems in memory, of a size that a test chooses, and files mounted over others. Only the superuser may mount them.

use std::ffi::CString;
use std::path::{Path, PathBuf};

use rustix::mount::{MountFlags, UnmountFlags};

/// A mounted file system, unmounted when it is dropped.
pub(super) struct Mount {
    path: PathBuf,
}

impl Mount {
    /// Mounts a file system of this many KiB on an empty folder; `None`, with a printed reason, if that is not allowed.
    pub(super) fn of_size(path: &Path, kib: u64) -> Option<Mount> {
        std::fs::create_dir_all(path).unwrap();
        let data = CString::new(format!("size={kib}k,mode=0700")).unwrap();
        match rustix::mount::mount("tmpfs", path, "tmpfs", MountFlags::empty(), data.as_c_str()) {
            Ok(()) => Some(Mount { path: path.into() }),
            Err(error) => {
                super::checks::skip(&format!("no file system may be mounted here: {error}"));
                None
            }
        }
    }

    /// Mounts a file over another one.
    pub(super) fn of_file(source: &Path, path: &Path) -> Option<Mount> {
        match rustix::mount::mount_bind(source, path) {
            Ok(()) => Some(Mount { path: path.into() }),
            Err(error) => {
                super::checks::skip(&format!("no file may be mounted here: {error}"));
                None
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn resize(&self, kib: u64) {
        self.remount(MountFlags::empty(), &format!("size={kib}k"));
    }

    pub(super) fn make_read_only(&self) {
        self.remount(MountFlags::RDONLY, "");
    }

    fn remount(&self, flags: MountFlags, data: &str) {
        let data = CString::new(data).unwrap();
        rustix::mount::mount_remount(&self.path, flags, data.as_c_str()).unwrap();
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // Detached, so that a handle that a failed test still holds does not keep it.
        let _ = rustix::mount::unmount(&self.path, UnmountFlags::DETACH);
    }
}
