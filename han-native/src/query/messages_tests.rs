use super::*;
use crate::error::Error;
use crate::model::Timestamp;
use crate::query::record::records::RecordReader;
use crate::query::testing::{Fixture, Line, id, record};

const MAIN: &str = "projects/p/s1.jsonl";
const AGENT: &str = "projects/p/s1/subagents/agent-a1.jsonl";

/// A session with a restarted main file, an agent and its events.
fn session() -> Fixture {
    let fixture = Fixture::new();
    let session = fixture.session("s1", Some(50), true);
    let old = fixture.file(session, MAIN, "main", None);
    fixture.line(old, Line::new(1, Some(5), "old"));
    let main = fixture.generation(fixture.file_of(old), 2);
    let original = fixture.line(main, Line::new(1, Some(10), "first"));
    fixture.line(main, Line::new(2, None, "untimed"));
    fixture.line(main, Line { replay_of: Some(original), ..Line::new(3, Some(11), "copy") });
    fixture.line(main, Line::new(5, Some(30), "last"));
    let agent = fixture.file(session, AGENT, "agent", Some("a1"));
    fixture.line(agent, Line::new(1, Some(20), "of the agent"));
    fixture.line(agent, Line::new(2, Some(10), "at once"));
    let events = fixture.file(session, "projects/p/s1-han.jsonl", "events", None);
    fixture.line(events, Line::new(1, Some(25), "event"));
    fixture
}

fn query() -> MessageQuery {
    MessageQuery { session_id: "s1".into(), ..MessageQuery::default() }
}

fn previews(page: &Page<Message>) -> Vec<&str> {
    page.items.iter().map(|message| message.preview.as_str()).collect()
}

