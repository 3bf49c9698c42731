use super::*;
use crate::model::Timestamp;
use crate::query::testing::{Fixture, Line, id};

const MAIN: &str = "projects/p/s1.jsonl";
const AGENT: &str = "projects/p/s1/subagents/agent-a1.jsonl";

fn call(fixture: &Fixture, message: i64, ordinal: i64, tool_use_id: &str, name: &str) {
    let key = row::tool_use_key(tool_use_id);
    let name = fixture.string(name);
    fixture.run("INSERT INTO tool_calls VALUES (?1, ?2, ?3, ?4, ?5)", (message, ordinal, key, tool_use_id, name));
}

fn result(fixture: &Fixture, message: i64, tool_use_id: &str, is_error: bool, spill: Option<&str>) {
    let key = row::tool_use_key(tool_use_id);
    fixture.run("INSERT INTO tool_results VALUES (?1, 0, ?2, ?3, ?4)", (message, key, is_error, spill));
}

fn get(fixture: &Fixture, ids: &[&str]) -> Vec<Option<ToolCall>> {
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    get_in(&fixture.connection, &ids, ToolCallOptions::default()).unwrap()
}

#[test]
fn calls_meet_their_results_in_other_messages_and_files() {
    let fixture = Fixture::new();
    let session = fixture.session("s1", None, true);
    let main = fixture.file(session, MAIN, "main", None);
    let agent = fixture.file(session, AGENT, "agent", Some("a1"));
    let caller = fixture.line(main, Line::new(1, Some(10), "calls"));
    let answer = fixture.line(agent, Line::new(4, Some(30), "answers"));
    for (ordinal, (id, name)) in [("toolu_1", "Bash"), ("toolu_2", "Read")].into_iter().enumerate() {
        call(&fixture, caller, ordinal as i64, id, name);
    }
    call(&fixture, answer, 0, "toolu_3", "Edit");
    result(&fixture, answer, "toolu_2", true, Some("x.txt"));
    let lonely = fixture.line(main, Line::new(2, Some(11), "a result without a call"));
    result(&fixture, lonely, "toolu_4", false, None);

    let found = get(&fixture, &["toolu_3", "toolu_4", "toolu_1", "toolu_2", "", "toolu_1\0", "toolu_1"]);
    let ids: Vec<Option<&str>> = found.iter().map(|call| call.as_ref().map(|call| call.id.as_str())).collect();
    assert_eq!(ids, [Some("toolu_3"), None, Some("toolu_1"), Some("toolu_2"), None, None, Some("toolu_1")]);
    assert_eq!(found[0].as_ref().unwrap().agent_id.as_deref(), Some("a1"));
    assert_eq!(found[2].as_ref().unwrap().result, None);
    let read = found[3].clone().unwrap();
    assert_eq!((read.name.as_str(), read.session_id.as_str(), read.agent_id), ("Read", "s1", None));
    assert_eq!((read.message_id.to_string(), read.timestamp), (id(MAIN, 1), Some(Timestamp(10))));
    let result = read.result.unwrap();
    assert_eq!((result.message_id.to_string(), result.timestamp), (id(AGENT, 4), Some(Timestamp(30))));
    assert_eq!((result.is_error, result.spill.as_deref(), result.output), (true, Some("x.txt"), None));
}

#[test]
fn copies_older_generations_and_progress_do_not_stand_for_a_call() {
    let fixture = Fixture::new();
    let session = fixture.session("s1", None, true);
    let old = fixture.file(session, MAIN, "main", None);
    let gone = fixture.line(old, Line::new(1, Some(1), "old"));
    let main = fixture.generation(fixture.file_of(old), 2);
    let progress = fixture.line(main, Line { carried_uuid: Some([1; 16]), ..Line::new(1, Some(9), "progress") });
    let agent = fixture.file(session, AGENT, "agent", Some("a1"));
    let own = fixture.line(agent, Line::new(7, Some(8), "of the agent"));
    let copy = fixture.line(main, Line { replay_of: Some(own), ..Line::new(2, Some(2), "copy") });
    for message in [gone, progress, own, copy] {
        call(&fixture, message, 0, "toolu_1", "Bash");
        result(&fixture, message, "toolu_1", message != own, None);
    }
    call(&fixture, gone, 1, "toolu_2", "Bash");
    let found = get(&fixture, &["toolu_1", "toolu_2"]);
    let only = found[0].as_ref().unwrap();
    assert_eq!(only.message_id.to_string(), id(AGENT, 7));
    let result = only.result.as_ref().unwrap();
    assert_eq!((result.message_id, result.is_error), (only.message_id, false));
    assert_eq!(found[1], None);
}
