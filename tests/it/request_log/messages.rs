//! Its lines are counted as lines, and are not messages unless their types are named.

use han_native::model::{
    AgentSelection, ExportFormat, ExportOptions, Message, MessageQuery, SearchQuery, SqlParameters,
};
use han_native::{Han, SqlOptions, SubscribeOptions};
use serde_json::json;

use super::{SYSTEM_WORD, logged, system_prompt, turn};
use crate::support::home::{Database, Home, place};
use crate::support::laws;
use crate::support::lines::{line, prompt};

/// A session of two turns, with an agent that has one of its own.
fn database() -> (Home, Database) {
    let home = Home::new();
    let system = system_prompt(1, 5_000);
    let lines = [turn("s1", 1, "peel a quince", &system), turn("s1", 2, "bake it", &system)].concat();
    home.write_session("s1", lines.concat());
    home.write("projects/-code-shop/s1/subagents/agent-a1.jsonl", turn("s1", 3, "wash the quince", &system).concat());
    let database = home.database();
    database.scan();
    laws::check(&home, &database).unwrap();
    (home, database)
}

fn query(types: &[&str], agents: AgentSelection) -> MessageQuery {
    let types = types.iter().map(|&name| name.into()).collect();
    MessageQuery {
        session_id: "s1".into(),
        types: Some(types),
        agents: Some(agents),
        with_total: true,
        ..MessageQuery::default()
    }
}

/// Types and previews of a list, whose total is checked.
fn listed(han: &Han, query: &MessageQuery) -> Vec<(String, String)> {
    let page = han.messages().list(query).unwrap();
    assert_eq!(page.total_count, Some(page.items.len() as i64), "{query:?}");
    page.items.into_iter().map(|message| (message.record_type, message.preview)).collect()
}

fn types(han: &Han, query: &MessageQuery) -> Vec<String> {
    listed(han, query).into_iter().map(|(record_type, _)| record_type).collect()
}

#[test]
fn a_list_has_the_conversation_unless_types_of_the_log_are_named() {
    let (_home, Database { han, .. }) = &database();
    let turns = |count| ["user", "assistant"].repeat(count);
    assert_eq!(types(han, &query(&[], AgentSelection::None)), turns(2));
    assert_eq!(types(han, &query(&[], AgentSelection::All)), turns(3));
    let role = MessageQuery { role: Some(han_native::model::MessageRole::User), ..query(&[], AgentSelection::All) };
    assert_eq!(types(han, &role), ["user"; 3]);
    let pair = |record_type: &str, preview: &str| (record_type.to_owned(), preview.to_owned());
    let request = pair("api-request", "request to model-a");
    assert_eq!(listed(han, &query(&["api-request"], AgentSelection::None)), vec![request.clone(); 2]);
    assert_eq!(listed(han, &query(&["api-request"], AgentSelection::All)), vec![request; 3]);
    let some = query(&["api-request-blob", "api-request-shape", "assistant"], AgentSelection::None);
    let (blob, shape) =
        (pair("api-request-blob", "request log: message"), pair("api-request-shape", "request log: shape"));
    let expected = [shape, blob.clone(), blob, pair("assistant", "done with peel a quince")];
    assert_eq!(listed(han, &some)[..4], expected);
    let snapshots = query(&["attachment"], AgentSelection::None);
    assert_eq!(listed(han, &snapshots), vec![pair("attachment", "prompt snapshot"); 2]);
}

#[test]
fn a_line_of_the_log_is_got_by_its_id() {
    let (home, Database { han, .. }) = &database();
    let file = std::fs::read_to_string(home.transcript("s1")).unwrap();
    let all = query(&["attachment", "api-request-blob", "api-request-shape", "api-request"], AgentSelection::None);
    let logged = han.messages().list(&all).unwrap().items;
    assert_eq!(logged.len(), 10);
    let ids: Vec<String> = logged.iter().map(|message| message.id.to_string()).collect();
    let again: Vec<Message> = han.messages().get(&ids).unwrap().into_iter().flatten().collect();
    assert_eq!(again, logged);
    for (message, raw) in logged.iter().zip(han.messages().raw(&ids).unwrap()) {
        assert_eq!(raw.as_deref(), file.lines().nth(message.line_number as usize - 1));
    }
}

/// The single number that a statement returns.
fn number(han: &Han, sql: &str) -> i64 {
    han.sql(sql, &SqlParameters::default(), &SqlOptions::default()).unwrap().rows[0][0].as_i64().unwrap()
}

