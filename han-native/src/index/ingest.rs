//! One file, from its cursor to its end, on the thread that writes.

use std::ops::ControlFlow;
use std::path::Path;

use super::plan::{self, Planned, TailRule};
use super::prepare::{self, Prepared, Stop};
use super::rederive;
use crate::error::{Error, Result, Subject};
use crate::platform::file::{self, read_at};
use crate::store::batch::{Applied, ChunkOutcome, Outcome};
use crate::store::blocks::{self, Compressor};
use crate::store::{self, Failure, Reading, StoredFile, Writing};
use crate::transcript::cursor;
use crate::transcript::discover::{FileKind, SourceFile};

/// What reading a file did.
#[derive(Debug, Default)]
pub(super) struct Ingested {
    pub applied: Applied,
    pub lines: i64,
    pub bytes: i64,
    pub is_new_session: bool,
    /// Whether there is a last line without an end that was left.
    pub is_tail_left: bool,
    /// Whether files were marked that have to be derived again, see [`rederive::rederive_marked`].
    pub has_stale: bool,
}

impl Ingested {
    fn add(&mut self, outcome: &Outcome) {
        self.is_new_session |= !outcome.new_sessions.is_empty();
        self.has_stale |= outcome.has_stale;
    }
}

/// How often a file is looked up again that another process has read, or moved to another session, meanwhile.
const TRIES: usize = 3;

/// Reads what is new in a file, its tail included, regardless of what is known of it.
pub(super) fn ingest(writing: &Writing<'_>, file: &SourceFile) -> Result<Ingested> {
    ingest_as(writing, file, TailRule::Take, false)
}

/// Reads what is new in a file every change of which is reported.
pub(super) fn ingest_watched(writing: &Writing<'_>, file: &SourceFile, tail: TailRule) -> Result<Ingested> {
    ingest_as(writing, file, tail, true)
}

/// Reads what is new in a file, under a rule for its tail.
///
/// # Errors
/// `LOCKED` if others read the file each time that this one was about to.
pub(super) fn ingest_as(
    writing: &Writing<'_>,
    file: &SourceFile,
    tail: TailRule,
    is_watched: bool,
) -> Result<Ingested> {
    let mut ingested = Ingested::default();
    for _ in 0..TRIES {
        let known = known_file(writing, file, &mut ingested)?;
        let mut planned = Planned { is_watched, ..Planned::new(file.clone(), known).with_tail(tail) };
        if let ControlFlow::Continue(()) = run(writing, &mut planned, &mut ingested)? {
            settle_session(writing, file)?;
            return Ok(ingested);
        }
    }
    Err(read_meanwhile(writing))
}

/// The error of a file that others read at the same time.
fn read_meanwhile(writing: &Writing<'_>) -> Error {
    let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
    writing.error(rusqlite::Error::SqliteFailure(busy, None).into())
}

/// What is known of a file: under its place, or under the place that it was moved from.
fn known_file(writing: &Writing<'_>, file: &SourceFile, ingested: &mut Ingested) -> Result<Option<StoredFile>> {
    let (known, namesakes) = writing.read(|connection| {
        Ok((
            store::find_file(connection, &file.config_dir, &file.path)?,
            store::files_by_inode(connection, file.stat.inode)?,
        ))
    })?;
    if known.is_some() {
        return Ok(known);
    }
    match plan::moved_from(file, namesakes.iter()) {
        Some(moved) => {
            let (relocated, outcome) = relocate(writing, moved, file)?;
            ingested.add(&outcome);
            Ok(Some(relocated))
        }
        None => Ok(None),
    }
}

/// Moves a file to its new place, and derives its rows again, which depend on it.
fn relocate(writing: &Writing<'_>, known: &StoredFile, file: &SourceFile) -> Result<(StoredFile, Outcome)> {
    let mut file = file.clone();
    file.read_sidecars();
    // A flat agent file names its session in its records: see `settle_session`.
    let session = file.session.clone().unwrap_or_else(|| file.stem());
    writing.transaction(|batch| {
        let relocated = batch.relocate_file(known, &file, &session)?;
        rederive::derive_file(batch, &relocated)?;
        Ok(relocated)
    })
}

/// The file is not where it was looked up: another process has read it, or it was moved to another session.
struct Moved;

