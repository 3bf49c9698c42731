//! The end of a transaction: what depends on several rows.
//!
//! INVARIANT: the steps of [`Batch::finish`] are in this order, because each needs what the ones before it have written, and what it
//! notes itself is settled after it:
//!
//! 1. Uuids into their table, then when files began that share some, then replays, which are decided by it. They move sums, tasks,
//!    sessions and due vectors. Then jumps back to an earlier message, which is looked up by its uuid as well.
//! 2. Summaries, which find the messages that they name by their uuids. They touch sessions.
//! 3. Vectors of messages that were removed and did not come back; then repeats of agents, which compare what is left.
//! 4. Usage, whose winner must not be a replay, into the sums.
//! 5. Tasks and hooks, from what messages that are not replays say about them. Hooks move sums. Agents, from calls and their results. What
//!    the agent program says about costs.
//! 6. Projects, whose path may have been found in what was removed; then repositories, rewinds, which follow from all paths.
//! 7. Sessions: counts and titles from all rows above; an empty session goes, with its changes.
//! 8. Sums, times and row ids, which nothing above adds to any more.
//! 9. Changes, which are then complete, and of sessions that are still there.
//! 10. The usual rule of merging, so that no transaction leaves another rule in place.

use super::write::FEW_MESSAGES;
use super::{Batch, Outcome};
use crate::clock;
use crate::store::failure::Failure;
use crate::store::maintenance::USUAL_MERGING;
use crate::store::tables::changes::Topic;
use crate::store::tables::replays::Beginnings;
use crate::store::tables::{
    agents, cost_states, files, hooks, messages, projects, replays, repositories, rewinds, sessions, tasks, titles,
    usage, vectors,
};

