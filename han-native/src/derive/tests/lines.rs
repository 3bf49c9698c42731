//! Lines to rows and problems: the count, places, provisional rows, and what is carried from line to line.

use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn glued_records_have_their_own_places_and_a_note() {
    let line = br#"{"type":"user","uuid":"a"}{"type":"user","uuid":"b"}"#;
    let rows = derive(line, FileKind::Main, &mut Carry::default());
    let places: Vec<_> = rows.messages.iter().map(|row| (row.line, row.part, row.offset, row.length)).collect();
    assert_eq!(places, [(3, 0, 100, 26), (3, 1, 126, 26)]);
    assert_eq!(rows.problems, []);
    assert_eq!(rows.messages[0].notes[0].0, ProblemKind::GluedRecords);
    assert_eq!(rows.messages[1].notes, []);
}

#[test]
fn a_broken_line_is_a_problem_and_keeps_what_can_be_salvaged() {
    let line = br#"{"type":"user","message":{"con{"type":"user","uuid":"b"}"#;
    let rows = derive(line, FileKind::Main, &mut Carry::default());
    assert_eq!(rows.problems.len(), 1);
    let problem = &rows.problems[0];
    assert_eq!((problem.line, problem.part, problem.offset, problem.length), (3, 0, 100, line.len() as i64));
    assert_eq!(problem.kind, ProblemKind::InvalidJson);
    assert_eq!((rows.messages.len(), rows.messages[0].part, rows.messages[0].offset), (1, 1, 130));
}

#[test]
fn an_unterminated_line_is_provisional_and_carries_nothing_on() {
    let mut carry = Carry { time: Some(7), ..Carry::default() };
    let before = carry.clone();
    for (text, messages, kind) in [
        (r#"{"type":"user","timestamp":"2026-01-31T08:15:00.250Z","message":{"content":"hi"}}"#, 1, None),
        (r#"{"type":"user","#, 0, Some(ProblemKind::TornTail)),
    ] {
        let mut rows = LineRows::default();
        let line = Line { bytes: text.as_bytes(), number: 1, offset: 0, is_terminated: false };
        derive_line(&line, FileKind::Main, &mut carry, &mut |_| Spill::Missing, &mut rows);
        assert_eq!(rows.messages.len(), messages);
        assert!(rows.messages.iter().all(|row| row.flags & flag::PROVISIONAL != 0));
        assert_eq!(rows.problems.first().map(|problem| problem.kind), kind);
        assert_eq!(carry, before);
    }
}

#[test]
fn time_is_carried_to_records_without_one() {
    let mut carry = Carry::default();
    let times: Vec<_> = [
        json!({"type": "summary"}),
        json!({"type": "user", "timestamp": "2026-01-31T08:15:00.250Z"}),
        json!({"type": "mode"}),
        json!({"type": "user", "timestamp": "2026-01-31T08:15:00.000Z"}),
        json!({"type": "mode", "timestamp": "soon"}),
    ]
    .iter()
    .map(|record| {
        let rows = derive(record.to_string().as_bytes(), FileKind::Main, &mut carry);
        (rows.messages[0].time, rows.messages[0].flags & flag::OWN_TIME != 0)
    })
    .collect();
    let (late, early) = (Some(1_769_847_300_250), Some(1_769_847_300_000));
    assert_eq!(times, [(None, false), (late, true), (late, false), (early, true), (early, false)]);
}

#[test]
fn only_the_first_prompt_is_a_title() {
    let mut carry = Carry::default();
    let titles: Vec<_> = ["<command-name>/clear</command-name>", " fix\n the\tbug ", "and the other"]
        .iter()
        .map(|text| {
            let record = json!({"type": "user", "message": {"content": text}});
            let rows = derive(record.to_string().as_bytes(), FileKind::Main, &mut carry);
            rows.messages.into_iter().next().unwrap().title.map(|title| (title.rank, title.title))
        })
        .collect();
    assert_eq!(titles, [None, Some((4, "fix the bug".to_owned())), None]);
}

#[test]
fn repeated_text_is_not_indexed_again() {
    let mut carry = Carry::default();
    let searchable: Vec<bool> = [
        json!({"type": "ai-title", "aiTitle": "One"}),
        json!({"type": "mode", "mode": "default"}),
        json!({"type": "ai-title", "aiTitle": "One"}),
        json!({"type": "custom-title", "customTitle": "One"}),
        json!({"type": "ai-title", "aiTitle": "Two"}),
        json!({"type": "ai-title", "aiTitle": "One"}),
    ]
    .iter()
    .map(|record| {
        let row = derive(record.to_string().as_bytes(), FileKind::Main, &mut carry).messages.remove(0);
        assert_eq!(row.flags & flag::SEARCHABLE != 0, !row.document.is_empty());
        !row.document.is_empty()
    })
    .collect();
    assert_eq!(searchable, [true, false, false, true, true, true]);
}

proptest! {
    /// Each line is a row with part 0 or a problem that represents it, never both, whatever its bytes.
    #[test]
    fn any_bytes_count_exactly_once(
        line in prop_oneof![
            prop::collection::vec(any::<u8>(), 1..60),
            "[{}\\[\\]\",:a\\\\ 0-9\\x00é]{1,40}".prop_map(String::into_bytes),
            prop::collection::vec(prop_oneof![
                Just(r#"{"type":"user","uuid":"u"}"#), Just(r#"{"type":"us"#), Just("{"), Just("}"), Just(" "), Just("\""), Just("x"),
                Just(r#"{"parentUuid":null,"type":"assistant","message":{"content":[{"type":"text","text":"t"}]}}"#),
            ], 1..8).prop_map(|pieces| pieces.concat().into_bytes()),
        ],
        is_terminated: bool,
        kind in prop_oneof![Just(FileKind::Main), Just(FileKind::Agent), Just(FileKind::Events)],
    ) {
        prop_assume!(!line.contains(&b'\n') && !line.trim_ascii().is_empty());
        let mut rows = LineRows::default();
        let given = Line { bytes: &line, number: 1, offset: 0, is_terminated };
        derive_line(&given, kind, &mut Carry::default(), &mut |_| Spill::Missing, &mut rows);
        let firsts = rows.messages.iter().filter(|row| row.part == 0).count();
        prop_assert_eq!(firsts + rows.problems.len(), 1);
        for problem in &rows.problems {
            prop_assert!(!problem.kind.is_note() && problem.part == 0);
        }
        for row in &rows.messages {
            let (start, end) = (row.offset as usize, (row.offset + row.length) as usize);
            prop_assert!(start < end && end <= line.len());
            searchable_texts(&line[start..end], kind, &mut |_| Spill::Missing);
        }
    }
}