/// Reads a planned file from its cursor to its end.
fn run(writing: &Writing<'_>, planned: &mut Planned, ingested: &mut Ingested) -> Result<ControlFlow<Moved>> {
    let prepared = read(writing, planned, ingested)?;
    ingested.is_tail_left = matches!(prepared, Prepared::Chunks { is_tail_left: true, .. } | Prepared::TailLeft { .. });
    let (stat, checked_at, known) = match (prepared, planned.known.clone()) {
        (Prepared::Chunks { stopped: Some(Stop::OtherSession(session)), .. }, Some(known)) => {
            let file = SourceFile { session: Some(session), ..(*planned.file).clone() };
            let (_, outcome) = relocate(writing, &known, &file)?;
            ingested.add(&outcome);
            return Ok(ControlFlow::Break(Moved));
        }
        (Prepared::Chunks { stopped: Some(Stop::Moved | Stop::OtherSession(_)), .. }, _) => {
            return Ok(ControlFlow::Break(Moved));
        }
        (Prepared::Chunks { .. }, _) | (_, None) => return Ok(ControlFlow::Continue(())),
        // A tail that grows is no reason to write; that the file is back is one.
        (Prepared::TailLeft { .. }, Some(known)) if !known.is_missing && !planned.has_news_beside() => {
            return Ok(ControlFlow::Continue(()));
        }
        // What cannot be compared cannot be read, either, and that is reported there.
        (Prepared::Compare { .. }, Some(known)) if !is_same_content(writing, &known)?.is_ok_and(|is_same| is_same) => {
            planned.is_different = true;
            return run(writing, planned, ingested);
        }
        (
            Prepared::Compare { stat, checked_at }
            | Prepared::Unchanged { stat, checked_at }
            | Prepared::TailLeft { stat, checked_at },
            Some(known),
        ) => (stat, checked_at, known),
    };
    let is_settled = cursor::is_settled(stat.mtime, known.checked_at);
    if known.stat != stat || known.is_missing || !is_settled || planned.has_news_beside() {
        let mut file = SourceFile { stat, ..(*planned.file).clone() };
        file.read_sidecars();
        let ((), outcome) = writing.transaction(|batch| batch.touch_file(&known, &file, checked_at))?;
        ingested.add(&outcome);
    }
    Ok(ControlFlow::Continue(()))
}

/// Reads the chunks of a file and writes each in a transaction of its own.
fn read(writing: &Writing<'_>, planned: &Planned, ingested: &mut Ingested) -> Result<Prepared> {
    let mut compressor = Compressor::new().map_err(|failure| writing.error(failure))?;
    let mut failed = None;
    let prepared = prepare::prepare(planned, &mut compressor, &mut |chunk| {
        let (outcome, settled) = match writing.transaction(|batch| batch.apply(&chunk)) {
            Ok(written) => written,
            Err(error) => {
                failed = Some(error);
                return ControlFlow::Break(Stop::Failed);
            }
        };
        ingested.add(&settled);
        match outcome {
            ChunkOutcome::Applied(applied) => {
                ingested.applied.add(applied);
                ingested.lines += chunk.lines;
                ingested.bytes += chunk.bytes;
                ControlFlow::Continue(())
            }
            ChunkOutcome::Moved => ControlFlow::Break(Stop::Moved),
            ChunkOutcome::OtherSession => ControlFlow::Break(Stop::OtherSession(chunk.session)),
            ChunkOutcome::Forgotten => ControlFlow::Break(Stop::Forgotten),
        }
    });
    match failed {
        Some(error) => Err(error),
        None => prepared.map_err(|failure| writing.error(failure)),
    }
}

/// Whether an error concerns only this file, so that others can be read.
pub(super) fn is_about(error: &Error, file: &Path) -> bool {
    match error {
        Error::Permission { path } | Error::Io { path, .. } | Error::IsDirectory { path } => path == file,
        Error::NotFound { what: Subject::File, name } => *name == file.display().to_string(),
        _ => false,
    }
}

/// Whether a file has, byte for byte, what was read of it; the inner error says why it cannot be read now.
pub(super) fn is_same_content(reading: &Reading<'_>, known: &StoredFile) -> Result<std::io::Result<bool>> {
    let file = match file::open(&known.absolute()) {
        Ok(file) => file,
        Err(error) => return Ok(Err(error)),
    };
    let mut is_same = Ok(true);
    reading.read(|connection| {
        blocks::for_each_block(connection, known.generation.id, 0, i64::MAX, &mut |offset, block| {
            if let Ok(true) = is_same {
                is_same = read_at(&file, offset, block.len() as i64).map(|bytes| bytes == block);
            }
            Ok(())
        })
    })?;
    Ok(is_same)
}

/// Reads a file from its start as a new generation, whatever its size and time say.
pub(super) fn read_again(writing: &Writing<'_>, known: &StoredFile) -> Result<()> {
    let mut planned = Planned { is_different: true, ..Planned::new(known.to_source(), Some(known.clone())) };
    let mut ingested = Ingested::default();
    if let ControlFlow::Break(Moved) = run(writing, &mut planned, &mut ingested)? {
        return Err(read_meanwhile(writing));
    }
    if ingested.has_stale {
        rederive::rederive_marked(writing)?;
    }
    Ok(())
}

/// A flat agent file belongs to the session that its first record names. If that came later than the file, the file moves there.
pub(super) fn settle_session(writing: &Writing<'_>, file: &SourceFile) -> Result<()> {
    if file.kind != FileKind::Agent || file.session.is_some() {
        return Ok(());
    }
    let named = writing.read(|connection| {
        let Some(known) = store::find_file(connection, &file.config_dir, &file.path)? else { return Ok(None) };
        if known.session != file.stem() {
            return Ok(None);
        }
        let session = store::first_record_session(connection, known.generation.id)?;
        Ok::<_, Failure>(session.map(|session| (known, session)))
    })?;
    if let Some((known, session)) = named {
        let file = SourceFile { session: Some(session), ..file.clone() };
        relocate(writing, &known, &file)?;
    }
    Ok(())
}
