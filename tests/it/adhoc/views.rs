//! The views: their documented columns, and what they show of a session.

use serde_json::{Value, json};

use super::{ask, rows, shop};
use crate::support::lines::{line, prompt};

/// The views and their columns, as the documentation of `Han::sql` lists them.
const VIEWS: [(&str, &str); 13] = [
    (
        "v_sessions",
        "id project_id project_path repository_path title started_at ended_at started_at_ms ended_at_ms model \
        git_branch version cwd message_count prompt_count assistant_count agent_count copied_count forked_from \
        input_tokens output_tokens \
        cache_read_tokens cache_creation_tokens is_empty is_missing cost reported_cost",
    ),
    (
        "v_messages",
        "id row_id session_id project_id agent_id record_session_id uuid parent_uuid type subtype role model time \
        time_ms path line_number part is_sidechain is_meta is_error is_prompt is_provisional is_rewound input_tokens output_tokens \
        cache_read_tokens cache_creation_tokens size_bytes preview text raw",
    ),
    (
        "v_usage",
        "api_message_id message_id session_id project_id agent_id model time time_ms input_tokens output_tokens \
        cache_read_tokens cache_creation_tokens cache_creation_5m_tokens cache_creation_1h_tokens rate web_searches \
        iterations cost",
    ),
    (
        "v_tool_calls",
        "id name session_id agent_id message_id message_row_id time time_ms input has_result result_row_id \
        result_time duration_ms is_error spill output",
    ),
    ("v_file_changes", "session_id path action lines_added lines_removed tool message_id message_row_id time time_ms"),
    (
        "v_files",
        "path config_dir kind session_id project_id agent_id agent_type agent_description workflow size_bytes \
        is_missing generation indexed_bytes line_count message_count replay_count prompt_count problem_count note_count \
        first_time last_time",
    ),
    ("v_projects", "id path repository_path session_count last_active_at"),
    ("v_todos", "session_id position content status active_form time"),
    ("v_tasks", "session_id id subject description active_form status owner blocked_by created_at updated_at"),
    ("v_hooks", "session_id event name command duration_ms exit_code is_error message_id message_row_id time time_ms"),
    ("v_summaries", "session_id kind text leaf_uuid message_id message_row_id time time_ms"),
    ("v_problems", "session_id path line_number part kind is_note detail size_bytes"),
    (
        "v_days",
        "day project_id model messages prompts assistants tool_calls tool_errors lines_added lines_removed \
        api_messages input_tokens output_tokens cache_read_tokens cache_creation_tokens rate web_searches iterations cost",
    ),
];

#[test]
fn the_documented_columns_are_there_and_have_rows() {
    let (_home, database) = shop();
    for (view, columns) in VIEWS {
        let result = ask(&database.han, &format!("SELECT * FROM {view}")).unwrap();
        let names: Vec<&str> = result.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, columns.split_whitespace().collect::<Vec<_>>(), "{view}");
        assert!(!result.rows.is_empty(), "{view} shows nothing");
    }
    let known = rows(&database.han, "SELECT name FROM sqlite_temp_schema ORDER BY name");
    assert_eq!(known.len(), VIEWS.len());
}

