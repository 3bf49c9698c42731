//! The feed of transcripts with arbitrary histories.

use std::collections::BTreeSet;

use han_native::SubscribeOptions;
use han_native::model::Change;
use proptest::collection::vec;
use proptest::prelude::*;

use super::feed_law;
use super::feed_support::{at_hand, messages};
use crate::support::home::Home;
use crate::support::runner::check;
use crate::support::transcripts::{Bytes, Taking, content, place, slices, taking};

/// Appends piece by piece; what was received meanwhile has everything that is there in the end.
fn holds(steps: &[(String, Bytes, Taking)]) -> Result<(), TestCaseError> {
    let home = Home::new();
    let database = home.database();
    let mut following = database
        .han
        .subscribe(SubscribeOptions {
            expand: true,
            topics: vec!["session:message:added".into(), "session:reindexed".into()],
            ..Default::default()
        })
        .unwrap();
    let mut heard = BTreeSet::new();
    // A subscriber that learns that a session was indexed again reads all of it again.
    let mut read_again = BTreeSet::new();
    let mut hear = |items: Vec<Change>| {
        heard.extend(messages(&items));
        read_again.extend(items.into_iter().filter_map(|item| match item {
            Change::Change { topic, session_id, .. } if topic == "session:reindexed" => session_id,
            _ => None,
        }));
    };
    for (place, Bytes(bytes), taking) in steps {
        home.append(place, bytes);
        taking.run(&home, &database, place);
        hear(at_hand(&mut following));
    }
    database.scan();
    hear(at_hand(&mut following));
    feed_law::check(&database)?;
    let all = super::feed_support::from("0", &["session:message:added"], true);
    let there: BTreeSet<String> = messages(&super::feed_support::told(&database.han, all)).into_iter().collect();
    let mut missed: Vec<&String> = there.difference(&heard).collect();
    let sessions = database.han.messages().get(&missed).unwrap();
    let mut is_news = sessions.iter().flatten().map(|message| !read_again.contains(&message.session_id));
    missed.retain(|_| is_news.next().unwrap());
    prop_assert!(missed.is_empty(), "never received {missed:?}");
    Ok(())
}

#[test]
fn any_slicing_of_a_transcript_is_reported_once() {
    check(150, (place(), slices(content(9), 7)), |(place, pieces)| {
        let steps: Vec<_> = pieces.into_iter().map(|piece| (place.clone(), piece, Taking::File)).collect();
        holds(&steps)
    });
}

#[test]
fn any_arrival_of_several_transcripts_is_reported_once() {
    check(100, vec((place(), content(3), taking()), 1..12), |steps| holds(&steps));
}
