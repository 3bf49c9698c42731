//! Files that copy from each other, in every order of arrival.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;

use crate::support::dump::Scope;
use crate::support::home::Home;
use crate::support::laws;
use crate::support::runner::check;
use crate::support::transcripts::{Bytes, content, places};

fn permutations(items: &[usize]) -> Vec<Vec<usize>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, first) in items.iter().enumerate() {
        let rest = [&items[..index], &items[index + 1..]].concat();
        all.extend(permutations(&rest).into_iter().map(|rest| [vec![*first], rest].concat()));
    }
    all
}

fn files() -> impl Strategy<Value = Vec<(String, Bytes)>> {
    subsequence(places(), 2..=4).prop_flat_map(|places| {
        let count = places.len();
        vec(content(4), count).prop_map(move |contents| places.iter().cloned().zip(contents).collect())
    })
}

#[test]
fn every_order_of_arrival_produces_the_same() {
    check(12, files(), |files| {
        let home = Home::new();
        for (place, content) in &files {
            home.write(place, &content.0);
        }
        let expected = home.from_scratch();
        for order in permutations(&(0..files.len()).collect::<Vec<_>>()) {
            let database = home.database();
            for index in &order {
                database.index(&home.file(&files[*index].0));
            }
            database.dump(Scope::Present).expect(&expected, &format!("in the order {order:?}"))?;
            laws::check(&home, &database)?;
        }
        Ok(())
    });
}
