//! What folders have in them. A folder that has not changed since it was read need not be read again, which costs more than
//! asking when it changed, and a change is reported to those who watch the folder.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clock;
use crate::source_file::FileStat;
use crate::transcript::cursor;

/// The entries of a folder: folders, regular files and links.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub folders: Vec<String>,
    pub files: Vec<String>,
    pub links: Vec<String>,
    /// Names that are not UTF-8.
    pub unnameable: Vec<OsString>,
    /// What was met while reading; such a listing is not kept.
    pub errors: Vec<io::Error>,
}

#[derive(Debug)]
struct Kept {
    stat: FileStat,
    /// Nanoseconds; just before the folder was read.
    read_at: i64,
    listing: Arc<Listing>,
}

/// Listings that are kept from one walk to the next.
#[derive(Debug, Default)]
pub(crate) struct Listings {
    kept: HashMap<PathBuf, Kept>,
}

impl Listings {
    /// What is in a folder, which may itself be named by a link.
    pub(crate) fn of(&mut self, folder: &Path) -> io::Result<Arc<Listing>> {
        let read_at = clock::now_nanos();
        let stat = match std::fs::metadata(folder) {
            Ok(metadata) => FileStat::of(&metadata),
            Err(error) => {
                self.forget(folder);
                return Err(error);
            }
        };
        if let Some(kept) = self.kept.get(folder)
            && kept.stat == stat
            && cursor::is_settled(stat.mtime, kept.read_at)
        {
            return Ok(Arc::clone(&kept.listing));
        }
        let listing = Arc::new(read(folder)?);
        match listing.errors.is_empty() {
            true => {
                let kept = Kept { stat, read_at, listing: Arc::clone(&listing) };
                if let Some(old) = self.kept.insert(folder.to_path_buf(), kept) {
                    let gone = old.listing.folders.iter().filter(|name| !listing.folders.contains(name));
                    gone.for_each(|name| self.forget(&folder.join(name)));
                }
            }
            false => self.forget(folder),
        }
        Ok(listing)
    }

    fn forget(&mut self, folder: &Path) {
        if self.kept.remove(folder).is_some() {
            self.kept.retain(|other, _| !other.starts_with(folder));
        }
    }
}

/// Whether an error says that nothing is there.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn read(folder: &Path) -> io::Result<Listing> {
    let mut listing = Listing::default();
    for entry in std::fs::read_dir(folder)? {
        match entry.and_then(|entry| Ok((entry.file_type()?, entry.file_name()))) {
            Ok((kind, name)) if kind.is_dir() || kind.is_file() || kind.is_symlink() => match name.into_string() {
                Ok(name) if kind.is_dir() => listing.folders.push(name),
                Ok(name) if kind.is_file() => listing.files.push(name),
                Ok(name) => listing.links.push(name),
                Err(_) if kind.is_symlink() => {}
                Err(name) => listing.unnameable.push(name),
            },
            Ok(_) => {}
            // Removed since the folder was opened.
            Err(error) if is_absent(&error) => {}
            Err(error) => listing.errors.push(error),
        }
    }
    Ok(listing)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn set_time(folder: &Path, seconds_ago: u64) {
        let time = SystemTime::now() - Duration::from_secs(seconds_ago);
        std::fs::File::open(folder).unwrap().set_modified(time).unwrap();
    }

    #[test]
    fn a_folder_is_read_again_when_it_may_have_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_path_buf();
        let path = path.as_path();
        std::fs::create_dir(path.join("sub")).unwrap();
        std::fs::write(path.join("one"), "").unwrap();
        let mut listings = Listings::default();
        let first = listings.of(path).unwrap();
        assert_eq!((&first.folders[..], &first.files[..]), (&["sub".to_owned()][..], &["one".to_owned()][..]));
        assert!(!Arc::ptr_eq(&first, &listings.of(path).unwrap()), "it was read in the moment of its last change");
        set_time(path, 100);
        let settled = listings.of(path).unwrap();
        assert!(Arc::ptr_eq(&settled, &listings.of(path).unwrap()));
        std::fs::write(path.join("two"), "").unwrap();
        assert_eq!(listings.of(path).unwrap().files.len(), 2);
        listings.of(&path.join("sub")).unwrap();
        std::fs::remove_dir(path.join("sub")).unwrap();
        assert!(listings.of(path).unwrap().folders.is_empty());
        assert_eq!(listings.kept.len(), 1, "what is gone is forgotten");
        folder.close().unwrap();
        assert!(listings.of(path).is_err() && listings.kept.is_empty());
    }
}
