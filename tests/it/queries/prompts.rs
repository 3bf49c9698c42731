//! Prompts as they are counted, listed, found and exported, whatever kind of record has them.

use han_native::model::{
    BlockOptions, ExportFormat, ExportOptions, MessageQuery, SearchQuery, Session, SessionQuery, Turn,
};
use serde_json::{Value, json};

use crate::support::dump::Scope;
use crate::support::home::{Database, Home};
use crate::support::lines::{answer, call, jsonl, line, prompt, result, text};

const SESSION: &str = "s1";
const MAIN: &str = "projects/-code-shop/s1.jsonl";

fn queue(number: usize, operation: &str, content: Option<&str>) -> String {
    let mut record = json!({ "type": "queue-operation", "operation": operation });
    if let Some(content) = content {
        record["content"] = content.into();
    }
    line(SESSION, number, record)
}

fn queued(number: usize, prompt: Value, mode: &str) -> String {
    let attachment = json!({ "type": "queued_command", "prompt": prompt, "commandMode": mode });
    line(SESSION, number, json!({ "type": "attachment", "attachment": attachment }))
}

fn session(database: &Database) -> Session {
    database.han.sessions().get([SESSION]).unwrap().remove(0).unwrap()
}

/// The previews of the prompts, in the order of the file.
fn prompts(database: &Database) -> Vec<String> {
    let query = MessageQuery { session_id: SESSION.into(), first: Some(1_000), ..MessageQuery::default() };
    let messages = database.han.messages().list(&query).unwrap().items;
    let ids: Vec<String> = messages.iter().map(|message| message.id.to_string()).collect();
    let blocks = database.han.messages().blocks(&ids, &BlockOptions::default()).unwrap();
    for (message, blocks) in messages.iter().zip(blocks) {
        let blocks = blocks.unwrap();
        assert_eq!(blocks.turn == Turn::Prompt, message.is_prompt);
        assert!(!(message.is_prompt && blocks.is_bookkeeping), "a prompt is shown: {message:?}");
    }
    messages.into_iter().filter(|message| message.is_prompt).map(|message| message.preview).collect()
}

fn hits(database: &Database, query: &str) -> usize {
    let query = SearchQuery { query: query.into(), first: Some(100), ..SearchQuery::default() };
    database.han.search(&query).unwrap().items.len()
}

/// Every history of the file's growth ends in the same state: after each line, a database that followed is like one built from scratch.
fn grows(lines: &[String], check: impl Fn(&Database, usize)) {
    let home = Home::new();
    let database = home.database();
    home.write(MAIN, b"");
    for (index, line) in lines.iter().enumerate() {
        home.append(MAIN, line);
        database.scan();
        let (grown, cold) = (database.dump(Scope::Present), home.from_scratch());
        grown.expect(&cold, &format!("after line {}", index + 1)).unwrap();
        check(&database, index + 1);
    }
}

#[test]
fn a_text_that_waits_is_a_prompt_until_another_row_has_it() {
    let lines = [
        queue(1, "enqueue", Some("open the barn")),
        queue(2, "dequeue", None),
        prompt(SESSION, 3, "open the barn"),
        call(SESSION, 4, "toolu_1", "Bash", json!({ "command": "ls" })),
        queue(5, "enqueue", Some("feed the goat")),
        queue(6, "enqueue", Some("milk the goat")),
        result(SESSION, 7, "toolu_1", "done", json!({})),
        queued(8, json!("feed the goat"), "prompt"),
        queue(9, "remove", Some("feed the goat")),
        queue(10, "remove", Some("milk the goat")),
        answer(SESSION, 11, text("both are content")),
        queued(12, json!("<task-notification>content</task-notification>"), "task-notification"),
    ];
    // How many prompts there are after each line.
    let counts = [1, 0, 1, 1, 2, 3, 3, 3, 3, 3, 3, 3];
    grows(&lines, |database, line| {
        let expected = counts[line - 1];
        let found = prompts(database);
        assert_eq!(found.len(), expected, "after line {line}: {found:?}");
        let session = session(database);
        assert_eq!(session.prompt_count as usize, expected, "after line {line}");
        assert_eq!(session.title.is_some(), expected > 0, "after line {line}");
        for (text, from) in [("barn", 1), ("feed", 5), ("milk", 6)] {
            let is_said = line >= from && !(text == "barn" && line == 2);
            assert_eq!(hits(database, text), usize::from(is_said), "{text} after line {line}");
        }
        if line < lines.len() {
            return;
        }
        assert_eq!(found, ["open the barn", "milk the goat", "feed the goat"]);
        for format in [ExportFormat::Markdown, ExportFormat::Html] {
            let text = database.han.export_session(SESSION, format, &ExportOptions::default()).unwrap();
            for said in ["feed the goat", "milk the goat"] {
                assert_eq!(text.matches(said).count(), 1, "{format:?}: {text}");
            }
            assert_eq!(text.matches("User, queued").count(), 2, "{format:?}: {text}");
        }
    });
}

#[test]
fn the_same_words_that_wait_twice_are_taken_back_one_by_one() {
    let lines = [
        queue(1, "enqueue", Some("go on")),
        queue(2, "enqueue", Some("go on")),
        queue(3, "popAll", Some("go on\ngo on")),
        queue(4, "enqueue", Some("go on")),
    ];
    grows(&lines, |database, line| {
        let expected = [1, 2, 0, 1][line - 1];
        assert_eq!(prompts(database).len(), expected, "after line {line}");
        assert_eq!(session(database).title.as_deref(), (expected > 0).then_some("go on"), "after line {line}");
    });
}

