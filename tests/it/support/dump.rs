//! The logical content of a database as lines of text: what has to be equal whatever its history.
//!
//! Left out are row ids, sequence numbers, the layout of blocks, and when something was indexed.

use std::collections::BTreeSet;
use std::fmt::Write;

use han_native::Han;
use han_native::model::{AgentSelection, MessageQuery, Page, SearchOrder, SearchQuery};
use proptest::test_runner::TestCaseError;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::home::Database;

/// How much of a database is dumped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What is read from the files that exist, as they are now.
    Present,
    /// Older generations and missing files, too.
    Everything,
}

/// Lines such as `message | place=projects/p/s.jsonl:1:0 | type=user | ...`, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dump {
    lines: Vec<String>,
}

/// Queries that the records of the tests match in different fields and ways.
const QUERIES: [&str; 9] =
    ["alpha", "beta gamma", "alp*", "\"gamma delta\"", "handle_event", "src/main.rs", "数据", "spilled", "delta"];

/// Views over what is dumped: `shown` generations and the `place` of every message.
const VIEWS: &str = "
    CREATE TEMP VIEW shown AS
        SELECT g.*, f.path, f.kind, f.session_id, f.project_id,
               CASE WHEN g.is_superseded THEN f.path || '~' || g.number ELSE f.path END AS name
        FROM generations g JOIN files f ON f.id = g.file_id
        WHERE :everything OR (NOT g.is_superseded AND NOT f.is_missing);
    CREATE TEMP VIEW placed AS
        SELECT m.id, m.generation_id, g.is_superseded, f.is_missing, f.session_id, f.path AS path,
               CASE WHEN g.is_superseded THEN f.path || '~' || g.number ELSE f.path END
                   || ':' || m.line || ':' || m.part AS place
        FROM messages m JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id;
    CREATE TEMP VIEW here AS SELECT * FROM placed WHERE generation_id IN (SELECT id FROM shown);
    CREATE TEMP VIEW living AS SELECT DISTINCT session_id FROM shown WHERE kind <> 'spill';
    CREATE TEMP VIEW name AS SELECT id, value FROM strings;
";