#[test]
fn which_messages_are_listed_and_in_which_order() {
    let fixture = session();
    let all = Some(AgentSelection::All);
    let yes = true;
    let cases: &[(MessageQuery, &[&str])] = &[
        (query(), &["first", "untimed", "last"]),
        (MessageQuery { agents: Some(AgentSelection::None), ..query() }, &["first", "untimed", "last"]),
        (MessageQuery { include_replays: yes, ..query() }, &["first", "untimed", "copy", "last"]),
        (MessageQuery { include_superseded: yes, ..query() }, &["first", "untimed", "last", "old"]),
        (MessageQuery { agent_id: Some("a1".into()), ..query() }, &["of the agent", "at once"]),
        (MessageQuery { agent_id: Some("a2".into()), ..query() }, &[]),
        (MessageQuery { session_id: "unknown".into(), ..query() }, &[]),
        (MessageQuery { agents: all, ..query() }, &["untimed", "first", "at once", "of the agent", "event", "last"]),
        (
            MessageQuery { agents: all, include_replays: yes, include_superseded: yes, ..query() },
            &["untimed", "old", "first", "at once", "copy", "of the agent", "event", "last"],
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(previews(&list_in(&fixture.connection, query).unwrap()), *expected, "{query:?}");
    }
}

#[test]
fn pages_of_any_size_in_both_directions_join_to_the_list() {
    let fixture = session();
    for agents in [None, Some(AgentSelection::All)] {
        for include in [false, true] {
            let query = MessageQuery { agents, include_replays: include, include_superseded: include, ..query() };
            let whole = list_in(&fixture.connection, &query).unwrap().items;
            for size in 1..=whole.len() as i64 + 1 {
                let mut forwards = Vec::new();
                let mut after = None;
                loop {
                    let query = MessageQuery { first: Some(size), after: after.clone(), ..query.clone() };
                    let page = list_in(&fixture.connection, &query).unwrap();
                    assert_eq!(page.has_previous_page, after.is_some());
                    forwards.extend(page.items);
                    after = page.end_cursor;
                    if !page.has_next_page {
                        break;
                    }
                }
                assert_eq!(forwards, whole);

                let mut backwards = Vec::new();
                let mut before = None;
                loop {
                    let query = MessageQuery { last: Some(size), before: before.clone(), ..query.clone() };
                    let page = list_in(&fixture.connection, &query).unwrap();
                    assert_eq!(page.has_next_page, before.is_some());
                    backwards.splice(0..0, page.items);
                    before = page.start_cursor;
                    if !page.has_previous_page {
                        break;
                    }
                }
                assert_eq!(backwards, whole);
            }
        }
    }
}

#[test]
fn a_cursor_outlives_a_restart_of_its_file() {
    let fixture = session();
    let page = list_in(&fixture.connection, &MessageQuery { first: Some(2), ..query() }).unwrap();
    let file: i64 =
        fixture.connection.query_row("SELECT id FROM files WHERE path = ?1", [MAIN], |row| row.get(0)).unwrap();
    let restarted = fixture.generation(file, 3);
    fixture.line(restarted, Line::new(2, Some(1), "before the cursor"));
    fixture.line(restarted, Line::new(4, Some(2), "after the cursor"));
    let behind = list_in(&fixture.connection, &MessageQuery { after: page.end_cursor, ..query() }).unwrap();
    assert_eq!(previews(&behind), ["after the cursor"]);
    assert!(behind.has_previous_page);
}

#[test]
fn bad_pages_are_refused() {
    let fixture = session();
    let by_time = list_in(&fixture.connection, &MessageQuery { agents: Some(AgentSelection::All), ..query() }).unwrap();
    let cases = [
        MessageQuery { first: Some(0), ..query() },
        MessageQuery { first: Some(10_001), ..query() },
        MessageQuery { last: Some(-1), ..query() },
        MessageQuery { first: Some(1), last: Some(1), ..query() },
        MessageQuery { after: Some("nonsense".into()), ..query() },
        MessageQuery { before: by_time.start_cursor, ..query() },
    ];
    for query in cases {
        let refused = list_in(&fixture.connection, &query);
        assert!(matches!(refused, Err(Failure::Other(Error::InvalidArgument { .. }))), "{query:?}: {refused:?}");
    }
}

#[test]
fn ids_find_their_messages_in_the_order_asked_for() {
    let fixture = session();
    let superseded = format!("{}~1", id(MAIN, 1));
    let ids: Vec<String> = vec![
        id(AGENT, 2),
        "nonsense".into(),
        id(MAIN, 1),
        superseded.clone(),
        format!("{}~2", id(MAIN, 1)),
        id(MAIN, 4),
        id(MAIN, 1),
        id(MAIN, 1).to_uppercase(),
        format!("{:016x}:01:0", crate::query::testing::path_hash(MAIN)),
        String::new(),
    ];
    let found = get_in(&fixture.connection, &ids).unwrap();
    let previews: Vec<Option<&str>> = found.iter().map(|found| found.as_ref().map(|m| m.preview.as_str())).collect();
    let expected = [Some("at once"), None, Some("first"), Some("old"), None, None, Some("first")];
    assert_eq!(previews[..7], expected);
    assert_eq!(previews[8..], [None, None]);
    let old = found[3].as_ref().unwrap();
    assert_eq!((old.id.to_string(), old.is_superseded), (superseded, true));

    let raw = raw_bytes_in(&fixture.connection, &ids).unwrap();
    let expected: Vec<Option<Vec<u8>>> =
        previews.iter().map(|text| text.map(|text| record(text).into_bytes())).collect();
    assert_eq!(raw, expected);
}

#[test]
fn of_two_files_of_one_path_the_present_one_is_meant() {
    let fixture = Fixture::new();
    let session = fixture.session("s1", None, true);
    for (dir, text) in [("/b", "b"), ("/a", "a"), ("/c", "c")] {
        fixture.line(fixture.file_in(dir, session, MAIN, "main", None), Line::new(1, None, text));
    }
    let meant = || get_in(&fixture.connection, &[id(MAIN, 1)]).unwrap()[0].as_ref().unwrap().preview.clone();
    assert_eq!(meant(), "a");
    fixture.run(
        "UPDATE files SET is_missing = 1 WHERE config_dir_id = (SELECT id FROM config_dirs WHERE path = '/a')",
        [],
    );
    assert_eq!(meant(), "b");
    fixture.run("UPDATE files SET is_missing = 1", []);
    assert_eq!(meant(), "a");
}

#[test]
fn a_row_becomes_a_message() {
    let fixture = session();
    let messages = get_in(&fixture.connection, &[id(MAIN, 3), id(AGENT, 1)]).unwrap();
    let copy = messages[0].as_ref().unwrap();
    assert_eq!(copy.replay_of.unwrap().to_string(), id(MAIN, 1));
    assert_eq!(
        (copy.session_id.as_str(), copy.record_type.as_str(), copy.role.as_deref()),
        ("s1", "user", Some("user"))
    );
    assert_eq!((copy.path.as_str(), copy.line_number, copy.part), (MAIN, 3, 0));
    assert_eq!((copy.agent_id.as_deref(), copy.tokens, copy.timestamp.map(|time| time.0)), (None, None, Some(11)));
    assert_eq!(messages[1].as_ref().unwrap().agent_id.as_deref(), Some("a1"));

    let uuid: [u8; 16] = std::array::from_fn(|index| index as u8);
    fixture.run(
        "UPDATE messages SET uuid = ?1, parent_uuid = 'odd', input_tokens = 7, cache_creation_1h_tokens = 3, flags = 0
         WHERE replay_of IS NOT NULL",
        [uuid],
    );
    let copy = get_in(&fixture.connection, &[id(MAIN, 3)]).unwrap().remove(0).unwrap();
    assert_eq!(copy.uuid.as_deref(), Some("00010203-0405-0607-0809-0a0b0c0d0e0f"));
    assert_eq!((copy.parent_uuid.as_deref(), copy.role, copy.timestamp), (Some("odd"), None, None));
    assert_eq!(copy.effective_timestamp.map(|time| time.0), Some(11));
    let tokens = copy.tokens.unwrap();
    assert_eq!((tokens.input_tokens, tokens.output_tokens, tokens.cache_creation1h_tokens), (7, 0, 3));
}

#[test]
fn a_call_and_its_result_name_the_tool() {
    let fixture = session();
    let row = |path: &str, line: i64| resolve(&fixture.connection, &[id(path, line)]).unwrap()[0].unwrap().row_id;
    let tool = fixture.string("Bash");
    let other = fixture.string("Read");
    let call =
        "INSERT INTO tool_calls (message_id, ordinal, tool_use_key, tool_use_id, name_id) VALUES (?1, ?2, ?3, ?4, ?5)";
    fixture.run(call, (row(MAIN, 1), 0, 77, "toolu_1", tool));
    fixture.run(call, (row(MAIN, 1), 1, 78, "toolu_2", other));
    let result = "INSERT INTO tool_results (message_id, ordinal, tool_use_key, is_error) VALUES (?1, ?2, ?3, 0)";
    fixture.run(result, (row(AGENT, 1), 0, 78));
    fixture.run(result, (row(AGENT, 2), 0, 99));
    let ids = [id(MAIN, 1), id(AGENT, 1), id(AGENT, 2)];
    let found = get_in(&fixture.connection, &ids).unwrap();
    let tools: Vec<_> = found.into_iter().flatten().map(|message| (message.tool_name, message.tool_use_id)).collect();
    let named = |name: &str, id: &str| (Some(name.to_owned()), Some(id.to_owned()));
    assert_eq!(tools, [named("Bash", "toolu_1"), named("Read", "toolu_2"), (None, None)]);
}

#[test]
fn counts_are_those_of_the_lists() {
    let fixture = session();
    let ids = ["s1".to_owned(), "unknown".to_owned(), "s1".to_owned()];
    let counts = count_batch_in(&fixture.connection, &ids).unwrap();
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [("s1".to_owned(), 3), ("unknown".to_owned(), 0)]);
}

