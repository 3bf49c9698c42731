//! Removing rows: of a tail that has grown, of a generation that is superseded, derived again or forgotten.

use std::collections::BTreeSet;

use rusqlite::params;

use super::Batch;
use super::row_ids::PlacedId;
use crate::row::flag;
use crate::source_file::{FileKind, SourceFile};
use crate::store::blocks;
use crate::store::failure::Failure;
use crate::store::spills::{self, News};
use crate::store::tables::files::{self, StoredFile, StoredGeneration};
use crate::store::tables::messages::{self, Contribution, Identity};
use crate::store::tables::{
    agents, cost_states, hooks, message_times, own_records, problems, repositories, rewinds, rollups, search,
    session_state, tasks, titles, tombstones, tools, uuids,
};

/// What was removed.
#[derive(Debug, Default)]
pub(super) struct Removed {
    pub messages: i64,
    /// Those of them that belong to the request log.
    pub logged: i64,
    pub lines: i64,
    /// Where the messages were.
    pub places: Vec<PlacedId>,
}

impl Batch<'_> {
    /// Removes the rows of a generation from a line on; its bytes stay.
    pub(super) fn remove_from_line(&mut self, generation_id: i64, line: i64) -> Result<Removed, Failure> {
        self.flush_uuids()?;
        self.forks.note_reduced(generation_id);
        let mut removed = Removed::default();
        let mut lines = BTreeSet::new();
        let (mut prompts, mut assistants, mut talk, mut replays) = (0, 0, 0, 0);
        for identity in messages::from_line(self.connection, generation_id, line)? {
            let contribution = self.withdraw(&identity)?;
            if contribution.is_request_log {
                removed.logged += 1;
            } else if contribution.is_replay {
                replays += 1;
            } else {
                prompts += contribution.sums.prompts;
                assistants += contribution.sums.assistants;
                talk += contribution.sums.talk;
            }
            if identity.part == 0 {
                lines.insert(identity.line);
            }
            removed.messages += 1;
            removed.places.push((identity.line, identity.part, identity.id));
            self.remove_message(&identity)?;
        }
        let (mut problem_count, mut notes) = (0, 0);
        for (line, is_note) in problems::remove_from_line(self.connection, generation_id, line)? {
            match is_note {
                true => notes += 1,
                false => {
                    problem_count += 1;
                    lines.insert(line);
                }
            }
        }
        removed.lines = lines.len() as i64;
        self.connection
            .prepare_cached(
                "UPDATE generations SET messages = messages - ?2, replays = replays - ?3, prompts = prompts - ?4,
                 assistants = assistants - ?5, talk = talk - ?6, problems = problems - ?7, notes = notes - ?8,
                 logged = logged - ?9 WHERE id = ?1",
            )?
            .execute(params![
                generation_id,
                removed.messages,
                replays,
                prompts,
                assistants,
                talk,
                problem_count,
                notes,
                removed.logged
            ])?;
        Ok(removed)
    }

    /// Subtracts a message's sums and notes what has to be settled without it; returns the sums.
    fn withdraw(&mut self, identity: &Identity) -> Result<Contribution, Failure> {
        let contribution = messages::contribution(self.connection, identity.id)?;
        if !contribution.is_replay && !contribution.is_superseded {
            self.count(&contribution, -1);
        }
        self.note_uuid(identity.uuid.clone());
        if let Some(usage_id) = identity.usage_id {
            self.usage.insert(usage_id);
            // Its lines are no longer those that were noted.
            self.fresh_usage.remove(&usage_id);
        }
        self.tasks.extend(tasks::touched_by(self.connection, identity.id)?);
        self.hooks.extend(hooks::touched_by(self.connection, identity.id)?);
        hooks::remove_executions(self.connection, identity.id)?;
        self.agents.extend(agents::touched_by(self.connection, identity.id)?);
        self.cost_states.extend(cost_states::told_by(self.connection, identity.id)?);
        let touch = self.touch_session(contribution.place.session_id);
        touch.main = true;
        touch.title = true;
        Ok(contribution)
    }

    fn remove_message(&mut self, identity: &Identity) -> Result<(), Failure> {
        let connection = self.connection;
        if identity.flags & flag::SEARCHABLE != 0 {
            search::remove(connection, identity.id)?;
        }
        tools::remove(connection, identity.id)?;
        session_state::remove(connection, identity.id)?;
        tasks::remove_events(connection, identity.id)?;
        hooks::remove_lines(connection, identity.id)?;
        agents::remove(connection, identity.id)?;
        rewinds::remove(connection, identity.id)?;
        self.has_places |= repositories::remove_worktree(connection, identity.id)?;
        cost_states::remove(connection, identity.id)?;
        for session_id in titles::remove(connection, identity.id)? {
            self.touch_session(session_id).title = true;
        }
        if let Some(uuid) = &identity.uuid {
            uuids::remove(connection, uuid, identity.id)?;
        }
        let lone_key = own_records::remove_lone(connection, identity.id)?;
        self.forks.note_lone_removed(lone_key);
        messages::remove(connection, identity.id)?;
        if self.has_vectors()? {
            self.without_vectors.insert(identity.id);
        }
        self.row_ids.note_removed(identity.id);
        Ok(())
    }

    /// Leaves the current generation of a file out of everything that is counted or listed. Its rows and bytes stay.
    pub(super) fn supersede(&mut self, file: &StoredFile) -> Result<(), Failure> {
        let generation_id = file.generation.id;
        for identity in messages::from_line(self.connection, generation_id, 0)? {
            self.withdraw(&identity)?;
        }
        self.forks.note_lone_removed(own_records::lone_keys(self.connection, generation_id)?);
        // Its summaries may have named other sessions.
        for session_id in titles::sessions_named_by(self.connection, generation_id)? {
            self.touch_session(session_id).title = true;
        }
        self.connection
            .prepare_cached(
                "UPDATE generations SET is_superseded = 1, replays = 0, (prompts, assistants, talk) = (
                     SELECT count(*) FILTER (WHERE flags & ?2), count(*) FILTER (WHERE flags & ?3 = ?3),
                            count(*) FILTER (WHERE flags & ?4)
                     FROM messages WHERE generation_id = ?1)
                 WHERE id = ?1",
            )?
            .execute([generation_id, flag::PROMPT, flag::TALK | flag::ROLE_ASSISTANT, flag::TALK])?;
        self.connection
            .prepare_cached("UPDATE messages SET replay_of = NULL WHERE generation_id = ?1 AND replay_of IS NOT NULL")?
            .execute([generation_id])?;
        if file.kind == FileKind::Agent {
            self.restarted_agents.insert(file.session_id);
        }
        self.projects.insert(file.project_id);
        let touch = self.touch_session(file.session_id);
        touch.all = true;
        touch.relink = true;
        Ok(())
    }

    /// Removes the rows of a generation, so that they can be derived again from its bytes, which stay.
    pub(crate) fn clear_generation(&mut self, file: &StoredFile, generation_id: i64) -> Result<(), Failure> {
        let removed = self.remove_from_line(generation_id, 0)?;
        own_records::remove_origins(self.connection, generation_id)?;
        self.row_ids.keep(generation_id, removed.places);
        self.connection
            .prepare_cached(
                "UPDATE generations SET lines = 0, messages = 0, logged = 0, replays = 0, prompts = 0, assistants = 0, talk = 0,
                 problems = 0, notes = 0, first_time = NULL, last_time = NULL, model_id = NULL,
                 model_time = NULL, git_branch_id = NULL, git_branch_time = NULL, version_id = NULL,
                 version_time = NULL, cwd = NULL, cwd_line = NULL, project_cwd = NULL, project_cwd_line = NULL WHERE id = ?1",
            )?
            .execute([generation_id])?;
        self.projects.insert(file.project_id);
        let touch = self.touch_session(file.session_id);
        touch.all = true;
        touch.relink = true;
        Ok(())
    }

    /// Puts a file at the place it was moved to. The rows of a transcript have to be derived again: their session may be another. If
    /// it is, they are news there.
    pub(crate) fn relocate_file(
        &mut self,
        known: &StoredFile,
        file: &SourceFile,
        session: &str,
    ) -> Result<StoredFile, Failure> {
        for generation in self.generations_of(known.id)? {
            self.clear_generation(known, generation.id)?;
            if known.session != session {
                self.row_ids.give_up(generation.id);
            }
        }
        let owners = self.owners(file, session)?;
        let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
        let keeps_users = known.session == session && name(&known.path) == name(&file.path);
        if known.kind == FileKind::Spill && !keeps_users {
            self.has_stale |= spills::mark_users(self.connection, known.id, News::Content { changed_at: i64::MAX })?;
        }
        files::put(self.connection, Some(known.id), file, owners)?;
        self.note_sidecars(known.id, owners.session_id, file)?;
        if known.kind == FileKind::Spill {
            let news = if keeps_users { News::Place } else { News::Content { changed_at: i64::MIN } };
            self.has_stale |= spills::mark_users(self.connection, known.id, news)?;
        }
        let touch = self.touch_session(owners.session_id);
        touch.all = true;
        touch.relink = true;
        files::by_id(self.connection, known.id)
    }

    /// Every generation of a file, the oldest first.
    pub(crate) fn generations_of(&self, file_id: i64) -> Result<Vec<StoredGeneration>, Failure> {
        files::generations(self.connection, file_id)
    }

    /// Removes a session with all that was ever read of it, and leaves a tombstone. Returns (files, messages).
    pub(crate) fn forget_session(&mut self, id: i64, session: &str, now: i64) -> Result<(i64, i64), Failure> {
        let connection = self.connection;
        let file_ids: Vec<i64> = connection
            .prepare_cached("SELECT id FROM files WHERE session_id = ?1")?
            .query_map([id], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut messages = 0;
        self.projects.extend(
            connection
                .prepare_cached("SELECT project_id FROM files WHERE session_id = ?1")?
                .query_map([id], |row| row.get::<_, i64>(0))?
                .collect::<rusqlite::Result<Vec<_>>>()?,
        );
        for file_id in &file_ids {
            for generation in self.generations_of(*file_id)? {
                own_records::remove_origins(connection, generation.id)?;
                let removed = self.remove_from_line(generation.id, 0)?;
                messages += removed.messages - removed.logged;
                blocks::remove_from(connection, generation.id, 0)?;
            }
            connection.prepare_cached("DELETE FROM generations WHERE file_id = ?1")?.execute([file_id])?;
            connection.prepare_cached("DELETE FROM files WHERE id = ?1")?.execute([file_id])?;
        }
        // Its changes go with its row, when the transaction is settled.
        for table in ["native_tasks", "session_titles", "reported_costs"] {
            connection.prepare_cached(&format!("DELETE FROM {table} WHERE session_id = ?1"))?.execute([id])?;
        }
        tombstones::insert(connection, session, now)?;
        self.touch_session(id).all = true;
        Ok((file_ids.len() as i64, messages))
    }

    /// Counts everything again from the rows: sums, usage, sessions.
    pub(crate) fn rebuild_sums(&mut self) -> Result<(), Failure> {
        let connection = self.connection;
        rollups::clear(connection)?;
        message_times::rebuild(connection)?;
        connection.execute("UPDATE usage SET winner_id = NULL", [])?;
        connection.execute(
            "UPDATE generations SET (logged, replays) = (
                 SELECT count(*) FILTER (WHERE flags & ?1),
                        count(*) FILTER (WHERE NOT flags & ?1 AND replay_of IS NOT NULL)
                 FROM messages WHERE generation_id = generations.id)",
            [flag::REQUEST_LOG],
        )?;
        let ids: Vec<i64> = connection
            .prepare(
                "SELECT m.id FROM messages m JOIN generations g ON g.id = m.generation_id
                 WHERE m.replay_of IS NULL AND g.is_superseded = 0",
            )?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for id in ids {
            let contribution = messages::contribution(connection, id)?;
            self.count(&contribution, 1);
        }
        let usage: Vec<i64> = connection
            .prepare("SELECT id FROM usage")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        self.usage.extend(usage);
        let sessions: Vec<i64> = connection
            .prepare("SELECT id FROM sessions")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for id in sessions {
            self.touch_session(id).all = true;
        }
        Ok(())
    }
}
