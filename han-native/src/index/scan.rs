//! Indexing every transcript: what is new is found, read by threads of their own, and written by this one.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::context::Context;
use super::plan::{self, Planned, TailRule};
use super::prepare::Prepared;
use super::threads::{self, Channel, Message};
use super::{ingest, rederive};
use crate::config::{Cancellation, ProgressHook, ScanOptions};
use crate::error::{Error, Result};
use crate::logging::Log;
use crate::model::{ScanError, ScanProgress, ScanReport};
use crate::store::batch::{Applied, Batch, Chunk, ChunkOutcome};
use crate::store::{self, Failure, StoredFile, Writing, maintenance};
use crate::transcript::discover::{self, FileKind, SourceFile};
use crate::transcript::folder;
use crate::transcript::sources::Sources;

/// Bytes of transcripts that one transaction takes at most.
const TRANSACTION_BYTES: i64 = 48 * 1024 * 1024;
/// How long a transaction may take before it is committed: what a kill costs.
const TRANSACTION_TIME: Duration = Duration::from_millis(250);
/// A scan that reads more than this leaves checkpoints to a thread of their own.
const BULK_BYTES: i64 = 8 * 1024 * 1024;
/// Pages in the write-ahead log past which the writer waits for a checkpoint, so that the log stays bounded.
const LOG_PAGES: i64 = 8_000;
/// A scan that reads more than this, and more than all that is known, leaves merging the search index to later appends, in small
/// steps. One that adds less has the segments of those before merged as it goes, so that they do not pile up.
const UNMERGED_BYTES: i64 = 64 * 1024 * 1024;
/// Transactions of such a scan that raise what they have added to the search index, see
/// [`maintenance::raise_search_index`].
const RAISING_TRANSACTIONS: usize = 3;
/// Between two calls of the progress hook.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(50);

pub(crate) fn scan(context: Context<'_>, options: ScanOptions<'_>) -> Result<ScanReport> {
    let started = Instant::now();
    let ScanOptions { paths, on_progress, cancellation } = options;
    let reading = context.store.begin_reading()?;
    let found = find(context.sources, paths.as_deref(), &cancellation)?;
    let writing = context.store.begin_writing()?;
    drop(reading);
    let known = writing.read(store::all_files)?;
    let transcripts = found.files.iter().filter(|file| file.kind != FileKind::Spill).count();
    context.log.info(&format!("scan of {transcripts} transcripts"));
    let mut scan = Scan::new(context.log, &writing, cancellation, TailRule::Take);
    scan.on_progress = on_progress;
    scan.report = ScanReport { files: transcripts as i64, errors: found.errors, ..ScanReport::default() };
    scan.run(found.files, known, &found.complete_dirs)?;
    scan.report.duration_ms = started.elapsed().as_millis() as i64;
    context.log.info(&format!("scan done: {} messages", scan.report.messages_indexed));
    Ok(scan.report)
}

/// What became of files that were taken in together.
#[derive(Debug, Default)]
pub(super) struct TakenIn {
    /// Those with a tail that was left.
    pub tails: HashSet<PathBuf>,
    /// Those that could not be read.
    pub failed: HashSet<PathBuf>,
}

/// Takes in many files at once, except their tails. Files of a complete config dir that were not found are gone.
pub(super) fn take_in(
    log: &Log,
    writing: &Writing<'_>,
    files: Vec<SourceFile>,
    complete_dirs: &[String],
    cancellation: &Cancellation,
) -> Result<TakenIn> {
    let known = writing.read(store::all_files)?;
    let mut scan = Scan::new(log, writing, cancellation.clone(), TailRule::Leave);
    scan.run(files, known, complete_dirs)?;
    Ok(scan.taken_in)
}

/// What a scan is about.
struct Found {
    files: Vec<SourceFile>,
    errors: Vec<ScanError>,
    /// Config dirs that were walked whole: a known file of theirs that was not found is gone.
    complete_dirs: Vec<String>,
}