#[test]
fn records_of_one_block_are_read_together() {
    let fixture = Fixture::new();
    let session = fixture.session("s1", None, true);
    let generation = fixture.file(session, MAIN, "main", None);
    fixture.append(generation, b"one\ntwo\nthree\n");
    fixture.append(generation, b"four\n");
    let extent = |offset, length| bytes::Extent { generation_id: generation, offset, length };
    let asked = [extent(14, 4), extent(8, 5), extent(0, 3), extent(4, 3), extent(8, 5)];
    let found = bytes::read_all(&fixture.connection, &asked).unwrap();
    let expected: [&[u8]; 5] = [b"four", b"three", b"one", b"two", b"three"];
    assert_eq!(found, expected);
}

#[test]
fn no_statement_scans_the_messages() {
    let fixture = session();
    for sql in [
        "SELECT line, part, id FROM messages WHERE generation_id = 1 AND (line, part) > (1, 0) AND replay_of IS NULL
         AND NOT flags & 4096
         ORDER BY line ASC, part ASC LIMIT 50",
        "SELECT line, part, id FROM messages WHERE generation_id = 1 AND (line, part) < (1, 0) AND replay_of IS NULL
         ORDER BY line DESC, part DESC LIMIT 50",
    ] {
        let plan = fixture.plan(sql);
        assert_eq!(plan.len(), 1, "{plan:?}");
        assert!(plan[0].starts_with("SEARCH messages USING INDEX messages_by_place"), "{plan:?}");
    }
    let merged = fixture.plan(
        "SELECT message.id FROM json_each(?) AS place CROSS JOIN messages AS message
         ON message.generation_id = place.value WHERE message.replay_of IS NULL ORDER BY message.time, place.key LIMIT 50",
    );
    assert!(merged[1].starts_with("SEARCH message USING INDEX messages_by_place (generation_id=?)"), "{merged:#?}");
    for sql in [rows::MESSAGES, RESOLVE] {
        let plan = fixture.plan(sql);
        assert!(plan.iter().all(|step| !step.starts_with("SCAN") || step.starts_with("SCAN wanted")), "{plan:#?}");
    }
}