#[test]
fn views_say_what_the_operations_say() {
    let (_home, database) = shop();
    let han = &database.han;
    for session in han.sessions().get(["s1", "s2"]).unwrap().into_iter().flatten() {
        let session = serde_json::to_value(session).unwrap();
        let sql = format!(
            "SELECT id, project_id, project_path, title, started_at, ended_at, model, message_count, prompt_count,
                    agent_count, input_tokens, output_tokens, is_missing FROM v_sessions WHERE id = {}",
            session["id"].to_string().replace('"', "'")
        );
        let mut expected: Vec<Value> = [
            "id",
            "projectId",
            "projectPath",
            "title",
            "startedAt",
            "endedAt",
            "model",
            "messageCount",
            "promptCount",
            "agentCount",
        ]
        .iter()
        .map(|name| session[*name].clone())
        .collect();
        expected.extend([
            session["tokens"]["inputTokens"].clone(),
            session["tokens"]["outputTokens"].clone(),
            json!(0),
        ]);
        assert_eq!(rows(han, &sql), [expected]);
    }
    let ids = rows(han, "SELECT id, uuid, type, time, path, line_number, raw FROM v_messages ORDER BY row_id");
    let messages =
        han.messages().get(ids.iter().map(|row| row[0].as_str().unwrap().to_owned()).collect::<Vec<_>>()).unwrap();
    let raws =
        han.messages().raw(ids.iter().map(|row| row[0].as_str().unwrap().to_owned()).collect::<Vec<_>>()).unwrap();
    for ((row, message), raw) in ids.iter().zip(messages).zip(raws) {
        let message = serde_json::to_value(message.unwrap()).unwrap();
        let names = ["id", "uuid", "type", "effectiveTimestamp", "path", "lineNumber"];
        let mut expected: Vec<Value> = names.iter().map(|name| message[*name].clone()).collect();
        expected.push(json!(raw));
        assert_eq!(*row, expected);
    }
    assert_eq!(ids.len(), 13, "twelve lines of s1 less one that is no JSON, its agent's, and one of s2");
}

#[test]
fn text_is_whole_and_by_field() {
    let (_home, database) = shop();
    let han = &database.han;
    let found = |sql: &str| rows(han, sql);
    assert_eq!(
        found("SELECT text FROM v_messages WHERE line_number = 1 AND agent_id = 'a1'"),
        [[json!("count the coins")]]
    );
    assert_eq!(
        found(
            "SELECT message_text(row_id, 'thinking'), message_text(row_id, 'user') FROM v_messages WHERE line_number = 2 AND session_id = 's1'"
        ),
        [[json!("which shop?"), json!("")]]
    );
    let output = found("SELECT message_text(row_id, 'toolOutput') FROM v_messages WHERE line_number = 4");
    assert!(output[0][0].as_str().unwrap().ends_with("the whole listing"), "{output:?}");
    assert_eq!(
        found("SELECT message_text(999, 'user'), message_raw(NULL), message_row('x')"),
        [[json!(null), json!(null), json!(null)]]
    );
    let long = "word ".repeat(100_000);
    let home = crate::support::home::Home::new();
    home.write("projects/-p/s3.jsonl", prompt("s3", 1, &long).as_bytes());
    let database = home.database();
    database.scan();
    assert_eq!(rows(&database.han, "SELECT text FROM v_messages"), [[json!(long)]]);
}

#[test]
fn calls_meet_their_results() {
    let (_home, database) = shop();
    let calls = rows(
        &database.han,
        "SELECT id, name, input ->> 'command', has_result, duration_ms, is_error, spill, output FROM v_tool_calls ORDER BY time_ms",
    );
    assert_eq!(
        calls[0][..7],
        [json!("toolu_b"), json!("Bash"), json!("ls -l"), json!(1), json!(1000), json!(0), json!("out1.txt")]
    );
    assert_eq!(calls[1][0], json!("toolu_w"));
    assert_eq!(calls[1][7], json!("written"));
    assert_eq!(calls[2][3..], [json!(0), json!(null), json!(null), json!(null), json!(null)]);
    assert_eq!(calls.len(), 4);
}

