//! Which folders are watched. Projects and their folders always are; those of single sessions as long as the budget lasts,
//! and the rest of them has to be polled.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Bound;
use std::path::{Path, PathBuf};

use globset::GlobSet;

use super::ports::{EventSource, Fault};
use crate::platform::file::identity;
use crate::transcript::discover::{self, Listings, Root};

/// Too few watches are available for what has to be watched.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LimitReached;

#[derive(Debug)]
struct Watched {
    /// Device and inode of what is watched, which need not be what is there by now.
    identity: (i64, i64),
    is_nested: bool,
    round: u64,
}

/// The folders that are watched, and those that would be.
#[derive(Debug, Default)]
pub(super) struct Tree {
    watched: BTreeMap<PathBuf, Watched>,
    /// Folders that are not watched, and nothing below them.
    polled: BTreeSet<PathBuf>,
    budget: usize,
    round: u64,
    listings: Listings,
}

impl Tree {
    /// Watches nothing yet.
    pub(super) fn new(budget: usize) -> Tree {
        Tree { budget, ..Tree::default() }
    }

    /// Folders that have to be looked at repeatedly.
    pub(super) fn polled(&self) -> &BTreeSet<PathBuf> {
        &self.polled
    }

    pub(super) fn contains(&self, folder: &Path) -> bool {
        self.watched.contains_key(folder) || self.polled.contains(folder)
    }

    /// Begins to watch everything again; what is watched already stays so.
    pub(super) fn begin_round(&mut self) {
        self.round += 1;
        self.polled.clear();
    }

    /// Ends the watches of folders that this round did not come by.
    pub(super) fn end_round(&mut self, source: &mut dyn EventSource) {
        let round = self.round;
        self.watched.retain(|folder, watched| {
            let is_kept = watched.round == round;
            if !is_kept {
                source.unwatch(folder);
            }
            is_kept
        });
    }

    /// Watches a folder on the way to projects.
    pub(super) fn add_waypoint(&mut self, source: &mut dyn EventSource, folder: &Path) -> Result<(), LimitReached> {
        self.watch_needed(source, folder, false)
    }

    /// Watches a folder below the projects of a root, and those in it that may hold something. With `is_anew` also if
    /// it seems to be watched: the watch may have gone with what was there before.
    pub(super) fn grow(
        &mut self,
        source: &mut dyn EventSource,
        root: &Root,
        folder: &Path,
        is_anew: bool,
        exclude: &GlobSet,
    ) -> Result<(), LimitReached> {
        // In the order of their depth, so that what matters most gets its watch first.
        let mut folders = VecDeque::from([folder.to_path_buf()]);
        while let Some(folder) = folders.pop_front() {
            let Some(below) = root.below(&folder) else { continue };
            let is_nested = below.matches('/').count() > 1;
            match is_nested {
                true if !self.watch_nested(source, &folder, is_anew) => continue,
                true => {}
                false => self.watch_needed(source, &folder, is_anew)?,
            }
            // Nothing is missed if it cannot be read: the full look says why.
            let Ok(listing) = self.listings.of(&folder) else { continue };
            let followed = root.links.iter().filter(|_| folder == root.projects());
            for name in listing.folders.iter().chain(followed) {
                let below = format!("{below}/{name}");
                if discover::is_walked(&below) && !discover::is_excluded(&below, exclude) {
                    folders.push_back(folder.join(name));
                }
            }
        }
        Ok(())
    }

    /// Ends the watches of a folder and of everything below it.
    pub(super) fn cut(&mut self, source: &mut dyn EventSource, folder: &Path) {
        let below: Vec<PathBuf> = self.below(folder);
        for folder in below {
            source.unwatch(&folder);
            self.watched.remove(&folder);
        }
        self.polled.retain(|polled| !polled.starts_with(folder));
    }

    fn below(&self, folder: &Path) -> Vec<PathBuf> {
        let range = self.watched.range::<Path, _>((Bound::Included(folder), Bound::Unbounded)).map(|(path, _)| path);
        range.take_while(|path| path.starts_with(folder)).cloned().collect()
    }

    /// Watches a folder without which nothing is noticed.
    fn watch_needed(&mut self, source: &mut dyn EventSource, folder: &Path, is_anew: bool) -> Result<(), LimitReached> {
        let mut stood = self.watch(source, folder, false, is_anew);
        if stood == Err(Fault::Limit) && self.shed_nested(source) {
            stood = self.watch(source, folder, false, is_anew);
        }
        match stood {
            Err(Fault::Limit) => Err(LimitReached),
            Err(Fault::Refused(_)) => {
                self.polled.insert(folder.to_path_buf());
                Ok(())
            }
            Ok(()) | Err(Fault::Gone) => Ok(()),
        }
    }

    /// Watches a folder of a session, if the budget allows; false if those below it need not be tried.
    fn watch_nested(&mut self, source: &mut dyn EventSource, folder: &Path, is_anew: bool) -> bool {
        let is_over = self.watched.len() >= self.budget && !self.watched.contains_key(folder);
        let stood = if is_over { Err(Fault::Limit) } else { self.watch(source, folder, true, is_anew) };
        match stood {
            Ok(()) => true,
            Err(Fault::Gone) => false,
            Err(fault) => {
                if fault == Fault::Limit {
                    self.budget = self.budget.min(self.watched.len());
                }
                self.polled.insert(folder.to_path_buf());
                false
            }
        }
    }

    fn watch(
        &mut self,
        source: &mut dyn EventSource,
        folder: &Path,
        is_nested: bool,
        is_anew: bool,
    ) -> Result<(), Fault> {
        let metadata = std::fs::metadata(folder).ok().filter(std::fs::Metadata::is_dir).ok_or(Fault::Gone)?;
        let identity = identity(&metadata);
        if let Some(watched) = self.watched.get_mut(folder) {
            if watched.identity == identity && !is_anew {
                watched.round = self.round;
                return Ok(());
            }
            source.unwatch(folder);
            self.watched.remove(folder);
        }
        source.watch(folder)?;
        self.watched.insert(folder.to_path_buf(), Watched { identity, is_nested, round: self.round });
        Ok(())
    }

    /// Frees the watches of sessions for what matters more; false if there are none.
    fn shed_nested(&mut self, source: &mut dyn EventSource) -> bool {
        let nested: Vec<PathBuf> =
            self.watched.iter().filter(|(_, watched)| watched.is_nested).map(|(folder, _)| folder.clone()).collect();
        for folder in &nested {
            source.unwatch(folder);
            self.watched.remove(folder);
        }
        self.budget = 0;
        let is_shed = !nested.is_empty();
        let mut polled = std::mem::take(&mut self.polled);
        polled.extend(nested);
        for folder in polled {
            // Of those within each other the outermost, which comes first, represents all.
            if !folder.ancestors().skip(1).any(|above| self.polled.contains(above)) {
                self.polled.insert(folder);
            }
        }
        is_shed
    }
}
