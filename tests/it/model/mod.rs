//! The protocol of leader election, checked in every order of its steps, crashes, stops and deleted lock files.
#![allow(clippy::unwrap_used)]

mod protocol;

use protocol::{LIVELY, NO_USURPER, NO_ZOMBIE, ONE_WRITER, Protocol};
use stateright::{Checker, HasDiscoveries, Model};

const WHOLE: Protocol = Protocol {
    processes: 2,
    epochs: 3,
    crashes: 1,
    stops: 1,
    deletions: 2,
    is_fenced: true,
    names_file: true,
    keeps_former_lock: true,
    takes_over: true,
    watches_calls: true,
};

/// Every reachable state satisfies the rules.
fn assert_holds(protocol: Protocol) {
    let checker = protocol.checker().threads(2).spawn_bfs().join();
    eprintln!("{} states, {} of them different", checker.state_count(), checker.unique_state_count());
    checker.assert_properties();
}

/// Without one of its rules the protocol breaks a property, and the model shows how.
fn assert_breaks(property: &'static str, protocol: Protocol) {
    let until = HasDiscoveries::AnyOf([property].into());
    let checker = protocol.checker().threads(2).finish_when(until).spawn_bfs().join();
    let path = checker.discovery(property);
    assert!(path.is_some(), "the model does not notice that \"{property}\" is broken");
}

#[test]
fn two_processes_keep_the_rules() {
    assert_holds(WHOLE);
}

#[test]
fn three_processes_keep_the_rules() {
    assert_holds(Protocol { processes: 3, epochs: 2, crashes: 1, stops: 1, deletions: 1, ..WHOLE });
}

#[test]
fn without_the_fence_a_zombie_writes() {
    assert_breaks(NO_ZOMBIE, Protocol { is_fenced: false, ..WHOLE });
    assert_breaks(ONE_WRITER, Protocol { is_fenced: false, ..WHOLE });
}

#[test]
fn without_the_name_of_the_lock_file_a_new_one_takes_a_living_leaders_place() {
    assert_breaks(NO_USURPER, Protocol { names_file: false, ..WHOLE });
}

#[test]
fn a_lock_that_is_freed_before_the_row_names_the_next_one_lets_another_in() {
    assert_breaks(NO_USURPER, Protocol { keeps_former_lock: false, deletions: 3, ..WHOLE });
}

#[test]
fn without_takeovers_a_deleted_lock_file_and_a_crash_leave_nobody_to_lead() {
    assert_breaks(LIVELY, Protocol { takes_over: false, ..WHOLE });
}

#[test]
fn a_call_that_stops_with_the_lock_keeps_everybody_from_leading_if_only_leaders_are_watched() {
    assert_breaks(LIVELY, Protocol { watches_calls: false, ..WHOLE });
}