/// Each section, and the query whose columns are its fields.
const SECTIONS: [(&str, &str); 26] = [
    (
        "generation",
        "SELECT g.name, g.kind, s.session_id AS session, p.slug AS project, f.agent_type, f.agent_description, f.workflow,
         f.title, f.title_at, f.is_title_carried,
         (SELECT value FROM name WHERE id = f.agent_id) AS agent, f.size, g.offset, g.line, g.tail_offset, g.head_hash,
         g.tail_hash, g.lines, g.messages, g.logged, g.replays, g.prompts, g.assistants, g.talk, g.problems, g.notes, g.first_time,
         g.last_time, (SELECT value FROM name WHERE id = g.model_id) AS model, g.model_time,
         (SELECT value FROM name WHERE id = g.git_branch_id) AS git_branch, g.git_branch_time,
         (SELECT value FROM name WHERE id = g.version_id) AS version, g.version_time, g.cwd, g.derive_revision,
         CAST(g.carry AS TEXT) AS carry
         FROM shown g JOIN files f ON f.id = g.file_id JOIN sessions s ON s.id = g.session_id
         JOIN projects p ON p.id = g.project_id",
    ),
    (
        "message",
        "SELECT h.place, m.offset, m.length, (SELECT value FROM name WHERE id = m.type_id) AS type,
         (SELECT value FROM name WHERE id = m.subtype_id) AS subtype, m.flags, m.time, m.uuid,
         CASE typeof(m.parent_uuid) WHEN 'integer' THEN (SELECT p.uuid FROM messages p
             WHERE p.generation_id = m.generation_id AND p.line = m.line - m.parent_uuid AND p.part = 0)
         ELSE m.parent_uuid END AS parent_uuid,
         m.carried_uuid, (SELECT place FROM placed WHERE id = m.replay_of) AS replay_of,
         (SELECT value FROM name WHERE id = m.record_session_id) AS record_session,
         (SELECT value FROM name WHERE id = m.agent_id) AS agent,
         (SELECT value FROM name WHERE id = m.model_id) AS model, m.usage_id IS NOT NULL AS has_usage,
         (SELECT key FROM usage WHERE id = m.usage_id) AS usage, m.input_tokens, m.output_tokens, m.cache_read_tokens,
         m.cache_creation_tokens, m.cache_creation_5m_tokens, m.cache_creation_1h_tokens, m.billing, m.preview
         FROM messages m JOIN here h ON h.id = m.id",
    ),
    (
        "problem",
        "SELECT g.name, x.line, x.part, x.kind, x.is_note, x.offset, x.length, x.detail
         FROM problems x JOIN shown g ON g.id = x.generation_id",
    ),
    (
        "tool call",
        "SELECT h.place, x.ordinal, x.tool_use_id, (SELECT value FROM name WHERE id = x.name_id) AS tool
         FROM tool_calls x JOIN here h ON h.id = x.message_id",
    ),
    (
        "tool result",
        "SELECT h.place, x.ordinal, x.tool_use_key, x.is_error, x.spill FROM tool_results x JOIN here h ON h.id = x.message_id",
    ),
    (
        "file change",
        "SELECT h.place, x.ordinal, s.session_id AS session, x.path, x.action, x.lines_added, x.lines_removed,
         (SELECT value FROM name WHERE id = x.tool_id) AS tool
         FROM session_file_changes x JOIN here h ON h.id = x.message_id JOIN sessions s ON s.id = x.session_id",
    ),
    (
        "todos",
        "SELECT h.place, s.session_id AS session, x.todos
         FROM session_todos x JOIN here h ON h.id = x.message_id JOIN sessions s ON s.id = x.session_id",
    ),
    (
        "task event",
        "SELECT h.place, x.ordinal, s.session_id AS session, x.task_id, x.patch, x.tool_use_key, x.is_call
         FROM task_events x JOIN here h ON h.id = x.message_id JOIN sessions s ON s.id = x.session_id",
    ),
    (
        "task",
        "SELECT s.session_id AS session, x.task_id, x.subject, x.description, x.active_form, x.status, x.owner,
         x.blocked_by, x.created_at, x.updated_at FROM native_tasks x JOIN sessions s ON s.id = x.session_id
         WHERE s.id IN living",
    ),
    (
        "worktree",
        "SELECT h.place, x.path, x.original_path FROM worktrees x JOIN here h ON h.id = x.message_id",
    ),
    (
        "agent call",
        "SELECT h.place, x.ordinal, x.tool_use_key, x.agent_type, x.description
         FROM agent_calls x JOIN here h ON h.id = x.message_id",
    ),
    (
        "agent result",
        "SELECT h.place, s.session_id AS session, x.tool_use_key, x.agent, x.agent_type
         FROM agent_results x JOIN here h ON h.id = x.message_id JOIN sessions s ON s.id = x.session_id",
    ),
    (
        "rewind",
        "SELECT h.place, b.place AS by_place, x.by_line, x.is_continued
         FROM rewinds x JOIN here h ON h.id = x.prompt_id JOIN here b ON b.id = x.by_id",
    ),
    (
        "hook line",
        "SELECT h.place, x.ordinal, s.session_id AS session, x.event_key, x.kind, x.event, x.name, x.command, x.duration_ms,
         x.exit_code, x.is_error
         FROM hook_lines x JOIN here h ON h.id = x.message_id JOIN sessions s ON s.id = x.session_id",
    ),
    (
        "hook",
        "SELECT h.place, x.ordinal, s.session_id AS session, x.event, x.name, x.command, x.duration_ms, x.exit_code,
         x.is_error FROM hook_executions x JOIN here h ON h.id = x.message_id JOIN sessions s ON s.id = x.session_id",
    ),
    (
        "summary",
        "SELECT h.place, s.session_id AS session, x.kind, x.leaf_uuid, x.text
         FROM session_summaries x JOIN here h ON h.id = x.message_id JOIN sessions s ON s.id = x.session_id",
    ),
    (
        // A file that repeats the same title need not be noted each time.
        "title",
        "SELECT DISTINCT s.session_id AS session, x.rank, h.path, x.title
         FROM session_titles x JOIN here h ON h.id = x.message_id JOIN sessions s ON s.id = x.session_id
         WHERE s.id IN living AND NOT h.is_superseded",
    ),
    (
        "cost state",
        "SELECT h.place, s.session_id AS session, (SELECT value FROM name WHERE id = x.model_id) AS model, x.cost, x.web_searches,
         x.input_tokens, x.output_tokens, x.cache_read_tokens, x.cache_creation_tokens, x.cache_creation_5m_tokens,
         x.cache_creation_1h_tokens
         FROM cost_states x JOIN here h ON h.id = x.message_id JOIN sessions s ON s.id = x.session_id",
    ),
    (
        "reported cost",
        "SELECT s.session_id AS session, h.place, (SELECT value FROM name WHERE id = x.model_id) AS model, x.cost,
         x.web_searches, x.input_tokens, x.output_tokens, x.cache_read_tokens, x.cache_creation_tokens,
         x.cache_creation_5m_tokens, x.cache_creation_1h_tokens
         FROM reported_costs x JOIN placed h ON h.id = x.message_id JOIN sessions s ON s.id = x.session_id
         WHERE s.id IN living",
    ),
    (
        "session",
        "SELECT s.session_id AS session, p.slug AS project, s.title, s.started_at, s.ended_at,
         (SELECT value FROM name WHERE id = s.model_id) AS model,
         (SELECT value FROM name WHERE id = s.git_branch_id) AS git_branch,
         (SELECT value FROM name WHERE id = s.version_id) AS version, s.cwd, s.message_count, s.prompt_count,
         s.assistant_count, s.agent_count, s.is_talk, s.copied_count,
         (SELECT source.session_id FROM sessions source WHERE source.id = s.forked_from_id) AS forked_from
         FROM sessions s JOIN projects p ON p.id = s.project_id WHERE s.id IN living",
    ),
    (
        "project",
        "SELECT p.slug, p.path, p.path_rank, r.path AS repo FROM projects p LEFT JOIN repos r ON r.id = p.repo_id
         WHERE p.id IN (SELECT project_id FROM shown)",
    ),
    (
        "usage",
        "SELECT x.key, w.place AS winner, o.place AS origin, s.session_id AS session, p.slug AS project,
         (SELECT value FROM name WHERE id = x.model_id) AS model, x.time, x.input_tokens, x.output_tokens,
         x.cache_read_tokens, x.cache_creation_tokens, x.cache_creation_5m_tokens, x.cache_creation_1h_tokens, x.billing
         FROM usage x LEFT JOIN placed w ON w.id = x.winner_id LEFT JOIN placed o ON o.id = x.origin_id
         LEFT JOIN sessions s ON s.id = x.session_id LEFT JOIN projects p ON p.id = x.project_id
         WHERE :everything OR NOT EXISTS (
             SELECT 1 FROM messages m JOIN placed h ON h.id = m.id
             WHERE m.usage_id = x.id AND (h.is_superseded OR h.is_missing))",
    ),
    (
        "counts",
        "SELECT r.scope, CASE WHEN r.scope = 0 THEN s.session_id ELSE r.bucket END AS bucket, p.slug AS project,
         (SELECT value FROM name WHERE id = r.model_id) AS model, r.messages, r.prompts, r.assistants, r.tool_calls,
         r.tool_errors, r.lines_added, r.lines_removed
         FROM rollups r LEFT JOIN sessions s ON s.id = r.bucket LEFT JOIN projects p ON p.id = r.project_id
         WHERE r.messages <> 0",
    ),
    (
        "spent",
        "SELECT r.scope, CASE WHEN r.scope = 0 THEN s.session_id ELSE r.bucket END AS bucket, p.slug AS project,
         (SELECT value FROM name WHERE id = coalesce(q.model_id, r.model_id)) AS model, q.rate, r.api_messages, r.iterations,
         r.web_searches, r.input_tokens, r.output_tokens,
         r.cache_read_tokens, r.cache_creation_tokens, r.cache_creation_5m_tokens, r.cache_creation_1h_tokens
         FROM rollups r LEFT JOIN sessions s ON s.id = r.bucket LEFT JOIN projects p ON p.id = r.project_id
         LEFT JOIN rates q ON q.id = r.model_id
         WHERE (r.api_messages <> 0 OR r.iterations <> 0) AND (:everything OR NOT EXISTS (
             SELECT 1 FROM messages m JOIN placed h ON h.id = m.id
             WHERE m.usage_id IS NOT NULL AND (h.is_superseded OR h.is_missing)))",
    ),
    (
        "tokens of the search index",
        "SELECT h.place, v.col AS field, group_concat(v.term, ' ' ORDER BY v.offset) AS terms
         FROM temp.index_terms v JOIN here h ON h.id = v.doc GROUP BY h.place, v.col",
    ),
    (
        "stray tokens of the search index",
        "SELECT v.doc, v.term FROM temp.index_terms v WHERE v.doc NOT IN (SELECT id FROM messages)",
    ),
];

