//! What subscribers receive, and from which position on.

use han_native::model::{Change, MessageId};
use han_native::{DoctorOptions, ForgetTarget, SubscribeOptions};
use serde_json::json;

use super::feed_support::{at_hand, from, line, messages, next, place, prompt, told, topics};
use crate::support::home::{Database, Home};

/// A session with something of every topic that sessions have.
fn rich(session: &str) -> String {
    let call = |id: &str, name: &str, input: serde_json::Value| {
        json!({ "type": "assistant", "message": { "role": "assistant", "model": "model-a",
            "content": [{ "type": "tool_use", "id": id, "name": name, "input": input }] } })
    };
    let result = |id: &str, outcome: serde_json::Value| {
        json!({ "type": "user", "toolUseResult": outcome, "message": { "role": "user",
            "content": [{ "type": "tool_result", "tool_use_id": id, "content": "fine" }] } })
    };
    let todos = json!({ "todos": [{ "content": "weigh", "status": "pending", "activeForm": "weighing" }] });
    let written = json!({ "type": "create", "filePath": "/code/shop/a.rs", "content": "x\n", "structuredPatch": [] });
    let hooks = json!({ "type": "system", "subtype": "stop_hook_summary", "hookCount": 1,
        "hookInfos": [{ "command": "check.sh", "durationMs": 3 }], "hookErrors": [] });
    [
        prompt(session, 1, "open the shop"),
        line(session, 2, call("toolu_w", "Write", json!({ "file_path": "/code/shop/a.rs", "content": "x\n" }))),
        line(session, 3, result("toolu_w", written)),
        line(session, 4, call("toolu_t", "TodoWrite", todos)),
        line(session, 5, call("toolu_c", "TaskCreate", json!({ "subject": "sweep", "description": "the floor" }))),
        line(session, 6, result("toolu_c", json!({ "task": { "id": "1", "subject": "sweep" } }))),
        line(session, 7, hooks),
    ]
    .concat()
}

fn with(files: &[(&str, String)]) -> (Home, Database) {
    let home = Home::new();
    for (session, lines) in files {
        home.write(&place(session), lines.as_bytes());
    }
    let database = home.database();
    database.scan();
    (home, database)
}

fn id(item: &Change) -> MessageId {
    match item {
        Change::Change { message_id: Some(id), .. } => *id,
        other => panic!("{other:?} is about no message"),
    }
}

#[test]
fn patterns_choose_topics() {
    let (_home, database) = with(&[("s1", rich("s1"))]);
    let heard = |pattern: &str| -> Vec<String> {
        let items = told(&database.han, from("0", &[pattern], false));
        let mut heard: Vec<String> = topics(&items).into_iter().map(|(topic, _)| topic.to_owned()).collect();
        heard.sort();
        heard
    };
    let all = [
        "hook:result:added",
        "session:added",
        "session:files:changed",
        "session:hooks:changed",
        "session:message:added",
        "session:tasks:changed",
        "session:todos:changed",
        "session:updated",
        "tool:result:added",
    ];
    let changed = &all[2..4];
    let cases: [(&str, Vec<&str>); 9] = [
        ("*", all.to_vec()),
        ("**", all.to_vec()),
        ("session:*", vec!["session:added", "session:updated"]),
        ("session:*:changed", [changed, &all[5..7]].concat()),
        ("session:**", all[1..8].to_vec()),
        ("*:result:added", vec!["hook:result:added", "tool:result:added"]),
        ("*:*:*", [&all[..1], &all[2..7], &all[8..]].concat()),
        ("session:message:added", vec!["session:message:added"]),
        ("leader:*", vec![]),
    ];
    for (pattern, mut expected) in cases {
        // A title that comes with the messages is reported under the same topic again, within the one change.
        expected.sort_unstable();
        assert_eq!(heard(pattern), expected, "{pattern}");
    }
    for pattern in ["", "session:", "Session:added", "**:added", "session:a*"] {
        let refused = database.han.subscribe(from("0", &[pattern], false)).unwrap_err();
        assert_eq!(refused.code().as_str(), "HAN_INVALID_ARGUMENT", "{pattern:?}");
    }
}

