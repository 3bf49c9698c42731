use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::model::ProblemKind;

/// The places and types of a line's records, and the remark on it.
fn read(line: &str) -> (Vec<(i64, usize, usize, String)>, Option<(ProblemKind, String)>) {
    read_bytes(line.as_bytes(), true)
}

fn read_bytes(line: &[u8], is_terminated: bool) -> (Vec<(i64, usize, usize, String)>, Option<(ProblemKind, String)>) {
    let mut records = Vec::new();
    let remark = read_line(line, is_terminated, &mut |place, record| {
        let record_type = record.envelope.record_type.get().unwrap_or("-").to_owned();
        records.push((place.part, place.start, place.length, record_type));
    });
    (records, remark.map(|remark| (remark.kind, remark.detail)))
}

/// Reads the envelope of a line that is one record.
fn with_envelope(line: &str, check: impl FnOnce(&Record<'_>)) {
    let mut check = Some(check);
    let remark = read_line(line.as_bytes(), true, &mut |_, record| check.take().unwrap()(record));
    assert_eq!(remark, None, "{line}");
    assert!(check.is_none(), "no record: {line}");
}

#[test]
fn whatever_json_parse_takes_as_an_object_is_one_record() {
    let deep = format!(r#"{{"type":"t","x":{}1{}}}"#, "[".repeat(20_000), "]".repeat(20_000));
    let deep_content =
        format!(r#"{{"type":"t","message":{{"content":{}{}}}}}"#, "[".repeat(20_000), "]".repeat(20_000));
    let cases = [
        (r#"{"type":"user"}"#, "user"),
        ("  {\"type\":\"user\"}\t\r", "user"),
        ("\0\0\0{\"type\":\"user\"}", "user"),
        (r#"{"type":"user","uuid":5,"message":"text","data":[1],"todos":{},"isMeta":"yes"}"#, "user"),
        (r#"{"type":"user","message":null,"toolUseResult":null,"attachment":null,"hookInfos":null}"#, "user"),
        (r#"{"type":"a","type":"b"}"#, "b"),
        (r#"{"type":"a","type":null}"#, "-"),
        (r#"{"\u0074ype":"a\u0062"}"#, "ab"),
        (r#"{"type":"\ud800x"}"#, "\u{fffd}x"),
        (r#"{"\udc00":1,"type":"t"}"#, "t"),
        (r#"{"type":"t","uuid":1e999,"message":1e999,"hookInfos":[1e999,-1E+400]}"#, "t"),
        (r#"{"type":"t","message":{"content":[1e999,{"type":"text"}]},"toolUseResult":{"edits":1e999}}"#, "t"),
        (r#"{"type":"t","n":123456789012345678901234567890.5e-3}"#, "t"),
        ("{}", "-"),
        (&deep, "t"),
        (&deep_content, "t"),
    ];
    for (line, expected) in cases {
        let expected = (vec![(0, 0, line.len(), expected.to_owned())], None);
        assert_eq!(read(line), expected, "{}", &line[..line.len().min(100)]);
    }
}

#[test]
fn a_bad_field_costs_only_itself() {
    with_envelope(
        r#"{"uuid":"u1","parentUuid":{},"cwd":7,"sessionId":"s1","message":{"role":"user","usage":{"input_tokens":"x","output_tokens":2.9}}}"#,
        |record| {
            let envelope = record.envelope;
            assert_eq!(envelope.uuid.get(), Some("u1"));
            assert_eq!((envelope.parent_uuid.get(), envelope.cwd.get()), (None, None));
            assert_eq!(envelope.session_id.get(), Some("s1"));
            assert_eq!(envelope.message.role.get(), Some("user"));
            assert_eq!(envelope.message.usage.input.get(), None);
            assert_eq!(envelope.message.usage.output.get(), Some(2));
        },
    );
    with_envelope(r#"{"uuid":"u1","message":{"id":"m1","content":[7,{"type":"text","text":"x"},1e999]}}"#, |record| {
        assert_eq!(record.envelope.message.id.get(), Some("m1"));
        assert_eq!(record.blocks.len(), 3);
        assert_eq!(record.blocks[1].text.text(9).as_deref(), Some("x"));
    });
    with_envelope(
        r#"{"toolUseResult":{"filePath":"\ud800.rs","structuredPatch":[{"lines":["+a"," b","-c",5]},7]}}"#,
        |record| {
            assert_eq!(record.result.file_path.get(), Some("\u{fffd}.rs"));
            assert_eq!((record.result.patch.added, record.result.patch.removed), (1, 1));
        },
    );
}

#[test]
fn invalid_utf8_becomes_replacement_characters() {
    let line = b"{\"type\":\"a\xff\xfeb\"}";
    assert_eq!(read_bytes(line, true), (vec![(0, 0, line.len(), "a\u{fffd}\u{fffd}b".to_owned())], None));
}

#[test]
fn what_is_no_object_is_a_problem_of_the_line() {
    let cases = [
        ("[1]", ProblemKind::NotObject, "is a list, not an object"),
        ("\"x\"", ProblemKind::NotObject, "is a string, not an object"),
        (" 12 ", ProblemKind::NotObject, "is a number, not an object"),
        ("null", ProblemKind::NotObject, "is null, not an object"),
        ("true", ProblemKind::NotObject, "is a boolean, not an object"),
        ("// redacted", ProblemKind::InvalidJson, "expected value at column 1"),
        ("\0\0x", ProblemKind::InvalidJson, "expected value at column 3"),
        ("\u{feff}{}", ProblemKind::InvalidJson, "expected value at column 1"),
        (r#"{"a":1"#, ProblemKind::InvalidJson, "EOF while parsing an object at column 6"),
        (
            "{\"a\":\"\u{1}\"}",
            ProblemKind::InvalidJson,
            "control character (\\u0000-\\u001F) found while parsing a string at column 6",
        ),
        (r#""a": 1"#, ProblemKind::InvalidJson, "trailing characters at column 4"),
        ("12 {}", ProblemKind::InvalidJson, "trailing characters at column 4"),
        ("\0", ProblemKind::InvalidJson, "EOF while parsing a value at column 2"),
    ];
    for (line, kind, detail) in cases {
        assert_eq!(read(line), (vec![], Some((kind, detail.to_owned()))), "{line:?}");
    }
}

#[test]
fn glued_records_are_parts_of_their_line() {
    let glued = r#"{"type":"a"}{"type":"b"} {"type":"c"}"#;
    let (records, remark) = read(glued);
    let expected = [(0, 0, 12, "a"), (1, 12, 12, "b"), (2, 25, 12, "c")];
    assert_eq!(records, expected.map(|(part, start, length, name)| (part, start, length, name.to_owned())));
    assert_eq!(remark, Some((ProblemKind::GluedRecords, "3 records are on this line".to_owned())));

    let (records, remark) = read("\0{\"type\":\"a\"} x}");
    assert_eq!(records, [(0, 1, 12, "a".to_owned())]);
    let detail = "1 record is on this line, with 2 bytes from column 15 on that are not JSON";
    assert_eq!(remark, Some((ProblemKind::GluedRecords, detail.to_owned())));
}

#[test]
fn a_complete_record_behind_a_broken_one_is_salvaged() {
    let second = r#"{"type":"summary","summary":"done","leafUuid":"u9"}"#;
    let broken_inside = [
        r#"{"type":"user","message":{"content":"abc"#,
        r#"{"type":"user","message":{"content":"abc\"#,
        r#"{"type":"user","message":{"content":[{"type":"text","text":"a"},"#,
        r#"{"type":"user","message":"#,
        r#"{"type":"user","mess"#,
        r#"{"type":"user","n":12"#,
        "{",
        "// header ",
    ];
    for first in broken_inside {
        let (records, remark) = read(&format!("{first}{second}"));
        assert_eq!(records, [(1, first.len(), second.len(), "summary".to_owned())], "{first}");
        let (kind, detail) = remark.unwrap();
        assert_eq!(kind, ProblemKind::InvalidJson, "{first}");
        assert!(detail.ends_with("; 1 after it could be read"), "{detail}");
    }

    let (records, remark) = read(r#"{"type":"a"}{"type":"user","x":"y{"type":"b","uuid":"u"}"#);
    let expected = [(0, 0, 12, "a"), (1, 33, 23, "b")];
    assert_eq!(records, expected.map(|(part, start, length, name)| (part, start, length, name.to_owned())));
    assert_eq!(remark.unwrap().0, ProblemKind::GluedRecords);
}

#[test]
fn the_inside_of_a_broken_record_is_no_record() {
    let broken = [
        r#"{"type":"user","message":{"content":[{"type":"text","text":"x"}"#,
        r#"{"type":"user","snapshot":{"messageId":"m"}"#,
        r#"{"type":"attachment","attachment":{"type":"hook_success"}"#,
    ];
    for line in broken {
        let (records, remark) = read(line);
        assert_eq!((records.len(), remark.unwrap().0), (0, ProblemKind::InvalidJson), "{line}");
    }
}

#[test]
fn a_line_of_countless_records_is_capped_and_says_so() {
    let (records, remark) = read(&"{}".repeat(100_000));
    assert_eq!(records.len(), 1_024);
    let detail = "100000 records are on this line; only the first 1024 were taken, 98976 were not";
    assert_eq!(remark, Some((ProblemKind::GluedRecords, detail.to_owned())));
}

#[test]
fn an_unterminated_line_counts_only_as_one_object() {
    assert_eq!(read_bytes(b" {\"type\":\"a\"} ", false).0, [(0, 0, 14, "a".to_owned())]);
    for line in [r#"{"type":"a""#, "[1]", r#"{"type":"a"}{"type":"b"}"#, r#"{"type":"a"}x"#, "\0"] {
        let (records, remark) = read_bytes(line.as_bytes(), false);
        assert_eq!((records.len(), remark.unwrap().0), (0, ProblemKind::TornTail), "{line}");
    }
}

#[test]
fn a_carried_message_is_read_one_level_deep() {
    let inner = r#"{"type":"progress","uuid":"u3","data":{"type":"agent_progress","message":{"uuid":"u4"}}}"#;
    with_envelope(
        &format!(r#"{{"type":"progress","uuid":"u1","data":{{"type":"agent_progress","message":{inner}}}}}"#),
        |record| {
            assert_eq!(record.envelope.uuid.get(), Some("u1"));
            assert_eq!(record.spoken().uuid.get(), Some("u3"));
        },
    );
}

#[test]
fn texts_are_unescaped_and_cut_at_characters() {
    let text = |json: &'static str, limit| serde_json::from_str::<Raw<'_>>(json).unwrap().text(limit);
    let cases = [
        (r#""plain""#, 99, "plain"),
        (r#""a\n\t\"\\\/\b\f\r\u0041\u00e9""#, 99, "a\n\t\"\\/\u{8}\u{c}\rAé"),
        (r#""\ud83c\udf89 \ud83c \udf89\ud83c\ud83c\udf89""#, 99, "🎉 \u{fffd} \u{fffd}\u{fffd}🎉"),
        (r#""ééé""#, 3, "é"),
        (r#""a\u00e9b""#, 2, "a"),
        (r#""a\u00e9b""#, 3, "aé"),
        (r#""abc""#, 0, ""),
    ];
    for (json, limit, expected) in cases {
        assert_eq!(text(json, limit).as_deref(), Some(expected), "{json} {limit}");
    }
}

#[test]
fn lines_are_counted_in_escaped_text() {
    let cases =
        [("", 0), ("a", 1), (r"a\n", 1), (r"a\nb", 2), (r"\n\n", 2), (r"a\\nb", 1), (r"a\u000ab\u000A", 2), (r"\t", 1)];
    for (string, expected) in cases {
        assert_eq!(text::line_count(string), expected, "{string}");
    }
}

#[test]
fn leaves_are_the_strings_that_are_no_keys() {
    let json = r#"{"a" : "1", "b":["2",{"c":"3","skip":{"d":["x","}"]},"skip":"y" , "e":"4"}],"skip":7,"f":"5"}"#;
    let mut leaves = Vec::new();
    for_each_leaf(json, |_, key| key == "skip", |leaf| leaves.push(leaf.text(9).unwrap().into_owned()));
    assert_eq!(leaves, ["1", "2", "3", "4", "5"]);
    let mut depths = Vec::new();
    for_each_leaf(
        json,
        |depth, key| {
            depths.push((depth, key.to_owned()));
            false
        },
        |_| {},
    );
    assert_eq!(depths[..3], [(1, "a".to_owned()), (1, "b".to_owned()), (3, "c".to_owned())]);
}

#[test]
fn bytes_are_no_leaves() {
    let cases = [
        (r#"{"source":{"type":"base64","media_type":"m","data":"QUJD"}}"#, vec!["base64", "m"]),
        (r#"{"data":"QUJD","type":"image"}"#, vec!["image"]),
        (r#"[{"type":"text","data":"words"},{"data":{"a":"b"}}]"#, vec!["text", "words", "b"]),
        (r#"{"type":"redacted_thinking","data":"x"}"#, vec!["redacted_thinking"]),
    ];
    for (json, expected) in cases {
        let mut leaves = Vec::new();
        for_each_leaf(json, |_, _| false, |leaf| leaves.push(leaf.text(99).unwrap().into_owned()));
        assert_eq!(leaves, expected, "{json}");
    }
    // What names its data very often is not searched each time.
    let odd = format!("{{{}\"z\":1}}", r#""data":"w","#.repeat(100_000));
    for_each_leaf(&odd, |_, _| false, |_| {});
}

fn json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        "[a-z]{1,4}",
        Just("type".to_owned()),
        Just("message".to_owned()),
        Just("content".to_owned()),
        Just("toolUseResult".to_owned()),
        Just("data".to_owned()),
        Just("usage".to_owned()),
        Just("timestamp".to_owned())
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(Value::from("agent_progress")),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_object_is_a_record_and_any_other_json_is_not(value in json()) {
        let (records, remark) = read(&value.to_string());
        if value.is_object() {
            prop_assert_eq!((records.len(), remark), (1, None));
        } else {
            prop_assert_eq!((records.len(), remark.map(|remark| remark.0)), (0, Some(ProblemKind::NotObject)));
        }
    }

    #[test]
    fn json_that_needs_no_mending_stays_as_it_is(value in json()) {
        let json = value.to_string();
        prop_assert_eq!(mend::mend(&json), json);
    }

    #[test]
    fn unescaping_agrees_with_the_parser(text in "[\\x00-\\x{2ffff}]{0,30}") {
        let json = serde_json::to_string(&text).unwrap();
        let raw: Raw<'_> = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(raw.text(usize::MAX).unwrap(), text.as_str());
        prop_assert_eq!(text::line_count(raw.string().unwrap()), text.lines().count() as i64);
    }

    #[test]
    fn leaves_never_panic(json in "[\\[\\]{}\",:\\\\a1 é]{0,40}") {
        for_each_leaf(&json, |_, key| key.starts_with('a'), |_| {});
        mend::mend(&json);
    }
}
