//! The smallest whole test: a transcript is written, scanned, and searched.

use han_native::model::SearchQuery;

use crate::support::home::Home;
use crate::support::lines::{answer, prompt, text};

#[test]
fn a_word_of_an_answer_is_found() {
    let home = Home::new();
    home.write_session("s1", [prompt("s1", 1, "which fruit?"), answer("s1", 2, text("a quince"))].concat());
    let han = home.scanned();
    let query = SearchQuery { query: "quince".into(), ..SearchQuery::default() };
    let hits = han.search(&query).unwrap().items;
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].message.line_number, 2);
}
