//! Titles that are stored beside a transcript.

use serde_json::{Value, json};

use crate::support::home::{Database, Home, place};
use crate::support::lines::{line, prompt, time};

const SESSION: &str = "s1";
const BESIDE: &str = "projects/-code-shop/s1/custom-title.json";

fn title(database: &Database) -> Option<String> {
    database.han.sessions().get(&[SESSION.to_owned()]).unwrap().remove(0).unwrap().title
}

fn named(number: usize, kind: &str, name: &str) -> String {
    line(SESSION, number, json!({ "type": kind, "customTitle": name, "aiTitle": name }))
}

#[test]
fn a_title_beside_the_transcript_is_one_that_a_person_chose() {
    let by = |by: &str, number: usize| json!({ "customTitle": " Beside\n it ", "by": by, "at": time(number) });
    let cases: [(&str, Vec<String>, Value, &str); 9] = [
        ("before what a model says", vec![named(2, "ai-title", "Model")], by("user", 1), "Beside it"),
        ("later than the record", vec![named(2, "custom-title", "Record")], by("user", 3), "Beside it"),
        ("earlier than the record", vec![named(4, "custom-title", "Record")], by("user", 3), "Record"),
        ("carried, after a record", vec![named(2, "custom-title", "Record")], by("carried", 3), "Record"),
        ("carried, before what a model says", vec![named(2, "ai-title", "Model")], by("carried", 3), "Beside it"),
        ("without a time", vec![named(2, "custom-title", "Record")], json!({ "customTitle": "Beside it" }), "Record"),
        ("without a time or a record", vec![], json!({ "customTitle": "Beside it" }), "Beside it"),
        ("empty", vec![], json!({ "customTitle": " ", "by": "user" }), "hello"),
        ("of another kind", vec![], json!(["customTitle"]), "hello"),
    ];
    for (name, records, beside, expected) in cases {
        for title_first in [false, true] {
            let home = Home::new();
            let database = home.database();
            if title_first {
                home.write(BESIDE, beside.to_string());
            }
            home.write_session(SESSION, prompt(SESSION, 1, "hello") + &records.concat());
            database.scan();
            home.write(BESIDE, beside.to_string());
            database.scan();
            assert_eq!(title(&database).as_deref(), Some(expected), "{name}, title first: {title_first}");
        }
    }
}

#[test]
fn a_title_that_changes_beside_an_unchanged_transcript_is_seen() {
    let home = Home::new();
    let database = home.database();
    home.write_session(SESSION, prompt(SESSION, 1, "hello"));
    for name in ["One", "Two"] {
        home.write(BESIDE, json!({ "customTitle": name, "by": "user", "at": time(5) }).to_string());
        database.scan();
        assert_eq!(title(&database).as_deref(), Some(name));
    }
    home.append(&place(SESSION), named(9, "custom-title", "Three"));
    database.scan();
    assert_eq!(title(&database).as_deref(), Some("Three"));
}
