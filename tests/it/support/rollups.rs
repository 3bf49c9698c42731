//! The sums, counted anew by a second implementation: from the rows of messages and usage, in SQL.

use proptest::test_runner::TestCaseError;
use rusqlite::Connection;

use super::home::Database;

/// The offset of the databases' time zone (see [`Database::over`]), in milliseconds.
const KOLKATA: i64 = 19_800_000;

/// The bucket of what has no time.
const UNTIMED: i64 = -4_294_967_296;

const TOKENS: &str =
    "input_tokens, output_tokens, cache_read_tokens, cache_creation_5m_tokens, cache_creation_1h_tokens";

/// Of both tables.
const SHARED: &str = "messages, prompts, talk, api_messages";

/// Of `rollups` only.
const OTHERS: &str = "assistants, tool_calls, tool_errors, lines_added, lines_removed, hooks, hook_errors, compactions,
    cache_creation_tokens";

fn named(prefix: &str, suffix: &str, columns: &str) -> String {
    columns.split(',').map(|name| format!("{prefix}{}{suffix}", name.trim())).collect::<Vec<_>>().join(", ")
}

fn shared_columns() -> String {
    format!("{SHARED}, {TOKENS}, {}, {}", named("", "_above_100k", TOKENS), named("", "_above_200k", TOKENS))
}

/// Fails unless the sums are what their rows sum up to.
pub(crate) fn check(database: &Database) -> Result<(), TestCaseError> {
    let all = format!("{}, {OTHERS}", shared_columns());
    let is_something = "HAVING sum(messages) OR sum(api_messages) ORDER BY 1, 2, 3, 4, 5";
    let sums = |columns: &str| named("sum(", ")", columns);
    compare(
        database,
        &format!("SELECT scope, bucket, project_id, model_id, 0, {all} FROM rollups ORDER BY 1, 2, 3, 4, 5"),
        &format!(
            "{} SELECT scope, bucket, project_id, model_id, 0, {} FROM placed GROUP BY 1, 2, 3, 4 {is_something}",
            placed(),
            sums(&all)
        ),
    )?;
    let shared = shared_columns();
    compare(
        database,
        &format!("SELECT scope, bucket, project_id, session_id, model_id, {shared} FROM session_rollups ORDER BY 1, 2, 3, 4, 5"),
        &format!(
            "{} SELECT scope, bucket, project_id, session_id, model_id, {} FROM placed WHERE scope > 0 GROUP BY 1, 2, 3, 4, 5
             {is_something}",
            placed(),
            sums(&shared)
        ),
    )?;
    compare(
        database,
        "SELECT scope, bucket, project_id, name_id, calls FROM tool_rollups ORDER BY 1, 2, 3, 4",
        &format!(
            "{} SELECT scope, bucket, project_id, t.name_id, count(*) FROM placed
             JOIN tool_calls t ON t.message_id = placed.message_id AND placed.tool_calls > 0
             WHERE scope > 0 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            placed()
        ),
    )
}

fn compare(database: &Database, kept_sql: &str, counted_sql: &str) -> Result<(), TestCaseError> {
    let connection = database.connection();
    let (kept, counted) = (rows(&connection, kept_sql), rows(&connection, counted_sql));
    if kept == counted {
        return Ok(());
    }
    let text = |rows: &[Vec<i64>], others: &[Vec<i64>]| -> String {
        rows.iter().filter(|row| !others.contains(row)).map(|row| format!("{row:?}\n")).collect()
    };
    let (only_kept, only_counted) = (text(&kept, &counted), text(&counted, &kept));
    Err(TestCaseError::fail(format!(
        "sums differ from their rows\n{kept_sql}\nkept:\n{only_kept}counted:\n{only_counted}"
    )))
}

/// Everything that counts, as often as it counts, each with the bucket of a scope.
fn placed() -> String {
    let zeros = |columns: &str| named("0 AS ", "", columns);
    let above = |limit: &str, suffix: &str| {
        let columns = TOKENS.split(',').map(str::trim);
        let columns = columns.map(|name| {
            format!("CASE WHEN input_tokens + cache_read_tokens + cache_creation_tokens > {limit} THEN {name} ELSE 0 END AS {name}{suffix}")
        });
        columns.collect::<Vec<_>>().join(", ")
    };
    format!(
        "WITH counted AS (
             SELECT m.*, f.session_id, f.project_id, m.carried_uuid IS NULL AND NOT m.flags & 512 AS is_done_here,
                 (m.flags >> 8) & 1 AS is_talk
             FROM messages m JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
             WHERE m.replay_of IS NULL AND NOT g.is_superseded
         ), one AS (
             SELECT id AS message_id, session_id, project_id, coalesce(model_id, 0) AS model_id, time, 1 AS messages,
                 (flags >> 4) & 1 AS prompts, is_talk AS talk, {}, {}, {}, {}, is_talk & (flags >> 7) AS assistants,
                 is_done_here * (SELECT count(*) FROM tool_calls t WHERE t.message_id = m.id) AS tool_calls,
                 is_done_here * (SELECT coalesce(sum(is_error), 0) FROM tool_results t WHERE t.message_id = m.id)
                     AS tool_errors,
                 is_done_here * (SELECT coalesce(sum(lines_added), 0) FROM session_file_changes c WHERE c.message_id = m.id)
                     AS lines_added,
                 is_done_here * (SELECT coalesce(sum(lines_removed), 0) FROM session_file_changes c WHERE c.message_id = m.id)
                     AS lines_removed,
                 (SELECT count(*) FROM hook_executions h WHERE h.message_id = m.id) AS hooks,
                 (SELECT coalesce(sum(is_error), 0) FROM hook_executions h WHERE h.message_id = m.id) AS hook_errors,
                 is_talk & (flags >> 11) AS compactions, 0 AS cache_creation_tokens
             FROM counted m
             UNION ALL
             SELECT NULL, session_id, project_id, model_id, time, 0, 0, 0, 1, {TOKENS}, {}, {}, 0, 0, 0, 0, 0, 0, 0, 0,
                 cache_creation_tokens
             FROM usage
         ), floored AS (
             SELECT *, coalesce(time / 900000, {UNTIMED}) AS quarter,
                 coalesce((time + {KOLKATA}) / 86400000, {UNTIMED}) AS day FROM one
         ), placed AS (
             SELECT 0 AS scope, session_id AS bucket, * FROM floored
             UNION ALL SELECT 1, quarter, * FROM floored
             UNION ALL SELECT 2, day, * FROM floored
         )",
        zeros("api_messages"),
        zeros(TOKENS),
        named("0 AS ", "_above_100k", TOKENS),
        named("0 AS ", "_above_200k", TOKENS),
        above("100000", "_above_100k"),
        above("200000", "_above_200k"),
    )
}

fn rows(connection: &Connection, sql: &str) -> Vec<Vec<i64>> {
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| (0..columns).map(|index| row.get(index)).collect()).unwrap();
    rows.map(Result::unwrap).collect()
}
