//! The sums, recomputed by a second implementation: from the rows of messages and usage, in SQL.

use proptest::test_runner::TestCaseError;
use rusqlite::Connection;

use super::home::Database;
use super::laws::REQUEST_LOG;

/// The offset of the databases' time zone (see [`Database::over`]), in milliseconds.
const KOLKATA: i64 = 19_800_000;

/// The bucket of rows without a time.
const UNTIMED: i64 = -4_294_967_296;

const TOKENS: &str =
    "input_tokens, output_tokens, cache_read_tokens, cache_creation_5m_tokens, cache_creation_1h_tokens";

const SHARED: &str = "messages, prompts, talk, api_messages";

const OTHERS: &str = "assistants, tool_calls, tool_errors, lines_added, lines_removed, hooks, hook_errors, compactions,
    cache_creation_tokens, web_searches, iterations";

fn named(prefix: &str, suffix: &str, columns: &str) -> String {
    columns.split(',').map(|name| format!("{prefix}{}{suffix}", name.trim())).collect::<Vec<_>>().join(", ")
}

fn shared_columns() -> String {
    format!("{SHARED}, {TOKENS}, {}, {}", named("", "_above_100k", TOKENS), named("", "_above_200k", TOKENS))
}

/// Fails unless the sums equal the totals of their rows.
pub(crate) fn check(database: &Database) -> Result<(), TestCaseError> {
    let all = format!("{}, {OTHERS}", shared_columns());
    let is_something = "HAVING sum(messages) OR sum(api_messages) OR sum(iterations) ORDER BY 1, 2, 3, 4, 5";
    let sums = |columns: &str| named("sum(", ")", columns);
    compare(
        database,
        &format!("SELECT scope, bucket, project_id, model_id, 0, {all} FROM rollups ORDER BY 1, 2, 3, 4, 5"),
        &format!(
            "{} SELECT scope, bucket, project_id, model_id, 0, {} FROM placed WHERE scope <> 1 GROUP BY 1, 2, 3, 4
             {is_something}",
            placed(),
            sums(&all)
        ),
    )?;
    let packed = Packed::of(&database.connection());
    differ(
        "session_sums.sums",
        packed.sums,
        rows(
            &database.connection(),
            &format!(
                "{} SELECT scope, bucket, project_id, session_id, model_id, {} FROM placed WHERE scope > 0
                 GROUP BY 1, 2, 3, 4, 5 {is_something}",
                placed(),
                sums(&all)
            ),
        ),
    )?;
    differ(
        "session_sums.calls",
        packed.calls,
        rows(
            &database.connection(),
            &format!(
                "{} SELECT scope, bucket, project_id, session_id, t.name_id, count(*) FROM placed
                 JOIN tool_calls t ON t.message_id = placed.message_id AND placed.tool_calls > 0
                 WHERE scope > 0 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
                placed()
            ),
        ),
    )
}

/// The rows of `session_sums`, unpacked by a second reader.
#[derive(Default)]
struct Packed {
    sums: Vec<Vec<i64>>,
    calls: Vec<Vec<i64>>,
}

impl Packed {
    fn of(connection: &Connection) -> Packed {
        let mut packed = Packed::default();
        let mut statement =
            connection.prepare("SELECT scope, span, session_id, sums, calls FROM session_sums").unwrap();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let [scope, span, session]: [i64; 3] = [0, 1, 2].map(|column| row.get(column).unwrap());
            let [sums, calls]: [Vec<u8>; 2] = [3, 4].map(|column| row.get(column).unwrap());
            let first = span * if scope == 1 { 96 } else { 32 };
            let mut numbers = numbers(&sums).into_iter();
            while let Some(offset) = numbers.next() {
                let mut next = || numbers.next().unwrap();
                let (project, model, named) = (next(), next(), next());
                let values = (0..COLUMNS).map(|column| if named >> column & 1 == 1 { next() } else { 0 });
                packed.sums.push([scope, first + offset, project, session, model].into_iter().chain(values).collect());
            }
            for call in self::numbers(&calls).chunks(4) {
                packed.calls.push(vec![scope, first + call[0], call[1], session, call[2], call[3]]);
            }
        }
        packed.sums.sort();
        packed.calls.sort();
        packed
    }
}

/// The columns of sums.
const COLUMNS: usize = 30;

