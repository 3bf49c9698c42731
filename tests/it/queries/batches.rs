//! Batches over transcripts: what they return for calls, copies and agents, and what they refuse.

use han_native::Error;
use han_native::model::{Timestamp, ToolCall, ToolCallOptions};
use han_native::operations::{Call, Handle, OPERATIONS, Operation, camel_case};
use serde_json::{Value, json};

use crate::support::home::{Database, Home};
use crate::support::lines::{self, jsonl, with};

const MAIN: &str = "projects/-code-app/talk.jsonl";

fn user(uuid: &str, minute: u32, content: Value, result: Value) -> Value {
    with(at(lines::user(content), uuid, minute), &[("/toolUseResult", result)])
}

fn calls(uuid: &str, minute: u32, blocks: Value) -> Value {
    let record = lines::assistant(blocks.as_array().unwrap());
    with(at(record, uuid, minute), &[("/message/id", format!("msg_{uuid}").into())])
}

fn at(record: Value, uuid: &str, minute: u32) -> Value {
    let time = format!("2026-05-01T10:{minute:02}:00Z");
    with(record, &[("/uuid", uuid.into()), ("/sessionId", "talk".into()), ("/timestamp", time.into())])
}

fn result(id: &str, content: Value) -> Value {
    json!([lines::tool_result(id, content)])
}

fn with_text(database: &Database, ids: &[&str]) -> Vec<Option<ToolCall>> {
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    database.han.tool_calls().get(&ids, ToolCallOptions { include_text: true }).unwrap()
}