impl Dump {
    pub(crate) fn of(database: &Database, scope: Scope) -> Dump {
        let mut lines = Vec::new();
        let connection = database.connection();
        dump_tables(&connection, scope, &mut lines);
        dump_answers(&database.han, &sessions(&connection), scope, &mut lines);
        lines.sort();
        Dump { lines }
    }

    /// Without the sections of these names.
    pub(crate) fn without(mut self, sections: &[&str]) -> Dump {
        self.lines.retain(|line| !sections.iter().any(|section| line.starts_with(&format!("{section} |"))));
        self
    }

    /// Without these fields.
    pub(crate) fn without_fields(mut self, fields: &[&str]) -> Dump {
        for line in &mut self.lines {
            let is_kept = |part: &&str| !fields.iter().any(|field| part.starts_with(&format!("{field}=")));
            *line = line.split(" | ").filter(is_kept).collect::<Vec<_>>().join(" | ");
        }
        self.lines.sort();
        self
    }

    /// Without the usage of keys that the other dump lacks.
    pub(crate) fn with_usage_of(mut self, other: &Dump) -> Dump {
        let key =
            |line: &str| line.strip_prefix("usage | ").map(|rest| rest.split(" | ").next().unwrap_or("").to_owned());
        let keys: BTreeSet<String> = other.lines.iter().filter_map(|line| key(line)).collect();
        self.lines.retain(|line| key(line).is_none_or(|key| keys.contains(&key)));
        self
    }