#[test]
fn items_have_these_fields() {
    let (_home, database) = with(&[("s1", rich("s1"))]);
    let json = |expand| {
        let items = told(&database.han, from("0", &["session:added", "tool:*:added"], expand));
        let mut items = serde_json::to_value(items).unwrap();
        for item in items.as_array_mut().unwrap() {
            assert!(item["time"].take().as_str().is_some_and(|time| time.ends_with('Z')));
        }
        items
    };
    let messages = told(&database.han, from("0", &["session:message:added"], true));
    let hash = id(&messages[0]).to_string()[..16].to_owned();
    let added = json!({ "type": "change", "cursor": "1", "topic": "session:added", "time": null, "sessionId": "s1",
        "messageId": null, "count": null, "firstMessageId": null, "lastMessageId": null });
    assert_eq!(
        json(false),
        json!([added, { "type": "change", "cursor": "3", "topic": "tool:result:added", "time": null, "sessionId": "s1",
            "messageId": null, "count": 2, "firstMessageId": format!("{hash}:3:0"),
            "lastMessageId": format!("{hash}:6:0") }])
    );
    let result = |cursor: &str, message: String| {
        json!({ "type": "change", "cursor": cursor, "topic": "tool:result:added", "time": null, "sessionId": "s1",
            "messageId": message, "count": null, "firstMessageId": null, "lastMessageId": null })
    };
    assert_eq!(json(true), json!([added, result("3.0", format!("{hash}:3:0")), result("3.3", format!("{hash}:6:0"))]));
}

#[test]
fn a_cursor_continues_exactly_after_it() {
    let lines = |session: &str| -> String { (0..700).map(|number| prompt(session, number, "sell bread")).collect() };
    let (home, database) = with(&[("s1", rich("s1")), ("s2", lines("s2"))]);
    home.append(&place("s1"), prompt("s1", 8, "close the shop").as_bytes());
    database.scan();
    for expand in [false, true] {
        let all = told(&database.han, from("0", &[], expand));
        for (number, item) in all.iter().enumerate().filter(|(number, _)| number % 29 < 3 || number + 9 > all.len()) {
            let rest = told(&database.han, from(item.cursor(), &[], expand));
            assert_eq!(rest, all[number + 1..], "after {}", item.cursor());
        }
    }
}

#[test]
fn a_change_may_be_continued_as_a_whole_from_its_middle() {
    let lines: String = (0..10).map(|number| prompt("s1", number, "sell bread")).collect();
    let (_home, database) = with(&[("s1", lines)]);
    let topic = ["session:message:added"];
    let expanded = told(&database.han, from("0", &topic, true));
    assert_eq!(expanded.len(), 10);
    let rest = told(&database.han, from(expanded[6].cursor(), &topic, false));
    let [Change::Change { count: Some(3), first_message_id, last_message_id, .. }] = rest.as_slice() else {
        panic!("{rest:?}");
    };
    assert_eq!((*first_message_id, *last_message_id), (Some(id(&expanded[7])), Some(id(&expanded[9]))));
    assert_eq!(told(&database.han, from(expanded[9].cursor(), &topic, false)), []);
}

#[test]
fn copies_are_not_reported() {
    let (home, database) = with(&[("s1", rich("s1"))]);
    let mut following = database.han.subscribe(SubscribeOptions::default()).unwrap();
    let mut expanded =
        database.han.subscribe(SubscribeOptions { expand: true, ..SubscribeOptions::default() }).unwrap();
    // A resumed session starts with the history of the one before.
    home.write(&place("s2"), [rich("s1"), prompt("s2", 9, "and go on")].concat().as_bytes());
    database.scan();
    let items = at_hand(&mut following);
    assert_eq!(topics(&items), [("session:added", "s2"), ("session:message:added", "s2"), ("session:updated", "s2")]);
    assert!(matches!(items[1], Change::Change { count: Some(1), .. }), "{:?}", items[1]);
    let items = at_hand(&mut expanded);
    let told = messages(&items);
    assert_eq!(told.len(), 1);
    assert!(told[0].ends_with(":8:0"), "{told:?}");
}

#[test]
fn a_line_that_was_reported_without_its_end_is_not_reported_again() {
    let (home, database) = with(&[("s1", prompt("s1", 1, "open the shop"))]);
    let topic = ["session:message:added"];
    let mut following = database.han.subscribe(from("0", &[], true)).unwrap();
    let half = prompt("s1", 2, "sell bread");
    home.append(&place("s1"), half.trim_end().as_bytes());
    database.scan();
    // Something else is stored after it.
    home.write(&place("s2"), prompt("s2", 3, "sell cake").as_bytes());
    database.scan();
    let before = told(&database.han, from("0", &topic, true));
    assert_eq!(messages(&at_hand(&mut following)), messages(&before));
    home.append(&place("s1"), b"\n");
    database.scan();
    assert_eq!(topics(&at_hand(&mut following)), [("session:updated", "s1")]);
    assert_eq!(told(&database.han, from("0", &topic, true)), before);
    home.append(&place("s1"), prompt("s1", 4, "close the shop").as_bytes());
    database.scan();
    assert_eq!(messages(&at_hand(&mut following)).len(), 1);
    assert_eq!(told(&database.han, from("0", &topic, true)).len(), 4);
}

