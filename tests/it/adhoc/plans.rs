//! The query plans of SQLite: it seeks wherever a session or a message is named.

use super::{rows, shop};

fn plan(han: &han_native::Han, sql: &str) -> Vec<String> {
    let steps = rows(han, &format!("EXPLAIN QUERY PLAN {sql}"));
    steps.into_iter().map(|row| row[3].as_str().unwrap().to_owned()).collect()
}

#[test]
fn naming_a_session_or_a_message_seeks() {
    let (_home, database) = shop();
    let session = "session_id = 's1'";
    let id = rows(&database.han, "SELECT id FROM v_messages LIMIT 1")[0][0].as_str().unwrap().to_owned();
    let by_id = format!("SELECT * FROM v_messages WHERE row_id = message_row('{id}')");
    let mut statements = vec![by_id, "SELECT * FROM v_sessions WHERE id = 's1'".to_owned()];
    for view in [
        "v_messages",
        "v_usage",
        "v_tool_calls",
        "v_file_changes",
        "v_files",
        "v_todos",
        "v_tasks",
        "v_hooks",
        "v_summaries",
        "v_problems",
    ] {
        statements.push(format!("SELECT * FROM {view} WHERE {session}"));
    }
    statements
        .push("SELECT m.text FROM v_sessions s JOIN v_messages m ON m.session_id = s.id WHERE s.id = 's1'".into());
    for sql in statements {
        assert!(!rows(&database.han, &sql).is_empty(), "{sql}");
        let steps = plan(&database.han, &sql);
        // A list in a column is expanded by a table function, which has no index.
        let scans: Vec<&String> =
            steps.iter().filter(|step| step.starts_with("SCAN") && !step.contains("VIRTUAL TABLE")).collect();
        assert!(scans.is_empty(), "{sql} scans:\n  {}", steps.join("\n  "));
    }
}

#[test]
fn the_first_rows_of_a_view_need_no_sorting() {
    let (_home, database) = shop();
    for view in ["v_messages", "v_tool_calls", "v_usage", "v_file_changes"] {
        let steps = plan(&database.han, &format!("SELECT * FROM {view} LIMIT 5"));
        let whole = steps.iter().find(|step| step.starts_with("MATERIALIZE") || step.starts_with("CO-ROUTINE"));
        assert_eq!(whole, None, "{view}: {steps:?}");
        let scans = steps.iter().filter(|step| step.starts_with("SCAN")).count();
        assert_eq!(scans, 1, "{view}: {steps:?}");
        let sorts = steps.iter().filter(|step| step.contains("TEMP B-TREE")).count();
        // A call looks for its first result.
        assert!(sorts == 0 || view == "v_tool_calls", "{view}: {steps:?}");
    }
}
