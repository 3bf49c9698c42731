//! The content of messages, block by block: every type of block, how texts are cut, and odd records.

use han_native::Error;
use han_native::model::{
    AgentSelection, Block, BlockOptions, ExportFormat, ExportOptions, MessageBlocks, MessageQuery, SessionExport, Turn,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

use crate::support::home::{Database, Home};
use crate::support::records::SESSIONS;
use crate::support::transcripts;

const SESSION: &str = "talk";
const MAIN: &str = "projects/-code-app/talk.jsonl";
const TINY_PICTURE: &str = "iVBORw0KGgo=";

/// A database of one session with these lines.
fn database(lines: &[impl AsRef<[u8]>]) -> (Home, Database) {
    let home = Home::new();
    let bytes: Vec<u8> = lines.iter().flat_map(|line| [line.as_ref(), b"\n"].concat()).collect();
    home.write(MAIN, &bytes);
    let database = home.database();
    database.scan();
    (home, database)
}

fn record(number: u32, mut record: Value) -> String {
    record["uuid"] = format!("{number:08x}-0000-4000-8000-000000000000").into();
    record["timestamp"] = format!("2026-05-01T10:{number:02}:00Z").into();
    record.to_string()
}

fn user(number: u32, content: Value) -> String {
    record(number, json!({ "type": "user", "message": { "role": "user", "content": content } }))
}

fn answer(number: u32, content: Value) -> String {
    record(number, json!({ "type": "assistant", "message": { "role": "assistant", "content": content } }))
}

/// The ids of a session's messages, in the order of the file.
fn ids(database: &Database) -> Vec<String> {
    let query = MessageQuery {
        session_id: SESSION.into(),
        first: Some(10_000),
        include_superseded: true,
        ..MessageQuery::default()
    };
    database.han.messages().list(&query).unwrap().items.into_iter().map(|message| message.id.to_string()).collect()
}

fn blocks(database: &Database, ids: &[String], max_bytes: Option<i64>) -> Vec<Option<MessageBlocks>> {
    database.han.messages().blocks(ids, &BlockOptions { max_bytes }).unwrap()
}

/// Every message of the session, as JSON.
fn all(database: &Database, max_bytes: Option<i64>) -> Vec<Value> {
    let found = blocks(database, &ids(database), max_bytes);
    found.into_iter().map(|message| serde_json::to_value(message.unwrap()).unwrap()).collect()
}

fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text, "bytes": text.len(), "isTruncated": false })
}

fn other(kind: &str, text: &str) -> Value {
    json!({ "type": "other", "kind": kind, "text": text, "bytes": text.len(), "isTruncated": false })
}

