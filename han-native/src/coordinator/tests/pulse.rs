//! Writers that commit nothing for long, and show that they live beside the row.

use std::time::{Duration, Instant};

use super::{Candidate, SECOND, World, pair, without_lock};
use crate::error::ErrorCode;

/// Long enough for any machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for the next sign of life of a call, which comes by itself.
fn wait_for_pulse(candidate: &Candidate) {
    let deadline = Instant::now() + PATIENCE;
    let pulse = || candidate.store.pulse(candidate.store.leader().unwrap().as_ref());
    // Those that came before were seen already, and prove nothing from now on.
    let seen = pulse();
    while pulse() == seen {
        assert!(Instant::now() < deadline, "no sign of life comes");
        std::thread::yield_now();
    }
}

/// Makes a follower watch a call for as long as it takes to call it stale, and longer, while the call shows signs of life.
fn watch_a_call(world: &World, follower: &mut Candidate) {
    for _ in 0..4 {
        wait_for_pulse(follower);
        world.watch(20 * SECOND, &mut [follower]);
    }
}

#[test]
fn a_call_that_commits_nothing_for_long_is_left_alone() {
    let world = World::new();
    let (caller, mut follower) = (world.candidate_with_heartbeat(1), world.candidate());
    let writing = caller.store.begin_writing().unwrap();
    assert!(!follower.stand().unwrap());
    // Before its first transaction, and after it.
    watch_a_call(&world, &mut follower);
    writing.raw_transaction(|_| Ok(())).unwrap();
    watch_a_call(&world, &mut follower);
    assert!(!follower.leads());
    assert_eq!(follower.status().issues, []);
    writing.raw_transaction(|_| Ok(())).unwrap();
    drop(writing);
    follower.tick();
    assert!(follower.leads(), "it is done");
}

#[test]
fn a_call_inside_a_long_transaction_is_not_taken_for_stopped() {
    let world = World::new();
    let (caller, mut follower) = (world.candidate_with_heartbeat(1), world.candidate());
    let writing = caller.store.begin_writing().unwrap();
    assert!(!follower.stand().unwrap());
    let work = |_: &rusqlite::Connection| {
        watch_a_call(&world, &mut follower);
        assert_eq!(follower.status().issues, []);
        assert!(!follower.leads());
        Ok(())
    };
    writing.raw_transaction(work).unwrap();
}

#[test]
fn a_call_that_shows_no_sign_of_life_is_followed_and_refused() {
    let world = World::new();
    let (caller, mut follower) = (world.candidate(), world.candidate());
    let writing = caller.store.begin_writing().unwrap();
    writing.raw_transaction(|_| Ok(())).unwrap();
    assert!(!follower.stand().unwrap());
    world.watch(31 * SECOND, &mut [&mut follower]);
    assert!(follower.leads());
    assert_eq!(writing.raw_transaction(|_| Ok(())).unwrap_err().code(), ErrorCode::NotLeader);
}

#[test]
fn a_leader_inside_a_long_transaction_is_not_taken_for_stopped() {
    let world = World::new();
    let (leader, mut follower) = pair(&world);
    let writing = leader.store.begin_writing().unwrap();
    let work = |_: &rusqlite::Connection| {
        for _ in 0..4 {
            world.watch(20 * SECOND, &mut [&mut follower]);
            assert!(leader.store.beat().unwrap());
        }
        assert_eq!(follower.status().issues, []);
        assert!(!follower.leads());
        Ok(())
    };
    writing.raw_transaction(work).unwrap();
    drop(writing);
    assert!(leader.leads());
    leader.write().unwrap();
}

#[test]
fn the_sign_of_one_that_lost_the_lead_keeps_nobody_from_leading() {
    let world = World::new();
    // The one that was stopped has the kernel lock, the other one leads.
    let (leader, stopped) = without_lock(&world);
    let mut follower = world.candidate();
    assert!(!follower.stand().unwrap());
    leader.store.die();
    for _ in 0..31 {
        stopped.store.beat_beside_for_test();
        world.watch(SECOND, &mut [&mut follower]);
    }
    assert!(follower.leads(), "what shows no sign is the one that the row names");
}
