//! What is refused, by name, with nothing changed.

use han_native::SqlOptions;
use han_native::model::{
    PendingQuery, SearchMode, SearchOrder, SearchQuery, SearchSyntax, SqlParameters, VectorItem, VectorPlace,
    VectorQuery,
};

use super::{failure, file, found, ids, index, near, place, prompts};
use crate::support::home::{Database, Home};

fn embedded() -> (Home, Database, Vec<String>) {
    let home = Home::new();
    home.write(&file("s"), prompts("s", &["one", "two"]).as_bytes());
    let database = home.database();
    database.scan();
    let ids = ids(&database.han, "s");
    index(&database.han, "m", &[(&ids[0], &[1.0, 0.0, 0.0])]);
    (home, database, ids)
}

#[test]
fn bad_vectors_are_refused_whole() {
    let (_home, database, ids) = embedded();
    let good = VectorItem { place: place(&ids[1]), vector: &[0.0, 1.0, 0.0] };
    let cases: [(&[f32], &str); 7] = [
        (&[1.0, 2.0], "2 dimensions"),
        (&[], "0 dimensions"),
        (&[1.0, f32::NAN, 0.0], "NaN at position 1"),
        (&[f32::INFINITY, 0.0, 0.0], "inf at position 0"),
        (&[0.0, 0.0, 0.0], "all zeros"),
        (&[1e30, 1e30, 0.0], "length out of range"),
        (&[1e-30, 0.0, 0.0], "length out of range"),
    ];
    for (vector, expected) in cases {
        let items = [good.clone(), VectorItem { place: place(&ids[0]), vector }];
        let (code, text) = failure(database.han.vectors().index("m", &items));
        assert!(code == "HAN_INVALID_ARGUMENT" && text.contains(expected) && text.contains("position 1"), "{text}");
        let (code, text) = failure(database.han.vectors().search(&near(vector)));
        assert!(code == "HAN_INVALID_ARGUMENT" && text.contains(expected), "{text}");
    }
    let (_, text) =
        failure(database.han.vectors().index("m", &[VectorItem { place: place(&ids[1]), vector: &[1.0, 2.0] }]));
    assert!(text.contains("2 dimensions") && text.contains("the model m has 3"), "{text}");
    let huge = vec![1.0; 8_193];
    let (_, text) =
        failure(database.han.vectors().index("huge", &[VectorItem { place: place(&ids[1]), vector: &huge }]));
    assert!(text.contains("8193") && text.contains("8192"), "{text}");
    assert_eq!(found(&database.han, "m", &[1.0, 0.0, 0.0]), ids[..1], "nothing of all this was stored");
    let largest = vec![0.5; 8_192];
    index(&database.han, "large", &[(&ids[1], &largest)]);
    assert_eq!(found(&database.han, "large", &largest), ids[1..]);
}

