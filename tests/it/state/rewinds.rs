//! Prompts that were taken back.

use han_native::SqlOptions;
use han_native::model::{ExportFormat, ExportOptions, MessageQuery, SqlParameters};
use serde_json::{Value, json};

use super::arrivals;
use crate::support::home::Database;
use crate::support::lines::{assistant, line, text, tool_result, tool_use, user, with};

const SESSION: &str = "s1";

fn uuid(number: usize) -> String {
    format!("{number:08x}-0000-4000-8000-00000000aaaa")
}

/// A record that answers another; 0 means none.
fn said(number: usize, parent: usize, record: Value) -> String {
    let parent = if parent == 0 { Value::Null } else { uuid(parent).into() };
    line(SESSION, number, with(record, &[("/uuid", uuid(number).into()), ("/parentUuid", parent)]))
}

fn asked(number: usize, parent: usize) -> String {
    said(number, parent, user(format!("prompt {number}")))
}

fn answered(number: usize, parent: usize) -> String {
    said(number, parent, assistant(&[text("done")]))
}

/// The lines of the prompts that were taken back.
fn rewound(database: &Database) -> Vec<i64> {
    let query = MessageQuery { session_id: SESSION.into(), first: Some(100), ..MessageQuery::default() };
    let messages = database.han.messages().list(&query).unwrap().items;
    messages.iter().filter(|message| message.is_rewound).map(|message| message.line_number).collect()
}

#[test]
fn a_prompt_that_the_next_one_jumps_over_was_taken_back() {
    let tools = |number: usize, parent: usize| said(number, parent, assistant(&[tool_use("t", "Bash", json!({}))]));
    let result = |number: usize, parent: usize| said(number, parent, user(vec![tool_result("t", "out")]));
    let boundary = said(3, 0, json!({ "type": "system", "subtype": "compact_boundary", "content": "compacted" }));
    let start = || [asked(1, 0), answered(2, 1)].to_vec();
    let cases: Vec<(&str, Vec<String>, &[i64])> = vec![
        ("a straight conversation", vec![asked(3, 2), answered(4, 3), asked(5, 4)], &[]),
        ("one back", vec![asked(3, 2), answered(4, 3), asked(5, 2), answered(6, 5)], &[3]),
        ("two back", vec![asked(3, 2), answered(4, 3), asked(5, 4), answered(6, 5), asked(7, 2)], &[3, 5]),
        ("twice", vec![asked(3, 2), answered(4, 3), asked(5, 2), answered(6, 5), asked(7, 2)], &[3, 5]),
        (
            "a command continues from there first",
            vec![asked(3, 2), said(4, 2, user("<command-name>/cost</command-name>"))],
            &[3],
        ),
        (
            "calls at the same time",
            vec![asked(3, 2), tools(4, 3), tools(5, 4), result(6, 4), result(7, 5), asked(8, 7)],
            &[],
        ),
        ("a compaction", vec![boundary.clone(), asked(4, 3), answered(5, 4)], &[]),
        ("a parent that is not there", vec![asked(3, 2), asked(4, 77)], &[]),
        ("two programs at the same time", vec![asked(3, 2), asked(4, 2), answered(5, 4), answered(6, 3)], &[]),
        (
            "and taken back in the end",
            vec![asked(3, 2), asked(4, 2), answered(5, 3), answered(6, 4), asked(7, 2)],
            &[3, 4],
        ),
    ];
    for (name, rest, expected) in cases {
        let lines = [start(), rest].concat();
        for (home, database) in arrivals(SESSION, &lines) {
            assert_eq!(rewound(&database), expected, "{name}");
            assert_eq!(database.dump(crate::support::dump::Scope::Present), home.from_scratch(), "{name}");
        }
    }
}

#[test]
fn exports_and_views_say_that_a_prompt_was_taken_back() {
    let lines = [asked(1, 0), answered(2, 1), asked(3, 2), answered(4, 3), asked(5, 2)];
    let (_home, database) = arrivals(SESSION, &lines).remove(0);
    for format in [ExportFormat::Markdown, ExportFormat::Html] {
        let page = database.han.export_session(SESSION, format, &ExportOptions::default()).unwrap();
        assert_eq!(page.matches("rewound").count(), 1, "{page}");
    }
    let sql = "SELECT line_number FROM v_messages WHERE is_rewound";
    let found = database.han.sql(sql, &SqlParameters::default(), &SqlOptions::default()).unwrap();
    assert_eq!(found.rows.len(), 1);
}
