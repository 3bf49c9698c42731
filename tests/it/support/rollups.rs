//! The sums, counted anew by a second implementation: from the rows of messages and usage, in SQL.

use proptest::test_runner::TestCaseError;
use rusqlite::Connection;

use super::home::Database;

/// The offset of the databases' time zone (see [`Database::over`]), in milliseconds.
const KOLKATA: i64 = 19_800_000;

const COLUMNS: &str = "scope, bucket, project_id, model_id, messages, prompts, assistants, tool_calls, tool_errors,
    lines_added, lines_removed, api_messages, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens,
    cache_creation_5m_tokens, cache_creation_1h_tokens";

/// Fails unless the table `rollups` is what its rows sum up to.
pub(crate) fn check(database: &Database) -> Result<(), TestCaseError> {
    let connection = database.connection();
    let kept = rows(&connection, &format!("SELECT {COLUMNS} FROM rollups ORDER BY 1, 2, 3, 4"));
    let counted = rows(&connection, &recount());
    let text = |rows: &[Vec<i64>]| rows.iter().map(|row| format!("{row:?}\n")).collect::<String>();
    if kept == counted {
        return Ok(());
    }
    Err(TestCaseError::fail(format!(
        "sums differ from their rows ({COLUMNS})\nkept:\n{}counted:\n{}",
        text(&kept),
        text(&counted)
    )))
}

fn recount() -> String {
    format!(
        "WITH one AS (
             SELECT f.session_id, f.project_id, coalesce(m.model_id, 0) AS model_id, m.time, 1 AS messages,
                 (m.flags >> 4) & 1 AS prompts, (m.flags >> 8) & (m.flags >> 7) & 1 AS assistants,
                 (SELECT count(*) FROM tool_calls t WHERE t.message_id = m.id) AS tool_calls,
                 (SELECT coalesce(sum(is_error), 0) FROM tool_results t WHERE t.message_id = m.id) AS tool_errors,
                 (SELECT coalesce(sum(lines_added), 0) FROM session_file_changes c WHERE c.message_id = m.id) AS added,
                 (SELECT coalesce(sum(lines_removed), 0) FROM session_file_changes c WHERE c.message_id = m.id) AS removed,
                 0 AS api_messages, 0 AS i, 0 AS o, 0 AS cr, 0 AS cc, 0 AS c5, 0 AS c1
             FROM messages m JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
             WHERE m.replay_of IS NULL AND NOT g.is_superseded
             UNION ALL
             SELECT session_id, project_id, model_id, time, 0, 0, 0, 0, 0, 0, 0, 1, input_tokens, output_tokens,
                 cache_read_tokens, cache_creation_tokens, cache_creation_5m_tokens, cache_creation_1h_tokens
             FROM usage
         ), floored AS (
             SELECT *, (time - ((time % 900000) + 900000) % 900000) / 900000 AS quarter,
                 (time + {KOLKATA} - (((time + {KOLKATA}) % 86400000) + 86400000) % 86400000) / 86400000 AS day FROM one
         ), placed AS (
             SELECT 0 AS scope, session_id AS bucket, * FROM floored
             UNION ALL SELECT 1, quarter, * FROM floored WHERE time IS NOT NULL
             UNION ALL SELECT 2, day, * FROM floored WHERE time IS NOT NULL
         )
         SELECT scope, bucket, project_id, model_id, sum(messages), sum(prompts), sum(assistants), sum(tool_calls),
             sum(tool_errors), sum(added), sum(removed), sum(api_messages), sum(i), sum(o), sum(cr), sum(cc), sum(c5),
             sum(c1)
         FROM placed GROUP BY 1, 2, 3, 4
         HAVING sum(messages) OR sum(prompts) OR sum(tool_errors) OR sum(api_messages) ORDER BY 1, 2, 3, 4"
    )
}

fn rows(connection: &Connection, sql: &str) -> Vec<Vec<i64>> {
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| (0..columns).map(|index| row.get(index)).collect()).unwrap();
    rows.map(Result::unwrap).collect()
}
