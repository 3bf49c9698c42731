//! Sessions for the tests of other programs: made of a few messages, and indexed as transcripts are.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use han_native::model::{
    AnalyticsFilter, MessageQuery, SearchField, SearchQuery, SessionQuery, TestMessage, TestSession, TestSessionReport,
    ToolCallOptions,
};
use han_native::{DoctorOptions, Error, ForgetTarget, Han};
use serde_json::{Value, json};

use crate::support::home::Home;

fn session(messages: Vec<TestMessage>) -> TestSession {
    TestSession { messages, ..TestSession::default() }
}

/// A session as JSON, as the other languages pass it.
fn parsed(session: Value) -> TestSession {
    serde_json::from_value(session).unwrap()
}

/// A session with something of everything.
fn build_session(han: &Han) -> TestSessionReport {
    let session = parsed(json!({
        "id": "build",
        "project": "/code/shop",
        "messages": [
            { "text": "why does the build fail?" },
            { "thinking": "maybe the linker", "text": "I look" },
            { "tool": { "name": "Bash", "input": { "command": "make" }, "output": "undefined symbol", "isError": true } },
            { "role": "assistant", "text": "a library is missing", "at": "2026-02-03T04:05:06Z", "model": "claude-opus-4-1",
              "inputTokens": 1_000_000, "outputTokens": 7 },
            { "tool": { "name": "Read" } },
        ],
    }));
    han.testing().session(&session).unwrap()
}

fn found(han: &Han, query: &str, field: SearchField) -> Vec<String> {
    let query = SearchQuery { query: query.into(), fields: Some(vec![field]), ..SearchQuery::default() };
    han.search(&query).unwrap().items.into_iter().map(|hit| hit.message.id.to_string()).collect()
}

fn problem(result: han_native::Result<TestSessionReport>) -> String {
    let error = result.expect_err("this has to fail");
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
    error.to_string()
}

#[test]
fn each_part_of_a_message_is_found() {
    let han = Han::open_in_memory().unwrap();
    let made = build_session(&han);
    assert_eq!((made.session_id.as_str(), made.project_id.as_str()), ("build", "-code-shop"));
    assert_eq!((made.message_ids.len(), made.messages_indexed), (5, 6), "five entries, and the output of a tool");
    let ids: Vec<String> = made.message_ids.iter().map(ToString::to_string).collect();
    assert_eq!(found(&han, "build fail", SearchField::User), [ids[0].as_str()]);
    assert_eq!(found(&han, "linker", SearchField::Thinking), [ids[1].as_str()]);
    assert_eq!(found(&han, "look", SearchField::Assistant), [ids[1].as_str()]);
    assert_eq!(found(&han, "make", SearchField::ToolInput), [ids[2].as_str()]);
    assert_eq!(
        found(&han, "undefined symbol", SearchField::ToolOutput),
        [made.tool_calls[0].result_id.unwrap().to_string()]
    );
    assert_eq!(found(&han, "library", SearchField::Assistant), [ids[3].as_str()]);
}

#[test]
fn a_session_is_listed_with_what_was_passed() {
    let han = Han::open_in_memory().unwrap();
    let made = build_session(&han);
    let sessions = han.sessions().list(&SessionQuery::default()).unwrap().items;
    let [session] = &sessions[..] else { panic!("{sessions:?}") };
    assert_eq!((session.id.as_str(), session.project_path.as_deref()), ("build", Some("/code/shop")));
    assert_eq!(session.title.as_deref(), Some("why does the build fail?"));
    assert_eq!((session.tokens.input_tokens, session.tokens.output_tokens), (1_000_000, 7));
    assert!(han.dashboard(&AnalyticsFilter::default()).unwrap().cost > 0.0);
    let query = MessageQuery { session_id: "build".into(), ..MessageQuery::default() };
    let messages = han.messages().list(&query).unwrap().items;
    let times: Vec<String> = messages.iter().map(|message| message.timestamp.unwrap().to_string()).collect();
    assert_eq!(
        times,
        [
            "2026-01-01T10:00:00.000Z",
            "2026-01-01T10:00:01.000Z",
            "2026-01-01T10:00:02.000Z",
            "2026-01-01T10:00:03.000Z",
            "2026-02-03T04:05:06.000Z",
            "2026-02-03T04:05:07.000Z"
        ]
    );
    assert_eq!(messages[0].parent_uuid, None);
    for (before, message) in messages.iter().zip(&messages[1..]) {
        assert_eq!(before.uuid, message.parent_uuid);
    }
    let given: Vec<_> = messages.iter().map(|message| message.id).filter(|id| made.message_ids.contains(id)).collect();
    assert_eq!(given, made.message_ids);
    let report = han.doctor(DoctorOptions::default()).unwrap();
    assert!(report.is_healthy, "{report:?}");
}

