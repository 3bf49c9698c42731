//! The end of a transaction: what depends on several rows.

use super::{Batch, Outcome};
use crate::clock;
use crate::store::Failure;
use crate::store::tables::changes::Topic;
use crate::store::tables::{files, messages, projects, replays, sessions, tasks, titles, usage};

impl Batch<'_> {
    /// Settles replays, usage, tasks, titles and sums, and writes the changes.
    pub(crate) fn finish(mut self) -> Result<Outcome, Failure> {
        self.settle_replays()?;
        for id in std::mem::take(&mut self.usage) {
            let fresh = self.fresh_usage.remove(&id);
            usage::recount(self.connection, id, fresh, &mut self.rollups, self.zone)?;
        }
        for (session_id, task_id) in std::mem::take(&mut self.tasks) {
            tasks::fold(self.connection, session_id, &task_id)?;
        }
        for id in std::mem::take(&mut self.projects) {
            projects::find_path(self.connection, id)?;
        }
        self.settle_sessions()?;
        self.rollups.flush(self.connection)?;
        self.changes.flush(self.connection, clock::now_millis())?;
        Ok(Outcome { new_sessions: self.new_sessions })
    }

    fn settle_replays(&mut self) -> Result<(), Failure> {
        for uuid in std::mem::take(&mut self.uuids) {
            for change in replays::resolve(self.connection, &uuid)? {
                self.move_mark(&change)?;
            }
        }
        Ok(())
    }

    fn move_mark(&mut self, change: &replays::Change) -> Result<(), Failure> {
        if change.from.is_some() != change.to.is_some() {
            let contribution = messages::contribution(self.connection, change.id)?;
            let sign = if change.to.is_some() { -1 } else { 1 };
            self.rollups.add(contribution.place, &contribution.sums, sign, self.zone);
            let sums = contribution.sums;
            files::count_replay(
                self.connection,
                contribution.generation_id,
                -sign,
                sign * sums.prompts,
                sign * sums.assistants,
            )?;
            self.touch_session(contribution.place.session_id).main = true;
            // A copy that is new is no news.
            if change.to.is_some() && self.first_new_id.is_some_and(|first| change.id >= first) {
                self.changes.retract(contribution.place.session_id, Topic::MessageAdded);
            }
            self.tasks.extend(tasks::touched_by(self.connection, change.id)?);
        }
        messages::set_replay_of(self.connection, change.id, change.to)
    }

    fn settle_sessions(&mut self) -> Result<(), Failure> {
        for (id, touch) in std::mem::take(&mut self.sessions) {
            if touch.all {
                if sessions::remove_if_empty(self.connection, id)? {
                    continue;
                }
                sessions::refresh_all(self.connection, id)?;
            } else {
                sessions::widen(self.connection, id, touch.first_time, touch.last_time, touch.is_talk)?;
                if touch.main {
                    sessions::refresh_main(self.connection, id)?;
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