#[test]
fn what_is_derived_again_is_not_a_change_and_stays_where_it_was() {
    let (_home, database) = with(&[("s1", rich("s1")), ("s2", rich("s2"))]);
    let before = told(&database.han, from("0", &[], true));
    let mut following = database.han.subscribe(SubscribeOptions::default()).unwrap();
    let meddle = |sql: &str| rusqlite::Connection::open(&database.path).unwrap().execute_batch(sql).unwrap();
    meddle("UPDATE generations SET derive_revision = 0");
    assert_eq!(database.han.rederive().unwrap().files, 2);
    assert_eq!(told(&database.han, from("0", &[], true)), before);
    meddle("UPDATE generations SET lines = lines + 1");
    assert!(database.han.doctor(DoctorOptions { fix: true }).unwrap().is_healthy);
    assert_eq!(told(&database.han, from("0", &[], true)), before);
    assert_eq!(at_hand(&mut following), []);
}

#[test]
fn the_messages_of_a_file_are_reported_for_the_session_that_it_turns_out_to_be_of() {
    let home = Home::new();
    let agent = "projects/-code-shop/agent-a1.jsonl";
    // The first record names no session.
    home.write(agent, b"{\"type\":\"mode\",\"mode\":\"normal\"}\n");
    let database = home.database();
    database.scan();
    let mut following = database.han.subscribe(SubscribeOptions { expand: true, ..Default::default() }).unwrap();
    home.append(agent, prompt("s1", 1, "sweep the floor").as_bytes());
    database.scan();
    let heard = at_hand(&mut following);
    let of_session: Vec<Change> = heard
        .into_iter()
        .filter(|item| matches!(item, Change::Change { session_id: Some(session), .. } if session == "s1"))
        .collect();
    assert_eq!(messages(&of_session).len(), 2, "{of_session:?}");
    let all = told(&database.han, from("0", &["session:message:added"], true));
    assert_eq!(topics(&all), [("session:message:added", "s1"); 2]);
}

#[test]
fn what_is_kept_no_longer_is_one_gap() {
    let (home, database) = with(&[("s1", rich("s1"))]);
    let all = told(&database.han, from("0", &[], false));
    let mut slow = database.han.subscribe(from("0", &[], false)).unwrap();
    let fourth = all[3].cursor();
    rusqlite::Connection::open(&database.path)
        .unwrap()
        .execute_batch(&format!(
            "DELETE FROM changes WHERE seq <= {fourth}; INSERT INTO meta VALUES ('changes_trimmed', '{fourth}')"
        ))
        .unwrap();
    let gap = |from: &str| Change::Gap { cursor: fourth.into(), from: from.into(), to: fourth.into() };
    assert_eq!(at_hand(&mut slow), [&[gap("0")], &all[4..]].concat());
    assert_eq!(told(&database.han, from("2.1", &[], true))[0], gap("2.1"));
    assert_eq!(told(&database.han, from(fourth, &[], false)), all[4..]);
    home.append(&place("s1"), prompt("s1", 8, "close the shop").as_bytes());
    database.scan();
    assert_eq!(topics(&at_hand(&mut slow)), [("session:message:added", "s1"), ("session:updated", "s1")]);
    assert_eq!(
        serde_json::to_value(gap("0")).unwrap(),
        json!({ "type": "gap", "cursor": fourth, "from": "0", "to": fourth })
    );
}

#[test]
fn nothing_is_reported_of_what_was_forgotten() {
    let (home, database) = with(&[("s1", rich("s1")), ("s2", prompt("s2", 1, "sell bread")), ("s3", rich("s3"))]);
    let mut slow = database.han.subscribe(from("0", &[], true)).unwrap();
    for session in ["s1", "s3"] {
        database.han.forget(&ForgetTarget::Session(session.into())).unwrap();
    }
    // Row ids of what was forgotten may be used again, and must not bring anything back.
    home.write(&place("s4"), prompt("s4", 2, "sell cake").as_bytes());
    database.scan();
    let heard = at_hand(&mut slow);
    assert_eq!(messages(&heard).len(), 2);
    let of = |session| [("session:added", session), ("session:message:added", session), ("session:updated", session)];
    assert_eq!(topics(&heard), [of("s2"), of("s4")].concat());
    let json = serde_json::to_string(&told(&database.han, from("0", &[], false))).unwrap();
    assert!(!json.contains("s1") && !json.contains("s3"), "{json}");
}

#[test]
fn a_new_subscription_starts_after_what_is_there() {
    let (home, database) = with(&[("s1", rich("s1"))]);
    let mut following = database.han.subscribe(SubscribeOptions::default()).unwrap();
    assert_eq!(at_hand(&mut following), []);
    home.append(&place("s1"), prompt("s1", 8, "close the shop").as_bytes());
    database.index(&home.file(&place("s1")));
    assert_eq!(topics(&[next(&mut following)]), [("session:message:added", "s1")]);
    let refused = following.next_batch(0, None).unwrap_err();
    assert_eq!(refused.code().as_str(), "HAN_INVALID_ARGUMENT");
}
