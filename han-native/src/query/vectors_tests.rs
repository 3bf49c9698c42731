use super::*;
use crate::query::testing::{Fixture, Line, id};
use crate::row::flag;
use crate::store::vectors::{NewItem, advance, insert_model, replace};

const MAIN: &str = "projects/p/s.jsonl";

/// Messages that can be found by their texts, from line 1 on.
fn messages(texts: &[&str]) -> (Fixture, Vec<i64>) {
    let fixture = Fixture::new();
    let session = fixture.session("s", Some(1), true);
    let main = fixture.file(session, MAIN, "main", None);
    let ids =
        (1..).zip(texts).map(|(number, text)| fixture.line(main, Line::new(number, Some(number), text))).collect();
    fixture.run("UPDATE messages SET flags = flags | ?1", [flag::SEARCHABLE]);
    (fixture, ids)
}

fn pending_ids(fixture: &Fixture, model: &str) -> Vec<String> {
    let page = pending_in(&fixture.connection, model, None, 100).unwrap();
    page.items.into_iter().map(|item| item.message_id).collect()
}

fn embed(fixture: &Fixture, message_id: i64) {
    let connection = &fixture.connection;
    let model = match vectors::model(connection, "m").unwrap() {
        Some(model) => model,
        None => insert_model(connection, "m", 2).unwrap(),
    };
    let vector = [1.0, 2.0];
    let item = NewItem {
        message_id,
        chunk: 0,
        field: None,
        text_start: None,
        text_end: None,
        text_hash: 7,
        is_stale: false,
        vector: &vector,
    };
    replace(connection, &model, &[item]).unwrap();
    let model = vectors::model(connection, "m").unwrap().unwrap();
    advance(connection, &model).unwrap();
}

fn looked_id(fixture: &Fixture) -> i64 {
    vectors::model(&fixture.connection, "m").unwrap().unwrap().looked_id
}

#[test]
fn messages_with_text_and_no_vector_are_pending() {
    let (fixture, ids) = messages(&["one", "two", "three"]);
    let all: Vec<String> = (1..=3).map(|line| id(MAIN, line)).collect();
    assert_eq!(pending_ids(&fixture, "m"), all);
    embed(&fixture, ids[1]);
    assert_eq!(pending_ids(&fixture, "m"), [all[0].clone(), all[2].clone()]);
    assert_eq!(pending_ids(&fixture, "another"), all);
    fixture.run("UPDATE messages SET replay_of = ?1 WHERE id = ?2", [ids[0], ids[2]]);
    assert_eq!(pending_ids(&fixture, "m"), all[..1]);
}

#[test]
fn pages_go_on_behind_their_cursors() {
    let (fixture, _) = messages(&["one", "two", "three"]);
    let first = pending_in(&fixture.connection, "m", None, 2).unwrap();
    assert!(first.has_next_page && first.items.len() == 2);
    let after = page::decode::<i64>("after", LIST, &first.end_cursor.unwrap()).unwrap();
    let second = pending_in(&fixture.connection, "m", Some(after), 2).unwrap();
    assert!(!second.has_next_page && second.items[0].chunks[0].text == "three");
}

#[test]
fn the_mark_moves_over_what_needs_no_look() {
    let (fixture, ids) = messages(&["one", "two", "three"]);
    embed(&fixture, ids[2]);
    assert_eq!(looked_id(&fixture), ids[0] - 1);
    embed(&fixture, ids[0]);
    assert_eq!(looked_id(&fixture), ids[0]);
    embed(&fixture, ids[1]);
    assert_eq!(looked_id(&fixture), ids[2]);
    assert!(pending_ids(&fixture, "m").is_empty());
}

#[test]
fn a_message_behind_the_mark_is_due_when_its_text_changes() {
    let (fixture, ids) = messages(&["one", "two"]);
    ids.iter().for_each(|id| embed(&fixture, *id));
    vectors::note_text(&fixture.connection, ids[0], 7, true).unwrap();
    assert!(pending_ids(&fixture, "m").is_empty());
    vectors::note_text(&fixture.connection, ids[0], 8, true).unwrap();
    assert_eq!(pending_ids(&fixture, "m"), [id(MAIN, 1)]);
    assert_eq!(models_in(&fixture.connection).unwrap()[0].stale, 1);
    // What it was before is embedded already.
    vectors::note_text(&fixture.connection, ids[0], 7, true).unwrap();
    assert!(pending_ids(&fixture, "m").is_empty());
    let due =
        || fixture.connection.query_row("SELECT count(*) FROM vector_due", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(due(), 1);
    advance(&fixture.connection, &vectors::model(&fixture.connection, "m").unwrap().unwrap()).unwrap();
    assert_eq!(due(), 0, "nobody looks at it again");
    vectors::remove_message(&fixture.connection, ids[1]).unwrap();
    vectors::note_due(&fixture.connection, ids[1]).unwrap();
    assert_eq!(pending_ids(&fixture, "m"), [id(MAIN, 2)]);
}

#[test]
fn known_messages_have_the_hash_of_their_text() {
    let (fixture, ids) = messages(&["one", "two", "one"]);
    let asked = [id(MAIN, 1), "unknown".into(), id(MAIN, 3), id(MAIN, 2), id(MAIN, 1)];
    let known = known_in(&fixture.connection, &asked).unwrap();
    let row_ids: Vec<Vec<i64>> = known.iter().map(|known| known.iter().map(|known| known.row_id).collect()).collect();
    assert_eq!(row_ids, [vec![ids[0]], vec![], vec![ids[2]], vec![ids[1]], vec![ids[0]]]);
    let hash = |at: usize| known[at][0].text_hash;
    assert!(hash(0) == hash(2) && hash(0) != hash(3) && hash(0) == hash(4));
}
