//! Search by words and vectors together: the two lists joined as the formula says, nothing more and nothing less.

use han_native::Han;
use han_native::model::{MatchedBy, SearchHit, SearchMode, SearchQuery, SearchSyntax};

use super::{file, ids, index, prompts};
use crate::support::home::{Database, Home};

/// How many of each list are joined.
const WINDOW: usize = 200;

fn query(mode: SearchMode, text: &str, vector: Option<&[f32]>) -> SearchQuery {
    SearchQuery {
        query: text.into(),
        mode: Some(mode),
        vector: vector.map(<[f32]>::to_vec),
        first: Some(1_000),
        ..SearchQuery::default()
    }
}

fn hits(han: &Han, query: &SearchQuery) -> Vec<SearchHit> {
    han.search(query).unwrap().items
}

fn id(hit: &SearchHit) -> String {
    hit.message.id.to_string()
}

/// Sessions with more messages of a word than are joined, every second of them with a vector, in no order.
fn garden() -> (Home, Database) {
    let home = Home::new();
    for session in ["a", "b", "c", "d", "e"] {
        let text = |number: usize| match number % 3 {
            0 => format!("tulip {session}{number}"),
            1 => format!("tulip and rose {session}{number} tulip"),
            _ => format!("nothing that grows {session}{number}"),
        };
        let texts: Vec<String> = (0..60).chain(100..160).map(text).collect();
        let (first, second) = texts.split_at(60);
        let lines = |texts: &[String]| prompts(session, &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let lines = lines(first) + &lines(second).replace("T10:", "T11:").replace("0000-4000-8000", "0000-4001-8000");
        // The uuids of different sessions must differ, or they are copies.
        let lines = lines.replace("\"00000000-", &format!("\"0000000{session}-"));
        home.write(&file(session), lines.as_bytes());
    }
    let database = home.database();
    database.scan();
    for session in ["a", "b", "c", "d", "e"] {
        let ids = ids(&database.han, session);
        assert_eq!(ids.len(), 120);
        let vectors: Vec<(usize, [f32; 3])> = (0..ids.len())
            .filter(|at| at % 2 == 0 || session == "e")
            .map(|at| (at, [(at * 7 % 31) as f32 - 15.0, (at * 5 % 23) as f32 - 11.0, 1.0]))
            .collect();
        let vectors: Vec<(&str, &[f32])> =
            vectors.iter().map(|(at, vector)| (ids[*at].as_str(), vector.as_slice())).collect();
        index(&database.han, "m", &vectors);
    }
    (home, database)
}

/// Joins the two lists in the most obvious way.
fn joined(texts: &[SearchHit], vectors: &[SearchHit]) -> Vec<(String, f64, Option<i64>, Option<i64>)> {
    let rank = |list: &[SearchHit], wanted: &str| list.iter().take(WINDOW).position(|hit| id(hit) == wanted);
    let mut all: Vec<&SearchHit> = texts.iter().take(WINDOW).collect();
    all.extend(vectors.iter().take(WINDOW).filter(|hit| rank(texts, &id(hit)).is_none()));
    let mut joined: Vec<_> = all
        .into_iter()
        .map(|hit| {
            let (text, vector) = (rank(texts, &id(hit)), rank(vectors, &id(hit)));
            let part = |rank: Option<usize>| rank.map_or(0.0, |rank| 1.0 / (60.0 + rank as f64 + 1.0));
            let time = hit.message.effective_timestamp.map(|time| time.0);
            let score = part(text) + part(vector);
            (hit, score, time, text.map(|rank| rank as i64 + 1), vector.map(|rank| rank as i64 + 1))
        })
        .collect();
    joined.sort_by(|left, right| {
        right.1.total_cmp(&left.1).then(right.2.cmp(&left.2)).then_with(|| id(left.0).cmp(&id(right.0)))
    });
    joined.into_iter().map(|(hit, score, _, text, vector)| (id(hit), score, text, vector)).collect()
}

#[test]
fn the_lists_are_joined_by_reciprocal_ranks() {
    let (_home, database) = garden();
    let han = &database.han;
    let filters: [fn(SearchQuery) -> SearchQuery; 4] = [
        |query| query,
        |query| SearchQuery { session_id: Some("b".into()), ..query },
        |query| SearchQuery { since: Some("2026-03-01T11:00:00Z".parse().unwrap()), ..query },
        |query| SearchQuery { project_id: Some("-nowhere".into()), ..query },
    ];
    for filter in filters {
        for text in ["tulip", "rose tulip", "grows", "absent", "?"] {
            let vector: &[f32] = &[3.0, -4.0, 1.0];
            let texts = hits(han, &filter(query(SearchMode::Text, text, None)));
            let vectors = hits(han, &filter(query(SearchMode::Vector, "", Some(vector))));
            let expected = joined(&texts, &vectors);
            let found = hits(han, &filter(query(SearchMode::Hybrid, text, Some(vector))));
            let told: Vec<_> = found.iter().map(|hit| (id(hit), hit.score, hit.text_rank, hit.vector_rank)).collect();
            assert_eq!(told, expected, "{text}");
            for hit in &found {
                let by = match (hit.text_rank, hit.vector_rank) {
                    (Some(_), Some(_)) => MatchedBy::Both,
                    (Some(_), None) => MatchedBy::Text,
                    _ => MatchedBy::Vector,
                };
                assert_eq!(hit.matched_by, by);
                assert_eq!(hit.distance.is_some(), hit.vector_rank.is_some());
                assert_eq!(hit.chunk, hit.vector_rank.map(|_| 0));
            }
        }
    }
}

#[test]
fn pages_of_the_joined_list_hold_each_hit_once() {
    let (_home, database) = garden();
    let whole = hits(&database.han, &query(SearchMode::Hybrid, "tulip", Some(&[1.0, 2.0, 3.0])));
    assert!(whole.len() > WINDOW && whole.len() <= 2 * WINDOW, "{}", whole.len());
    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let next = SearchQuery {
            first: Some(37),
            after: after.take(),
            ..query(SearchMode::Hybrid, "tulip", Some(&[1.0, 2.0, 3.0]))
        };
        let page = database.han.search(&next).unwrap();
        paged.extend(page.items);
        if !page.has_next_page {
            break;
        }
        after = page.end_cursor;
    }
    assert_eq!(paged, whole);
}