fn find(sources: &Sources, paths: Option<&[PathBuf]>, cancellation: &Cancellation) -> Result<Found> {
    let go_on = || if cancellation.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) };
    let Some(paths) = paths else {
        sources.look_for_more();
        let config_dirs = sources.config_dirs();
        let discovery = discover::discover(&config_dirs, sources.exclude(), cancellation);
        go_on()?;
        let complete_dirs = as_known(&config_dirs);
        return Ok(Found { files: discovery.files, errors: discovery.errors, complete_dirs });
    };
    let mut found = Found { files: Vec::new(), errors: Vec::new(), complete_dirs: Vec::new() };
    for path in paths {
        go_on()?;
        let metadata = std::fs::metadata(path).map_err(|error| Error::io(path, error))?;
        if !metadata.is_dir() {
            found.files.push(discover::identify(path, &sources.config_dirs())?);
            continue;
        }
        let discovery = folder::discover_folder(path, &sources.config_dirs(), sources.exclude(), cancellation);
        go_on()?;
        found.files.extend(discovery.files);
        found.errors.extend(discovery.errors);
        if path.join("projects").is_dir() {
            found.complete_dirs.extend(as_known(std::slice::from_ref(path)));
        }
    }
    let mut seen = HashSet::new();
    found.files.retain(|file| seen.insert((file.config_dir.clone(), file.path.clone())));
    Ok(found)
}

/// Config dirs as the database knows them. One that is gone is known by its name in the folder that it was in.
fn as_known(dirs: &[PathBuf]) -> Vec<String> {
    let without_itself =
        |dir: &Path| Some(std::path::absolute(dir).ok()?.parent()?.canonicalize().ok()?.join(dir.file_name()?));
    let known = dirs.iter().filter_map(|dir| dir.canonicalize().ok().or_else(|| without_itself(dir)));
    known.filter_map(|dir| dir.to_str().map(str::to_string)).collect()
}

struct Scan<'s> {
    log: &'s Log,
    writing: &'s Writing<'s>,
    cancellation: Cancellation,
    on_progress: Option<ProgressHook<'s>>,
    reported_at: Option<Instant>,
    report: ScanReport,
    progress: ScanProgress,
    /// Files that need the database to continue: compared, moved, or read by another process meanwhile.
    leftover: Vec<SourceFile>,
    tail: TailRule,
    taken_in: TakenIn,
    /// Whether merging the search index is left to later appends.
    is_large: bool,
    /// Transactions still to come that raise what they add to the search index.
    raising: usize,
}

