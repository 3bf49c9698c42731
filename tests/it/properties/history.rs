//! Files that are cut, rewritten, replaced, removed and moved between two scans.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::support::dump::{Dump, Scope};
use crate::support::home::{Database, Home};
use crate::support::laws::{self, restored};
use crate::support::runner::check;
use crate::support::transcripts::{Bytes, Taking, content, places, taking};

/// A change within the first and last 4,096 bytes is always seen, and so any in a file that is not longer than both.
const SURELY_SEEN: usize = 8_192;

/// What happens to a file.
#[derive(Debug, Clone)]
enum Deed {
    Append(Bytes),
    Truncate(Index),
    /// Other bytes from the start on, as many as there are.
    RewriteHead(Bytes),
    /// One byte becomes another, and the size stays.
    Change(Index, u8),
    Overwrite(Bytes),
    /// Removed and, perhaps unnoticed, written again.
    Recreate(Bytes),
    /// Written beside it and renamed over it.
    Replace(Bytes),
    Remove,
    Move(String),
}

type Step = (String, Deed, Taking);

fn deed(places: Vec<String>) -> impl Strategy<Value = Deed> {
    prop_oneof![
        8 => content(3).prop_map(Deed::Append),
        2 => any::<Index>().prop_map(Deed::Truncate),
        1 => content(2).prop_map(Deed::RewriteHead),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(index, byte)| Deed::Change(index, byte)),
        1 => content(3).prop_map(Deed::Overwrite),
        2 => content(3).prop_map(Deed::Recreate),
        1 => content(3).prop_map(Deed::Replace),
        2 => Just(Deed::Remove),
        2 => select(places).prop_map(Deed::Move),
    ]
}

fn steps(places: Vec<String>, most: usize) -> impl Strategy<Value = Vec<Step>> {
    vec((select(places.clone()), deed(places), taking()), 1..most)
}

/// The config dir, and every state in which a file was when it could be taken in.
struct Past {
    home: Home,
    states: Vec<Vec<u8>>,
}

impl Past {
    fn new() -> Past {
        Past { home: Home::new(), states: Vec::new() }
    }

    /// Applies a change, and returns the places at which something is afterwards that was not before.
    fn act(&mut self, place: &str, deed: &Deed) -> Vec<String> {
        let path = self.home.file(place);
        let present = std::fs::read(&path).ok();
        let mut changed = vec![place.to_owned()];
        match (deed, present) {
            (Deed::Append(Bytes(more)), _) => self.home.append(place, more),
            (Deed::Truncate(index), Some(bytes)) => {
                let length = index.index(bytes.len() + 1) as u64;
                std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(length).unwrap();
            }
            (Deed::RewriteHead(Bytes(head)), Some(mut bytes)) => {
                let length = head.len().min(bytes.len());
                bytes[..length].copy_from_slice(&head[..length]);
                self.home.write(place, &bytes);
            }
            (Deed::Change(index, byte), Some(mut bytes)) if !bytes.is_empty() => {
                let at = index.index(bytes.len());
                bytes[at] = *byte;
                self.home.write(place, &bytes);
            }
            (Deed::Overwrite(Bytes(bytes)), _) => self.home.write(place, bytes),
            (Deed::Recreate(Bytes(bytes)), present) => {
                if present.is_some() {
                    std::fs::remove_file(&path).unwrap();
                }
                self.home.write(place, bytes);
            }
            (Deed::Replace(Bytes(bytes)), _) => {
                self.home.write("beside", bytes);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::rename(self.home.file("beside"), &path).unwrap();
            }
            (Deed::Remove, Some(_)) => std::fs::remove_file(&path).unwrap(),
            (Deed::Move(target), Some(_)) => {
                let to = self.home.file(target);
                std::fs::create_dir_all(to.parent().unwrap()).unwrap();
                std::fs::rename(&path, to).unwrap();
                changed = vec![target.clone()];
            }
            _ => changed.clear(),
        }
        for place in &changed {
            let path = self.home.file(place);
            if let Ok(mut bytes) = std::fs::read(&path) {
                if bytes.len() > SURELY_SEEN {
                    bytes.truncate(SURELY_SEEN);
                    self.home.write(place, &bytes);
                }
                self.states.push(bytes);
            }
        }
        changed
    }
}

/// Whether the database has rows that no file has any more.
fn has_past(database: &Database) -> (bool, bool) {
    let superseded = database.number("SELECT EXISTS (SELECT 1 FROM generations WHERE is_superseded)") != 0;
    let missing = database.number("SELECT EXISTS (SELECT 1 FROM files WHERE is_missing)") != 0;
    (superseded, missing)
}

