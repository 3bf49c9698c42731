//! Readers never wait for the writer: every query is answered while another process is inside a write transaction.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use han_native::model::{
    AgentSelection, MessageQuery, ProblemFilter, SearchQuery, SessionOrder, SessionQuery, ToolCallOptions,
};
use han_native::{Han, OpenOptions};
use serde_json::{Value, json};

use crate::support::home::{Database, Home};

/// Changes every session and reports it, then keeps the transaction open until its input ends.
const WRITER: &str = "
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute('BEGIN IMMEDIATE')
connection.execute(\"UPDATE sessions SET title = 'never', ended_at = 0, message_count = 77\")
connection.execute('DELETE FROM messages')
print('writing', flush=True)
sys.stdin.read()
connection.execute('ROLLBACK')
";

/// Another process inside a write transaction.
struct Writer(Child);

impl Writer {
    fn start(database: &Path) -> Writer {
        let python = std::env::var("PYTHON").unwrap_or("python3".into());
        let mut child = Command::new(python)
            .args(["-c", WRITER])
            .arg(database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "writing\n");
        Writer(child)
    }

    /// Ends the transaction without a change.
    fn finish(mut self) {
        drop(self.0.stdin.take());
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Nothing to kill if it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn answer<T: serde::Serialize>(answer: han_native::Result<T>) -> Value {
    serde_json::to_value(answer.unwrap()).unwrap()
}

/// Runs every query.
fn answers(han: &Han) -> Vec<Value> {
    let sessions = ["s1", "s2", "unknown"].map(str::to_owned);
    let listed = han.messages().list(&MessageQuery { session_id: "s1".into(), ..MessageQuery::default() }).unwrap();
    assert_eq!(listed.items.len(), 3);
    let messages: Vec<String> = listed.items.iter().map(|message| message.id.to_string()).collect();
    let files: Vec<String> = messages.iter().map(|id| id[..16].to_owned()).collect();
    let all = MessageQuery {
        session_id: "s1".into(),
        agents: Some(AgentSelection::All),
        tool: Some("Bash".into()),
        with_total: true,
        ..MessageQuery::default()
    };
    let orders = [SessionOrder::Recent, SessionOrder::Longest, SessionOrder::MostTokens, SessionOrder::Costliest];
    let mut answers: Vec<Value> = orders
        .into_iter()
        .map(|order| {
            let query = SessionQuery { order: Some(order), with_total: true, ..SessionQuery::default() };
            answer(han.sessions().list(&query))
        })
        .collect();
    answers.extend([
        answer(Ok(listed)),
        answer(han.messages().list(&all)),
        answer(han.sessions().get(&sessions)),
        answer(han.messages().get(&messages)),
        answer(han.messages().raw(&messages)),
        answer(han.messages().count_batch(&sessions)),
        answer(han.files().get(&files)),
        answer(han.files().by_session(&sessions)),
        answer(han.tool_calls().get(["toolu_s1"], ToolCallOptions { include_text: true })),
        answer(han.todos().get(&sessions)),
        answer(han.tasks().get(&sessions)),
        answer(han.file_changes().get(&sessions)),
        answer(han.hook_executions().get(&sessions)),
        answer(han.summaries().get(&sessions)),
        answer(han.usage().by_session(&sessions)),
        answer(han.search(&SearchQuery { query: "parser".into(), ..SearchQuery::default() })),
        answer(han.problems(&ProblemFilter::default())),
    ]);
    answers
}

fn write_sessions(home: &Home) {
    for session in ["s1", "s2"] {
        let call = json!({ "type": "tool_use", "id": format!("toolu_{session}"), "name": "Bash",
            "input": { "command": "ls" } });
        let records = [
            json!({ "type": "user", "timestamp": "2026-05-01T10:00:00Z", "todos": [{ "content": "a" }],
                "message": { "role": "user", "content": "mend the parser" } }),
            json!({ "type": "assistant", "timestamp": "2026-05-01T10:01:00Z", "message": { "role": "assistant",
                "id": format!("msg_{session}"), "content": [call], "usage": { "output_tokens": 7 } } }),
            json!({ "type": "system", "subtype": "away_summary", "content": "the parser was mended" }),
            json!(["no record"]),
        ];
        let text: String = records.iter().map(|record| format!("{record}\n")).collect();
        home.write(&format!("projects/-code-app/{session}.jsonl"), text.as_bytes());
    }
}

#[test]
fn every_question_is_answered_while_another_process_writes() {
    let home = Home::new();
    write_sessions(&home);
    // Whoever waited would be refused at once.
    let patience = OpenOptions {
        lock_timeout: Duration::from_millis(1),
        config_dirs: Some(vec![home.config_dir()]),
        ..OpenOptions::default()
    };
    let database = Database::with(patience);
    database.scan();
    let before = answers(&database.han);
    assert!(before.iter().all(|answer| *answer != json!([])), "every question has an answer: {before:?}");

    let writer = Writer::start(&database.path);
    let reader = Han::open(OpenOptions {
        db_path: Some(database.path.clone()),
        config_dirs: Some(Vec::new()),
        lock_timeout: Duration::from_millis(1),
        read_only: true,
        ..OpenOptions::default()
    });
    assert_eq!(answers(&reader.unwrap()), before, "another handle sees what was committed");
    assert_eq!(answers(&database.han), before);
    home.append("projects/-code-app/s1.jsonl", b"{\"type\":\"user\"}\n");
    let refused =
        database.han.index_session_file(home.file("projects/-code-app/s1.jsonl")).map(|result| result.messages_indexed);
    assert!(refused.is_err(), "the other process holds the database: {refused:?}");
    writer.finish();
    assert_eq!(database.index(&home.file("projects/-code-app/s1.jsonl")).messages_indexed, 1);
}

/// SQLite has to be built without memory management, as rusqlite bundles it.
#[test]
fn connections_do_not_take_the_pages_of_each_other() {
    let connection = han_native::rusqlite::Connection::open_in_memory().unwrap();
    let shares = "SELECT sqlite_compileoption_used('ENABLE_MEMORY_MANAGEMENT')";
    assert_eq!(connection.query_row(shares, [], |row| row.get(0)), Ok(0));
    let report = Han::open_in_memory().unwrap().doctor(Default::default()).unwrap();
    assert_eq!(report.warnings, []);
}
