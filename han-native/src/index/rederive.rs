//! Deriving anew, from the stored bytes, what older rules derived.

use rusqlite::Connection;

use super::spills::{SpillFolder, spill_text};
use crate::derive::{self, Carry, Line, Spill};
use crate::error::Result;
use crate::model::RederiveReport;
use crate::row::LineRows;
use crate::store::batch::{Batch, Derived};
use crate::store::{self, Failure, Store, StoredFile, StoredGeneration, Writing, blocks};
use crate::transcript::discover::FileKind;
use crate::transcript::lines::is_blank;

pub(crate) fn rederive(store: &Store) -> Result<RederiveReport> {
    let writing = store.begin_writing()?;
    rederive_files(&writing, &mut |known| known.generation.derive_revision < derive::REVISION)
}

/// Derives the files anew that `wants` picks, each in one transaction.
pub(super) fn rederive_files(
    writing: &Writing<'_>,
    wants: &mut dyn FnMut(&StoredFile) -> bool,
) -> Result<RederiveReport> {
    let mut report = RederiveReport::default();
    let files = writing.read(store::all_files)?;
    for known in files.iter().filter(|known| known.kind != FileKind::Spill && wants(known)) {
        let (messages, _) = writing.transaction(|batch| {
            for generation in batch.generations_of(known.id)? {
                batch.clear_generation(known, generation.id)?;
            }
            derive_file(batch, known)
        })?;
        report.files += 1;
        report.messages += messages;
    }
    Ok(report)
}

/// Writes the rows of every generation of a file, which were cleared before; tells how many messages.
pub(super) fn derive_file(batch: &mut Batch<'_>, known: &StoredFile) -> Result<i64, Failure> {
    let mut messages = 0;
    for generation in batch.generations_of(known.id)? {
        messages += derive_generation(batch, known, &generation)?;
    }
    Ok(messages)
}

fn derive_generation(batch: &mut Batch<'_>, known: &StoredFile, generation: &StoredGeneration) -> Result<i64, Failure> {
    let connection = batch.connection();
    let spills = Spills { folder: SpillFolder::of(&known.to_source()), connection, session_id: known.session_id };
    let mut carry = Carry::default();
    let mut messages = 0;
    let mut number = 0;
    // Where the line started that spans several blocks, being too long, and its length so far.
    let mut oversize: Option<(i64, i64)> = None;
    let mut is_empty = true;
    blocks::for_each_block(connection, generation.id, 0, i64::MAX, &mut |offset, block| {
        is_empty = false;
        let mut rows = LineRows::default();
        let mut lines = 0;
        let mut stored_carry = None;
        let mut start = 0;
        while start < block.len() {
            let end = memchr::memchr(b'\n', &block[start..]).map(|end| start + end);
            let piece = &block[start..end.unwrap_or(block.len())];
            let line_offset = offset + start as i64;
            start = end.map_or(block.len(), |end| end + 1);
            let block_end = offset + block.len() as i64;
            let is_last = block_end == generation.cursor.offset;
            if let Some((_, length)) = &mut oversize {
                *length += piece.len() as i64;
            } else if end.is_none() && !is_last {
                // Only a line that is too long goes on in the next block.
                oversize = Some((line_offset, piece.len() as i64));
            }
            if let Some((line_offset, length)) = oversize {
                if end.is_none() && !is_last {
                    continue;
                }
                oversize = None;
                number += 1;
                lines += 1;
                rows.problems.push(super::prepare::oversize_problem(number, line_offset, length));
                continue;
            }
            number += 1;
            if end.is_none() {
                stored_carry = Some(carry.to_bytes());
            }
            if is_blank(piece) {
                continue;
            }
            lines += 1;
            let line = Line { bytes: piece, number, offset: line_offset, is_terminated: end.is_some() };
            derive::derive_line(&line, known.kind, &mut carry, &mut |name| spills.read(name), &mut rows);
        }
        messages += rows.messages.len() as i64;
        batch.apply_derived(&Derived {
            file: known,
            generation,
            rows,
            lines,
            carry: stored_carry.unwrap_or_else(|| carry.to_bytes()),
            derive_revision: derive::REVISION,
        })
    })?;
    if is_empty {
        // Nothing is derived anew, either: by these rules from now on.
        let (rows, carry) = (LineRows::default(), carry.to_bytes());
        let derive_revision = derive::REVISION;
        batch.apply_derived(&Derived { file: known, generation, rows, lines: 0, carry, derive_revision })?;
    }
    Ok(messages)
}

/// Spills from the disk, or where they are gone from there, from what was kept of them.
struct Spills<'c> {
    folder: SpillFolder,
    connection: &'c Connection,
    session_id: i64,
}

impl Spills<'_> {
    fn read(&self, name: &str) -> Spill {
        match self.folder.read(name) {
            Spill::Missing => self.stored(name).unwrap_or(Spill::Missing),
            found => found,
        }
    }

    fn stored(&self, name: &str) -> Option<Spill> {
        let (generation_id, size) = store::find_spill(self.connection, self.session_id, name).ok()??;
        let length = size.min(super::spills::SEARCHABLE_BYTES as i64);
        let bytes = blocks::read_bytes(self.connection, generation_id, 0, length).ok()?;
        Some(spill_text(&bytes, size > length))
    }
}
