//! Leaders that show no sign of life, takeovers, and what becomes of those who were taken over from.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{MOMENT, SECOND, World, pair, without_lock};
use crate::error::ErrorCode;

#[test]
fn a_leader_without_a_sign_of_life_is_stale_after_thirty_seconds() {
    let world = World::new();
    let (stopped, mut follower) = pair(&world);
    world.watch(30 * SECOND - MOMENT, &mut [&mut follower]);
    assert!(!follower.leads());
    world.watch(MOMENT, &mut [&mut follower]);
    assert!(follower.leads());
    assert_eq!(follower.row().epoch, 2);
    assert_eq!(stopped.refusal(), ErrorCode::NotLeader);
}

#[test]
fn a_leader_with_signs_of_life_stays() {
    let world = World::new();
    let (mut leader, mut follower) = pair(&world);
    world.watch(120 * SECOND, &mut [&mut leader, &mut follower]);
    assert!(leader.leads() && !follower.leads());
    for _ in 0..5 {
        world.watch(29 * SECOND, &mut [&mut follower]);
        leader.write().unwrap();
    }
    assert!(leader.leads() && !follower.leads(), "transactions are signs, too");
}

#[test]
fn a_clock_that_is_set_or_jumps_makes_no_takeover() {
    let world = World::new();
    let (leader, mut follower) = pair(&world);
    for offset in ["- 86400000", "+ 86400000"] {
        world.raw().execute(&format!("UPDATE leader SET heartbeat_at = heartbeat_at {offset}"), []).unwrap();
        world.watch(20 * SECOND, &mut [&mut follower]);
        leader.write().unwrap();
        follower.tick();
    }
    // Both were stopped for an hour; the follower continues first.
    world.pass(3_600 * SECOND);
    follower.tick();
    follower.tick();
    assert!(leader.leads() && !follower.leads());
    leader.write().unwrap();
}

#[test]
fn a_process_that_seems_to_be_gone_is_followed_by_the_lock_only() {
    let world = World::new();
    let (mut leader, mut follower) = pair(&world);
    world.running.0.store(false, Ordering::SeqCst);
    world.watch(60 * SECOND, &mut [&mut leader, &mut follower]);
    assert!(leader.leads() && !follower.leads());
}

#[test]
fn whoever_is_taken_over_from_writes_nothing_and_is_told_once() {
    let world = World::new();
    let (leader, mut stopped) = without_lock(&world);
    assert!(stopped.leads(), "it cannot know yet");
    assert_eq!(stopped.refusal(), ErrorCode::NotLeader);
    assert_eq!((stopped.leads(), stopped.losses()), (false, 1));
    assert_eq!(stopped.refusal(), ErrorCode::NotLeader);
    stopped.tick();
    assert_eq!(stopped.losses(), 1);
    leader.write().unwrap();
    // It follows, and may lead again.
    leader.store.release().unwrap();
    stopped.tick();
    assert!(stopped.leads());
    assert_eq!(stopped.row().epoch, 3);
}

#[test]
fn a_sign_of_life_of_whoever_was_taken_over_from_is_refused() {
    let world = World::new();
    let (leader, mut stopped) = without_lock(&world);
    let row = leader.row();
    stopped.tick();
    assert_eq!((stopped.leads(), stopped.losses()), (false, 1));
    assert_eq!(leader.row(), row);
}

#[test]
fn a_leader_without_a_lock_gets_it_at_a_sign_of_life() {
    let world = World::new();
    let (mut leader, mut stopped) = without_lock(&world);
    world.watch(5 * SECOND, &mut [&mut leader]);
    assert_eq!(leader.row().lock, None, "the other one has it");
    stopped.tick();
    assert!(!stopped.leads(), "it has lost, and released the lock");
    let mut third = world.candidate();
    assert!(!third.stand().unwrap(), "a free lock alone is no right to lead");
    assert_eq!(third.refusal(), ErrorCode::NotLeader);
    world.watch(5 * SECOND, &mut [&mut leader]);
    assert!(leader.row().lock.is_some());
    leader.store.die();
    third.tick();
    assert!(third.leads());
}

#[test]
fn a_takeover_comes_to_nothing_if_there_is_a_sign_of_life_after_all() {
    let world = World::new();
    let (leader, mut follower) = pair(&world);
    let store = Arc::clone(&leader.store);
    follower.meanwhile = Some(Box::new(move || _ = store.beat().unwrap()));
    world.watch(60 * SECOND, &mut [&mut follower]);
    assert!(leader.leads() && !follower.leads());
    assert_eq!(leader.row().epoch, 1);
}

#[test]
fn a_call_that_has_stopped_with_the_lock_is_taken_over_from() {
    let world = World::new();
    for is_first in [true, false] {
        let (caller, mut follower) = (world.candidate(), world.candidate());
        let writing = caller.store.begin_writing().unwrap();
        if !is_first {
            writing.raw_transaction(|_| Ok(())).unwrap();
        }
        assert!(!follower.stand().unwrap());
        world.watch(30 * SECOND - MOMENT, &mut [&mut follower]);
        assert!(!follower.leads());
        world.watch(MOMENT, &mut [&mut follower]);
        assert!(follower.leads());
        assert_eq!(writing.raw_transaction(|_| Ok(())).unwrap_err().code(), ErrorCode::NotLeader);
        assert!(follower.stand_down());
    }
}
