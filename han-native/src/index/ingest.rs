//! One file, from its cursor to its end, on the thread that writes.

use std::collections::HashSet;
use std::path::Path;

use super::plan::{self, Planned, TailRule};
use super::prepare::{self, Prepared};
use super::rederive;
use crate::derive;
use crate::error::{Error, Result, Subject};
use crate::platform::file::{self, read_at};
use crate::store::batch::{Applied, Fate};
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
}

/// Somebody else may read the same file meanwhile, if the lock was lost; then what is known of it is looked up anew.
const TRIES: usize = 3;

/// Reads what is new in a file, its tail included, whatever is known of it.
pub(super) fn ingest(writing: &Writing<'_>, file: &SourceFile) -> Result<Ingested> {
    ingest_as(writing, file, TailRule::Take, false)
}

/// Reads what is new in a file every change of which is told.
pub(super) fn ingest_watched(writing: &Writing<'_>, file: &SourceFile, tail: TailRule) -> Result<Ingested> {
    ingest_as(writing, file, tail, true)
}

/// Reads what is new in a file, under a rule for its tail.
pub(super) fn ingest_as(
    writing: &Writing<'_>,
    file: &SourceFile,
    tail: TailRule,
    is_watched: bool,
) -> Result<Ingested> {
    let mut ingested = Ingested::default();
    for _ in 0..TRIES {
        let known = known_file(writing, file)?;
        let mut planned = Planned { is_watched, ..Planned::new(file.clone(), known).with_tail(tail) };
        if run(writing, &mut planned, &mut ingested)? {
            break;
        }
    }
    settle_session(writing, file)?;
    if ingested.applied.is_stale {
        rederive_stale(writing, file)?;
    }
    Ok(ingested)
}

/// Derives a file anew that an append has left with values of a line that is no message any more.
fn rederive_stale(writing: &Writing<'_>, file: &SourceFile) -> Result<()> {
    let known = writing.read(|connection| store::find_file(connection, &file.config_dir, &file.path))?;
    match known {
        Some(known) if known.kind != FileKind::Spill && known.generation.derive_revision < derive::REVISION => {
            rederive::rederive_files(writing, &mut |other| other.id == known.id)?;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What is known of a file: under its place, or under the place that it was moved from.
fn known_file(writing: &Writing<'_>, file: &SourceFile) -> Result<Option<StoredFile>> {
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
        Some(moved) => relocate(writing, moved, file).map(Some),
        None => Ok(None),
    }
}

/// Gives a file that was moved its new place, and its rows what follows from it.
pub(super) fn relocate(writing: &Writing<'_>, known: &StoredFile, file: &SourceFile) -> Result<StoredFile> {
    let mut file = file.clone();
    file.read_sidecars();
    // A flat agent file says in its records whose it is: see `settle_session`.
    let session = file.session.clone().unwrap_or_else(|| prepare::stem(&file));
    let (relocated, _) = writing.transaction(|batch| {
        let relocated = batch.relocate_file(known, &file, &session)?;
        rederive::derive_file(batch, &relocated)?;
        Ok(relocated)
    })?;
    Ok(relocated)
}

/// Whether it came to an end; false where the file's cursor moved meanwhile.
fn run(writing: &Writing<'_>, planned: &mut Planned, ingested: &mut Ingested) -> Result<bool> {
    let mut is_moved = false;
    let mut other_session = None;
    let prepared = {
        let mut failed = None;
        let mut compressor = Compressor::new().map_err(|failure| writing.error(failure))?;
        let prepared = prepare::prepare(planned, &mut compressor, &mut |chunk| match writing
            .transaction(|batch| batch.apply(&chunk))
        {
            Ok((Fate::Applied(applied), outcome)) => {
                ingested.applied.add(applied);
                ingested.lines += chunk.lines;
                ingested.bytes += chunk.bytes;
                ingested.is_new_session |= !outcome.new_sessions.is_empty();
                true
            }
            Ok((Fate::Moved, _)) => {
                is_moved = true;
                false
            }
            Ok((Fate::OtherSession, _)) => {
                is_moved = true;
                other_session = Some(chunk.session);
                false
            }
            Ok((Fate::Forgotten, _)) => false,
            Err(error) => {
                failed = Some(error);
                false
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        prepared.map_err(|failure| writing.error(failure))?
    };
    ingested.is_tail_left = matches!(prepared, Prepared::Chunks { is_tail_left: true } | Prepared::TailLeft { .. });
    let Some(known) = planned.known.clone() else { return Ok(!is_moved) };
    if let Some(session) = other_session {
        let file = SourceFile { session: Some(session), ..(*planned.file).clone() };
        relocate(writing, &known, &file)?;
    }
    let (stat, checked_at) = match prepared {
        Prepared::Chunks { .. } => return Ok(!is_moved),
        // A tail that grows is no reason to write; that the file is back is one.
        Prepared::TailLeft { .. } if !known.is_missing && !planned.has_news_beside() => return Ok(true),
        // What cannot be compared cannot be read, either, and says so there.
        Prepared::Compare { .. } if !is_same_content(writing, &known)?.is_ok_and(|is_same| is_same) => {
            planned.is_different = true;
            return run(writing, planned, ingested);
        }
        Prepared::Compare { stat, checked_at }
        | Prepared::Unchanged { stat, checked_at }
        | Prepared::TailLeft { stat, checked_at } => (stat, checked_at),
    };
    let is_settled = cursor::is_settled(stat.mtime, known.checked_at);
    if known.stat != stat || known.is_missing || !is_settled || planned.has_news_beside() {
        let mut file = SourceFile { stat, ..(*planned.file).clone() };
        file.read_sidecars();
        writing.transaction(|batch| batch.touch_file(known.id, &file, checked_at))?;
    }
    Ok(true)
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
    let mut planned = Planned::new(known.to_source(), Some(known.clone()));
    planned.is_different = true;
    run(writing, &mut planned, &mut Ingested::default())?;
    Ok(())
}

/// A flat agent file belongs to the session that its first record names. If that came later than the file, the file moves there.
pub(super) fn settle_session(writing: &Writing<'_>, file: &SourceFile) -> Result<()> {
    if file.kind != FileKind::Agent || file.session.is_some() {
        return Ok(());
    }
    let named = writing.read(|connection| {
        let Some(known) = store::find_file(connection, &file.config_dir, &file.path)? else { return Ok(None) };
        if known.session != prepare::stem(file) {
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

/// Derives the files anew whose spilled tool results came after them.
pub(super) fn settle_spills(writing: &Writing<'_>, spills: &[SourceFile]) -> Result<()> {
    let mut generations = HashSet::new();
    for spill in spills {
        let name = spill.absolute.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let waiting =
            writing.read(|connection| match store::find_file(connection, &spill.config_dir, &spill.path)? {
                Some(known) => {
                    let changed_at = spill.stat.mtime + cursor::RACY;
                    store::waiting_for_spill(connection, known.session_id, &name, changed_at)
                }
                None => Ok(Vec::new()),
            })?;
        generations.extend(waiting);
    }
    if !generations.is_empty() {
        rederive::rederive_files(writing, &mut |known| generations.contains(&known.generation.id))?;
    }
    Ok(())
}