#[test]
fn a_hit_says_what_it_was_found_by() {
    let home = Home::new();
    home.write(&file("s"), prompts("s", &["only the word tulip", "tulip and near", "only near"]).as_bytes());
    let database = home.database();
    database.scan();
    let ids = ids(&database.han, "s");
    index(&database.han, "m", &[(&ids[1], &[1.0, 0.0]), (&ids[2], &[1.0, 0.1])]);
    let found = hits(&database.han, &query(SearchMode::Hybrid, "tulip", Some(&[1.0, 0.0])));
    let told: Vec<_> =
        found.iter().map(|hit| (id(hit), hit.matched_by, hit.text_rank, hit.vector_rank, hit.matches.len())).collect();
    assert_eq!(told[0].0, ids[1]);
    assert_eq!((told[0].1, told[0].3, told[0].4), (MatchedBy::Both, Some(1), 1));
    let of = |wanted: &str| told.iter().find(|(id, ..)| id == wanted).unwrap().clone();
    assert_eq!(of(&ids[0]).1, MatchedBy::Text);
    assert_eq!((of(&ids[2]).1, of(&ids[2]).3, of(&ids[2]).4), (MatchedBy::Vector, Some(2), 0));
    let text = hits(&database.han, &query(SearchMode::Text, "tulip", None));
    assert!(
        text.iter().all(|hit| hit.matched_by == MatchedBy::Text && hit.text_rank.is_none() && hit.distance.is_none())
    );
    let raw = SearchQuery {
        syntax: Some(SearchSyntax::Fts5),
        ..query(SearchMode::Hybrid, "tulip NOT near", Some(&[1.0, 0.0]))
    };
    let found = hits(&database.han, &raw);
    assert_eq!(
        found.iter().filter(|hit| hit.matched_by == MatchedBy::Text).map(id).collect::<Vec<_>>(),
        [ids[0].as_str()]
    );
}
