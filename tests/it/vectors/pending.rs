//! After any history, what is pending is what a check of every message finds: neither the mark of what has been checked, nor the list
//! of what is due, loses a message or keeps one.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use han_native::Han;
use han_native::model::{PendingQuery, VectorItem, VectorPlace};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::facts::facts;
use crate::support::home::{Database, Home};
use crate::support::runner::check;
use crate::support::transcripts::{Bytes, Taking, content, place, places, taking};

const MODELS: [&str; 2] = ["m", "n"];

/// What happens to a database. Embedding takes the first n pending ones, or every second of them; deriving again acts as a
/// version with other rules would.
#[derive(Debug, Clone)]
enum Event {
    Write { path: String, bytes: Bytes, is_anew: bool, taking: Taking },
    Move { from: String, to: String, taking: Taking },
    Remove { path: String },
    Embed { model: usize, first: i64, is_half: bool },
    Rederive,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => (place(), content(5), proptest::bool::weighted(0.3), taking())
            .prop_map(|(path, bytes, is_anew, taking)| Event::Write { path, bytes, is_anew, taking }),
        2 => (place(), select(places()), taking()).prop_map(|(from, to, taking)| Event::Move { from, to, taking }),
        1 => place().prop_map(|path| Event::Remove { path }),
        6 => (0..MODELS.len(), 1..12_i64, any::<bool>())
            .prop_map(|(model, first, is_half)| Event::Embed { model, first, is_half }),
        1 => Just(Event::Rederive),
    ]
}

/// The ids and hashes of all that is pending, page by page.
fn pending(han: &Han, model: &str, first: i64) -> BTreeMap<String, String> {
    let mut query = PendingQuery { model: model.into(), first: Some(first), after: None };
    let mut all = BTreeMap::new();
    loop {
        let page = han.vectors().pending(&query).unwrap();
        for message in page.items {
            let id = message.message_id.clone();
            assert!(all.insert(message.message_id, message.text_hash).is_none(), "{id} is listed twice");
        }
        if !page.has_next_page {
            return all;
        }
        query.after = page.end_cursor;
    }
}

fn happen(event: &Event, home: &Home, database: &Database) {
    match event {
        Event::Write { path, bytes, is_anew, taking } => {
            match is_anew {
                true => home.write(path, &bytes.0),
                false => home.append(path, &bytes.0),
            }
            taking.run(home, database, path);
        }
        Event::Move { from, to, taking } => {
            if home.file(from).exists() {
                std::fs::create_dir_all(home.file(to).parent().unwrap()).unwrap();
                std::fs::rename(home.file(from), home.file(to)).unwrap();
                taking.run(home, database, to);
            }
        }
        Event::Remove { path } => {
            if home.file(path).exists() {
                std::fs::remove_file(home.file(path)).unwrap();
            }
        }
        Event::Embed { model, first, is_half } => {
            let query = PendingQuery { model: MODELS[*model].into(), first: Some(*first), after: None };
            let page = database.han.vectors().pending(&query).unwrap();
            let chosen = page.items.into_iter().enumerate().filter(|(at, _)| !is_half || at % 2 == 1);
            let items: Vec<VectorItem<'_>> = chosen
                .map(|(_, message)| VectorItem {
                    place: VectorPlace {
                        message_id: message.message_id,
                        text_hash: Some(message.text_hash),
                        ..VectorPlace::default()
                    },
                    vector: &[1.0, 0.5],
                })
                .collect();
            let report = database.han.vectors().index(MODELS[*model], &items).unwrap();
            assert_eq!((report.unknown.len(), report.vectors), (0, items.len() as i64));
        }
        Event::Rederive => {
            let connection = rusqlite::Connection::open(&database.path).unwrap();
            connection.execute_batch("UPDATE generations SET derive_revision = 0").unwrap();
            database.han.rederive().unwrap();
        }
    }
}

/// The rows that have a vector of a model, each with the hash of the text that it is of.
fn stored(database: &Database, model: &str) -> HashSet<(i64, String)> {
    let connection = database.connection();
    let mut statement = connection
        .prepare(
            "SELECT item.message_id, item.text_hash FROM vector_items AS item
             JOIN vector_models AS model ON model.id = item.model_id WHERE model.name = ?1",
        )
        .unwrap();
    let rows = statement.query_map([model], |row| {
        let hash: i64 = row.get(1)?;
        Ok((row.get(0)?, format!("{:016x}", hash as u64)))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn agrees(database: &Database) -> Result<(), TestCaseError> {
    let known = facts(database);
    let wanted =
        known.iter().filter(|fact| fact.is_searchable && !fact.is_copy && !fact.is_superseded && !fact.is_echo);
    let wanted: BTreeMap<&str, i64> = wanted.map(|fact| (fact.id.as_str(), fact.row_id)).collect();
    // For a model that has no vectors, every message is checked.
    let all = pending(&database.han, "never used", 7);
    prop_assert_eq!(all.keys().map(String::as_str).collect::<Vec<_>>(), wanted.keys().copied().collect::<Vec<_>>());
    // Nothing marks these for another check: agents write beside the session that called them.
    let left_out: HashSet<&str> =
        known.iter().filter(|fact| fact.is_echo_of_others).map(|fact| fact.id.as_str()).collect();
    let told = |ids: &mut dyn Iterator<Item = &String>| -> BTreeSet<String> {
        ids.filter(|id| !left_out.contains(id.as_str())).cloned().collect()
    };
    for model in MODELS {
        let stored = stored(database, model);
        let is_current = |id: &str, hash: &str| stored.contains(&(wanted[id], hash.to_owned()));
        let mut expected = all.iter().filter(|(id, hash)| !is_current(id, hash)).map(|(id, _)| id);
        let found = pending(&database.han, model, 3);
        prop_assert_eq!(told(&mut found.keys()), told(&mut expected), "of the model {}", model);
    }
    Ok(())
}

#[test]
fn what_is_pending_is_what_a_look_at_every_message_finds() {
    check(200, vec(event(), 2..20), |history| {
        let home = Home::new();
        let database = home.database();
        for event in history {
            happen(&event, &home, &database);
            if matches!(event, Event::Embed { .. } | Event::Rederive) {
                agrees(&database)?;
            }
        }
        database.scan();
        agrees(&database)?;
        let report = database.han.doctor(Default::default()).unwrap();
        prop_assert!(report.is_healthy, "{:?}", report.issues);
        Ok(())
    });
}
