//! Prompts that waited, once a later line of their file has their text, or shows that they were withdrawn.

use super::{Batch, Target};
use crate::row::flag;
use crate::store::failure::Failure;
use crate::store::tables::files::GenerationDelta;
use crate::store::tables::rollups::Sums;
use crate::store::tables::{messages, search, titles};

impl Batch<'_> {
    /// Turns the row at a line and part of the target's generation into one that is not a prompt, is not searchable and names no session.
    pub(super) fn take_back(
        &mut self,
        target: &Target<'_>,
        place: (i64, i64),
        delta: &mut GenerationDelta,
    ) -> Result<(), Failure> {
        let connection = self.connection;
        let Some((id, flags)) = messages::at(connection, target.generation_id, place)? else { return Ok(()) };
        if flags & flag::TAKEN_BACK == 0 {
            return Ok(());
        }
        let contribution = messages::contribution(connection, id)?;
        if !contribution.is_replay {
            let prompts = contribution.sums.prompts;
            delta.prompts -= prompts;
            if target.is_counted {
                self.rollups.add(contribution.place, &Sums { prompts, ..Sums::default() }, -1);
            }
        }
        if flags & flag::SEARCHABLE != 0 {
            search::remove(connection, id)?;
        }
        messages::set_flags(connection, id, flags & !flag::TAKEN_BACK)?;
        for session_id in titles::remove(connection, id)? {
            self.touch_session(session_id).title = true;
        }
        if self.has_vectors()? {
            self.without_vectors.insert(id);
        }
        Ok(())
    }
}
