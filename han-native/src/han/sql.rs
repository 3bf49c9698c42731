//! Ad-hoc queries.

use super::Han;
use crate::config::SqlOptions;
#[cfg(doc)]
use crate::error::ErrorCode;
use crate::error::Result;
use crate::model::{SqlParameters, SqlResult};
use crate::query;

impl Han {
    /// Answers one SQL statement that only reads: a `SELECT`, a `WITH` or a `VALUES`, or an `EXPLAIN` of one.
    ///
    /// It runs on connections of its own, sees one snapshot, and changes nothing: no other statements, pragmas or files. It ends
    /// at its deadline, and the answer at the number of rows and bytes, which it says. Blocks; not held up by writes. A database
    /// in memory is copied for it.
    ///
    /// # Views
    /// These keep their names and columns (further columns may come); the tables below them do not. All of them leave out
    /// replays, older generations of files and the request log; calls, changes, hooks and todos that progress repeats of an agent are shown once.
    /// Times are ISO 8601 in UTC, those ending in `_ms` milliseconds.
    ///
    /// - `v_sessions`: id, project_id, project_path, repository_path, title, started_at, ended_at, started_at_ms, ended_at_ms,
    ///   model, git_branch, version, cwd, message_count, prompt_count, assistant_count, agent_count, copied_count (records of another session),
    ///   forked_from (that session), input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, is_empty, is_missing, cost (US dollars, as far as prices are known),
    ///   reported_cost (what the agent program itself says last; a fork's begins with that of its original)
    /// - `v_messages`: id, row_id, session_id, project_id, agent_id, record_session_id, uuid, parent_uuid, type, subtype, role,
    ///   model, time, time_ms, path, line_number, part, is_sidechain, is_meta, is_error, is_prompt, is_provisional, is_rewound,
    ///   input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens (of this very line, not to be summed), size_bytes,
    ///   preview, text (all of its searchable text), raw (the record as it was written)
    /// - `v_usage`, each API message once: api_message_id, message_id, session_id, project_id, agent_id, model, time, time_ms,
    ///   input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, cache_creation_5m_tokens,
    ///   cache_creation_1h_tokens, rate (`standard`, or what sets the price apart), web_searches, iterations (JSON: requests within
    ///   the message, whose tokens it leaves out), cost (of all of it; null if no price is known)
    /// - `v_tool_calls`: id, name, session_id, agent_id, message_id, message_row_id, time, time_ms, input (JSON), has_result,
    ///   result_row_id, result_time, duration_ms, is_error, spill (the file that a long output went to), output
    /// - `v_file_changes`: session_id, path, action, lines_added, lines_removed, tool, message_id, message_row_id, time, time_ms
    /// - `v_files`: path, config_dir, kind, session_id, project_id, agent_id, agent_type, agent_description, workflow,
    ///   size_bytes, is_missing, generation, indexed_bytes, line_count, message_count, replay_count, prompt_count,
    ///   problem_count, note_count, first_time, last_time
    /// - `v_projects`: id, path, repository_path, session_count, last_active_at
    /// - `v_todos`, the last list of each session: session_id, position, content, status, active_form, time
    /// - `v_tasks`: session_id, id, subject, description, active_form, status, owner, blocked_by (JSON), created_at, updated_at
    /// - `v_hooks`: session_id, event, name, command, duration_ms, exit_code, is_error, message_id, message_row_id, time, time_ms
    /// - `v_summaries`: session_id, kind, text, leaf_uuid, message_id, message_row_id, time, time_ms
    /// - `v_problems`: session_id, path, line_number, part, kind, is_note, detail, size_bytes
    /// - `v_days`, sums per local day, project, model and rate: day, project_id, model, messages, prompts, assistants, tool_calls,
    ///   tool_errors, lines_added, lines_removed, api_messages, input_tokens, output_tokens, cache_read_tokens,
    ///   cache_creation_tokens, rate, web_searches, iterations (how many), cost (null if no price is known)
    ///
    /// Besides the functions of SQLite there are `message_row(id)`, the `row_id` of a message id, with which SQLite seeks
    /// (`WHERE row_id = message_row('…')`; `WHERE id = '…'` looks at every message), and `message_text(row_id, field)`, where
    /// the fields are user, assistant, thinking, toolInput, toolOutput, title and other. A `row_id` holds within one statement
    /// only. If a search by words will do, [`search`](Han::search) is faster than `text LIKE`.
    ///
    /// ```
    /// use han_native::model::{SqlParameters, TestMessage, TestSession};
    /// use han_native::{Han, SqlOptions};
    /// use serde_json::json;
    ///
    /// let han = Han::open_in_memory()?;
    /// # let made = han.testing().session(&TestSession {
    /// #     messages: vec![TestMessage::user("why does the build fail?"), TestMessage::assistant("a library is missing")],
    /// #     ..TestSession::default()
    /// # })?;
    /// let sql = "SELECT session_id, count(*) FROM v_messages WHERE role = ?1 GROUP BY session_id";
    /// let parameters = SqlParameters::Positional(vec![json!("user")]);
    /// let result = han.sql(sql, &parameters, &SqlOptions::default())?;
    /// assert_eq!(result.rows, [[json!(made.session_id), json!(1)]]);
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::QuerySyntax`] with what SQLite says about the statement; [`ErrorCode::InvalidArgument`] for a
    /// statement that does not only read, for parameters that do not fit, for limits out of range, and when the
    /// deadline has passed; [`ErrorCode::Cancelled`].
    pub fn sql(&self, sql: &str, parameters: &SqlParameters, options: &SqlOptions) -> Result<SqlResult> {
        query::adhoc(&self.store, &self.prices, sql, parameters, options)
    }
}
