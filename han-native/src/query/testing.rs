//! Databases in memory for the tests of this module, filled row by row.

use std::cell::RefCell;

use rusqlite::trace::{TraceEvent, TraceEventCodes};
use rusqlite::{Connection, params};

use crate::cost::PriceTable;
use crate::derive::tokens::for_each_token;
use crate::row::{Uuid, flag};
use crate::store::rollups::{Sums, scope};
use crate::store::session_sums::{Change, Key};

thread_local! {
    /// An index without a message, to try expressions on.
    pub(super) static EMPTY_INDEX: Connection = empty_index();

    /// The statements of this thread, while [`traced`] runs.
    static TRACED: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// The prices that come with the crate.
pub(super) static PRICES: std::sync::LazyLock<PriceTable> =
    std::sync::LazyLock::new(|| PriceTable::load(None).unwrap());

/// A database without a row.
pub(super) fn empty_index() -> Connection {
    let mut connection = crate::store::empty_database();
    // Tracing can only be set while nothing else borrows the connection.
    connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(remember)).unwrap();
    connection
}

fn remember(event: TraceEvent<'_>) {
    TRACED.with_borrow_mut(|traced| {
        if let (Some(traced), TraceEvent::Stmt(statement, _)) = (traced, event) {
            traced.push(statement.expanded_sql().unwrap());
        }
    });
}

/// The statements that `ask` runs, with their values.
pub(super) fn traced(ask: impl FnOnce()) -> Vec<String> {
    TRACED.set(Some(Vec::new()));
    ask();
    TRACED.take().unwrap_or_default()
}

/// A database that tests fill.
pub(super) struct Fixture {
    pub connection: Connection,
}

/// A message to insert.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub number: i64,
    pub time: Option<i64>,
    pub text: &'a str,
    pub replay_of: Option<i64>,
    pub uuid: Option<[u8; 16]>,
    pub carried_uuid: Option<[u8; 16]>,
}

impl Line<'_> {
    pub(super) const fn new(number: i64, time: Option<i64>, text: &str) -> Line<'_> {
        Line { number, time, text, replay_of: None, uuid: None, carried_uuid: None }
    }
}

impl Fixture {
    pub(super) fn new() -> Fixture {
        Fixture { connection: empty_index() }
    }

    pub(super) fn run(&self, sql: &str, parameters: impl rusqlite::Params) -> i64 {
        self.connection.execute(sql, parameters).unwrap();
        self.connection.last_insert_rowid()
    }

    fn id(&self, sql: &str, parameters: impl rusqlite::Params) -> i64 {
        self.connection.query_row(sql, parameters, |row| row.get(0)).unwrap()
    }

    pub(super) fn string(&self, value: &str) -> i64 {
        self.run("INSERT OR IGNORE INTO strings (value) VALUES (?1)", [value]);
        self.id("SELECT id FROM strings WHERE value = ?1", [value])
    }

    /// A session, in the project `p`.
    pub(super) fn session(&self, session_id: &str, ended_at: Option<i64>, is_talk: bool) -> i64 {
        self.session_in("p", session_id, ended_at, is_talk)
    }

    pub(super) fn session_in(&self, project: &str, session_id: &str, ended_at: Option<i64>, is_talk: bool) -> i64 {
        self.run("INSERT OR IGNORE INTO projects (slug) VALUES (?1)", [project]);
        let project_id = self.id("SELECT id FROM projects WHERE slug = ?1", [project]);
        self.run(
            "INSERT INTO sessions (session_id, project_id, ended_at, is_talk) VALUES (?1, ?2, ?3, ?4)",
            params![session_id, project_id, ended_at, is_talk],
        )
    }

    /// Counts an API message of this many output tokens, on one day.
    pub(super) fn spend(&self, session: i64, model: i64, output_tokens: i64) {
        let sums = Sums { api_messages: 1, output_tokens, ..Sums::default() };
        let mut change = Change::default();
        change.add(scope::DAY, session, Key { bucket: 20_000, project_id: 1, name_id: model }, &sums);
        change.write(&self.connection).unwrap();
    }

    /// The row id of a session.
    pub(super) fn id_of_session(&self, session_id: &str) -> i64 {
        self.id("SELECT id FROM sessions WHERE session_id = ?1", [session_id])
    }

