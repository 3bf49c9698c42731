//! One write transaction: chunks of files go in, and at its end everything that depends on several rows is settled: replays,
//! usage, tasks, titles, sums and changes.

mod beginnings;
mod forks;
mod remove;
mod row_ids;
mod settle;
mod statements;
mod take_back;
mod write;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use rusqlite::Connection;

use super::blocks::{self, Block};
use super::failure::Failure;
use super::maintenance::RARE_MERGING;
use super::spills::{self, News};
use super::tables::agents::Agent;
use super::tables::changes::{Changes, Topic};
use super::tables::files::{self, GenerationDelta, Owners, StoredFile, StoredGeneration};
use super::tables::hooks::Occurrence;
use super::tables::message_times::MessageTimes;
use super::tables::rollups::Rollups;
use super::tables::strings::StringCache;
use super::tables::usage::Candidate;
use super::tables::{projects, sessions, tombstones, vectors};
use super::uuid_filter::{ByItself, UuidFilter};
use crate::row::{LineRows, Span, Uuid};
use crate::source_file::{Cursor, FileKind, RACY, SourceFile};
use forks::Forks;
use row_ids::RowIds;
use statements::Statements;

/// A piece of a file, ready to be written: whole lines, their rows, their compressed bytes.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub file: Arc<SourceFile>,
    /// Of the file; that of a flat agent file is in its records.
    pub session: String,
    pub base: Base,
    /// Whether it is the first that this call makes of the file.
    pub is_first: bool,
    /// The tail that was taken before and is replaced by this chunk: its line.
    pub replaced_tail: Option<Tail>,
    pub blocks: Vec<Block>,
    pub rows: LineRows,
    /// Non-blank.
    pub lines: i64,
    /// Bytes read for it.
    pub bytes: i64,
    pub cursor: Cursor,
    pub carry: Vec<u8>,
    pub derive_revision: i64,
    /// Nanoseconds; just before the file was looked at.
    pub checked_at: i64,
}

/// A line without an end that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tail {
    pub line: i64,
    pub offset: i64,
}

/// What a chunk follows. If the file's cursor is elsewhere, another process has read the file: the chunk is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    /// The file is unknown.
    New,
    /// A new generation, after this one.
    Restart { generation_id: i64, offset: i64 },
    /// The current generation at this offset.
    Append { offset: i64 },
}

/// Rows of a piece of a generation, derived from its stored bytes.
pub(crate) struct Derived<'f> {
    pub file: &'f StoredFile,
    pub generation: &'f StoredGeneration,
    pub rows: LineRows,
    /// Non-blank.
    pub lines: i64,
    pub carry: Vec<u8>,
    pub derive_revision: i64,
}

/// What a chunk did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Applied {
    /// More than were there before.
    pub messages: i64,
    pub problems: i64,
    pub notes: i64,
}

impl Applied {
    pub(crate) fn add(&mut self, other: Applied) {
        self.messages += other.messages;
        self.problems += other.problems;
        self.notes += other.notes;
    }
}

/// What became of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChunkOutcome {
    Applied(Applied),
    /// The file's cursor is not where the chunk starts: another process has read the file.
    Moved,
    /// The file's session was forgotten.
    Forgotten,
    /// The file restarts as one of another session: it has to be relocated first.
    OtherSession,
}

/// What a transaction did besides its chunks.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Sessions that were unknown before.
    pub new_sessions: HashSet<i64>,
    /// Whether subscribers have something to be notified of.
    pub has_changes: bool,
    /// Whether files were marked that have to be derived again.
    pub has_stale: bool,
}

/// How much of a session's row has to be brought up to date.
#[derive(Debug, Default)]
struct SessionTouch {
    first_time: Option<i64>,
    last_time: Option<i64>,
    is_talk: bool,
    main: bool,
    all: bool,
    title: bool,
    relink: bool,
    /// Records of it became copies, or are no longer copies.
    copies: bool,
}