impl<'s> Scan<'s> {
    fn new(log: &'s Log, writing: &'s Writing<'s>, cancellation: Cancellation, tail: TailRule) -> Scan<'s> {
        Scan {
            log,
            writing,
            cancellation,
            on_progress: None,
            reported_at: None,
            report: ScanReport::default(),
            progress: ScanProgress::default(),
            leftover: Vec::new(),
            is_large: false,
            raising: 0,
            tail,
            taken_in: TakenIn::default(),
        }
    }

    fn run(&mut self, found: Vec<SourceFile>, known: Vec<StoredFile>, complete_dirs: &[String]) -> Result<()> {
        let known_bytes: i64 = known.iter().map(|known| known.generation.cursor.offset).sum();
        let mut by_place: HashMap<(String, String), StoredFile> =
            known.into_iter().map(|known| ((known.config_dir.clone(), known.path.clone()), known)).collect();
        let planned = plan::plan(found, &mut by_place, self.tail);
        let (moved, mut planned) = split_moved(planned, &mut by_place);
        planned.retain(|planned| !planned.is_unchanged() || planned.has_news_beside());
        self.progress.files_total = (planned.len() + moved.len()) as i64;
        self.progress.bytes_total = planned.iter().chain(&moved).map(Planned::bytes).sum();
        self.report_progress(true);
        // Relocate first, so that the old path is free for what is there now.
        for planned in moved {
            self.ingest(&planned.file)?;
            self.progress.files_done += 1;
        }
        self.is_large = self.progress.bytes_total >= UNMERGED_BYTES.max(known_bytes);
        self.raising = if self.is_large { RAISING_TRANSACTIONS } else { 0 };
        let written = self.read_and_write(&planned);
        if self.is_large {
            // Also if the scan was cut short: a later append must not merge all that was added.
            self.writing.raw_transaction(maintenance::raise_search_index)?;
        }
        written?;
        for file in std::mem::take(&mut self.leftover) {
            self.ingest(&file)?;
        }
        for planned in planned.iter().filter(|planned| planned.file.session.is_none()) {
            ingest::settle_session(self.writing, &planned.file)?;
        }
        self.mark_missing(by_place.into_values(), complete_dirs)?;
        rederive::rederive_older(self.writing)?;
        self.tidy()?;
        self.report_progress(true);
        self.check_cancelled()
    }

    fn read_and_write(&mut self, planned: &[Planned]) -> Result<()> {
        let checkpointer = match self.progress.bytes_total >= BULK_BYTES {
            true => self.writing.begin_bulk()?,
            false => None,
        };
        let is_bulk = checkpointer.is_some();
        let cancellation = self.cancellation.clone();
        let written = threads::run(planned, &cancellation, checkpointer, |channel| self.write_all(planned, channel));
        if is_bulk {
            self.writing.end_bulk()?;
        }
        written
    }

    fn write_all(&mut self, planned: &[Planned], channel: &Channel) -> Result<()> {
        while let Some(message) = channel.next() {
            self.check_cancelled()?;
            match message {
                Message::Finished(index, outcome) => self.finish_file(&planned[index], outcome)?,
                Message::Chunk(index, chunk) => self.write_transaction(planned, channel, (index, chunk))?,
            }
        }
        self.check_cancelled()
    }

    /// Takes chunks until the transaction is large enough, and commits them together.
    fn write_transaction(&mut self, planned: &[Planned], channel: &Channel, first: (usize, Box<Chunk>)) -> Result<()> {
        let mut written = Vec::new();
        let mut finished = Vec::new();
        let cancellation = self.cancellation.clone();
        let started = Instant::now();
        let is_raising = self.raising > 0;
        self.raising = self.raising.saturating_sub(1);
        let is_large = self.is_large;
        self.writing.transaction(|batch| {
            if is_large {
                batch.merge_rarely()?;
            }
            let mut next = Some(first);
            let mut bytes = 0;
            while let Some((index, chunk)) = next.take() {
                bytes += chunk.bytes;
                written.push(write_chunk(batch, index, &chunk)?);
                channel.give_back(chunk);
                while bytes < TRANSACTION_BYTES
                    && started.elapsed() < TRANSACTION_TIME
                    && next.is_none()
                    && !cancellation.is_cancelled()
                {
                    match channel.next() {
                        Some(Message::Chunk(index, chunk)) => next = Some((index, chunk)),
                        Some(Message::Finished(index, outcome)) => finished.push((index, outcome)),
                        None => break,
                    }
                }
            }
            if is_raising {
                maintenance::raise_search_index(batch.connection())?;
            }
            Ok(())
        })?;
        if channel.committed() > LOG_PAGES {
            self.writing.connection(|connection| maintenance::checkpoint(connection))?;
        }
        for written in written {
            self.count(planned, &written);
        }
        for (index, outcome) in finished {
            self.finish_file(&planned[index], outcome)?;
        }
        self.report_progress(false);
        Ok(())
    }

    fn count(&mut self, planned: &[Planned], written: &Written) {
        let file = &planned[written.index].file;
        match written.outcome {
            ChunkOutcome::Applied(applied) => {
                self.count_read(file.kind, written.is_first, written.lines, written.bytes, applied);
            }
            ChunkOutcome::Moved | ChunkOutcome::OtherSession => self.leftover.push((**file).clone()),
            ChunkOutcome::Forgotten => {}
        }
        self.count_progress(file, written.bytes);
    }

    fn count_progress(&mut self, file: &SourceFile, bytes: i64) {
        let progress = &mut self.progress;
        progress.bytes_done += bytes;
        // A file that restarts is read whole, which is more than was planned.
        progress.bytes_total = progress.bytes_total.max(progress.bytes_done);
        progress.messages_indexed = self.report.messages_indexed;
        progress.path = Some(file.absolute.display().to_string());
    }

    /// Adds what was read of a transcript to the report. Spills are not transcripts.
    fn count_read(&mut self, kind: FileKind, is_changed: bool, lines: i64, bytes: i64, applied: Applied) {
        if kind == FileKind::Spill {
            return;
        }
        let report = &mut self.report;
        report.files_changed += i64::from(is_changed);
        report.lines += lines;
        report.bytes += bytes;
        report.messages_indexed += applied.messages;
        report.problems += applied.problems;
        report.notes += applied.notes;
    }

    fn finish_file(&mut self, planned: &Planned, outcome: Result<Prepared, Failure>) -> Result<()> {
        self.progress.files_done += 1;
        match outcome {
            Ok(Prepared::Chunks { is_tail_left: false, .. }) => {}
            Ok(Prepared::Chunks { is_tail_left: true, .. }) => {
                self.taken_in.tails.insert(planned.file.absolute.clone());
            }
            Ok(Prepared::TailLeft { .. }) if !planned.is_missing() => {
                self.taken_in.tails.insert(planned.file.absolute.clone());
                if planned.has_news_beside() {
                    self.leftover.push((*planned.file).clone());
                }
            }
            Ok(Prepared::Compare { .. } | Prepared::Unchanged { .. } | Prepared::TailLeft { .. }) => {
                self.leftover.push((*planned.file).clone());
            }
            Err(failure) => self.note_error(&planned.file.absolute, &self.writing.error(failure)),
        }
        Ok(())
    }

    /// Reads a file on this thread.
    fn ingest(&mut self, file: &SourceFile) -> Result<()> {
        self.check_cancelled()?;
        match ingest::ingest_as(self.writing, file, self.tail, false) {
            Ok(ingested) => {
                if ingested.is_tail_left {
                    self.taken_in.tails.insert(file.absolute.clone());
                }
                let is_changed = ingested.bytes > 0;
                self.count_read(file.kind, is_changed, ingested.lines, ingested.bytes, ingested.applied);
                self.count_progress(file, ingested.bytes);
                Ok(())
            }
            Err(error) if ingest::is_about(&error, &file.absolute) => {
                self.note_error(&file.absolute, &error);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// What was read of a file that is gone stays; the file is marked.
    fn mark_missing(&self, unmatched: impl Iterator<Item = StoredFile>, complete_dirs: &[String]) -> Result<()> {
        let gone: Vec<StoredFile> = unmatched
            .filter(|known| !known.is_missing && complete_dirs.contains(&known.config_dir))
            .filter(|known| is_gone(&known.absolute()))
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        self.writing.transaction(|batch| gone.iter().try_for_each(|known| batch.mark_missing(known)))?;
        Ok(())
    }

    /// After a large scan: unused pages are freed, and the log is cut.
    fn tidy(&mut self) -> Result<()> {
        if self.report.bytes >= BULK_BYTES {
            self.writing.raw_transaction(maintenance::shrink)?;
            self.writing.connection(|connection| maintenance::truncate_wal(connection))?;
        }
        Ok(())
    }

    fn note_error(&mut self, path: &Path, error: &Error) {
        self.log.warning(&error.to_string());
        self.taken_in.failed.insert(path.to_owned());
        self.report.errors.push(ScanError {
            path: path.display().to_string(),
            code: error.code().as_str().into(),
            message: error.to_string(),
        });
    }

    fn check_cancelled(&self) -> Result<()> {
        if self.cancellation.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }

    fn report_progress(&mut self, force: bool) {
        let Some(hook) = &mut self.on_progress else { return };
        if force || self.reported_at.is_none_or(|at| at.elapsed() >= PROGRESS_INTERVAL) {
            self.reported_at = Some(Instant::now());
            hook(&self.progress);
        }
    }
}

/// Separates files that are known under another, now free, place from new ones, and removes those places from `unmatched`.
fn split_moved(
    planned: Vec<Planned>,
    unmatched: &mut HashMap<(String, String), StoredFile>,
) -> (Vec<Planned>, Vec<Planned>) {
    let mut by_inode: HashMap<i64, Vec<StoredFile>> = HashMap::new();
    for known in unmatched.values() {
        by_inode.entry(known.stat.inode).or_default().push(known.clone());
    }
    let (mut moved, mut rest) = (Vec::new(), Vec::new());
    for planned in planned {
        let gone = by_inode.get(&planned.file.stat.inode).into_iter().flatten();
        match plan::moved_from(&planned.file, gone).filter(|_| planned.known.is_none()) {
            Some(known) => {
                unmatched.remove(&(known.config_dir.clone(), known.path.clone()));
                moved.push(Planned { known: Some(known.clone()), ..planned });
            }
            None => rest.push(planned),
        }
    }
    (moved, rest)
}

/// What became of a chunk, until its transaction is committed.
struct Written {
    index: usize,
    outcome: ChunkOutcome,
    is_first: bool,
    lines: i64,
    bytes: i64,
}

fn write_chunk(batch: &mut Batch<'_>, index: usize, chunk: &Chunk) -> Result<Written, Failure> {
    let outcome = batch.apply(chunk)?;
    Ok(Written { index, outcome, is_first: chunk.is_first, lines: chunk.lines, bytes: chunk.bytes })
}

pub(super) fn is_gone(path: &Path) -> bool {
    use std::io::ErrorKind;
    match std::fs::symlink_metadata(path) {
        // What is there instead is not a transcript.
        Ok(metadata) => !metadata.is_file(),
        Err(error) => matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    }
}
