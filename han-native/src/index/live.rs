//! Keeping the database up with the disk: what may have changed is compared with what was seen last, and only what differs
//! costs more than a look at the file system. Knows neither events nor threads; the caller says what to look at and when.
//!
//! What was seen is kept in memory and is only a shortcut: what the database says decides. Last lines without an end are
//! left, until a full look finds the file as the full look before found it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::context::Context;
use super::plan::TailRule;
use super::{ingest, rederive, scan};
use crate::clock;
use crate::config::Cancellation;
use crate::error::{Error, Result};
use crate::logging::Log;
use crate::model::ScanError;
use crate::store::{self, StoredFile, Writing};
use crate::transcript::cursor;
use crate::transcript::discover::{
    self, Discovery, FileKind, FileStat, Listings, Root, Sidecar, SidecarOf, SourceFile,
};

/// Fewer files than this are written one after another, each in a transaction of its own, so that each is seen at once.
const FEW_FILES: usize = 64;
/// More bytes than this are read by the threads of a scan.
const FEW_BYTES: i64 = 8 * 1024 * 1024;

/// How much of everything a look compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// What is new or has changed.
    Changes,
    /// Also tails that have come to rest.
    Full,
}

/// One look at the disk.
struct Look<'c> {
    depth: Depth,
    /// Nanoseconds; just before anything was looked at.
    checked_at: i64,
    cancellation: &'c Cancellation,
}

/// What was seen of one file.
#[derive(Debug)]
struct Seen {
    stat: FileStat,
    /// Nanoseconds; just before the file was looked at.
    checked_at: i64,
    is_tail_left: bool,
    /// At the last full look.
    rested: Option<FileStat>,
    /// The last look that found it.
    look: u64,
}

/// A file that may have something new.
struct Wanted {
    file: SourceFile,
    tail: TailRule,
    /// Whether what its sidecars say has changed.
    has_news_beside: bool,
}

/// What is to be written after a look.
#[derive(Default)]
struct Findings {
    wanted: BTreeMap<String, Wanted>,
    /// Files that are not where they were, as config dir and path below it.
    gone: Vec<(String, String)>,
    /// Config dirs that were never compared with the database as a whole.
    new_dirs: Vec<String>,
}

/// The state of what was seen on the disk.
#[derive(Default)]
pub(crate) struct Live {
    /// By absolute path.
    seen: BTreeMap<String, Seen>,
    sidecars: HashMap<PathBuf, FileStat>,
    /// Transcripts whose sidecars have changed and were not read yet.
    news_beside: HashSet<String>,
    /// Config dirs that were compared with the database as a whole.
    compared: HashSet<String>,
    /// Files that went with their config dir and were not marked yet, as config dir and path below it.
    lost: HashSet<(String, String)>,
    looks: u64,
    listings: Listings,
    /// Whether files were marked that have to be derived again.
    has_stale: bool,
    /// What was logged about which path, so that it is logged once.
    complaints: HashMap<PathBuf, String>,
}

impl Live {
    /// Looks at these files and folders, and indexes what is new in them.
    ///
    /// # Errors
    /// `LOCKED`, `NOT_LEADER`, `CANCELLED`, `CLOSED` and those of writing. The same call again continues from there. A file
    /// that cannot be read is logged.
    pub(crate) fn look_at(
        &mut self,
        context: Context<'_>,
        paths: &HashSet<PathBuf>,
        cancellation: &Cancellation,
    ) -> Result<()> {
        let roots = self.roots(context);
        let mut discovery = self.discovery(cancellation);
        let look = Look { depth: Depth::Changes, checked_at: clock::now_nanos(), cancellation };
        for path in paths {
            if let Some(root) = root_of(&roots, path) {
                discover::discover_at(root, path, context.sources.exclude(), &mut discovery);
            }
        }
        let mut findings = self.compare(context, &roots, discovery, look.depth)?;
        for path in paths {
            if let (Some(root), Some(path)) = (root_of(&roots, path), path.to_str()) {
                findings.gone.extend(self.gone_below(path, root));
            }
        }
        self.write(context, findings, &look)
    }

