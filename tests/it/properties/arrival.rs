//! Several files that grow at the same time.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::dump::Scope;
use crate::support::home::Home;
use crate::support::laws;
use crate::support::runner::check;
use crate::support::transcripts::{Bytes, Taking, content, places, slices, taking};

type Files = Vec<Vec<Bytes>>;

/// Pieces of every file, and the order in which files get their next piece.
fn interleaved() -> impl Strategy<Value = (Files, Vec<(usize, Taking)>)> {
    let files = vec(prop_oneof![1 => Just(Vec::new()), 2 => slices(content(5), 4)], places().len());
    let order = vec((0..places().len(), taking()), 0..24);
    (files, order)
}

#[test]
fn any_order_of_arrival_produces_what_one_scan_produces() {
    check(150, interleaved(), |(files, order)| {
        let home = Home::new();
        let database = home.database();
        let places = places();
        let mut rest: Vec<_> = files.iter().map(|pieces| pieces.iter()).collect();
        for (index, taking) in order {
            if let Some(piece) = rest[index].next() {
                home.append(&places[index], &piece.0);
                taking.run(&home, &database, &places[index]);
            }
        }
        for (index, rest) in rest.into_iter().enumerate() {
            for piece in rest {
                home.append(&places[index], &piece.0);
            }
        }
        database.scan();
        database.dump(Scope::Present).expect(&home.from_scratch(), "arrived in pieces")?;
        laws::check(&home, &database)
    });
}
