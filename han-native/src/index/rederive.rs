//! Deriving rows again from the stored bytes.

use super::line_walk::LineWalk;
use crate::derive;
use crate::error::Result;
use crate::model::RederiveReport;
use crate::spill::{self, Spill};
use crate::store::batch::{Batch, Derived};
use crate::store::spills::SpillReader;
use crate::store::{self, Failure, Store, StoredFile, StoredGeneration, Writing, blocks};
use crate::transcript::discover::FileKind;

pub(crate) fn rederive(store: &Store) -> Result<RederiveReport> {
    rederive_older(&store.begin_writing()?)
}

/// Derives again the files whose rows are by older rules, or that are marked.
pub(super) fn rederive_older(writing: &Writing<'_>) -> Result<RederiveReport> {
    let files = writing.read(store::all_files)?;
    let is_older = |known: &&StoredFile| known.generation.derive_revision < derive::REVISION;
    if files.iter().any(|known| is_older(&known)) {
        // Before the files, so that it is done whenever this is interrupted.
        writing.transaction(|batch| batch.renew_spills(derive::REVISION))?;
    }
    rederive_each(writing, files.iter().filter(is_older))
}

/// Derives again the files that are marked: what their rows say about other files has changed.
pub(super) fn rederive_marked(writing: &Writing<'_>) -> Result<RederiveReport> {
    let files = writing.read(store::stale_files)?;
    rederive_each(writing, files.iter())
}

/// Derives again the files that `wants` picks.
pub(super) fn rederive_files(
    writing: &Writing<'_>,
    wants: &mut dyn FnMut(&StoredFile) -> bool,
) -> Result<RederiveReport> {
    let files = writing.read(store::all_files)?;
    rederive_each(writing, files.iter().filter(|known| wants(known)))
}

/// Each in one transaction.
fn rederive_each<'f>(writing: &Writing<'_>, files: impl Iterator<Item = &'f StoredFile>) -> Result<RederiveReport> {
    let mut report = RederiveReport::default();
    for known in files.filter(|known| known.kind != FileKind::Spill) {
        let (messages, _) = writing.transaction(|batch| {
            for generation in batch.generations_of(known.id)? {
                batch.clear_generation(known, generation.id)?;
            }
            // Older rules may not have known the files beside it.
            let mut file = known.to_source();
            file.read_sidecars();
            batch.note_sidecars(known.id, known.session_id, &file)?;
            derive_file(batch, known)
        })?;
        report.files += 1;
        report.messages += messages;
    }
    Ok(report)
}

/// Writes the rows of every generation of a file, which were cleared before; returns how many messages there are. Spills have no
/// rows.
pub(super) fn derive_file(batch: &mut Batch<'_>, known: &StoredFile) -> Result<i64, Failure> {
    let mut messages = 0;
    if known.kind != FileKind::Spill {
        for generation in batch.generations_of(known.id)? {
            messages += derive_generation(batch, known, &generation)?;
        }
    }
    Ok(messages)
}

fn derive_generation(batch: &mut Batch<'_>, known: &StoredFile, generation: &StoredGeneration) -> Result<i64, Failure> {
    let connection = batch.connection();
    let folder = spill::folder_of(&known.absolute(), known.kind, Some(&known.session));
    let mut spills = SpillReader::new(connection, generation.id);
    // From the disk, as when the file is read; what is not there may be stored, or belong to the same session elsewhere.
    let mut spill = |name: &str| match spill::read(folder.as_deref(), name) {
        Spill::Missing => spills.read(name),
        found => found,
    };
    let mut walk = LineWalk::new(known.kind);
    let mut messages = 0;
    let mut repeated = Vec::new();
    let mut write = |walk: &mut LineWalk, block: &[u8]| {
        let offset = walk.offset();
        let is_end = offset + block.len() as i64 == generation.cursor.offset;
        let piece = walk.stored_piece(block, is_end);
        let mut walked = walk.walk(piece, &mut spill);
        messages += walked.rows.messages.iter().filter(|row| !row.is_request_log()).count() as i64;
        if !walked.rows.repeated.is_empty() {
            repeated.push((offset, std::mem::take(&mut walked.rows.repeated)));
        }
        batch.apply_derived(&Derived {
            file: known,
            generation,
            rows: walked.rows,
            lines: walked.lines,
            carry: walk.carry(),
            derive_revision: derive::REVISION,
        })
    };
    blocks::for_each_block(connection, generation.id, 0, i64::MAX, &mut |_, block| write(&mut walk, block))?;
    if walk.offset() != generation.cursor.offset {
        return Err(blocks::damaged(generation.id, walk.offset()));
    }
    if walk.offset() == 0 {
        // Also a file without bytes is derived by these rules from now on.
        write(&mut walk, &[])?;
    }
    spills.finish()?;
    batch.reduce_blocks(generation.id, &repeated)?;
    Ok(messages)
}
