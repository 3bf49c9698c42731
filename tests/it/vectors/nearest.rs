//! After any history, a search by vectors finds what a slow and obvious one finds: the same messages, each once, in the same
//! order, whatever the filter and wherever the pages are cut.

use std::collections::{BTreeMap, HashMap, HashSet};

use han_native::model::{SearchField, SearchHit, Timestamp, VectorItem, VectorPlace, VectorQuery};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::facts::{Fact, facts};
use super::{found, index, near, prompts};
use crate::support::home::{Database, Home};
use crate::support::records::SESSIONS;
use crate::support::runner::check;
use crate::support::transcripts::{Bytes, Taking, content, place, taking};

/// Two models, of two sizes.
const MODELS: [(&str, usize); 2] = [("small", 2), ("large", 3)];
const FIELDS: [SearchField; 3] = [SearchField::User, SearchField::Assistant, SearchField::ToolOutput];

/// A vector as it was passed: of which chunk, of which field.
#[derive(Debug, Clone)]
struct Given {
    chunk: i64,
    field: Option<SearchField>,
    vector: Vec<f32>,
}

/// By model and the place of the message.
type Stored = HashMap<(usize, String), Vec<Given>>;

/// So few numbers that many vectors are the same.
fn vector(dimensions: usize) -> impl Strategy<Value = Vec<f32>> {
    vec(-2..=2_i8, dimensions)
        .prop_map(|numbers| numbers.into_iter().map(f32::from).collect::<Vec<_>>())
        .prop_filter("has a direction", |numbers| numbers.iter().any(|number| *number != 0.0))
}

fn given(dimensions: usize) -> impl Strategy<Value = Vec<Given>> {
    let one = (proptest::option::of(select(&FIELDS[..])), vector(dimensions));
    vec(one, 1..4)
        .prop_map(|all| (0..).zip(all).map(|(chunk, (field, vector))| Given { chunk, field, vector }).collect())
}

/// What happens to a database.
#[derive(Debug, Clone)]
enum Event {
    Write { path: String, bytes: Bytes, is_anew: bool, taking: Taking },
    Embed { model: usize, messages: Vec<(Index, Vec<Given>)> },
    Rederive,
    Remove { model: usize },
}

fn event() -> impl Strategy<Value = Event> {
    let embed = (0..MODELS.len()).prop_flat_map(|model| {
        vec((any::<Index>(), given(MODELS[model].1)), 1..8).prop_map(move |messages| Event::Embed { model, messages })
    });
    prop_oneof![
        5 => (place(), content(6), proptest::bool::weighted(0.2), taking())
            .prop_map(|(path, bytes, is_anew, taking)| Event::Write { path, bytes, is_anew, taking }),
        6 => embed,
        1 => Just(Event::Rederive),
        1 => (0..MODELS.len()).prop_map(|model| Event::Remove { model }),
    ]
}

fn happen(event: Event, home: &Home, database: &Database, stored: &mut Stored) {
    match event {
        Event::Write { path, bytes, is_anew, taking } => {
            if is_anew {
                home.write(&path, &bytes.0);
            } else {
                home.append(&path, &bytes.0);
            }
            taking.run(home, database, &path);
        }
        Event::Embed { model, messages } => {
            let known = facts(database);
            if known.is_empty() {
                return;
            }
            let chosen: BTreeMap<usize, Vec<Given>> =
                messages.into_iter().map(|(at, given)| (at.index(known.len()), given)).collect();
            let items: Vec<VectorItem<'_>> = chosen
                .iter()
                .flat_map(|(at, all)| {
                    let message_id = &known[*at].id;
                    all.iter().map(move |given| VectorItem {
                        place: VectorPlace {
                            message_id: message_id.clone(),
                            chunk: Some(given.chunk),
                            field: given.field,
                            ..VectorPlace::default()
                        },
                        vector: &given.vector,
                    })
                })
                .collect();
            let report = database.han.vectors().index(MODELS[model].0, &items).unwrap();
            assert_eq!(report.unknown, [""; 0]);
            assert_eq!((report.messages, report.vectors), (chosen.len() as i64, items.len() as i64));
            drop(items);
            for (at, all) in chosen {
                stored.insert((model, known[at].place.clone()), all);
            }
        }
        Event::Rederive => drop(database.han.rederive().unwrap()),
        Event::Remove { model } => {
            let had = stored.keys().any(|(of, _)| *of == model);
            let removed = database.han.vectors().remove(MODELS[model].0);
            assert!(removed.is_ok() || !had, "{removed:?}");
            stored.retain(|(of, _), _| *of != model);
        }
    }
}