    /// Fails, with the lines that differ, unless this is what was expected.
    pub(crate) fn expect(&self, expected: &Dump, what: &str) -> Result<(), TestCaseError> {
        if self == expected {
            return Ok(());
        }
        let (ours, theirs): (BTreeSet<_>, BTreeSet<_>) = (self.lines.iter().collect(), expected.lines.iter().collect());
        let mut text = format!("{what}: {} lines, expected {}\n", self.lines.len(), expected.lines.len());
        for line in ours.symmetric_difference(&theirs).take(60) {
            let mark = if ours.contains(line) { "is      " } else { "expected" };
            writeln!(text, "  {mark} {line}").unwrap();
        }
        Err(TestCaseError::fail(text))
    }
}

fn dump_tables(connection: &Connection, scope: Scope, lines: &mut Vec<String>) {
    let everything = if scope == Scope::Everything { "1" } else { "0" };
    connection.execute_batch(&VIEWS.replace(":everything", everything)).unwrap();
    connection
        .execute_batch("CREATE VIRTUAL TABLE temp.index_terms USING fts5vocab (main, messages_fts, instance)")
        .unwrap();
    for (section, sql) in SECTIONS {
        let mut statement = connection.prepare(&sql.replace(":everything", everything)).unwrap();
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let mut line = section.to_owned();
            for (index, name) in names.iter().enumerate() {
                let value = shown(row.get_ref(index).unwrap());
                write!(line, " | {name}={value}").unwrap();
            }
            lines.push(line);
        }
    }
}

fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "-".into(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).escape_debug().to_string(),
        ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

/// The sessions that have a transcript.
fn sessions(connection: &Connection) -> Vec<String> {
    let mut statement = connection
        .prepare("SELECT session_id FROM sessions WHERE id IN (SELECT session_id FROM living) ORDER BY 1")
        .unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// What the public interface returns.
fn dump_answers(han: &Han, sessions: &[String], scope: Scope, lines: &mut Vec<String>) {
    let everything = scope == Scope::Everything;
    for session in han.sessions().get(sessions).unwrap() {
        let mut session = serde_json::to_value(session.unwrap()).unwrap();
        let fields = session.as_object_mut().unwrap();
        let id = fields["id"].clone();
        let [tokens, cost, unpriced] = ["tokens", "cost", "unpriced"].map(|name| fields.remove(name).unwrap());
        for (name, value) in fields {
            lines.push(format!("answered session | {id} | {name}={value}"));
        }
        lines.push(format!("answered tokens | {id} | {tokens} | {cost} | {unpriced}"));
    }
    for session in sessions {
        for (agents, include_replays) in [(AgentSelection::None, false), (AgentSelection::All, true)] {
            let query = MessageQuery {
                session_id: session.clone(),
                first: Some(10_000),
                agents: Some(agents),
                include_replays,
                include_superseded: everything,
                ..MessageQuery::default()
            };
            for (index, message) in han.messages().list(&query).unwrap().items.iter().enumerate() {
                let mut message = serde_json::to_value(message).unwrap();
                let fields = message.as_object_mut().unwrap();
                let tool = (fields.remove("toolName"), fields.remove("toolUseId"));
                lines.push(format!("listed | {session} | {agents:?} | {index:06} | {message}"));
                lines.push(format!("listed tool | {session} | {agents:?} | {index:06} | {tool:?}"));
            }
        }
    }
    for session in sessions {
        let types = ["api-request", "api-request-blob", "api-request-shape", "attachment"];
        let query = MessageQuery {
            session_id: session.clone(),
            first: Some(10_000),
            agents: Some(AgentSelection::All),
            types: Some(types.map(str::to_owned).into()),
            include_superseded: everything,
            ..MessageQuery::default()
        };
        let ids: Vec<String> =
            han.messages().list(&query).unwrap().items.iter().map(|message| message.id.to_string()).collect();
        lines.push(format!("listed | {session} | by type | {ids:?}"));
    }
    for query in QUERIES {
        for include_replays in [false, true] {
            let query = SearchQuery {
                query: query.into(),
                first: Some(1_000),
                order: Some(SearchOrder::Newest),
                include_replays,
                include_superseded: everything,
                ..SearchQuery::default()
            };
            let Page { items, .. } = han.search(&query).unwrap();
            for (index, hit) in items.iter().enumerate() {
                lines.push(format!(
                    "hit | {} | replays={include_replays} | {index:06} | {} | {:?} | {:?} | {:?}",
                    query.query, hit.message.id, hit.field, hit.snippet, hit.session_title
                ));
            }
        }
    }
}