#[test]
fn inputs_and_outputs_are_those_of_the_records() {
    let home = Home::new();
    let two = json!([
        { "type": "tool_use", "id": "toolu_a", "name": "Bash", "input": { "command": "ls \"a b\"" } },
        { "type": "tool_use", "id": "toolu_b", "name": "Read", "input": {} },
    ]);
    let blocks = json!([{ "type": "text", "text": "one\n" }, { "type": "image", "source": { "type": "base64",
        "data": "AAAA" } }, { "type": "text", "text": "two" }]);
    home.write(
        MAIN,
        jsonl(&[
            calls("u1", 0, two),
            user("u2", 1, result("toolu_b", blocks), json!({})),
            user("u3", 2, result("toolu_a", json!("größer \u{1F600}")), json!({})),
            calls(
                "u4",
                3,
                json!([{ "type": "tool_use", "id": "toolu_c", "name": "Bash", "input": { "command": "x" } }]),
            ),
        ]),
    );
    let database = home.database();
    database.scan();
    let found = with_text(&database, &["toolu_c", "toolu_b", "toolu_d", "toolu_a"]);
    let texts: Vec<_> = found
        .iter()
        .map(|call| {
            call.as_ref().map(|call| (call.input.as_deref(), call.result.as_ref().and_then(|r| r.output.as_deref())))
        })
        .collect();
    assert_eq!(
        texts,
        [
            Some((Some(r#"{"command":"x"}"#), None)),
            Some((Some("{}"), Some("one\n\n[image]\ntwo"))),
            None,
            Some((Some(r#"{"command":"ls \"a b\""}"#), Some("größer \u{1F600}"))),
        ]
    );
    let answered = found[3].as_ref().unwrap().result.as_ref().unwrap();
    assert_eq!(answered.timestamp, Some("2026-05-01T10:02:00Z".parse::<Timestamp>().unwrap()));
    let plain = database.han.tool_calls().get(["toolu_a"], ToolCallOptions::default()).unwrap();
    let plain = plain[0].clone().unwrap();
    assert_eq!((plain.input, plain.result.unwrap().output), (None, None));
}

#[test]
fn a_fork_does_not_do_again_what_was_done() {
    let home = Home::new();
    let edit = json!({ "filePath": "/code/app/a.rs", "oldString": "x", "newString": "y", "originalFile": "x",
        "structuredPatch": [{ "lines": ["-x", "+y"] }] });
    let todos = json!({ "oldTodos": [], "newTodos": [{ "content": "a", "status": "pending", "activeForm": "A" }] });
    let history = [
        user("u1", 0, json!("go"), json!(null)),
        user("u2", 1, result("toolu_a", json!("edited")), edit),
        user("u3", 2, result("toolu_b", json!("todos")), todos),
    ];
    home.write(MAIN, jsonl(&history));
    let own = [user("u4", 3, result("toolu_c", json!("todos")), json!({ "oldTodos": [], "newTodos": [] }))];
    home.write("projects/-code-app/fork.jsonl", [jsonl(&history), jsonl(&own)].concat());
    let database = home.database();
    database.scan();
    let ids = ["fork", "talk"].map(str::to_owned);
    let changes = database.han.file_changes().get(&ids).unwrap();
    let counts: Vec<usize> = changes.iter().map(|changes| changes.as_ref().unwrap().len()).collect();
    assert_eq!(counts, [0, 1]);
    let todos = database.han.todos().get(&ids).unwrap();
    let items: Vec<usize> = todos.iter().map(|list| list.as_ref().unwrap().items.len()).collect();
    assert_eq!(items, [0, 1]);
}

#[test]
fn a_call_that_progress_repeats_is_that_of_the_agent() {
    let home = Home::new();
    let record = |agent: bool| {
        let mut record = calls("a1", 1, json!([{ "type": "tool_use", "id": "toolu_a", "name": "Bash", "input": {} }]));
        if agent {
            record["isSidechain"] = true.into();
            record["agentId"] = "a7".into();
        }
        record
    };
    let progress = json!({ "type": "progress", "uuid": "p1", "sessionId": "talk", "timestamp": "2026-05-01T10:01:00Z",
        "data": { "type": "agent_progress", "agentId": "a7", "message": record(false) } });
    home.write(MAIN, jsonl(&[user("u1", 0, json!("go"), json!(null)), progress]));
    let database = home.database();
    database.scan();
    assert!(with_text(&database, &["toolu_a"])[0].as_ref().unwrap().message_id.to_string().ends_with(":2:0"));
    home.write("projects/-code-app/talk/subagents/agent-a7.jsonl", jsonl(&[record(true)]));
    database.scan();
    let call = with_text(&database, &["toolu_a"])[0].clone().unwrap();
    assert_eq!((call.agent_id.as_deref(), call.session_id.as_str()), (Some("a7"), "talk"));
    assert!(call.message_id.to_string().ends_with(":1:0"), "{call:?}");
}

#[test]
fn ten_thousand_ids_are_answered_and_more_are_refused() {
    let home = Home::new();
    home.write(MAIN, jsonl(&[user("u1", 0, json!("go"), json!(null))]));
    let database = home.database();
    database.scan();
    let han = &database.han;
    let mut ids = vec!["talk".to_owned(); 10_000];
    assert!(han.todos().get(&ids).unwrap().iter().all(Option::is_none));
    assert!(han.usage().by_session(&ids).unwrap().iter().all(Option::is_some));
    assert!(han.tasks().get(&ids).unwrap().iter().all(|tasks| tasks.as_ref().is_some_and(Vec::is_empty)));
    ids.push("talk".to_owned());
    let answers: [(&str, Result<(), Error>); 9] = [
        ("files.get", han.files().get(&ids).map(drop)),
        ("files.by_session", han.files().by_session(&ids).map(drop)),
        ("tool_calls.get", han.tool_calls().get(&ids, ToolCallOptions::default()).map(drop)),
        ("todos.get", han.todos().get(&ids).map(drop)),
        ("tasks.get", han.tasks().get(&ids).map(drop)),
        ("file_changes.get", han.file_changes().get(&ids).map(drop)),
        ("hook_executions.get", han.hook_executions().get(&ids).map(drop)),
        ("summaries.get", han.summaries().get(&ids).map(drop)),
        ("usage.by_session", han.usage().by_session(&ids).map(drop)),
    ];
    for (name, answer) in answers {
        assert!(matches!(&answer, Err(Error::InvalidArgument { name, .. }) if name == "ids"), "{name}: {answer:?}");
    }
}

#[test]
fn every_operation_by_ids_refuses_more_than_ten_thousand() {
    let home = Home::new();
    let handle = Handle::open(home.options()).unwrap();
    let by_ids = |operation: &&Operation| operation.leading.first().is_some_and(|name| name.ends_with("ids"));
    let operations: Vec<&Operation> = OPERATIONS.iter().filter(by_ids).collect();
    assert!(operations.len() > 10);
    for operation in operations {
        let call = |count: usize| {
            let parameters = json!({ camel_case(operation.leading[0]): vec!["x"; count] }).to_string();
            handle.call(operation.name, Some(&parameters), &mut Call::default())
        };
        assert!(call(10_000).is_ok(), "{operation:?}");
        let refused = call(10_001);
        assert!(
            matches!(&refused, Err(Error::InvalidArgument { name, .. }) if name == "ids"),
            "{operation:?}: {refused:?}"
        );
    }
}