/// The vectors of messages that no longer exist.
fn forget_what_went(database: &Database, stored: &mut Stored) {
    let places: HashSet<String> = facts(database).into_iter().map(|fact| fact.place).collect();
    stored.retain(|(_, place), _| places.contains(place));
}

/// A query without its vector and its model.
#[derive(Debug, Clone)]
struct Question {
    query: VectorQuery,
    page: i64,
}

fn question() -> impl Strategy<Value = Question> {
    let maybe = |often: f64, values: Vec<&'static str>| proptest::option::weighted(often, select(values));
    let place = (
        maybe(0.2, SESSIONS.to_vec()),
        maybe(0.2, vec!["-code-app", "-code-lib", "-nowhere"]),
        maybe(0.2, vec!["a1", "a2", "a9"]),
    );
    let times = vec!["2026-03-01T10:00:00.001Z", "2026-03-01T18:30:00Z", "2026-03-02"];
    let time = (maybe(0.2, times.clone()), maybe(0.2, times));
    let fields = proptest::option::weighted(0.3, vec(select(&FIELDS[..]), 0..3));
    let flags = (any::<bool>(), any::<bool>());
    (place, time, fields, flags, 1..6_i64).prop_map(|(place, time, fields, flags, page)| Question {
        query: VectorQuery {
            session_id: place.0.map(str::to_owned),
            project_id: place.1.map(str::to_owned),
            agent_id: place.2.map(str::to_owned),
            since: time.0.map(|time| time.parse::<Timestamp>().unwrap()),
            until: time.1.map(|time| time.parse::<Timestamp>().unwrap()),
            fields,
            include_replays: flags.0,
            include_superseded: flags.1,
            ..VectorQuery::default()
        },
        page,
    })
}

/// Whether a message passes the filter.
fn passes(fact: &Fact, query: &VectorQuery) -> bool {
    let is = |wanted: &Option<String>, value: Option<&String>| wanted.is_none() || wanted.as_ref() == value;
    let with_copies = query.include_replays;
    is(&query.session_id, Some(&fact.session))
        && is(&query.project_id, Some(&fact.project))
        && is(&query.agent_id, fact.agent.as_ref())
        && query.since.is_none_or(|since| fact.time.is_some_and(|time| time >= since.0))
        && query.until.is_none_or(|until| fact.time.is_some_and(|time| time < until.0))
        && (with_copies || !fact.is_copy && !fact.is_echo)
        && (query.include_superseded || !fact.is_superseded)
}

fn cosine_distance(left: &[f32], right: &[f32]) -> f64 {
    let dot = |left: &[f32], right: &[f32]| -> f64 {
        left.iter().zip(right).map(|(left, right)| f64::from(*left) * f64::from(*right)).sum()
    };
    1.0 - dot(left, right) / (dot(left, left).sqrt() * dot(right, right).sqrt())
}