    /// Looks at every file of every config dir.
    ///
    /// # Errors
    /// As [`look_at`](Live::look_at).
    pub(crate) fn look(&mut self, context: Context<'_>, depth: Depth, cancellation: &Cancellation) -> Result<()> {
        let roots = self.roots(context);
        let look = Look { depth, checked_at: clock::now_nanos(), cancellation };
        let mut discovery = self.discovery(cancellation);
        for root in &roots {
            discover::discover_at(root, &root.projects(), context.sources.exclude(), &mut discovery);
        }
        let mut findings = self.compare(context, &roots, discovery, depth)?;
        for root in &roots {
            if let Some(projects) = root.projects().to_str() {
                findings.gone.extend(self.gone_below(projects, root));
            }
            if !self.compared.contains(&root.config_dir) {
                findings.new_dirs.push(root.config_dir.clone());
            }
        }
        self.write(context, findings, &look)
    }

    /// The roots of the config dirs; what was seen of others is forgotten.
    fn roots(&mut self, context: Context<'_>) -> Vec<Root> {
        let mut listings = std::mem::take(&mut self.listings);
        let config_dirs = context.sources.config_dirs();
        let roots = discover::roots(&config_dirs, context.sources.exclude(), &mut listings, &mut |path, error| {
            self.complain(context.log, path, &error)
        });
        self.listings = listings;
        let is_kept = |config_dir: &String| roots.iter().any(|root| root.config_dir == *config_dir);
        if !self.compared.iter().all(is_kept) {
            for config_dir in self.compared.iter().filter(|config_dir| !is_kept(config_dir)) {
                let folder = config_dir.trim_end_matches('/');
                let gone = paths_below(&self.seen, folder).filter(|path| scan::is_gone(Path::new(path)));
                let below = gone.filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/'));
                self.lost.extend(below.map(|path| (config_dir.clone(), path.to_owned())));
            }
            self.compared.retain(is_kept);
            self.seen.retain(|path, _| root_of(&roots, Path::new(path)).is_some());
        }
        roots
    }

    /// A discovery that continues with what is known of folders.
    fn discovery(&mut self, cancellation: &Cancellation) -> Discovery {
        let listings = std::mem::take(&mut self.listings);
        Discovery { listings, cancellation: cancellation.clone(), ..Discovery::default() }
    }

    /// What differs between what was found and what was seen.
    fn compare(
        &mut self,
        context: Context<'_>,
        roots: &[Root],
        mut discovery: Discovery,
        depth: Depth,
    ) -> Result<Findings> {
        if discovery.cancellation.is_cancelled() {
            // What was not found may be there.
            self.listings = discovery.listings;
            return Err(Error::Cancelled);
        }
        self.looks += 1;
        for error in std::mem::take(&mut discovery.errors) {
            self.note(context.log, error);
        }
        let mut findings = Findings::default();
        self.note_news_beside(std::mem::take(&mut discovery.sidecars));
        let found: HashSet<&Path> = discovery.files.iter().map(|file| file.absolute.as_path()).collect();
        let unfound: Vec<&String> = self.news_beside.iter().filter(|path| !found.contains(Path::new(path))).collect();
        for path in unfound {
            if let Some(root) = root_of(roots, Path::new(path)) {
                discover::discover_at(root, Path::new(path), context.sources.exclude(), &mut discovery);
            }
        }
        self.listings = discovery.listings;
        for file in discovery.files {
            let Some(path) = file.absolute.to_str().map(str::to_owned) else { continue };
            let has_news_beside = self.news_beside.contains(&path);
            let tail = self.differs(&path, &file, depth);
            let tail = tail.or(has_news_beside.then_some(TailRule::Leave));
            // A flat agent file says in its first line which session it belongs to.
            let is_unnamed = file.kind == FileKind::Agent && file.session.is_none();
            let is_too_early = is_unnamed && file.stat.size == 0 && !self.seen.contains_key(&path);
            if let Some(tail) = tail.filter(|_| !is_too_early) {
                findings.wanted.insert(path, Wanted { file, tail, has_news_beside });
            }
        }
        Ok(findings)
    }