#[test]
fn what_is_around_a_prompt_is_shown_separately() {
    let around = "<system-reminder>be brief</system-reminder>";
    let command = "<command-message>mend</command-message>\n<command-name>/mend</command-name>\n<command-args>the fence</command-args>";
    let home = Home::new();
    home.write(MAIN, [prompt(SESSION, 1, &format!("{around}\nfeed the goat")), prompt(SESSION, 2, command)].concat());
    let database = home.database();
    database.scan();
    assert_eq!(prompts(&database), ["feed the goat", "/mend the fence"]);
    assert_eq!(session(&database).title.as_deref(), Some("feed the goat"));
    let query = MessageQuery { session_id: SESSION.into(), first: Some(10), ..MessageQuery::default() };
    let ids: Vec<String> =
        database.han.messages().list(&query).unwrap().items.iter().map(|message| message.id.to_string()).collect();
    let blocks = database.han.messages().blocks(&ids, &BlockOptions::default()).unwrap();
    let texts: Vec<Value> =
        blocks.into_iter().flatten().map(|message| serde_json::to_value(message.blocks).unwrap()).collect();
    for (blocks, said) in texts.iter().zip(["feed the goat", "/mend the fence"]) {
        assert_eq!((blocks.as_array().unwrap().len(), &blocks[0]["text"]), (1, &json!(said)));
    }
    let text = database.han.export_session(SESSION, ExportFormat::Markdown, &ExportOptions::default()).unwrap();
    assert!(text.contains("be brief") && text.contains("<summary>Context</summary>"), "{text}");
    assert!(text.contains("\n/mend the fence\n") && !text.contains("command-name"), "{text}");
}

#[test]
fn coloured_text_is_found_and_shown_without_its_colours() {
    let home = Home::new();
    let output = "\u{1b}[31mBRO\u{1b}[1mKEN\u{1b}[0m \u{1b}]8;;https://a.example\u{1b}\\barn.spec\u{1b}]8;;\u{1b}\\";
    home.write(
        MAIN,
        [
            prompt(SESSION, 1, "\u{1b}[31mtest\u{1b}[0m the barn"),
            call(SESSION, 2, "toolu_1", "Bash", json!({ "command": "test" })),
            result(SESSION, 3, "toolu_1", output, json!({})),
        ]
        .concat(),
    );
    let database = home.database();
    database.scan();
    assert_eq!(session(&database).title.as_deref(), Some("test the barn"));
    assert_eq!([hits(&database, "BROKEN"), hits(&database, "barn.spec"), hits(&database, "31mBRO")], [1, 1, 0]);
    let query = SearchQuery { query: "broken".into(), first: Some(1), ..SearchQuery::default() };
    let hit = database.han.search(&query).unwrap().items.remove(0);
    assert_eq!(hit.snippet, "BROKEN barn.spec");
    assert_eq!((hit.matches[0].start, hit.matches[0].end), (0, 6));
    let text = database.han.export_session(SESSION, ExportFormat::Markdown, &ExportOptions::default()).unwrap();
    assert!(text.contains("BROKEN barn.spec") && !text.contains('\u{1b}'), "{text:?}");
    let raw = database.han.messages().raw(&[hit.message.id.to_string()]).unwrap().remove(0).unwrap();
    assert!(raw.contains(r"\u001b[31mBRO"), "what is stored is what was written");
}

#[test]
fn what_tools_answer_in_objects_is_found_and_shown() {
    let record = json!({ "type": "assistant", "message": { "role": "assistant", "content": [
        { "type": "code_execution_tool_result", "tool_use_id": "t1",
          "content": { "type": "code_execution_result", "stdout": "twelve goats", "stderr": "", "return_code": 0 } },
        { "type": "web_search_tool_result", "tool_use_id": "t2", "content": [
            { "type": "web_search_result", "title": "All about barns", "url": "https://a.example", "encrypted_content": "QUJD" }] },
        { "type": "brand_new", "note": { "inside": "a rooster" } },
    ] } });
    let home = Home::new();
    home.write(MAIN, jsonl(&[record]));
    let database = home.database();
    database.scan();
    let words = ["twelve goats", "about barns", "rooster"];
    let text = database.han.export_session(SESSION, ExportFormat::Markdown, &ExportOptions::default()).unwrap();
    for words in words {
        assert_eq!(hits(&database, words), 1, "{words}");
        assert!(text.contains(words), "{words} in {text}");
    }
    assert_eq!(hits(&database, "QUJD"), 0);
    assert!(!text.contains("QUJD"));
}

#[test]
fn a_session_of_warm_ups_alone_is_not_listed() {
    let agent = |number: usize, session: &str, record: Value| {
        let mut line: Value = serde_json::from_str(&line(session, number, record)).unwrap();
        line["isSidechain"] = true.into();
        format!("{line}\n")
    };
    let warm_up = |session: &str| {
        let question = json!({ "type": "user", "message": { "role": "user", "content": "Warmup" } });
        let answer = json!({ "type": "assistant", "message": { "role": "assistant", "content": [text("ready")] } });
        [agent(1, session, question), agent(2, session, answer)].concat()
    };
    let home = Home::new();
    home.write("projects/-code-shop/agent-a1b2c3.jsonl", warm_up("s8"));
    home.write("projects/-code-shop/agent-a1b2c4.jsonl", warm_up("s9"));
    home.write("projects/-code-shop/s9.jsonl", prompt("s9", 3, "feed the goat"));
    let database = home.database();
    database.scan();
    let listed = |include_empty| {
        let query = SessionQuery { include_empty, ..SessionQuery::default() };
        let sessions = database.han.sessions().list(&query).unwrap().items;
        let mut ids: Vec<String> = sessions.into_iter().map(|session| session.id).collect();
        ids.sort();
        ids
    };
    assert_eq!(listed(false), ["s9"]);
    assert_eq!(listed(true), ["s8", "s9"]);
}