/// The messages that must be found, with their distances and the chunks that may be the nearest.
fn expected(known: &[Fact], stored: &Stored, model: usize, query: &VectorQuery) -> HashMap<String, (f64, Vec<i64>)> {
    let fields = query.fields.as_deref().filter(|fields| !fields.is_empty());
    let mut expected = HashMap::new();
    for fact in known.iter().filter(|fact| passes(fact, query)) {
        let all = stored.get(&(model, fact.place.clone())).into_iter().flatten();
        let of_fields =
            all.filter(|given| fields.is_none_or(|fields| given.field.is_none_or(|of| fields.contains(&of))));
        let distances: Vec<(f64, i64)> =
            of_fields.map(|given| (cosine_distance(&given.vector, &query.vector), given.chunk)).collect();
        let least = distances.iter().map(|(distance, _)| *distance).fold(f64::INFINITY, f64::min);
        let chunks =
            distances.iter().filter(|(distance, _)| *distance - least < 1e-5).map(|(_, chunk)| *chunk).collect();
        if least.is_finite() {
            expected.insert(fact.id.clone(), (least, chunks));
        }
    }
    expected
}

/// Every hit, page by page.
fn pages(database: &Database, query: &VectorQuery, page: i64) -> Vec<SearchHit> {
    let mut hits = Vec::new();
    let mut query = VectorQuery { first: Some(page), ..query.clone() };
    loop {
        let found = database.han.vectors().search(&query).unwrap();
        assert!(found.items.len() as i64 <= page);
        assert_eq!(found.has_previous_page, query.after.is_some());
        hits.extend(found.items);
        if !found.has_next_page {
            return hits;
        }
        query.after = found.end_cursor;
    }
}

fn agrees(database: &Database, stored: &Stored, model: usize, question: &Question) -> Result<(), TestCaseError> {
    let known = facts(database);
    let query = VectorQuery { model: Some(MODELS[model].0.into()), ..question.query.clone() };
    let expected = expected(&known, stored, model, &query);
    let hits = pages(database, &query, question.page);
    let mut found: Vec<String> = hits.iter().map(|hit| hit.message.id.to_string()).collect();
    for hit in &hits {
        let id = hit.message.id.to_string();
        let Some((distance, chunks)) = expected.get(&id) else {
            return Err(TestCaseError::fail(format!("{id} is not to be found")));
        };
        prop_assert!(
            (hit.distance.unwrap() - distance).abs() < 1e-5,
            "{} is at {}, not {:?}",
            id,
            distance,
            hit.distance
        );
        prop_assert!((hit.score - (1.0 - distance)).abs() < 1e-5);
        prop_assert!(chunks.contains(&hit.chunk.unwrap()), "{} by chunk {:?} of {:?}", id, hit.chunk, chunks);
    }
    for pair in hits.windows(2) {
        let key = |hit: &SearchHit| {
            let time = std::cmp::Reverse(hit.message.effective_timestamp.map(|time| time.0));
            (time, hit.message.id.to_string())
        };
        let (left, right) = (pair[0].distance.unwrap(), pair[1].distance.unwrap());
        prop_assert!(
            left < right || left == right && key(&pair[0]) < key(&pair[1]),
            "{:?} before {:?}",
            pair[0],
            pair[1]
        );
    }
    found.sort();
    let mut wanted: Vec<String> = expected.into_keys().collect();
    wanted.sort();
    prop_assert_eq!(found, wanted);
    Ok(())
}

#[test]
fn every_hit_is_that_of_a_brute_force_search() {
    let asked = vec((0..MODELS.len(), vector(3), question()), 1..6);
    check(150, (vec(event(), 2..16), asked), |(history, asked)| {
        let home = Home::new();
        let database = home.database();
        let mut stored = Stored::new();
        for event in history {
            happen(event, &home, &database, &mut stored);
            forget_what_went(&database, &mut stored);
        }
        database.scan();
        forget_what_went(&database, &mut stored);
        let models = database.han.vectors().models().unwrap();
        for (model, (name, _)) in MODELS.into_iter().enumerate() {
            let all: Vec<&Vec<Given>> =
                stored.iter().filter(|((of, _), _)| *of == model).map(|(_, given)| given).collect();
            let counted =
                models.iter().find(|model| model.name == name).map_or((0, 0), |model| (model.messages, model.vectors));
            prop_assert_eq!(counted, (all.len() as i64, all.iter().map(|given| given.len() as i64).sum()));
        }
        for (model, mut vector, mut question) in asked {
            if !models.iter().any(|known| known.name == MODELS[model].0) {
                continue;
            }
            vector.truncate(MODELS[model].1);
            if vector.iter().all(|number| *number == 0.0) {
                vector[0] = 1.0;
            }
            question.query.vector = vector;
            agrees(&database, &stored, model, &question)?;
        }
        let report = database.han.doctor(Default::default()).unwrap();
        prop_assert!(report.is_healthy, "{:?}", report.issues);
        Ok(())
    });
}