#[test]
fn replays_and_superseded_generations_are_left_out() {
    let (home, database) = shop();
    let han = &database.han;
    assert_eq!(rows(han, "SELECT text FROM v_messages WHERE session_id = 's2'"), [[json!("close the shop")]]);
    home.write("projects/-code-shop/s1.jsonl", prompt("s1", 1, "a new shop").as_bytes());
    database.scan();
    assert_eq!(
        rows(han, "SELECT text FROM v_messages WHERE session_id = 's1' AND agent_id IS NULL"),
        [[json!("a new shop")]]
    );
    for view in ["v_tool_calls", "v_file_changes", "v_todos", "v_hooks", "v_problems"] {
        assert_eq!(rows(han, &format!("SELECT count(*) FROM {view}")), [[json!(0)]], "{view}");
    }
    assert_eq!(rows(han, "SELECT sum(output_tokens) FROM v_usage"), [[json!(5)]], "what was spent was spent");
    let id = rows(han, "SELECT message_id FROM v_usage")[0][0].as_str().unwrap().to_owned();
    assert!(han.messages().get([id]).unwrap()[0].is_some());
}

/// The main file mirrors what its agents do; what their own files record as well happened once.
#[test]
fn what_progress_repeats_of_an_agent_is_shown_once() {
    let home = crate::support::home::Home::new();
    let answer = |number, block: Value| {
        let id = format!("msg_{number}");
        json!({ "type": "assistant", "message": { "id": id, "role": "assistant", "content": [block] } })
    };
    let todos = json!({ "todos": [{ "content": "weigh", "status": "pending", "activeForm": "weighing" }] });
    let written = json!({ "type": "create", "filePath": "/code/shop/a.rs", "content": "x\n", "structuredPatch": [] });
    let records = [
        answer(1, json!({ "type": "tool_use", "id": "toolu_w", "name": "Write", "input": {} })),
        json!({ "type": "user", "toolUseResult": written, "message": { "role": "user", "content": [
            { "type": "tool_result", "tool_use_id": "toolu_w", "content": "written" }] } }),
        answer(3, json!({ "type": "tool_use", "id": "toolu_t", "name": "TodoWrite", "input": todos })),
    ];
    let own: Vec<String> = (1..).zip(&records).map(|(number, record)| line("s1", number, record.clone())).collect();
    let mirrored = |(number, own): (usize, &String)| {
        let carried: Value = serde_json::from_str(own).unwrap();
        let data = json!({ "type": "agent_progress", "agentId": "a1", "message": carried });
        line("s1", number, json!({ "type": "progress", "data": data }))
    };
    let mirror: Vec<String> = (10..).zip(&own).map(mirrored).collect();
    home.write("projects/-code-shop/s1.jsonl", mirror.concat().as_bytes());
    let database = home.database();
    database.scan();
    let counts = || {
        rows(
            &database.han,
            "SELECT (SELECT count(*) FROM v_tool_calls), (SELECT count(*) FROM v_file_changes),
                    (SELECT count(*) FROM v_todos), (SELECT count(*) FROM v_tool_calls WHERE has_result)",
        )
    };
    assert_eq!(counts(), [[json!(2), json!(1), json!(1), json!(1)]], "the only witness");
    home.write("projects/-code-shop/s1/subagents/agent-a1.jsonl", own.concat().as_bytes());
    database.scan();
    assert_eq!(counts(), [[json!(2), json!(1), json!(1), json!(1)]]);
    let shown = rows(&database.han, "SELECT message_id FROM v_file_changes");
    let told = database.han.file_changes().get(["s1"]).unwrap().remove(0).unwrap();
    assert_eq!((shown, told.len()), (vec![vec![json!(told[0].message_id)]], 1));
    let calls = rows(
        &database.han,
        "SELECT id, message_id, (SELECT id FROM v_messages WHERE row_id = result_row_id) FROM v_tool_calls ORDER BY id",
    );
    let ids = ["toolu_t", "toolu_w"].map(str::to_owned);
    let told = database.han.tool_calls().get(&ids, Default::default()).unwrap();
    let told: Vec<Vec<Value>> = told
        .into_iter()
        .flatten()
        .map(|call| vec![json!(call.id), json!(call.message_id), json!(call.result.map(|result| result.message_id))])
        .collect();
    assert_eq!(calls, told);
}
