//! Writing the rows of one chunk.

use std::rc::Rc;

use super::{Applied, Batch, Chunk, Target};
use crate::model::ProblemKind;
use crate::row::{LineRows, MessageRow, Parent, ProblemRow, Uuid, flag};
use crate::source_file::FileKind;
use crate::store::blocks;
use crate::store::failure::Failure;
use crate::store::spills;
use crate::store::tables::changes::Topic;
use crate::store::tables::files::{self, GenerationDelta, STALE};
use crate::store::tables::messages::{self, Names};
use crate::store::tables::projects;
use crate::store::tables::rollups::Place;
use crate::store::tables::usage::Candidate;
use crate::store::tables::{
    agents, cost_states, hooks, problems, repositories, search, session_state, tasks, titles, tools, usage, uuids,
    vectors,
};

/// Up to this many new messages: look up the summaries that name them one by one; beyond, go through all summaries.
pub(super) const FEW_MESSAGES: usize = 256;

impl Target<'_> {
    fn place(&self, names: Names, row: &MessageRow) -> Place {
        let model_id = names.model_id.unwrap_or(0);
        Place { session_id: self.session_id, project_id: self.project_id, model_id, time: row.time }
    }
}

impl Batch<'_> {
    pub(super) fn write_chunk(&mut self, target: &Target<'_>, chunk: &Chunk) -> Result<Applied, Failure> {
        let mut delta = GenerationDelta { lines: chunk.lines, ..GenerationDelta::default() };
        let mut applied = Applied::default();
        let mut is_stale = false;
        if let Some(tail) = chunk.replaced_tail {
            let removed = self.remove_from_line(target.generation_id, tail.line)?;
            applied.messages -= removed.messages - removed.logged;
            delta.lines -= removed.lines;
            let had_messages = removed.messages > 0;
            self.row_ids.keep(target.generation_id, removed.places);
            let is_message = |row: &MessageRow| row.line == tail.line && row.part == 0;
            // What the provisional message said about its file is only taken back by deriving the file again.
            is_stale = had_messages && !chunk.rows.messages.iter().any(is_message);
            blocks::remove_from(self.connection, target.generation_id, tail.offset)?;
        }
        for block in &chunk.blocks {
            blocks::insert(self.connection, target.generation_id, block)?;
        }
        if chunk.blocks.iter().any(|block| !block.is_sealed) {
            let end = chunk.cursor.tail_offset.unwrap_or(chunk.cursor.offset);
            blocks::seal(self.connection, target.generation_id, end)?;
        }
        self.write_rows(target, &chunk.rows, &mut delta)?;
        let (cursor, carry) = (&chunk.cursor, &chunk.carry);
        is_stale |= self.misses_stored_spill(target, &chunk.rows)?;
        self.has_stale |= is_stale;
        // Rows by older rules keep their revision when others follow them.
        let revision = target.former_revision.map_or(chunk.derive_revision, |former| former.min(chunk.derive_revision));
        let revision = if is_stale { STALE } else { revision };
        files::advance(self.connection, target.generation_id, cursor, carry, revision, &delta)?;
        applied.messages += delta.messages - delta.logged;
        applied.problems += delta.problems;
        applied.notes += delta.notes;
        Ok(applied)
    }

    /// Whether a spill that was not in the transcript's own folder is stored: of a file that is read, only that folder is looked at.
    fn misses_stored_spill(&self, target: &Target<'_>, rows: &LineRows) -> Result<bool, Failure> {
        let has_missed = |row: &&MessageRow| row.notes.iter().any(|(kind, _)| *kind == ProblemKind::SpillMissing);
        for row in rows.messages.iter().filter(has_missed) {
            for name in row.tool_results.iter().filter_map(|result| result.spill.as_deref()) {
                if spills::find(self.connection, target.generation_id, name)?.is_some() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    pub(super) fn write_rows(
        &mut self,
        target: &Target<'_>,
        rows: &LineRows,
        delta: &mut GenerationDelta,
    ) -> Result<(), Failure> {
        let mut last_cwd: Option<&str> = None;
        for place in &rows.taken_back {
            self.take_back(target, *place, delta)?;
        }
        let mut has_news = target.is_news && rows.messages.iter().any(|row| !row.is_request_log());
        for row in &rows.messages {
            has_news |= self.write_message(target, row, delta)?;
            let cwd = row.cwd.as_deref().filter(|_| !row.is_request_log());
            if let Some(cwd) = cwd.filter(|cwd| last_cwd != Some(cwd)) {
                last_cwd = Some(cwd);
                self.note_cwd(target, cwd, row.line, delta)?;
            }
        }
        for problem in &rows.problems {
            self.write_problem(target.generation_id, problem, delta)?;
        }
        if target.is_counted {
            self.note_session(target, delta, has_news);
        }
        Ok(())
    }

    /// A working directory: the generation's first, or the first that is the project's, may be the project's true path.
    fn note_cwd(
        &mut self,
        target: &Target<'_>,
        cwd: &str,
        line: i64,
        delta: &mut GenerationDelta,
    ) -> Result<(), Failure> {
        let is_match = projects::is_path_of(&target.file.project, cwd);
        delta.cwd.get_or_insert_with(|| (cwd.into(), line));
        if is_match {
            delta.project_cwd.get_or_insert_with(|| (cwd.into(), line));
        }
        if target.is_counted {
            let path = &target.file.path;
            self.has_places |= projects::offer_path(self.connection, target.project_id, cwd, is_match, path, line)?;
        }
        Ok(())
    }

    fn note_session(&mut self, target: &Target<'_>, delta: &GenerationDelta, has_news: bool) {
        let is_main = target.file.kind == FileKind::Main;
        let touch = self.touch_session(target.session_id);
        touch.first_time = least(touch.first_time, delta.first_time);
        touch.last_time = touch.last_time.max(delta.last_time);
        touch.is_talk |= delta.talk > 0;
        touch.main |= is_main;
        if has_news {
            self.changes.add(target.session_id, Topic::SessionUpdated, None);
        }
    }

    /// Returns whether the message is news: not if it takes the place of one that was there.
    fn write_message(
        &mut self,
        target: &Target<'_>,
        row: &MessageRow,
        delta: &mut GenerationDelta,
    ) -> Result<bool, Failure> {
        let connection = self.connection;
        let names = self.names(target, row)?;
        let usage_id = self.usage_id(row)?;
        let kept_id = self.row_ids.kept(target.generation_id, row.line, row.part);
        let is_request_log = row.is_request_log();
        let is_news = target.is_counted && kept_id.is_none() && !is_request_log;
        let id = match kept_id {
            Some(id) => Some(id),
            None => self.row_ids.new_id(connection)?,
        };
        let id =
            messages::insert(connection, &mut self.statements.message, id, target.generation_id, row, names, usage_id)?;
        if let Some(uuid) = &row.uuid {
            self.note_new_uuid(uuid, id)?;
        }
        if !row.document.is_empty() {
            search::insert(&mut self.statements.document, id, &row.document)?;
        }
        let former_id = kept_id.or_else(|| self.row_ids.given_up(target.generation_id, row.line, row.part));
        if let Some(former_id) = former_id
            && self.has_vectors()?
        {
            self.without_vectors.remove(&id);
            vectors::take_over(connection, former_id, id)?;
            vectors::note_text(connection, id, row.text_hash, row.flags & flag::SEARCHABLE != 0)?;
        }
        if let Some(usage_id) = usage_id {
            self.note_candidate(target, id, row, names, usage_id);
        }
        self.message_times.note(id, row.time);
        let is_jump = matches!(row.parent, Some(Parent::Uuid(_)));
        if is_jump && target.file.kind == FileKind::Main && row.flags & (flag::TALK | flag::SIDECHAIN) == flag::TALK {
            self.jumps.push(id);
        }
        self.write_children(target, id, row)?;
        self.write_origin(target, id, row)?;
        if is_news {
            self.announce(target.session_id, id, row);
        }
        for (kind, detail) in &row.notes {
            let (line, part, offset, length) = (row.line, row.part, row.offset, row.length);
            let note = ProblemRow { line, part, offset, length, kind: *kind, detail: detail.clone() };
            self.write_problem(target.generation_id, &note, delta)?;
        }
        delta.messages += 1;
        if is_request_log {
            // It says nothing about its session that other lines do not say.
            delta.logged += 1;
            return Ok(is_news);
        }
        let place = target.place(names, row);
        let sums = messages::sums_of(row);
        if target.is_counted {
            self.rollups.add(place, &sums, 1);
            for call in row.tool_calls.iter().filter(|_| sums.tool_calls > 0) {
                let name_id = self.strings.intern(connection, &call.name)?;
                self.rollups.add_call(place, name_id, 1);
            }
        }
        delta.prompts += sums.prompts;
        delta.assistants += sums.assistants;
        delta.talk += i64::from(row.flags & flag::TALK != 0);
        delta.first_time = least(delta.first_time, row.time);
        delta.last_time = delta.last_time.max(row.time);
        let time = row.time.unwrap_or(i64::MIN);
        latest(&mut delta.model, names.model_id, time);
        let git_branch = self.strings.intern_option(connection, row.git_branch.as_deref())?;
        latest(&mut delta.git_branch, git_branch, time);
        let version = self.strings.intern_option(connection, row.version.as_deref())?;
        latest(&mut delta.version, version, time);
        Ok(is_news)
    }

    fn announce(&mut self, session_id: i64, message_id: i64, row: &MessageRow) {
        let topics = [
            (Topic::MessageAdded, true),
            (Topic::ToolResultAdded, !row.tool_results.is_empty()),
            (Topic::FilesChanged, !row.file_changes.is_empty()),
            (Topic::TodosChanged, row.todos.is_some()),
            (Topic::HooksChanged, !row.hooks.is_empty()),
            (Topic::HookResultAdded, !row.hooks.is_empty()),
            (Topic::TasksChanged, !row.task_events.is_empty()),
        ];
        for (topic, _) in topics.into_iter().filter(|(_, has_news)| *has_news) {
            self.changes.add(session_id, topic, Some(message_id));
        }
    }

    fn names(&mut self, target: &Target<'_>, row: &MessageRow) -> Result<Names, Failure> {
        let connection = self.connection;
        let file = target.file;
        let foreign = row.record_session.as_deref().filter(|session| *session != target.session);
        let agent = row.agent.as_deref().filter(|agent| Some(*agent) != file.agent.as_deref());
        Ok(Names {
            type_id: self.strings.intern(connection, &row.record_type)?,
            subtype_id: self.strings.intern_option(connection, row.subtype.as_deref())?,
            record_session_id: self.strings.intern_option(connection, foreign)?,
            agent_id: self.strings.intern_option(connection, agent)?,
            model_id: self.strings.intern_option(connection, row.model.as_deref())?,
        })
    }

    fn usage_id(&mut self, row: &MessageRow) -> Result<Option<i64>, Failure> {
        let Some(usage) = &row.usage else { return Ok(None) };
        let known = usage.key.as_ref().and_then(|key| self.usage_ids.get(key).copied());
        let id = match known {
            Some(id) => id,
            None => {
                let (id, is_new) = usage::intern(self.connection, &mut self.statements.usage, usage.key.as_deref())?;
                if is_new {
                    self.fresh_usage.insert(id, Vec::new());
                }
                id
            }
        };
        if let (None, Some(key)) = (known, &usage.key) {
            self.usage_ids.insert(key.clone(), id);
        }
        self.usage.insert(id);
        Ok(Some(id))
    }

    /// Keeps a line of an API message that is new, so that counting it need not read it back.
    fn note_candidate(&mut self, target: &Target<'_>, id: i64, row: &MessageRow, names: Names, usage_id: i64) {
        let (Some(candidates), Some(usage)) = (self.fresh_usage.get_mut(&usage_id), &row.usage) else { return };
        candidates.push(Candidate {
            id,
            flags: row.flags,
            is_superseded: !target.is_counted,
            is_replay: false,
            is_foreign: names.record_session_id.is_some(),
            path: Rc::clone(&target.path),
            config_dir: Rc::clone(&target.config_dir),
            line: row.line,
            part: row.part,
            place: target.place(names, row),
            tokens: usage.tokens,
            billing: usage.billing.clone(),
        });
    }

    fn write_children(&mut self, target: &Target<'_>, id: i64, row: &MessageRow) -> Result<(), Failure> {
        let connection = self.connection;
        let session_id = target.session_id;
        tools::insert_calls(connection, &mut self.statements.call, self.strings, id, &row.tool_calls)?;
        if !row.tool_results.is_empty() {
            tools::insert_results(&mut self.statements.result, id, &row.tool_results)?;
        }
        if !row.file_changes.is_empty() {
            session_state::insert_file_changes(connection, self.strings, id, session_id, &row.file_changes)?;
        }
        if let Some(todos) = &row.todos {
            session_state::insert_todos(connection, id, session_id, todos)?;
        }
        if !row.hooks.is_empty() {
            hooks::insert_lines(connection, id, session_id, &target.path, &row.hooks)?;
            self.hooks.extend(hooks::touched_by(connection, id)?);
        }
        if let Some(state) = &row.cost_state {
            cost_states::insert(connection, self.strings, id, session_id, state)?;
            self.cost_states.insert(session_id);
        }
        if !row.task_events.is_empty() {
            tasks::insert_events(connection, id, session_id, &row.task_events)?;
        }
        if !row.task_events.is_empty() || row.tool_calls.iter().any(|call| call.name.starts_with("Task")) {
            self.tasks.extend(tasks::touched_by(connection, id)?);
        } else if !row.tool_results.is_empty() {
            self.tasks.extend(tasks::answered_by(connection, &row.tool_results)?);
        }
        if !row.agent_calls.is_empty() {
            agents::insert_calls(connection, id, &row.agent_calls)?;
        }
        if let Some(result) = &row.agent_result {
            agents::insert_result(connection, id, session_id, result)?;
        }
        if !row.agent_calls.is_empty() || row.agent_result.is_some() {
            self.agents.extend(agents::touched_by(connection, id)?);
        }
        if let Some(worktree) = &row.worktree {
            repositories::insert_worktree(connection, id, worktree)?;
            self.has_places = true;
        }
        self.write_titles(target, id, row)
    }

    fn write_titles(&mut self, target: &Target<'_>, id: i64, row: &MessageRow) -> Result<(), Failure> {
        let connection = self.connection;
        let session_id = target.session_id;
        if let Some(title) = &row.title {
            titles::offer(connection, session_id, id, target.generation_id, title.rank, &title.title)?;
            self.touch_session(session_id).title = true;
        }
        if let Some(summary) = &row.summary {
            session_state::insert_summary(connection, id, session_id, summary)?;
            if summary.leaf_uuid.is_some() {
                self.summaries.insert(id);
            }
        }
        Ok(())
    }

    fn write_problem(
        &mut self,
        generation_id: i64,
        problem: &ProblemRow,
        delta: &mut GenerationDelta,
    ) -> Result<(), Failure> {
        problems::insert(self.connection, generation_id, problem)?;
        match problem.kind.is_note() {
            true => delta.notes += 1,
            false => delta.problems += 1,
        }
        Ok(())
    }

    fn note_new_uuid(&mut self, uuid: &Uuid, message_id: i64) -> Result<(), Failure> {
        let key = uuid.key();
        let is_repeated = !self.new_keys.insert(key);
        if self.known_uuids.may_be_known(key) && (is_repeated || uuids::exists(self.connection, uuid)?) {
            self.uuids.insert(uuid.clone());
        }
        self.new_uuids.push((key, message_id));
        if self.new_ids.len() < FEW_MESSAGES {
            self.new_ids.push(message_id);
        }
        Ok(())
    }

    /// Lets the messages of this transaction be found by their uuids.
    pub(super) fn flush_uuids(&mut self) -> Result<(), Failure> {
        uuids::insert(self.connection, &mut self.new_uuids)
    }

    /// Notes that the marks of a uuid may have to move.
    pub(super) fn note_uuid(&mut self, uuid: Option<Uuid>) {
        self.uuids.extend(uuid);
    }
}

fn least(left: Option<i64>, right: Option<i64>) -> Option<i64> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (left, right) => left.or(right),
    }
}

fn latest(known: &mut Option<(i64, i64)>, id: Option<i64>, time: i64) {
    if let Some(id) = id
        && known.is_none_or(|(_, at)| time >= at)
    {
        *known = Some((id, time));
    }
}
