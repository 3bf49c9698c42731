//! What holds of the feed after every history: read from its beginning, message by message, it is the content of the database.

use han_native::SubscribeOptions;
use proptest::prop_assert_eq;
use proptest::test_runner::TestCaseError;

use super::feed_support::{from, messages, told};
use crate::support::home::Database;
use crate::support::laws::REQUEST_LOG;

/// Topics whose messages have rows in a table.
const MARKED: [(&str, &str); 6] = [
    ("tool:result:added", "tool_results"),
    ("session:todos:changed", "session_todos"),
    ("session:tasks:changed", "task_events"),
    ("session:files:changed", "session_file_changes"),
    ("session:hooks:changed", "hook_lines"),
    ("hook:result:added", "hook_lines"),
];

/// Each message that is neither a copy nor superseded is reported exactly once, each under the topics that it belongs to.
pub(crate) fn check(database: &Database) -> Result<(), TestCaseError> {
    let heard = |topic: &str| {
        let mut heard = messages(&told(&database.han, from("0", &[topic], true)));
        heard.sort();
        heard
    };
    prop_assert_eq!(heard("session:message:added"), stored(database, ""), "messages reported and stored");
    for (topic, table) in MARKED {
        let clause = format!("AND EXISTS (SELECT 1 FROM {table} x WHERE x.message_id = m.id)");
        prop_assert_eq!(heard(topic), stored(database, &clause), "messages reported and stored under {}", topic);
    }
    let sessions = told(&database.han, SubscribeOptions { since: Some("0".into()), ..SubscribeOptions::default() });
    prop_assert_eq!(told(&database.han, from("0", &["**"], false)), sessions, "every topic, requested in two ways");
    Ok(())
}

fn stored(database: &Database, clause: &str) -> Vec<String> {
    let connection = database.connection();
    let mut statement = connection
        .prepare(&format!(
            "SELECT f.path_hash, m.line, m.part FROM messages m JOIN files f ON f.generation_id = m.generation_id
             WHERE m.replay_of IS NULL AND NOT ({REQUEST_LOG}) {clause}"
        ))
        .unwrap();
    let id = |row: &rusqlite::Row<'_>| {
        let hash = row.get::<_, i64>(0)? as u64;
        Ok(format!("{hash:016x}:{}:{}", row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
    };
    let mut ids: Vec<String> = statement.query_map([], id).unwrap().map(Result::unwrap).collect();
    ids.sort();
    ids
}
