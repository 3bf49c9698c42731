//! One file, written in pieces.

use proptest::prelude::*;

use crate::support::dump::Scope;
use crate::support::home::Home;
use crate::support::laws::{self, REQUEST_LOG};
use crate::support::runner::check;
use crate::support::transcripts::{Bytes, content, place, slices};

/// Appends the pieces one by one, indexes each, and compares with a database built at the end.
fn holds(place: &str, pieces: &[Bytes]) -> Result<(), TestCaseError> {
    let home = Home::new();
    let database = home.database();
    let mut indexed = 0;
    for piece in pieces {
        home.append(place, &piece.0);
        indexed += database.index(&home.file(place)).messages_indexed;
    }
    let is_empty = pieces.is_empty();
    if !is_empty {
        // A tail that grew is counted once, unless it is no longer a message.
        let messages = database.number(&format!("SELECT count(*) FROM messages m WHERE NOT ({REQUEST_LOG})"));
        prop_assert!(indexed >= messages, "{indexed} messages were announced, {messages} are there");
    }
    database.dump(Scope::Present).expect(&home.from_scratch(), "appended in pieces, not scanned")?;
    laws::check(&home, &database)?;
    database.dump(Scope::Present).expect(&home.from_scratch(), "appended in pieces")
}

#[test]
fn any_slicing_into_appends_produces_what_one_reading_produces() {
    check(250, (place(), slices(content(9), 7)), |(place, pieces)| holds(&place, &pieces));
}

#[test]
fn a_file_that_grows_byte_by_byte_produces_what_one_reading_produces() {
    check(6, (place(), content(3)), |(place, Bytes(bytes))| {
        let pieces: Vec<Bytes> = bytes.iter().map(|byte| Bytes(vec![*byte])).collect();
        holds(&place, &pieces)
    });
}