#[test]
fn bad_items_are_refused() {
    let (_home, database, ids) = embedded();
    let refused = |model: &str, items: &[VectorItem<'_>]| failure(database.han.vectors().index(model, items)).1;
    let item = |change: fn(&mut VectorPlace)| {
        let mut place = place(&ids[1]);
        change(&mut place);
        VectorItem { place, vector: &[1.0, 0.0, 0.0] }
    };
    let good = item(|_| {});
    assert!(refused("", std::slice::from_ref(&good)).contains("model"));
    assert!(refused("m", &[good.clone(), good.clone()]).contains("second vector"));
    assert!(refused("m", &[item(|place| place.chunk = Some(-1))]).contains("negative"));
    assert!(refused("m", &[item(|place| (place.start, place.end) = (Some(4), Some(3)))]).contains("end"));
    assert!(refused("m", &[item(|place| place.text_hash = Some("no hash".into()))]).contains("textHash"));
    let many: Vec<VectorItem<'_>> = (0..10_001).map(|_| good.clone()).collect();
    assert!(refused("m", &many).contains("10000"));
    let odd = ["'; DROP TABLE messages; --", "名前", "a b\n\"c\""];
    for name in odd {
        index(&database.han, name, &[(&ids[1], &[1.0])]);
        assert_eq!(found(&database.han, name, &[1.0]), ids[1..]);
        assert_eq!(database.han.vectors().remove(name).unwrap().vectors, 1);
    }
    assert_eq!(failure(database.han.vectors().remove("unknown")).0, "HAN_NOT_FOUND");
}

#[test]
fn searches_that_make_no_sense_are_refused() {
    let (_home, database, ids) = embedded();
    let search = |change: fn(&mut SearchQuery)| {
        let mut query = SearchQuery { query: "one".into(), ..SearchQuery::default() };
        change(&mut query);
        failure(database.han.search(&query))
    };
    let invalid = |change: fn(&mut SearchQuery), name: &str| {
        let (code, text) = search(change);
        assert!(code == "HAN_INVALID_ARGUMENT" && text.starts_with(name), "{code} {text}");
    };
    invalid(|query| query.vector = Some(vec![1.0, 0.0, 0.0]), "vector");
    invalid(|query| query.model = Some("m".into()), "model");
    invalid(|query| query.mode = Some(SearchMode::Vector), "vector");
    invalid(|query| query.mode = Some(SearchMode::Hybrid), "vector");
    let vector = |query: &mut SearchQuery| {
        query.mode = Some(SearchMode::Vector);
        query.vector = Some(vec![1.0, 0.0, 0.0]);
    };
    let mut newest = SearchQuery { order: Some(SearchOrder::Newest), ..SearchQuery::default() };
    vector(&mut newest);
    assert!(failure(database.han.search(&newest)).1.starts_with("order"));
    let mut raw = SearchQuery { syntax: Some(SearchSyntax::Fts5), ..SearchQuery::default() };
    vector(&mut raw);
    assert!(failure(database.han.search(&raw)).1.starts_with("syntax"));
    let of = |model: &str| VectorQuery { model: Some(model.into()), ..near(&[1.0, 0.0, 0.0]) };
    assert_eq!(failure(database.han.vectors().search(&of("unknown"))).0, "HAN_NOT_FOUND");
    let cursor = database.han.vectors().search(&of("m")).unwrap().end_cursor;
    let after = SearchQuery { query: "one".into(), after: cursor, ..SearchQuery::default() };
    assert!(failure(database.han.search(&after)).1.starts_with("after"), "a cursor of another list");
    for first in [0, 1_001] {
        let (_, text) = failure(database.han.vectors().search(&VectorQuery { first: Some(first), ..of("m") }));
        assert!(text.starts_with("first"), "{text}");
    }
    index(&database.han, "other", &[(&ids[0], &[1.0])]);
    let (_, text) = failure(database.han.vectors().search(&near(&[1.0, 0.0, 0.0])));
    assert!(text.contains("m, other"), "{text}");
    let pending = |model: &str, first, after: Option<&str>| {
        let query = PendingQuery { model: model.into(), first, after: after.map(str::to_owned) };
        failure(database.han.vectors().pending(&query)).1
    };
    assert!(pending("", None, None).starts_with("model"));
    assert!(pending("m", Some(0), None).starts_with("first"));
    assert!(pending("m", None, Some("nonsense")).starts_with("after"));
}

#[test]
fn statements_of_the_users_own_do_not_see_the_vectors() {
    let (_home, database, _) = embedded();
    for sql in [
        "SELECT rowid FROM message_vectors_1",
        "SELECT rowids FROM message_vectors_1_chunks",
        "SELECT vectors FROM message_vectors_1_vector_chunks00",
    ] {
        let refused = database.han.sql(sql, &SqlParameters::default(), &SqlOptions::default());
        assert_eq!(failure(refused).0, "HAN_INVALID_ARGUMENT", "{sql}");
    }
}