#[test]
fn every_type_of_block_has_its_fields() {
    let picture =
        json!({ "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": TINY_PICTURE } });
    let (_home, database) = database(&[
        user(0, json!("open the shop")),
        answer(
            1,
            json!([
                { "type": "thinking", "thinking": "which shop?", "signature": "x" },
                { "type": "redacted_thinking", "data": "xyz" },
                { "type": "text", "text": "I look." },
                { "type": "tool_use", "id": "toolu_1", "name": "Bash", "input": { "description": "All", "command": "ls \n -l" } },
            ]),
        ),
        user(
            2,
            json!([
                { "type": "tool_result", "tool_use_id": "toolu_1", "is_error": true, "content": [
                    { "type": "text", "text": "one" }, picture, { "type": "text", "text": "two" }] },
                picture,
                { "type": "document", "source": { "type": "text", "data": "all" } },
                { "type": "image", "source": { "type": "url", "url": "https://example.org/a.png" } },
                { "type": "mystery", "content": "hm" },
                7,
            ]),
        ),
        record(3, json!({ "type": "system", "subtype": "informational", "content": "a remark" })),
        record(4, json!({ "type": "system", "subtype": "turn_duration", "durationMs": 1500 })),
        record(5, json!({ "type": "queue-operation", "operation": "enqueue", "content": "then close it" })),
        record(6, json!({ "type": "mode", "mode": "plan" })),
        answer(7, json!([{ "type": "thinking", "thinking": "", "signature": "x" }])),
        answer(8, json!([{ "type": "tool_use", "input": null }])),
        record(9, json!({ "type": "user", "isMeta": true, "message": { "role": "user", "content": "put in" } })),
    ]);
    let image =
        |tool_use_id: Value| json!({ "type": "image", "toolUseId": tool_use_id, "mediaType": "image/png", "bytes": 8 });
    let input = r#"{"command":"ls \n -l","description":"All"}"#;
    let expected: Vec<(&str, bool, Value)> = vec![
        ("prompt", false, json!([text("open the shop")])),
        (
            "answer",
            false,
            json!([
                { "type": "thinking", "text": "which shop?", "bytes": 11, "isTruncated": false },
                other("redacted_thinking", ""),
                text("I look."),
                { "type": "toolCall", "toolUseId": "toolu_1", "name": "Bash", "summary": "ls -l", "input": input,
                  "bytes": input.len(), "isTruncated": false },
            ]),
        ),
        (
            "event",
            false,
            json!([
                { "type": "toolResult", "toolUseId": "toolu_1", "isError": true, "text": "one\n[image]\ntwo", "bytes": 15,
                  "isTruncated": false, "spill": null },
                image(json!("toolu_1")),
                image(Value::Null),
                other("document", "all"),
                { "type": "image", "toolUseId": null, "mediaType": null, "bytes": 0 },
                other("mystery", "hm"),
                other("unknown", ""),
            ]),
        ),
        ("event", false, json!([other("system", "a remark")])),
        ("event", true, json!([other("system", "turn duration: 1.5 s")])),
        ("prompt", false, json!([other("queue-operation", "then close it")])),
        ("event", true, json!([other("mode", "plan")])),
        ("answer", false, json!([{ "type": "thinking", "text": "", "bytes": 0, "isTruncated": false }])),
        (
            "answer",
            false,
            json!([{ "type": "toolCall", "toolUseId": null, "name": null, "summary": "", "input": "", "bytes": 0,
                "isTruncated": false }]),
        ),
        ("event", false, json!([text("put in")])),
    ];
    let expected: Vec<Value> = expected
        .into_iter()
        .map(|(turn, is_bookkeeping, blocks)| {
            json!({ "turn": turn, "isBookkeeping": is_bookkeeping, "blocks": blocks, "hasMoreBlocks": false })
        })
        .collect();
    let found = all(&database, None);
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
    // What is written is what is read.
    let read: Vec<MessageBlocks> = serde_json::from_value(found.into()).unwrap();
    assert_eq!(read, blocks(&database, &ids(&database), None).into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn texts_are_cut_between_characters_and_say_how_long_they_are() {
    let words = "a\u{e9}\u{65e5}\u{1f600}\u{0}z";
    let (_home, database) = database(&[
        user(0, json!(words)),
        answer(
            1,
            json!([
                { "type": "text", "text": words },
                { "type": "thinking", "thinking": words },
                { "type": "tool_use", "id": "t", "name": "Bash", "input": { "command": words } },
                { "type": "mystery", "content": words },
            ]),
        ),
        user(2, json!([{ "type": "tool_result", "tool_use_id": "t", "content": [{ "type": "text", "text": words }] }])),
        record(3, json!({ "type": "system", "subtype": "informational", "content": words })),
    ]);
    let input = json!({ "command": words }).to_string();
    for limit in 1..=words.len() + 1 {
        let start = &words[..words.floor_char_boundary(limit)];
        let is_cut = start.len() < words.len();
        let mut texts = 0;
        for message in blocks(&database, &ids(&database), Some(limit as i64)).into_iter().flatten() {
            for block in message.blocks {
                let (text, bytes, is_truncated, whole) = match &block {
                    Block::Text(block) | Block::Thinking(block) => {
                        (&block.text, block.bytes, block.is_truncated, words)
                    }
                    Block::ToolCall(block) => {
                        assert_eq!(block.summary, start, "{limit}");
                        (&block.input, block.bytes, block.is_truncated, input.as_str())
                    }
                    Block::ToolResult(block) => (&block.text, block.bytes, block.is_truncated, words),
                    Block::Other(block) => (&block.text, block.bytes, block.is_truncated, words),
                    Block::Image(_) => unreachable!(),
                };
                assert_eq!(*text, whole[..whole.floor_char_boundary(limit)], "{limit}: {block:?}");
                assert_eq!((bytes, is_truncated), (whole.len() as i64, text.len() < whole.len()), "{limit}: {block:?}");
                texts += 1;
            }
        }
        assert_eq!(texts, 7, "{limit} {is_cut}");
    }
}

#[test]
fn a_text_has_64_kib_where_nothing_else_is_asked_for() {
    let (_home, database) = database(&[user(0, json!("x".repeat(100_000)))]);
    let lengths = |max_bytes| {
        let found = blocks(&database, &ids(&database), max_bytes);
        match found[0].as_ref().unwrap().blocks.as_slice() {
            [Block::Text(block)] => (block.text.len(), block.bytes, block.is_truncated),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(lengths(None), (65_536, 100_000, true));
    assert_eq!(lengths(Some(1 << 30)), (100_000, 100_000, false));
    for refused in [0, -1, (1 << 30) + 1] {
        let error = database.han.messages().blocks([""; 0], &BlockOptions { max_bytes: Some(refused) }).unwrap_err();
        assert!(matches!(&error, Error::InvalidArgument { name, .. } if name == "maxBytes"), "{error}");
    }
    assert_eq!(serde_json::from_str::<BlockOptions>("{}").unwrap(), BlockOptions::default());
    assert_eq!(serde_json::from_str::<BlockOptions>(r#"{"maxBytes":5}"#).unwrap(), BlockOptions { max_bytes: Some(5) });
    assert!(serde_json::from_str::<BlockOptions>(r#"{"maxByte":5}"#).is_err());
}

#[test]
fn odd_records_say_what_can_be_read_of_them() {
    let surrogate =
        r#"{"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"a \ud800 b"},
        {"type":"tool_use","id":"t","name":"N","input":{"q":"\ud800","n":1e999}}]}}"#
            .replace('\n', "");
    let lines: [&[u8]; 7] = [
        b"no json",
        b"[1, 2]",
        &[user(1, json!("first")), user(2, json!("second"))].concat().into_bytes(),
        surrogate.as_bytes(),
        b"{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"bad \xff byte\"}}",
        b"\0\0{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"after a hole\"}}",
        b"{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":{\"odd\":1}}}",
    ];
    let (_home, database) = database(&lines);
    let found: Vec<Value> = all(&database, None).into_iter().map(|message| message["blocks"].clone()).collect();
    let input = r#"{"q":"\ud800","n":1e999}"#;
    let call = json!({ "type": "toolCall", "toolUseId": "t", "name": "N", "summary": "\u{fffd}", "input": input,
        "bytes": input.len(), "isTruncated": false });
    assert_eq!(
        found,
        [
            json!([text("first")]),
            json!([text("second")]),
            json!([text("a \u{fffd} b"), call]),
            json!([text("bad \u{fffd} byte")]),
            json!([text("after a hole")]),
            json!([]),
        ]
    );
    // Lines that are not records have no message.
    let path_hash = ids(&database)[0].split(':').next().unwrap().to_owned();
    let lines = [format!("{path_hash}:1:0"), format!("{path_hash}:2:0"), format!("{path_hash}:3:1")];
    let found = blocks(&database, &lines, None);
    assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [false, false, true]);
}

#[test]
fn a_spilled_result_names_its_file() {
    let stub = "<persisted-output>\nOutput too large (70KB). Full output saved to: /x/tool-results/out1.txt\n\nPreview:\nthe who";
    let results = |number, blocks: Value, result: Value| {
        record(
            number,
            json!({ "type": "user", "toolUseResult": result, "message": { "role": "user", "content": blocks } }),
        )
    };
    let result =
        |id: Option<&str>, content: &str| json!({ "type": "tool_result", "tool_use_id": id, "content": content });
    let (home, database) = database(&[
        results(0, json!([result(Some("t1"), stub)]), json!({})),
        results(1, json!([result(None, stub), result(Some("t2"), "short")]), json!({})),
        results(2, json!([result(Some("t3"), "cut")]), json!({ "persistedOutputPath": "/x/tool-results/gone.txt" })),
    ]);
    home.write("projects/-code-app/talk/tool-results/out1.txt", b"the whole output");
    database.scan();
    let spills: Vec<Vec<(String, Option<String>)>> = blocks(&database, &ids(&database), Some(3))
        .into_iter()
        .flatten()
        .map(|message| {
            let results = message.blocks.into_iter().map(|block| match block {
                Block::ToolResult(block) => (block.text, block.spill),
                other => panic!("{other:?}"),
            });
            results.collect()
        })
        .collect();
    let of = |text: &str, spill: Option<&str>| (text.to_owned(), spill.map(str::to_owned));
    assert_eq!(
        spills,
        [vec![of("<pe", Some("out1.txt"))], vec![of("<pe", None), of("sho", None)], vec![of("cut", Some("gone.txt"))]]
    );
}

#[test]
fn each_id_has_its_answer_in_its_place() {
    let (home, database) = database(&[user(0, json!("one")), user(1, json!("two"))]);
    let known = ids(&database);
    let asked: Vec<String> =
        [&known[1], "0000000000000000:1:0", &known[0], "nonsense", "", &known[1], &format!("0{}", known[0])]
            .into_iter()
            .map(str::to_owned)
            .collect();
    let first = |found: Option<MessageBlocks>| match found?.blocks.into_iter().next()? {
        Block::Text(block) => Some(block.text),
        _ => None,
    };
    let found: Vec<Option<String>> = blocks(&database, &asked, None).into_iter().map(first).collect();
    let said = |text: &str| Some(text.to_owned());
    assert_eq!(found, [said("two"), None, said("one"), None, None, said("two"), None]);

    // An older generation keeps its records.
    home.write(MAIN, format!("{}\n", user(2, json!("instead"))).as_bytes());
    database.scan();
    let found: Vec<Option<String>> = blocks(&database, &ids(&database), None).into_iter().map(first).collect();
    assert_eq!(found, [said("instead"), said("one"), said("two")]);

    let many = vec![known[0].clone(); 10_000];
    assert!(blocks(&database, &many, Some(1)).iter().all(Option::is_some));
    let error = database.han.messages().blocks(vec![String::new(); 10_001], &BlockOptions::default()).unwrap_err();
    assert!(matches!(&error, Error::InvalidArgument { name, .. } if name == "ids"), "{error}");
}

#[test]
fn a_message_of_very_many_blocks_says_that_there_are_more() {
    let content: Vec<Value> = (0..10_001).map(|_| json!({ "type": "text", "text": "x" })).collect();
    let (_home, database) = database(&[user(0, content[1..].into()), user(1, content.into())]);
    let found = blocks(&database, &ids(&database), None);
    let counts = found.iter().flatten().map(|message| (message.blocks.len(), message.has_more_blocks));
    assert_eq!(counts.collect::<Vec<_>>(), [(10_000, false), (10_000, true)]);
}

/// The texts of the blocks, ordered like the export: by their source, those of one kind below each other.
fn agrees(message: &han_native::model::ExportedMessage, found: &MessageBlocks) -> Result<(), TestCaseError> {
    let mut said = Vec::new();
    let (mut thinking, mut inputs, mut outputs, mut others) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for block in &found.blocks {
        match block {
            Block::Text(block) => said.push(block.text.as_str()),
            Block::Thinking(block) => thinking.push(block.text.as_str()),
            Block::ToolCall(block) => inputs.push(block.input.as_str()),
            Block::ToolResult(block) => outputs.push((block.text.as_str(), block.spill.is_some())),
            Block::Other(block) => others.push(block.text.as_str()),
            Block::Image(_) => {}
        }
    }
    let field = |name: &str| message.text.get(name).map(String::as_str).unwrap_or_default();
    let joined = |texts: &[&str]| {
        let texts: Vec<&str> = texts.iter().copied().filter(|text| !text.trim().is_empty()).collect();
        texts.join("\n")
    };
    prop_assert_eq!(joined(&thinking), field("thinking"));
    if message.message.role.is_some() {
        let words = joined(&said);
        let is_said = ["assistant", "user", "other"].iter().any(|name| field(name).contains(&words));
        prop_assert!(is_said, "{:?} is not in {:?}", words, message.text);
        prop_assert_eq!(inputs.join("\n"), field("toolInput"));
        let starts = outputs.iter().all(|(text, _)| field("toolOutput").contains(text));
        prop_assert!(starts, "{:?} is not in {:?}", outputs, message.text);
    } else if !message.text.is_empty() {
        let texts: Vec<&str> = message.text.values().map(String::as_str).collect();
        prop_assert!(others.iter().all(|text| texts.contains(text)) && others.len() == texts.len(), "{:?}", others);
    }
    prop_assert_eq!(found.turn == Turn::Prompt, message.message.is_prompt);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_blocks_of_any_transcript_say_what_its_export_says(
        contents in proptest::collection::vec((transcripts::place(), transcripts::content(24)), 1..4)
    ) {
        let home = Home::new();
        for (place, content) in &contents {
            home.write(place, &content.0);
        }
        let database = home.database();
        database.scan();
        for session in SESSIONS {
            let query = MessageQuery { session_id: session.into(), agents: Some(AgentSelection::All), ..MessageQuery::default() };
            if database.han.messages().list(&query).unwrap().items.is_empty() {
                continue;
            }
            let json = database.han.export_session(session, ExportFormat::Json, &ExportOptions::default()).unwrap();
            let export: SessionExport = serde_json::from_str(&json).unwrap();
            let messages: Vec<_> = export.files.into_iter().flat_map(|file| file.messages).collect();
            let ids: Vec<String> = messages.iter().map(|exported| exported.message.id.to_string()).collect();
            for (message, found) in messages.iter().zip(blocks(&database, &ids, Some(1 << 30))) {
                agrees(message, &found.unwrap())?;
            }
        }
    }
}
