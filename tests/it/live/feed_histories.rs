//! The feed of transcripts that come about in any way.

use std::collections::BTreeSet;

use han_native::SubscribeOptions;
use proptest::collection::vec;
use proptest::prelude::*;

use super::feed_law;
use super::feed_support::{at_hand, messages};
use crate::support::home::Home;
use crate::support::runner::check;
use crate::support::transcripts::{Bytes, Taking, content, place, slices, taking};

/// Appends piece by piece; what was heard while it happened has everything that is there in the end.
fn holds(steps: &[(String, Bytes, Taking)]) -> Result<(), TestCaseError> {
    let home = Home::new();
    let database = home.database();
    let mut following = database
        .han
        .subscribe(SubscribeOptions {
            expand: true,
            topics: vec!["session:message:added".into()],
            ..Default::default()
        })
        .unwrap();
    let mut heard = BTreeSet::new();
    for (place, Bytes(bytes), taking) in steps {
        home.append(place, bytes);
        taking.run(&home, &database, place);
        heard.extend(messages(&at_hand(&mut following)));
    }
    database.scan();
    heard.extend(messages(&at_hand(&mut following)));
    feed_law::check(&database)?;
    let all = super::feed_support::from("0", &["session:message:added"], true);
    let there: BTreeSet<String> = messages(&super::feed_support::told(&database.han, all)).into_iter().collect();
    let missed: Vec<&String> = there.difference(&heard).collect();
    prop_assert!(missed.is_empty(), "never heard of {missed:?}");
    Ok(())
}

#[test]
fn any_slicing_of_a_transcript_is_told_once() {
    check(150, (place(), slices(content(9), 7)), |(place, pieces)| {
        let steps: Vec<_> = pieces.into_iter().map(|piece| (place.clone(), piece, Taking::File)).collect();
        holds(&steps)
    });
}

#[test]
fn any_arrival_of_several_transcripts_is_told_once() {
    check(100, vec((place(), content(3), taking()), 1..12), |steps| holds(&steps));
}
