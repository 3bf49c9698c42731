//! Files of which nothing is known.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::dump::Scope;
use crate::support::home::Home;
use crate::support::laws;
use crate::support::runner::check;
use crate::support::transcripts::{Bytes, place, slices};

/// Noise: any bytes, or those that JSON is made of.
fn noise() -> impl Strategy<Value = Bytes> {
    let json = proptest::sample::select(&b"{}[]\":,\\u0d8e+-.tfn \t\r\n\n\xff\xc3\0type"[..]);
    prop_oneof![vec(any::<u8>(), 0..300), vec(json, 0..300)].prop_map(Bytes)
}

#[test]
fn any_bytes_are_taken_without_failing() {
    check(200, (place(), slices(noise(), 4)), |(place, pieces)| {
        let home = Home::new();
        let database = home.database();
        for piece in &pieces {
            home.append(&place, &piece.0);
            database.index(&home.file(&place));
        }
        laws::check(&home, &database)?;
        database.dump(Scope::Present).expect(&home.from_scratch(), "noise")
    });
}