/// Compares with what is built from the files as they are. What depends on other rows is left out if there are such rows.
pub(crate) fn agrees_with_the_present(home: &Home, database: &Database) -> Result<(), TestCaseError> {
    let (has_superseded, has_missing) = has_past(database);
    let comparable = |mut dump: Dump| {
        if has_superseded || has_missing {
            // What was spent stays spent, also by lines that no longer exist; and a call that no longer exists still says
            // which tool a result is from.
            dump = dump.without(&["answered tokens", "spent", "listed tool"]);
        }
        if has_missing {
            dump = dump
                .without(&[
                    "counts",
                    "usage",
                    "session",
                    "answered session",
                    "task",
                    "title",
                    "listed",
                    "hit",
                    "project",
                    "hook",
                ])
                .without_fields(&[
                    "replay_of",
                    "replays",
                    "prompts",
                    "assistants",
                    "talk",
                    "agent_type",
                    "agent_description",
                ]);
        }
        dump
    };
    let (present, scratch) = (database.dump(Scope::Present), home.from_scratch());
    // Usage that older rows have a part in is left out of one side; what only the other side has then is not a difference.
    let scratch = if has_superseded || has_missing { scratch.with_usage_of(&present) } else { scratch };
    comparable(present).expect(&comparable(scratch), "after the history")
}

/// The generations of every file, as they are stored, the oldest first.
fn generations(database: &Database) -> BTreeMap<String, (bool, Vec<Vec<u8>>)> {
    let connection = database.connection();
    let mut statement = connection
        .prepare(
            "SELECT f.path, f.is_missing, g.number, g.is_superseded FROM files f JOIN generations g ON g.file_id = f.id
             ORDER BY f.path, g.number",
        )
        .unwrap();
    let rows = statement
        .query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?, row.get::<_, i64>(2)?, row.get::<_, bool>(3)?))
        })
        .unwrap();
    let mut found: BTreeMap<String, (bool, Vec<Vec<u8>>)> = BTreeMap::new();
    for row in rows {
        let (path, is_missing, number, is_superseded) = row.unwrap();
        let source = if is_superseded { format!("{path}~{number}") } else { path.clone() };
        found.entry(path).or_insert((is_missing, Vec::new())).1.push(restored(database, &source));
    }
    found
}

/// The same generations, each written and read at once, must produce the same content to the last row.
fn agrees_with_a_plain_history(database: &Database) -> Result<(), TestCaseError> {
    let plain = Home::new();
    let other = plain.database();
    let all = generations(database);
    for (path, (_, generations)) in &all {
        for bytes in generations {
            plain.write("beside", bytes);
            let target = plain.file(path);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::rename(plain.file("beside"), &target).unwrap();
            other.index(&target);
        }
    }
    for (path, (is_missing, _)) in &all {
        if *is_missing {
            std::fs::remove_file(plain.file(path)).unwrap();
        }
    }
    other.scan();
    let counts = |all: &BTreeMap<String, (bool, Vec<Vec<u8>>)>| -> Vec<(String, usize)> {
        all.iter().map(|(path, (_, generations))| (path.clone(), generations.len())).collect()
    };
    if counts(&all) != counts(&generations(&other)) {
        // A generation that another one continues is read as one: no such history can be made by plain means.
        return Ok(());
    }
    database.dump(Scope::Everything).expect(&other.dump(Scope::Everything), "generation by generation")
}

fn holds(steps: &[Step]) -> Result<(), TestCaseError> {
    let mut past = Past::new();
    let database = past.home.database();
    for (place, deed, taking) in steps {
        for changed in past.act(place, deed) {
            taking.run(&past.home, &database, &changed);
        }
    }
    database.scan();
    agrees_with_the_present(&past.home, &database)?;
    for (path, (_, generations)) in generations(&database) {
        for bytes in generations {
            prop_assert!(past.states.contains(&bytes), "{path} has a generation that it never was: {:?}", Bytes(bytes));
        }
    }
    laws::check(&past.home, &database)?;
    agrees_with_a_plain_history(&database)
}

#[test]
fn any_history_of_one_file_ends_as_the_file_is() {
    let place = places()[0].clone();
    check(150, steps(vec![place], 9), |steps| holds(&steps));
}

#[test]
fn any_history_of_several_files_ends_as_the_files_are() {
    check(150, steps(places(), 14), |steps| holds(&steps));
}