#[test]
fn the_total_is_that_of_the_whole_list() {
    let fixture = session();
    let total = |query: MessageQuery| list_in(&fixture.connection, &query).unwrap().total_count;
    let counted = || MessageQuery { first: Some(1), with_total: true, ..query() };
    let all = Some(AgentSelection::All);
    let yes = true;
    assert_eq!(total(MessageQuery { first: Some(1), ..query() }), None);
    assert_eq!(total(counted()), Some(3));
    assert_eq!(total(MessageQuery { include_replays: yes, ..counted() }), Some(4));
    assert_eq!(total(MessageQuery { include_superseded: yes, ..counted() }), Some(4));
    assert_eq!(total(MessageQuery { agents: all, ..counted() }), Some(6));
    assert_eq!(total(MessageQuery { since: Some(Timestamp(11)), include_replays: yes, ..counted() }), Some(2));
    assert_eq!(total(MessageQuery { session_id: "unknown".into(), ..counted() }), Some(0));
}

#[test]
fn times_are_those_of_the_main_file() {
    let fixture = session();
    fixture.session("empty", None, false);
    fixture.run(
        "UPDATE generations SET first_time = 10 * number, last_time = 30 * number WHERE file_id IN (
             SELECT id FROM files WHERE kind = 'main')",
        [],
    );
    let asked = ["s1", "unknown", "empty"].map(str::to_owned);
    let of = |name: &str, count, times: Option<(i64, i64)>| {
        let (first, last) = times.map(|(first, last)| (Timestamp(first), Timestamp(last))).unzip();
        Some(MessageTimestamps { session_id: name.into(), count, first, last })
    };
    assert_eq!(
        timestamps_batch_in(&fixture.connection, &asked).unwrap(),
        [of("s1", 3, Some((20, 60))), None, of("empty", 0, None)]
    );
}

#[test]
fn a_row_that_points_outside_of_the_stored_bytes_is_damage() {
    let damages = [
        "length = -5",
        "length = 9223372036854775807",
        "length = 1000000",
        "offset = -1",
        "offset = 9223372036854775807",
        "offset = 1000000",
    ];
    for damage in damages {
        let fixture = session();
        fixture.run(&format!("UPDATE messages SET {damage} WHERE line = 2"), []);
        let ids = [id(MAIN, 1), id(MAIN, 2), id(MAIN, 3)];
        let refused = raw_bytes_in(&fixture.connection, &ids);
        assert!(matches!(refused, Err(Failure::Other(Error::Corrupt { .. }))), "{damage}: {refused:?}");
        let found = resolve(&fixture.connection, &ids[1..2]).unwrap().remove(0).unwrap();
        let refused = RecordReader::default().read(&fixture.connection, found.record);
        assert!(matches!(refused, Err(Failure::Other(Error::Corrupt { .. }))), "{damage}: {refused:?}");
    }
}