/// The file that rows are written for.
struct Target<'c> {
    file: &'c SourceFile,
    path: Rc<str>,
    config_dir: Rc<str>,
    session: &'c str,
    generation_id: i64,
    session_id: i64,
    project_id: i64,
    /// What is superseded adds to no sum and is not news.
    is_counted: bool,
    /// Whether its bytes are new; else they are derived again, and only what was not there before is news.
    is_news: bool,
    /// Whether the generation is known to share records with others.
    is_sharing: bool,
    /// The rules by which the rows before these were derived, if there are any.
    former_revision: Option<i64>,
}

/// The state of one write transaction.
pub(crate) struct Batch<'t> {
    connection: &'t Connection,
    statements: Statements<'t>,
    strings: &'t mut StringCache,
    known_uuids: &'t mut UuidFilter,
    zone: &'t jiff::tz::TimeZone,
    rollups: Rollups,
    message_times: MessageTimes,
    changes: Changes,
    sessions: HashMap<i64, SessionTouch>,
    new_sessions: HashSet<i64>,
    /// Uuids whose marks may have to move.
    uuids: HashSet<Uuid>,
    forks: Forks,
    /// Keys of the uuids of new messages.
    new_keys: HashSet<i64, ByItself>,
    /// Those that are not in their table yet, by key and message.
    new_uuids: Vec<(i64, i64)>,
    usage: BTreeSet<i64>,
    /// The lines of API messages that were unknown before this transaction.
    fresh_usage: HashMap<i64, Vec<Candidate>>,
    usage_ids: HashMap<String, i64>,
    tasks: BTreeSet<(i64, String)>,
    /// Those of which lines were written, or no longer count.
    hooks: BTreeSet<Occurrence>,
    /// Agents about which the records may say something else by now.
    agents: BTreeSet<Agent>,
    /// Messages that answer another than the one before them.
    jumps: Vec<i64>,
    /// Sessions for which the agent program may report another cost.
    cost_states: BTreeSet<i64>,
    /// Projects that may have lost what their true path was found in.
    projects: BTreeSet<i64>,
    /// Whether anything changed that determines repositories.
    has_places: bool,
    row_ids: RowIds,
    /// Messages with a uuid that are new, the first few.
    new_ids: Vec<i64>,
    /// Summaries that may name a session: their messages.
    summaries: BTreeSet<i64>,
    /// Whether there are vectors; asked once.
    has_vectors: Option<bool>,
    /// Messages whose vectors go, unless they come back.
    without_vectors: BTreeSet<i64>,
    merges_rarely: bool,
    /// Sessions in which a file of an agent restarts.
    restarted_agents: BTreeSet<i64>,
    /// Whether files were marked that have to be derived again.
    has_stale: bool,
}