/// More messages at one distance than sqlite-vec returns at once, copies of one vector before and after them.
#[test]
fn thousands_at_one_distance_are_each_found_once() {
    let home = Home::new();
    let texts: Vec<String> = (0..9_000).map(|number| format!("word{number}")).collect();
    let lines: String = texts
        .chunks(50)
        .enumerate()
        .map(|(hour, texts)| {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            prompts("s", &texts).replace("T10:00:", &format!("T{:02}:{:02}:", hour / 60, hour % 60))
        })
        .collect();
    // Each is a message of its own.
    let lines: String = lines
        .lines()
        .enumerate()
        .map(|(at, line)| line.replacen("4000-8000", &format!("4{:03x}-8{:03x}", at % 4096, at / 4096), 1) + "\n")
        .collect();
    home.write("projects/-code-shop/s.jsonl", lines.as_bytes());
    let database = home.database();
    database.scan();
    let ids: Vec<String> = facts(&database).into_iter().map(|fact| fact.id).collect();
    assert_eq!(ids.len(), 9_000);
    let vector = |at: usize| -> &[f32] {
        match at {
            0 => &[2.0, 1.0],
            1..8_999 => &[1.0, 1.0],
            _ => &[0.0, 1.0],
        }
    };
    let vectors: Vec<(&str, &[f32])> = ids.iter().enumerate().map(|(at, id)| (id.as_str(), vector(at))).collect();
    index(&database.han, "m", &vectors);
    let hits = pages(&database, &near(&[1.0, 0.0]), 1_000);
    let mut distinct: Vec<String> = hits.iter().map(|hit| hit.message.id.to_string()).collect();
    assert_eq!((distinct[0].as_str(), distinct[8_999].as_str()), (ids[0].as_str(), ids[8_999].as_str()));
    assert!(hits.is_sorted_by(|left, right| left.distance <= right.distance));
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 9_000);
    // The same through a filter that keeps all of them.
    let filtered = VectorQuery { session_id: Some("s".into()), ..near(&[1.0, 0.0]) };
    assert_eq!(pages(&database, &filtered, 1_000), hits);
}

#[test]
fn models_stand_side_by_side() {
    let home = Home::new();
    home.write(&super::file("s"), prompts("s", &["one", "two"]).as_bytes());
    let database = home.database();
    database.scan();
    let ids = super::ids(&database.han, "s");
    index(&database.han, "a", &[(&ids[0], &[1.0, 0.0]), (&ids[1], &[0.0, 1.0])]);
    index(&database.han, "b", &[(&ids[0], &[0.0, 0.0, 1.0])]);
    assert_eq!(found(&database.han, "a", &[0.1, 1.0]), [ids[1].as_str(), &ids[0]]);
    assert_eq!(found(&database.han, "b", &[1.0, 1.0, 1.0]), [ids[0].as_str()]);
    database.han.vectors().remove("a").unwrap();
    let models = database.han.vectors().models().unwrap();
    assert_eq!(models.iter().map(|model| model.name.as_str()).collect::<Vec<_>>(), ["b"]);
    assert_eq!(found(&database.han, "b", &[1.0, 1.0, 1.0]), [ids[0].as_str()]);
}
