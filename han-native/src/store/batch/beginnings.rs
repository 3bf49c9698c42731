//! Distinguishing originals from their copies: which files share records, and which of these began first.
//!
//! When a file began is known only for files that share records, since it takes a look at all of their records. From then on an
//! append only lowers it, unless the append brings or takes away what is shared.

use std::collections::{BTreeSet, HashSet};

use super::{Batch, Target};
use crate::row::{MessageRow, Uuid, flag};
use crate::store::failure::Failure;
use crate::store::tables::own_records;

impl Batch<'_> {
    /// Writes what a new message says about where its file comes from.
    pub(super) fn write_origin(&mut self, target: &Target<'_>, id: i64, row: &MessageRow) -> Result<(), Failure> {
        let generation_id = target.generation_id;
        if let Some(origin) = row.origin.as_deref().filter(|origin| *origin != target.session) {
            let origin = (generation_id, origin.to_owned());
            if !self.forks.origins.contains(&origin) {
                if own_records::add_origin(self.connection, generation_id, &origin.1)? {
                    self.forks.named.insert(generation_id);
                }
                self.forks.origins.insert(origin);
            }
        }
        let mut own_time = row.time.filter(|_| row.uuid.is_some() && row.flags & flag::OWN_TIME != 0);
        if let Some(lone) = row.lone {
            own_records::add_lone(self.connection, id, lone)?;
            self.forks.lone_added.insert((lone.key, generation_id));
            own_time = Some(lone.time);
        }
        if let (true, Some(time)) = (target.is_sharing, own_time) {
            let least = self.forks.extended.entry(generation_id).or_insert(time);
            *least = time.min(*least);
        }
        Ok(())
    }

    /// Updates when the files that share records began, and adds to `uuids` those whose original may change by that.
    pub(super) fn settle_beginnings(&mut self, uuids: &mut HashSet<Uuid>) -> Result<(), Failure> {
        let connection = self.connection;
        let forks = std::mem::take(&mut self.forks);
        let mut looked_at = BTreeSet::new();
        for uuid in uuids.iter() {
            let generations = own_records::generations_of(connection, uuid)?;
            let is_shared = generations.len() > 1;
            looked_at.extend(generations.iter().filter(|(_, is_sharing)| is_shared || *is_sharing).map(|(id, _)| *id));
        }
        let added = forks.lone_added.into_iter().map(|(key, generation_id)| (key, Some(generation_id)));
        let removed = forks.lone_removed.into_iter().map(|key| (key, None));
        for (key, added_to) in added.chain(removed) {
            let generations = own_records::generations_with_lone(connection, key)?;
            // What was added and no other generation has only extends its own.
            if generations.iter().any(|(id, _)| Some(*id) != added_to) {
                looked_at.extend(generations.iter().filter(|(_, is_sharing)| *is_sharing).map(|(id, _)| *id));
            }
        }
        for id in forks.reduced {
            if own_records::stored(connection, id)?.flatten().is_some() {
                looked_at.insert(id);
            }
        }
        let mut moved = forks.named;
        for (id, time) in forks.extended.into_iter().filter(|(id, _)| !looked_at.contains(id)) {
            if own_records::stored(connection, id)?.flatten().is_some_and(|before| time < before) {
                own_records::store(connection, id, time)?;
                moved.insert(id);
            }
        }
        for id in looked_at {
            let Some(before) = own_records::stored(connection, id)? else { continue };
            let after = own_records::find(connection, id)?;
            if before == Some(after) {
                continue;
            }
            own_records::store(connection, id, after)?;
            // For one that shared nothing before, all that it shares is new, and among the uuids.
            if before.is_some() {
                moved.insert(id);
            }
        }
        for id in moved {
            uuids.extend(own_records::shared_uuids(connection, id)?);
        }
        Ok(())
    }
}