impl<'t> Batch<'t> {
    pub(super) fn new(
        connection: &'t Connection,
        strings: &'t mut StringCache,
        known_uuids: &'t mut UuidFilter,
        zone: &'t jiff::tz::TimeZone,
    ) -> Result<Batch<'t>, Failure> {
        Ok(Batch {
            connection,
            statements: Statements::new(connection)?,
            strings,
            known_uuids,
            zone,
            rollups: Rollups::default(),
            message_times: MessageTimes::default(),
            changes: Changes::default(),
            sessions: HashMap::new(),
            new_sessions: HashSet::new(),
            uuids: HashSet::new(),
            forks: Forks::default(),
            new_keys: HashSet::default(),
            new_uuids: Vec::new(),
            usage: BTreeSet::new(),
            fresh_usage: HashMap::new(),
            usage_ids: HashMap::new(),
            tasks: BTreeSet::new(),
            hooks: BTreeSet::new(),
            agents: BTreeSet::new(),
            jumps: Vec::new(),
            cost_states: BTreeSet::new(),
            projects: BTreeSet::new(),
            has_places: false,
            row_ids: RowIds::default(),
            new_ids: Vec::new(),
            summaries: BTreeSet::new(),
            has_vectors: None,
            without_vectors: BTreeSet::new(),
            merges_rarely: false,
            restarted_agents: BTreeSet::new(),
            has_stale: false,
        })
    }

    /// Rarely merges the search index inside this transaction. Its end stores the usual rule again, so that no crash leaves
    /// this one in place.
    pub(crate) fn merge_rarely(&mut self) -> Result<(), Failure> {
        self.merges_rarely = true;
        RARE_MERGING.apply(self.connection)
    }

    /// The connection inside the transaction, for reading.
    pub(crate) fn connection(&self) -> &'t Connection {
        self.connection
    }

    /// Writes a chunk, if it still starts where the file's cursor is.
    pub(crate) fn apply(&mut self, chunk: &Chunk) -> Result<ChunkOutcome, Failure> {
        if tombstones::is_forgotten(self.connection, &chunk.session)? {
            return Ok(ChunkOutcome::Forgotten);
        }
        let known = files::find(self.connection, &chunk.file.config_dir, &chunk.file.path)?;
        let (file_id, target) = match (chunk.base, known) {
            (Base::New, None) => self.begin_file(chunk)?,
            (Base::Restart { generation_id, offset }, Some(file))
                if file.generation.id == generation_id && file.generation.cursor.offset == offset =>
            {
                if file.session != chunk.session {
                    return Ok(ChunkOutcome::OtherSession);
                }
                self.restart(chunk, &file)?
            }
            (Base::Append { offset }, Some(file)) if file.generation.cursor.offset == offset => {
                let former_revision = Some(file.generation.derive_revision);
                let is_sharing = file.generation.is_sharing;
                let target = target(chunk, file.generation.id, file.session_id, file.project_id);
                (file.id, Target { former_revision, is_sharing, ..target })
            }
            _ => return Ok(ChunkOutcome::Moved),
        };
        files::touch(self.connection, file_id, &chunk.file, chunk.checked_at)?;
        self.note_sidecars(file_id, target.session_id, &chunk.file)?;
        let applied = self.write_chunk(&target, chunk)?;
        if chunk.file.kind == FileKind::Spill {
            let changed_at = chunk.file.stat.mtime + RACY;
            self.has_stale |= spills::mark_users(self.connection, file_id, News::Content { changed_at })?;
        }
        Ok(ChunkOutcome::Applied(applied))
    }

    /// Writes rows that were derived again from the bytes of a generation, which was cleared before.
    pub(crate) fn apply_derived(&mut self, derived: &Derived<'_>) -> Result<(), Failure> {
        let file = derived.file.to_source();
        let target = Target {
            file: &file,
            path: file.path.as_str().into(),
            config_dir: file.config_dir.as_str().into(),
            session: &derived.file.session,
            generation_id: derived.generation.id,
            session_id: derived.file.session_id,
            project_id: derived.file.project_id,
            is_counted: derived.generation.id == derived.file.generation.id,
            is_news: false,
            // All of its records are looked at, since it lost them before.
            is_sharing: false,
            former_revision: None,
        };
        let mut delta = GenerationDelta { lines: derived.lines, ..GenerationDelta::default() };
        self.write_rows(&target, &derived.rows, &mut delta)?;
        let generation = derived.generation;
        let revision = derived.derive_revision;
        files::advance(self.connection, generation.id, &generation.cursor, &derived.carry, revision, &delta)
    }

    /// Removes from the stored blocks of a generation what is repeated in them, by the offsets of the blocks. Blocks of versions
    /// without this feature are whole.
    pub(crate) fn reduce_blocks(&self, generation_id: i64, repeated: &[(i64, Vec<Span>)]) -> Result<(), Failure> {
        repeated.iter().try_for_each(|(offset, spans)| blocks::reduce(self.connection, generation_id, *offset, spans))
    }

    /// Notes that a file was looked at and is as it was read.
    pub(crate) fn touch_file(&mut self, known: &StoredFile, file: &SourceFile, checked_at: i64) -> Result<(), Failure> {
        files::touch(self.connection, known.id, file, checked_at)?;
        self.note_sidecars(known.id, known.session_id, file)?;
        self.note_place(known, known.is_missing)
    }

    /// Notes that a file has gone from the disk; all that was read of it stays.
    pub(crate) fn mark_missing(&mut self, known: &StoredFile) -> Result<(), Failure> {
        files::mark_missing(self.connection, known.id)?;
        self.note_place(known, !known.is_missing)
    }

    /// Notes what the small files beside a transcript say about it.
    pub(crate) fn note_sidecars(&mut self, file_id: i64, session_id: i64, file: &SourceFile) -> Result<(), Failure> {
        if let (FileKind::Agent, Some(agent)) = (file.kind, &file.agent) {
            self.agents.insert((session_id, agent.clone()));
        }
        if let Some(title) = &file.title {
            files::set_title(self.connection, file_id, title)?;
            self.touch_session(session_id).title = true;
        }
        Ok(())
    }

    /// Notes that spills, of which no row is derived, are by the rules of this revision.
    pub(crate) fn renew_spills(&mut self, revision: i64) -> Result<(), Failure> {
        files::renew_spills(self.connection, revision)
    }

    /// Another spill of the name may be meant once one has gone, or is back.
    fn note_place(&mut self, known: &StoredFile, has_changed: bool) -> Result<(), Failure> {
        if has_changed && known.kind == FileKind::Spill {
            self.has_stale |= spills::mark_users(self.connection, known.id, News::Place)?;
        }
        Ok(())
    }

    fn begin_file<'c>(&mut self, chunk: &'c Chunk) -> Result<(i64, Target<'c>), Failure> {
        let owners = self.owners(&chunk.file, &chunk.session)?;
        let file_id = files::put(self.connection, None, &chunk.file, owners)?;
        let generation_id = files::insert_generation(self.connection, file_id, 1)?;
        self.touch_session(owners.session_id).all = true;
        Ok((file_id, target(chunk, generation_id, owners.session_id, owners.project_id)))
    }

    fn restart<'c>(&mut self, chunk: &'c Chunk, file: &StoredFile) -> Result<(i64, Target<'c>), Failure> {
        self.supersede(file)?;
        let generation_id = files::insert_generation(self.connection, file.id, file.generation.number + 1)?;
        self.changes.add(file.session_id, Topic::SessionReindexed, None);
        Ok((file.id, target(chunk, generation_id, file.session_id, file.project_id)))
    }

    /// The rows that a file's row refers to, made where they are new.
    fn owners(&mut self, file: &SourceFile, session: &str) -> Result<Owners, Failure> {
        let project_id = projects::project(self.connection, &file.project)?;
        let session_id = match sessions::find(self.connection, session)? {
            Some(id) => id,
            None => {
                let id = sessions::insert(self.connection, session, project_id)?;
                self.new_sessions.insert(id);
                self.changes.add(id, Topic::SessionAdded, None);
                id
            }
        };
        Ok(Owners {
            config_dir_id: projects::config_dir(self.connection, &file.config_dir)?,
            project_id,
            session_id,
            agent_id: self.strings.intern_option(self.connection, file.agent.as_deref())?,
        })
    }

    /// Whether the vectors of messages have to be kept right.
    fn has_vectors(&mut self) -> Result<bool, Failure> {
        if let Some(has_vectors) = self.has_vectors {
            return Ok(has_vectors);
        }
        let has_vectors = vectors::any_model(self.connection)?;
        self.has_vectors = Some(has_vectors);
        Ok(has_vectors)
    }

    fn touch_session(&mut self, id: i64) -> &mut SessionTouch {
        self.sessions.entry(id).or_default()
    }
}

fn target(chunk: &Chunk, generation_id: i64, session_id: i64, project_id: i64) -> Target<'_> {
    Target {
        file: &chunk.file,
        path: chunk.file.path.as_str().into(),
        config_dir: chunk.file.config_dir.as_str().into(),
        session: &chunk.session,
        generation_id,
        session_id,
        project_id,
        is_counted: true,
        is_news: true,
        is_sharing: false,
        former_revision: None,
    }
}