/// Numbers of seven bits per byte, the low bits first.
fn numbers(bytes: &[u8]) -> Vec<i64> {
    let one = |bytes: &[u8]| bytes.iter().rev().fold(0, |number, byte| number << 7 | i64::from(byte & 0x7F));
    bytes.split_inclusive(|byte| *byte < 0x80).map(one).collect()
}

fn compare(database: &Database, kept_sql: &str, counted_sql: &str) -> Result<(), TestCaseError> {
    let connection = database.connection();
    differ(kept_sql, rows(&connection, kept_sql), rows(&connection, counted_sql))
}

fn differ(what: &str, kept: Vec<Vec<i64>>, counted: Vec<Vec<i64>>) -> Result<(), TestCaseError> {
    if kept == counted {
        return Ok(());
    }
    let text = |rows: &[Vec<i64>], others: &[Vec<i64>]| -> String {
        rows.iter().filter(|row| !others.contains(row)).map(|row| format!("{row:?}\n")).collect()
    };
    let (only_kept, only_counted) = (text(&kept, &counted), text(&counted, &kept));
    Err(TestCaseError::fail(format!("sums differ from their rows\n{what}\nkept:\n{only_kept}counted:\n{only_counted}")))
}

/// Everything that counts, as often as it counts, each with the bucket of a scope.
fn placed() -> String {
    let zeros = |columns: &str| named("0 AS ", "", columns);
    // If the requests of an answer are listed separately, so are the long ones among them.
    let above = |limit: &str, at: usize, suffix: &str| {
        let kinds = ["input", "output", "cacheRead", "cacheWrite5m", "cacheWrite1h"];
        let columns = TOKENS.split(',').map(str::trim).zip(kinds);
        let columns = columns.map(|(name, kind)| {
            format!("coalesce(above -> {at} ->> '{kind}', CASE WHEN input_tokens + cache_read_tokens + cache_creation_tokens > {limit}
                THEN {name} ELSE 0 END) AS {name}{suffix}")
        });
        columns.collect::<Vec<_>>().join(", ")
    };
    format!(
        "WITH spent AS (
             SELECT session_id, project_id, model_id, time, {TOKENS}, cache_creation_tokens, billing ->> 'rate' AS rate,
                 billing -> 'above' AS above, coalesce(billing ->> 'webSearches', 0) AS web_searches, 0 AS iterations
             FROM usage WHERE winner_id IS NOT NULL
             UNION ALL
             SELECT session_id, project_id,
                 coalesce((SELECT id FROM strings WHERE value = part.value ->> 'model'), model_id), time,
                 part.value -> 'tokens' ->> 'inputTokens', part.value -> 'tokens' ->> 'outputTokens',
                 part.value -> 'tokens' ->> 'cacheReadTokens', part.value -> 'tokens' ->> 'cacheCreation5mTokens',
                 part.value -> 'tokens' ->> 'cacheCreation1hTokens', part.value -> 'tokens' ->> 'cacheCreationTokens',
                 part.value ->> 'rate', NULL, 0, 1
             FROM usage CROSS JOIN json_each(usage.billing, '$.iterations') AS part
             WHERE winner_id IS NOT NULL AND billing IS NOT NULL
         ), counted AS (
             SELECT m.*, f.session_id, f.project_id, m.carried_uuid IS NULL AND NOT m.flags & 512 AS is_done_here,
                 (m.flags >> 8) & 1 AS is_talk
             FROM messages m JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
             WHERE m.replay_of IS NULL AND NOT g.is_superseded AND NOT ({REQUEST_LOG})
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
                 is_talk & (flags >> 11) AS compactions, 0 AS cache_creation_tokens, 0 AS web_searches, 0 AS iterations
             FROM counted m
             UNION ALL
             SELECT NULL, session_id, project_id,
                 coalesce((SELECT id FROM rates r WHERE r.model_id = spent.model_id AND r.rate = spent.rate), model_id), time,
                 0, 0, 0, 1 - iterations, {TOKENS}, {}, {}, 0, 0, 0, 0, 0, 0, 0, 0, cache_creation_tokens, web_searches, iterations
             FROM spent
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
        above("100000", 0, "_above_100k"),
        above("200000", 1, "_above_200k"),
    )
}

fn rows(connection: &Connection, sql: &str) -> Vec<Vec<i64>> {
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| (0..columns).map(|index| row.get(index)).collect()).unwrap();
    rows.map(Result::unwrap).collect()
}