    /// A file below the config dir `/c`, with its first generation; returns that generation.
    pub(super) fn file(&self, session: i64, path: &str, kind: &str, agent: Option<&str>) -> i64 {
        self.file_in("/c", session, path, kind, agent)
    }

    pub(super) fn file_in(&self, dir: &str, session: i64, path: &str, kind: &str, agent: Option<&str>) -> i64 {
        self.run("INSERT OR IGNORE INTO config_dirs (path) VALUES (?1)", [dir]);
        let dir_id = self.id("SELECT id FROM config_dirs WHERE path = ?1", [dir]);
        let project_id = self.id("SELECT project_id FROM sessions WHERE id = ?1", [session]);
        let agent_id = agent.map(|agent| self.string(agent));
        let file_id = self.run(
            "INSERT INTO files (config_dir_id, path, path_hash, kind, project_id, session_id, agent_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![dir_id, path, path_hash(path) as i64, kind, project_id, session, agent_id],
        );
        self.generation(file_id, 1)
    }

    /// A new generation of a file, which supersedes the others.
    pub(super) fn generation(&self, file_id: i64, number: i64) -> i64 {
        self.run("UPDATE generations SET is_superseded = 1 WHERE file_id = ?1", [file_id]);
        let id = self.run("INSERT INTO generations (file_id, number) VALUES (?1, ?2)", [file_id, number]);
        self.run("UPDATE files SET generation_id = ?1 WHERE id = ?2", [id, file_id]);
        id
    }

    pub(super) fn file_of(&self, generation: i64) -> i64 {
        self.id("SELECT file_id FROM generations WHERE id = ?1", [generation])
    }

    /// Stores a line's bytes as a block of its own, its row, and its text in the index; returns the row's id.
    pub(super) fn line(&self, generation: i64, line: Line<'_>) -> i64 {
        let record = record(line.text);
        let offset = self.append(generation, format!("{record}\n").as_bytes());
        let flags = flag::ROLE_USER | flag::TALK | if line.time.is_some() { flag::OWN_TIME } else { 0 };
        let id = self.run(
            "INSERT INTO messages (generation_id, line, part, offset, length, type_id, flags, time, uuid, carried_uuid,
             replay_of, preview) VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                generation,
                line.number,
                offset,
                record.len() as i64,
                self.string("user"),
                flags,
                line.time,
                line.uuid,
                line.carried_uuid,
                line.replay_of,
                line.text
            ],
        );
        if let Some(uuid) = line.uuid {
            self.run("INSERT INTO message_uuids VALUES (?1, ?2)", [Uuid::Bytes(uuid).key(), id]);
        }
        let mut document = String::new();
        for_each_token(line.text, &mut |token| {
            document.push(' ');
            document.push_str(&token.folded);
        });
        self.run("INSERT INTO messages_fts (rowid, user) VALUES (?1, ?2)", params![id, document]);
        self.run(
            "UPDATE generations SET messages = messages + 1, lines = lines + 1, replays = replays + ?2 WHERE id = ?1",
            params![generation, line.replay_of.is_some()],
        );
        id
    }

    /// Stores bytes after those of a generation; returns where they start.
    pub(super) fn append(&self, generation: i64, bytes: &[u8]) -> i64 {
        let offset = self.id("SELECT offset FROM generations WHERE id = ?1", [generation]);
        self.run(
            "INSERT INTO raw_blocks (generation_id, offset, length, is_sealed, data) VALUES (?1, ?2, ?3, 0, ?4)",
            params![generation, offset, bytes.len() as i64, zstd::bulk::compress(bytes, 1).unwrap()],
        );
        self.run("UPDATE generations SET offset = offset + ?2 WHERE id = ?1", [generation, bytes.len() as i64]);
        offset
    }

    /// The steps of a statement's plan.
    pub(super) fn plan(&self, sql: &str) -> Vec<String> {
        let mut statement = self.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        // Unbound parameters are null, which no plan depends on.
        let mut rows = statement.raw_query();
        let mut steps = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            steps.push(row.get(3).unwrap());
        }
        steps
    }
}

/// The stored record of a prompt.
pub(super) fn record(text: &str) -> String {
    serde_json::json!({ "type": "user", "message": { "role": "user", "content": text } }).to_string()
}

pub(super) fn path_hash(path: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(path.as_bytes())
}

/// The id of a line of a file, part 0.
pub(super) fn id(path: &str, line: i64) -> String {
    format!("{:016x}:{line}:0", path_hash(path))
}