#[test]
fn counts_are_of_the_conversation_alone() {
    let (home, Database { han, .. }) = &database();
    let ids = ["s1"];
    let session = han.sessions().get(ids).unwrap().pop().flatten().unwrap();
    assert_eq!((session.message_count, session.prompt_count, session.assistant_count), (4, 2, 2));
    assert_eq!(han.messages().count_batch(ids).unwrap()["s1"], 4);
    assert_eq!(han.messages().timestamps_batch(ids).unwrap()[0].as_ref().unwrap().count, 4);
    let stats = han.stats().unwrap();
    assert_eq!((stats.lines, stats.messages, stats.request_log), (21, 6, 15));
    let files = han.files().by_session(ids).unwrap().pop().flatten().unwrap();
    assert_eq!(files.iter().map(|file| (file.line_count, file.message_count)).collect::<Vec<_>>(), [(14, 4), (7, 2)]);
    for (sql, expected) in [
        ("SELECT count(*) FROM v_messages", 6),
        ("SELECT message_count FROM v_sessions", 4),
        ("SELECT sum(message_count) FROM v_files", 6),
        ("SELECT sum(messages) FROM v_days", 6),
        ("SELECT sum(api_messages) FROM v_days", 3),
    ] {
        assert_eq!(number(han, sql), expected, "{sql}");
    }
    let result = han.index_session_file(home.transcript("s1")).unwrap();
    assert_eq!((result.messages_indexed, result.total_messages), (0, 4));
    let other = home.write_session("s2", turn("s2", 1, "another", "short").concat());
    let result = han.index_session_file(other).unwrap();
    assert_eq!((result.messages_indexed, result.total_messages), (2, 2));
}

#[test]
fn a_prompt_is_found_once_and_the_system_prompt_nowhere() {
    let (_home, Database { han, .. }) = &database();
    let hits = |words: &str| {
        let query = SearchQuery { query: words.into(), ..SearchQuery::default() };
        let hits = han.search(&query).unwrap().items;
        let mut lines: Vec<i64> = hits.into_iter().map(|hit| hit.message.line_number).collect();
        lines.sort_unstable();
        lines
    };
    assert_eq!(hits("\"peel a quince\""), [1, 7]);
    assert_eq!(hits(SYSTEM_WORD), [0; 0]);
    for format in [ExportFormat::Json, ExportFormat::Markdown, ExportFormat::Html] {
        let options = ExportOptions { include_replays: true, include_raw: true, ..ExportOptions::default() };
        let text = han.export_session("s1", format, &options).unwrap();
        assert!(text.contains("peel a quince") && text.contains("wash the quince"));
        assert!(!text.contains(SYSTEM_WORD) && !text.contains("api-request"), "{format:?}: {text}");
    }
}

#[test]
fn lines_of_the_log_are_no_news() {
    let home = Home::new();
    let path = home.write_session("s1", prompt("s1", 1, "first"));
    let database = home.database();
    database.scan();
    let mut subscription = database.han.subscribe(SubscribeOptions { expand: true, ..Default::default() }).unwrap();
    let mut topics = || {
        let items = subscription.next_batch(100, Some(std::time::Duration::ZERO)).unwrap();
        let items = serde_json::to_value(&items).unwrap();
        items.as_array().unwrap().iter().map(|item| item["topic"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = serde_json::to_value(database.han.sessions().get(["s1"]).unwrap()).unwrap();
    let [_, snapshot, shape, blob, _, request, answer] = turn("s1", 2, "second", &system_prompt(2, 5_000));
    for lines in [snapshot, shape + &blob, request] {
        home.append(&place("s1"), lines);
        assert_eq!(database.index(&path).messages_indexed, 0);
        assert_eq!(topics(), [""; 0]);
    }
    assert_eq!(serde_json::to_value(database.han.sessions().get(["s1"]).unwrap()).unwrap(), before);
    home.append(&place("s1"), logged("s1", 30, json!({ "type": "api-request-other" })) + &answer);
    assert_eq!(database.index(&path).messages_indexed, 1);
    assert_eq!(topics(), ["session:message:added", "session:updated"]);
    laws::check(&home, &database).unwrap();
}

#[test]
fn copies_of_the_log_are_counted_no_more_than_it_is() {
    let home = Home::new();
    let lines = turn("s1", 1, "peel a quince", &system_prompt(3, 5_000));
    home.write_session("s1", lines.concat());
    // A fork copies what has a uuid.
    let copies = [&lines[0], &lines[1], &lines[6]].map(|line| line.replace("\"s1\"", "\"s2\"")).concat();
    home.write_session("s2", copies + &prompt("s2", 50, "and then"));
    let database = home.database();
    database.scan();
    laws::check(&home, &database).unwrap();
    let stats = database.han.stats().unwrap();
    assert_eq!((stats.lines, stats.messages, stats.replays, stats.request_log), (11, 5, 2, 6));
    let total = |include_replays| {
        let query = MessageQuery { session_id: "s2".into(), include_replays, with_total: true, ..Default::default() };
        database.han.messages().list(&query).unwrap().total_count
    };
    assert_eq!((total(false), total(true)), (Some(1), Some(3)));
    // The original is removed, and only the copies remain.
    std::fs::write(home.transcript("s1"), "").unwrap();
    database.scan();
    assert_eq!((total(false), total(true)), (Some(3), Some(3)));
    laws::check(&home, &database).unwrap();
}

#[test]
fn a_session_may_consist_of_a_log() {
    let home = Home::new();
    let [_, snapshot, shape, ..] = turn("s1", 1, "", "short");
    home.write_session("s1", shape + &snapshot);
    home.write_session("s2", line("s2", 1, json!({ "type": "attachment", "attachment": { "type": "date" } })));
    let database = home.database();
    database.scan();
    laws::check(&home, &database).unwrap();
    let counts = database.han.messages().count_batch(["s1", "s2"]).unwrap();
    assert_eq!((counts["s1"], counts["s2"]), (0, 1));
}