impl Batch<'_> {
    /// Settles replays, usage, tasks, titles and sums, and writes the changes.
    pub(crate) fn finish(mut self) -> Result<Outcome, Failure> {
        self.settle_replays()?;
        for id in std::mem::take(&mut self.jumps) {
            rewinds::note(self.connection, id)?;
        }
        self.settle_summaries()?;
        for id in std::mem::take(&mut self.without_vectors) {
            vectors::remove_message(self.connection, id)?;
        }
        if !self.restarted_agents.is_empty() && self.has_vectors()? {
            for session_id in std::mem::take(&mut self.restarted_agents) {
                vectors::note_repeats_due(self.connection, session_id)?;
            }
        }
        for id in std::mem::take(&mut self.usage) {
            let fresh = self.fresh_usage.remove(&id);
            usage::recount(self.connection, id, fresh, self.strings, &mut self.rollups)?;
        }
        for (session_id, task_id) in std::mem::take(&mut self.tasks) {
            tasks::fold(self.connection, session_id, &task_id)?;
        }
        for occurrence in std::mem::take(&mut self.hooks) {
            hooks::settle(self.connection, occurrence, &mut self.rollups)?;
        }
        for agent in std::mem::take(&mut self.agents) {
            agents::label(self.connection, &agent)?;
        }
        for session_id in std::mem::take(&mut self.cost_states) {
            cost_states::settle(self.connection, session_id)?;
        }
        for id in std::mem::take(&mut self.projects) {
            projects::find_path(self.connection, id)?;
            self.has_places = true;
        }
        if std::mem::take(&mut self.has_places) {
            repositories::settle(self.connection)?;
        }
        self.settle_sessions()?;
        self.rollups.flush(self.connection, self.zone)?;
        self.message_times.flush(self.connection)?;
        self.row_ids.finish(self.connection)?;
        let has_changes = self.changes.flush(self.connection, clock::now_millis())?;
        if self.merges_rarely {
            USUAL_MERGING.apply(self.connection)?;
        }
        Ok(Outcome { new_sessions: self.new_sessions, has_changes, has_stale: self.has_stale })
    }

    fn settle_replays(&mut self) -> Result<(), Failure> {
        self.flush_uuids()?;
        let mut uuids = std::mem::take(&mut self.uuids);
        self.settle_beginnings(&mut uuids)?;
        let mut beginnings = Beginnings::default();
        for uuid in uuids {
            for change in replays::resolve(self.connection, &uuid, &mut beginnings)? {
                self.move_mark(&change)?;
            }
        }
        Ok(())
    }

    /// Offers summaries to the sessions of the messages that they name, if either is new.
    fn settle_summaries(&mut self) -> Result<(), Failure> {
        let mut summaries = std::mem::take(&mut self.summaries);
        if self.new_ids.len() < FEW_MESSAGES {
            for id in &self.new_ids {
                summaries.extend(titles::summaries_of(self.connection, *id)?);
            }
        } else {
            titles::for_each_leaf(self.connection, &mut |id, leaf| {
                if self.new_keys.contains(&leaf.key()) {
                    summaries.insert(id);
                }
            })?;
        }
        for id in summaries {
            for session_id in titles::offer_summary(self.connection, id)? {
                self.touch_session(session_id).title = true;
            }
        }
        Ok(())
    }

    fn move_mark(&mut self, change: &replays::Change) -> Result<(), Failure> {
        if change.from.is_some() != change.to.is_some() {
            let contribution = messages::contribution(self.connection, change.id)?;
            let sign = if change.to.is_some() { -1 } else { 1 };
            self.count(&contribution, sign);
            if !contribution.is_request_log {
                files::count_original(self.connection, contribution.generation_id, &contribution.sums, sign)?;
            }
            self.touch_session(change.session_id).main = true;
            if change.to.is_some() {
                self.changes.retract(change.id);
                hooks::remove_executions(self.connection, change.id)?;
            }
            self.hooks.extend(hooks::touched_by(self.connection, change.id)?);
            self.tasks.extend(tasks::touched_by(self.connection, change.id)?);
            self.cost_states.extend(cost_states::told_by(self.connection, change.id)?);
            if change.to.is_none() && self.has_vectors()? {
                vectors::note_due(self.connection, change.id)?;
            }
        }
        self.touch_session(change.session_id).copies = true;
        if change.is_promoted {
            // A subscriber of the session has it as a copy, or not at all.
            self.changes.add(change.session_id, Topic::SessionReindexed, None);
        }
        if let Some(usage_id) = change.usage_id {
            self.usage.insert(usage_id);
            // Its lines are no longer those that were noted.
            self.fresh_usage.remove(&usage_id);
        }
        messages::set_replay_of(self.connection, change.id, change.to)
    }

    /// Adds what a message contributes to the sums, or with `sign` -1 subtracts it.
    pub(super) fn count(&mut self, contribution: &messages::Contribution, sign: i64) {
        if contribution.is_request_log {
            return;
        }
        self.rollups.add(contribution.place, &contribution.sums, sign);
        for name_id in &contribution.tool_name_ids {
            self.rollups.add_call(contribution.place, *name_id, sign);
        }
    }

    fn settle_sessions(&mut self) -> Result<(), Failure> {
        for (id, touch) in std::mem::take(&mut self.sessions) {
            if touch.all {
                if sessions::remove_if_empty(self.connection, id)? {
                    self.changes.remove_session(self.connection, id)?;
                    continue;
                }
                sessions::refresh_all(self.connection, id)?;
            } else {
                sessions::widen(self.connection, id, touch.first_time, touch.last_time, touch.is_talk)?;
                if touch.main {
                    sessions::refresh_main(self.connection, id)?;
                }
                if touch.copies {
                    sessions::refresh_copies(self.connection, id)?;
                }
            }
            if touch.relink {
                titles::relink_summaries(self.connection, id)?;
            }
            if touch.title || touch.all || touch.relink {
                let title = titles::best(self.connection, id)?;
                if sessions::set_title(self.connection, id, title.as_deref())? {
                    self.changes.add(id, Topic::SessionUpdated, None);
                }
            }
        }
        Ok(())
    }
}