#[test]
fn calls_of_tools_have_their_results() {
    let han = Han::open_in_memory().unwrap();
    let made = build_session(&han);
    let ids: Vec<String> = made.tool_calls.iter().map(|call| call.tool_use_id.clone()).collect();
    let calls = han.tool_calls().get(&ids, ToolCallOptions { include_text: true }).unwrap();
    let [Some(answered), Some(pending)] = &calls[..] else { panic!("{calls:?}") };
    assert_eq!((answered.name.as_str(), answered.input.as_deref()), ("Bash", Some(r#"{"command":"make"}"#)));
    let result = answered.result.as_ref().unwrap();
    assert_eq!((result.is_error, result.output.as_deref()), (true, Some("undefined symbol")));
    assert_eq!((pending.name.as_str(), pending.input.as_deref()), ("Read", Some("{}")));
    assert!(pending.result.is_none() && made.tool_calls[1].result_id.is_none());
}

#[test]
fn ids_and_times_are_the_same_on_each_run() {
    let make = || {
        let han = Han::open_in_memory().unwrap();
        let first = han.testing().session(&session(vec![TestMessage::user("one")])).unwrap();
        let second = han.testing().session(&session(vec![TestMessage::assistant("two")])).unwrap();
        let ids = [first.session_id.clone(), second.session_id.clone()];
        (ids, han.sessions().list(&SessionQuery::default()).unwrap(), first, second)
    };
    let (ids, sessions, first, second) = make();
    assert_eq!(ids, ["test-session-1", "test-session-2"]);
    assert_ne!(first.message_ids, second.message_ids);
    assert_eq!(make(), (ids, sessions, first, second));
}

#[test]
fn a_session_that_is_passed_again_is_continued() {
    let han = Han::open_in_memory().unwrap();
    let first = build_session(&han);
    let other = session(vec![TestMessage::thinking("of something else")]);
    han.testing().session(&other).unwrap();
    let more = TestSession { id: Some("build".into()), ..session(vec![TestMessage::user("and now?")]) };
    let second = han.testing().session(&more).unwrap();
    assert_eq!((second.messages_indexed, second.message_ids.len()), (1, 1));
    let query = MessageQuery { session_id: "build".into(), ..MessageQuery::default() };
    let messages = han.messages().list(&query).unwrap().items;
    assert_eq!(messages.len() as i64, first.messages_indexed + 1);
    let last = messages.last().unwrap();
    assert_eq!((last.id, last.preview.as_str()), (second.message_ids[0], "and now?"));
    assert_eq!(last.parent_uuid, messages[messages.len() - 2].uuid);
    assert_eq!(last.timestamp.unwrap().to_string(), "2026-02-03T04:05:08.000Z");
    let elsewhere = TestSession { id: Some("build".into()), project: Some("/else".into()), ..TestSession::default() };
    assert!(problem(han.testing().session(&elsewhere)).contains("/code/shop"));
    han.forget(&ForgetTarget::Session("build".into())).unwrap();
    assert!(problem(han.testing().session(&more)).contains("forgotten"));
}

/// The existing folders of testing sessions.
fn folders() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(std::env::temp_dir()).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("han-testing-")).collect()
}

#[test]
fn no_file_is_left() {
    let han = Han::open_in_memory().unwrap();
    for text in ["one", "two"] {
        let more = TestSession { id: Some("s".into()), ..session(vec![TestMessage::user(text)]) };
        let made = han.testing().session(&more).unwrap();
        let files = han.files().by_session(&[made.session_id]).unwrap().remove(0).unwrap();
        assert!(folders().iter().all(|folder| !folder.join(&files[0].path).exists()), "{files:?}");
    }
}

#[test]
fn what_cannot_be_a_session_is_refused() {
    let han = Han::open_in_memory().unwrap();
    for (given, expected) in [
        (json!({ "messages": [{ "text": "a" }, {}] }), "[1] says nothing"),
        (json!({ "messages": [{ "role": "user", "thinking": "a" }] }), "[0] is of a user"),
        (json!({ "messages": [{ "text": "a", "outputTokens": 1 }] }), "[0] is of a user"),
        (json!({ "messages": [{ "thinking": "a", "inputTokens": -1 }] }), "negative"),
        (json!({ "messages": [{ "tool": { "name": "" } }] }), "without a name"),
        (json!({ "messages": [{ "tool": { "name": "Bash", "input": [1] } }] }), "not an object"),
        (json!({ "id": "" }), "1 to 200 letters"),
        (json!({ "id": "a/b" }), "1 to 200 letters"),
        (json!({ "id": "agent-1" }), "agent-"),
        (json!({ "id": "s-han" }), "-han"),
        (json!({ "id": "s".repeat(201) }), "1 to 200 letters"),
        (json!({ "project": "shop" }), "absolute path"),
    ] {
        let problem = problem(han.testing().session(&parsed(given.clone())));
        assert!(problem.contains(expected), "{given}: {problem}");
    }
    assert_eq!(han.stats().unwrap().files, 0, "nothing was indexed");
    for unknown in
        [json!({ "text": "a" }), json!({ "messages": [{ "content": "a" }] }), json!({ "messages": [{ "tool": {} }] })]
    {
        serde_json::from_value::<TestSession>(unknown).unwrap_err();
    }
}

#[test]
fn a_database_on_disk_is_refused() {
    let home = Home::new();
    let han = home.open();
    assert!(problem(han.testing().session(&session(vec![TestMessage::user("one")]))).contains("memory"));
    assert_eq!(han.stats().unwrap().files, 0);
}