    /// Under which rule a file has to be read, if it has to be.
    fn differs(&mut self, path: &str, file: &SourceFile, depth: Depth) -> Option<TailRule> {
        let Some(seen) = self.seen.get_mut(path) else { return Some(TailRule::Leave) };
        seen.look = self.looks;
        let is_same = seen.stat == file.stat;
        let is_at_rest = depth == Depth::Full && seen.rested.replace(file.stat) == Some(file.stat);
        if seen.is_tail_left && is_same && is_at_rest {
            return Some(TailRule::Take);
        }
        // A change right after a look may not show in the time of change.
        let is_settled = is_same && cursor::is_settled(seen.stat.mtime, seen.checked_at);
        (!is_settled).then_some(TailRule::Leave)
    }

    /// Notes the transcripts, seen before, whose sidecars have changed.
    fn note_news_beside(&mut self, sidecars: Vec<Sidecar>) {
        for sidecar in sidecars {
            if self.sidecars.insert(sidecar.absolute, sidecar.stat) == Some(sidecar.stat) {
                continue;
            }
            match sidecar.of {
                SidecarOf::Transcript(transcript) => self.news_beside.extend(transcript.to_str().map(str::to_owned)),
                SidecarOf::Workflow { subagents, folder } => {
                    let folder = format!("/{folder}/");
                    let Some(subagents) = subagents.to_str() else { continue };
                    let below = paths_below(&self.seen, subagents).filter(|path| path.contains(&folder));
                    self.news_beside.extend(below.map(str::to_owned));
                }
            }
        }
        // A file that is new is read with all its sidecars.
        self.news_beside.retain(|path| self.seen.contains_key(path));
    }

    /// Files seen at a path or below it that this look did not find, and that are gone.
    fn gone_below(&self, path: &str, root: &Root) -> Vec<(String, String)> {
        let here = self.seen.get_key_value(path).map(|(path, _)| path.as_str());
        let missed = here.into_iter().chain(paths_below(&self.seen, path));
        missed
            .filter(|path| self.seen.get(*path).is_some_and(|seen| seen.look != self.looks))
            .filter(|path| scan::is_gone(Path::new(path)))
            .filter_map(|path| Some((root.config_dir.clone(), root.below(Path::new(path))?)))
            .collect()
    }

