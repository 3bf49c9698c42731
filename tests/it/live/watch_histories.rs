//! Any history of files that nobody waits for, watched as it happens, ends in the state of the files.

use std::fs;
use std::time::Instant;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::watch_support::{PATIENCE, Watched, rename};
use crate::properties::history::agrees_with_the_present;
use crate::support::laws;
use crate::support::runner::check;
use crate::support::transcripts::{Bytes, content, place, places};

/// What happens at a place.
#[derive(Debug, Clone)]
enum Deed {
    Append(Bytes),
    /// The bytes so far, and then the rest, as two writes.
    AppendTorn(Bytes),
    Overwrite(Bytes),
    Recreate(Bytes),
    Replace(Bytes),
    Remove,
    Move(String),
    /// The project's folder disappears and comes back.
    Visit,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        6 => content(3).prop_map(Deed::Append),
        3 => content(3).prop_map(Deed::AppendTorn),
        1 => content(3).prop_map(Deed::Overwrite),
        2 => content(3).prop_map(Deed::Recreate),
        2 => content(3).prop_map(Deed::Replace),
        1 => Just(Deed::Remove),
        2 => select(places()).prop_map(Deed::Move),
        1 => Just(Deed::Visit),
    ]
}

fn act(watched: &Watched, place: &str, deed: &Deed) {
    let home = &watched.home;
    let path = home.file(place);
    match deed {
        Deed::Append(Bytes(bytes)) => home.append(place, bytes),
        Deed::AppendTorn(Bytes(bytes)) => {
            let (first, second) = bytes.split_at(bytes.len() / 2);
            home.append(place, first);
            home.append(place, second);
        }
        Deed::Overwrite(Bytes(bytes)) => home.write(place, bytes),
        Deed::Recreate(Bytes(bytes)) => {
            let _ = fs::remove_file(&path);
            home.write(place, bytes);
        }
        Deed::Replace(Bytes(bytes)) => {
            home.write("beside", bytes);
            rename(&home.file("beside"), &path);
        }
        Deed::Remove => drop(fs::remove_file(&path)),
        Deed::Move(to) if path.exists() => rename(&path, &home.file(to)),
        Deed::Move(_) => {}
        Deed::Visit => {
            let project = home.file(&place.split('/').take(2).collect::<Vec<_>>().join("/"));
            if project.exists() {
                rename(&project, &home.file("visited"));
                rename(&home.file("visited"), &project);
            }
        }
    }
}

fn holds(steps: &[(String, Deed)]) -> Result<(), TestCaseError> {
    let watched = Watched::new();
    for (place, deed) in steps {
        act(&watched, place, deed);
    }
    for place in laws::transcripts(&watched.home) {
        // This also shows that nothing follows, which a tail has to wait for.
        watched.home.append(&place, b"\n");
    }
    let deadline = Instant::now() + PATIENCE;
    loop {
        let agreement = agrees_with_the_present(&watched.home, &watched.database);
        if agreement.is_ok() {
            break;
        }
        prop_assert!(Instant::now() < deadline, "in the end: {:?}", agreement);
    }
    watched.database.han.watcher().stop();
    laws::check(&watched.home, &watched.database)
}

#[test]
fn any_history_that_is_watched_ends_as_the_files_are() {
    check(60, vec((place(), deed()), 1..25), |steps| holds(&steps));
}
