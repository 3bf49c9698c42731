//! One file in several config dirs: its messages have the same ids, and each that wants a vector gets one.

use std::sync::Arc;

use han_native::model::{VectorItem, VectorPlace};
use han_native::{EmbedOptions, Han, OpenOptions};
use han_tests::Letters;

use super::{file, found, ids, index, pending, place, prompts};
use crate::support::home::{Database, Home};

fn both(first: &Home, second: &Home) -> Database {
    let config_dirs = Some(vec![first.config_dir(), second.config_dir()]);
    let database = Database::with(OpenOptions { config_dirs, ..OpenOptions::default() });
    database.han.vectors().register(Arc::new(Letters)).unwrap();
    database
}

fn title(text: &str) -> String {
    serde_json::json!({ "type": "summary", "summary": text }).to_string() + "\n"
}

fn embed(han: &Han) -> i64 {
    han.vectors().embed_pending("letters", EmbedOptions::default()).unwrap().messages
}

#[test]
fn what_has_no_uuid_is_embedded_once_for_all() {
    let (first, second) = (Home::new(), Home::new());
    for home in [&first, &second] {
        home.write(&file("s"), title("gardens and tomatoes").as_bytes());
    }
    let database = both(&first, &second);
    database.scan();
    let wanted = pending(&database.han, "letters");
    assert_eq!(wanted.len(), 1, "a message is listed once: {wanted:?}");
    assert_eq!((embed(&database.han), embed(&database.han)), (2, 0));
    assert_eq!(pending(&database.han, "letters"), [""; 0]);
    let hits = found(&database.han, "letters", &Letters::vector("gardens"));
    assert_eq!(hits, [wanted[0].as_str(), &wanted[0]], "as a search by words finds them");
}

#[test]
fn a_file_that_went_on_in_two_places_is_embedded_in_both() {
    let (first, second) = (Home::new(), Home::new());
    first.write(&file("s"), title("gardens and tomatoes").as_bytes());
    second.write(&file("s"), title("a quick brown fox").as_bytes());
    let database = both(&first, &second);
    database.scan();
    assert_eq!((embed(&database.han), embed(&database.han)), (2, 0));
    assert_eq!(pending(&database.han, "letters"), [""; 0]);
    for text in ["gardens and tomatoes", "a quick brown fox"] {
        let query = han_native::model::VectorQuery { vector: Letters::vector(text), ..Default::default() };
        let hit = database.han.vectors().search(&query).unwrap().items.remove(0);
        assert!(hit.distance.unwrap() < 1e-6 && hit.snippet == text, "{hit:?}");
    }
}

#[test]
fn copies_on_the_disk_stand_beside_originals_that_are_gone() {
    let (first, second) = (Home::new(), Home::new());
    let lines = prompts("s", &["water the tomatoes", "mow the lawn"]);
    first.write(&file("s"), lines.as_bytes());
    let database = both(&first, &second);
    database.scan();
    second.write(&file("s"), lines.as_bytes());
    std::fs::remove_file(first.file(&file("s"))).unwrap();
    database.scan();
    assert_eq!(database.number("SELECT count(*) FROM messages WHERE replay_of IS NOT NULL"), 2);
    assert_eq!(embed(&database.han), 2);
    assert_eq!((embed(&database.han), pending(&database.han, "letters").len()), (0, 0));
    let hits = found(&database.han, "letters", &Letters::vector("tomato water"));
    assert_eq!(hits.len(), 2);
    // The same without a hash: the copy that is meant has the same text.
    let id = &hits[0];
    assert_eq!(index(&database.han, "m", &[(id, &[1.0, 0.0])]).messages, 1);
    assert_eq!(found(&database.han, "m", &[1.0, 0.0]), [id.as_str()]);
}

#[test]
fn a_vector_of_a_text_that_nobody_has_is_that_of_the_message_that_is_meant() {
    let (first, second) = (Home::new(), Home::new());
    first.write(&file("s"), title("gardens and tomatoes").as_bytes());
    second.write(&file("s"), title("a quick brown fox").as_bytes());
    let database = both(&first, &second);
    database.scan();
    let id = ids(&database.han, "s").remove(0);
    let hashed = |hash: &str, chunk| VectorItem {
        place: VectorPlace { text_hash: Some(hash.into()), chunk: Some(chunk), ..place(&id) },
        vector: &[1.0, 0.0],
    };
    let report = database.han.vectors().index("m", &[hashed("00000000000000ff", 0)]).unwrap();
    assert_eq!((report.messages, report.vectors), (1, 1));
    let model = database.han.vectors().models().unwrap().remove(0);
    assert_eq!((model.vectors, model.stale), (1, 1));
    assert_eq!(pending(&database.han, "m").len(), 2);
    // Two texts of one id, neither of which anyone has, are two vectors of one message.
    let twice = database.han.vectors().index("m", &[hashed("00000000000000ff", 0), hashed("00000000000000fe", 0)]);
    let (code, text) = super::failure(twice);
    assert!(code == "HAN_INVALID_ARGUMENT" && text.contains("position 1: a second vector of chunk 0"), "{text}");
    assert_eq!(database.han.vectors().models().unwrap()[0].vectors, 1, "nothing of this was stored");
}