    fn write(&mut self, context: Context<'_>, findings: Findings, look: &Look<'_>) -> Result<()> {
        let Findings { wanted, mut gone, new_dirs } = findings;
        gone.extend(self.lost.iter().cloned());
        if wanted.is_empty() && gone.is_empty() && new_dirs.is_empty() && !self.has_stale {
            return Ok(());
        }
        let writing = context.store.begin_writing()?;
        let bytes: i64 = wanted.iter().map(|(path, wanted)| self.unread(path, &wanted.file)).sum();
        let is_bulk = !new_dirs.is_empty() || wanted.len() > FEW_FILES || bytes > FEW_BYTES;
        let is_alone = |wanted: &Wanted| !is_bulk || wanted.tail == TailRule::Take || wanted.has_news_beside;
        let (alone, together): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|(_, wanted)| is_alone(wanted));
        if is_bulk {
            self.take_in(context.log, &writing, together, &new_dirs, look)?;
            self.compared.extend(new_dirs);
        }
        for (path, wanted) in alone {
            if look.cancellation.is_cancelled() {
                return Err(Error::Cancelled);
            }
            self.take_in_one(context.log, &writing, path, wanted, look)?;
        }
        // After what was read: a file that was moved has left its old place by then.
        self.mark_missing(&writing, gone)?;
        if self.has_stale {
            rederive::rederive_marked(&writing)?;
            self.has_stale = false;
        }
        Ok(())
    }

    /// Bytes of a file that were not seen.
    fn unread(&self, path: &str, file: &SourceFile) -> i64 {
        let seen = self.seen.get(path).map_or(0, |seen| seen.stat.size);
        if file.stat.size >= seen { file.stat.size - seen } else { file.stat.size }
    }

    /// Reads many files with the threads of a scan.
    fn take_in(
        &mut self,
        log: &Log,
        writing: &Writing<'_>,
        files: Vec<(String, Wanted)>,
        new_dirs: &[String],
        look: &Look<'_>,
    ) -> Result<()> {
        let (paths, files): (Vec<_>, Vec<_>) = files.into_iter().map(|(path, wanted)| (path, wanted.file)).unzip();
        let stats: Vec<FileStat> = files.iter().map(|file| file.stat).collect();
        let taken_in = scan::take_in(log, writing, files, new_dirs, look.cancellation)?;
        for (path, stat) in paths.into_iter().zip(stats) {
            if !taken_in.failed.contains(Path::new(&path)) {
                let is_tail_left = taken_in.tails.contains(Path::new(&path));
                self.saw(path, stat, is_tail_left, look);
            }
        }
        Ok(())
    }

    /// Reads one file on this thread.
    fn take_in_one(
        &mut self,
        log: &Log,
        writing: &Writing<'_>,
        path: String,
        wanted: Wanted,
        look: &Look<'_>,
    ) -> Result<()> {
        let Wanted { file, tail, has_news_beside } = wanted;
        match ingest::ingest_watched(writing, &file, tail) {
            Ok(ingested) => {
                if has_news_beside && ingested.bytes == 0 {
                    note_labels(writing, &file, look.checked_at)?;
                }
                self.news_beside.remove(&path);
                self.complaints.remove(&file.absolute);
                self.saw(path, file.stat, ingested.is_tail_left, look);
                self.has_stale |= ingested.has_stale;
                Ok(())
            }
            // A removal event follows.
            Err(error @ Error::NotFound { .. }) if ingest::is_about(&error, &file.absolute) => Ok(()),
            Err(error) if ingest::is_about(&error, &file.absolute) => {
                self.complain(log, &file.absolute, &error);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn saw(&mut self, path: String, stat: FileStat, is_tail_left: bool, look: &Look<'_>) {
        let rested = (look.depth == Depth::Full).then_some(stat);
        let new = Seen { stat, checked_at: look.checked_at, is_tail_left, rested, look: self.looks };
        match self.seen.entry(path) {
            Entry::Vacant(entry) => {
                entry.insert(new);
            }
            Entry::Occupied(mut entry) => {
                let rested = entry.get().rested;
                entry.insert(Seen { rested, ..new });
            }
        }
    }

    /// What was read of a file that is gone stays; the file is marked.
    fn mark_missing(&mut self, writing: &Writing<'_>, gone: Vec<(String, String)>) -> Result<()> {
        if gone.is_empty() {
            return Ok(());
        }
        let known = writing.read(|connection| {
            let find =
                |(config_dir, path): &(String, String)| store::find_file(connection, config_dir, path).transpose();
            gone.iter().filter_map(find).collect::<Result<Vec<_>, _>>()
        })?;
        let gone_now: Vec<&StoredFile> =
            known.iter().filter(|known| !known.is_missing && scan::is_gone(&known.absolute())).collect();
        if !gone_now.is_empty() {
            let marked =
                writing.transaction(|batch| gone_now.iter().try_for_each(|known| batch.mark_missing(known)))?;
            self.has_stale |= marked.1.has_stale;
        }
        self.lost.clear();
        for (config_dir, path) in gone {
            self.seen.remove(&format!("{}/{path}", config_dir.trim_end_matches('/')));
        }
        Ok(())
    }

    fn complain(&mut self, log: &Log, path: &Path, error: &Error) {
        let message = error.to_string();
        self.note(log, ScanError { path: path.display().to_string(), code: String::new(), message });
    }

    /// Logs an error, once.
    fn note(&mut self, log: &Log, error: ScanError) {
        let said = self.complaints.insert(PathBuf::from(error.path), error.message.clone());
        if said.as_ref() != Some(&error.message) {
            log.warning(&error.message);
        }
    }
}

/// Writes what the sidecars of a file say that has nothing new itself.
fn note_labels(writing: &Writing<'_>, file: &SourceFile, checked_at: i64) -> Result<()> {
    let known = writing.read(|connection| store::find_file(connection, &file.config_dir, &file.path))?;
    if let Some(known) = known {
        let mut file = file.clone();
        file.read_sidecars();
        writing.transaction(|batch| batch.touch_file(&known, &file, checked_at))?;
    }
    Ok(())
}

fn root_of<'r>(roots: &'r [Root], path: &Path) -> Option<&'r Root> {
    roots.iter().find(|root| root.below(path).is_some())
}

/// The paths below a folder.
fn paths_below<'s>(seen: &'s BTreeMap<String, Seen>, folder: &str) -> impl Iterator<Item = &'s str> + use<'s> {
    let start = format!("{folder}/");
    let range = seen.range(start.clone()..);
    range.map(|(path, _)| path.as_str()).take_while(move |path| path.starts_with(&start))
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
