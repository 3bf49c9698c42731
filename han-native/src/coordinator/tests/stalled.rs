//! Writers that stop inside a transaction.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rusqlite::Connection;

use super::{Candidate, MOMENT, SECOND, World, pair, without_lock};
use crate::error::ErrorCode;

/// A leader that has stopped inside a transaction, which the connection has begun, and a follower that has noticed.
fn stalled(world: &World) -> (Candidate, Candidate, Connection) {
    let (leader, mut follower) = pair(world);
    let inside = world.raw();
    inside.execute_batch("BEGIN IMMEDIATE").unwrap();
    world.watch(30 * SECOND - MOMENT, &mut [&mut follower]);
    assert_eq!(follower.status().issues, []);
    assert_eq!(follower.refusal(), ErrorCode::NotLeader);
    world.watch(MOMENT, &mut [&mut follower]);
    (leader, follower, inside)
}

#[test]
fn a_writer_that_stops_inside_a_transaction_is_told_by_status_and_writes() {
    let world = World::new();
    let (leader, mut follower, inside) = stalled(&world);
    assert!(!follower.leads());
    let issues = follower.status().issues;
    assert_eq!(issues.len(), 1);
    assert_eq!(issues[0].code, "HAN_WRITER_STALLED");
    assert!(issues[0].message.contains(&format!("pid {}", leader.row().process.pid)), "{}", issues[0].message);
    assert_eq!(follower.refusal(), ErrorCode::WriterStalled);
    // It was slow, not dead.
    inside.execute_batch("UPDATE leader SET heartbeat = heartbeat + 1; COMMIT").unwrap();
    follower.tick();
    assert_eq!(follower.status().issues, []);
    assert_eq!(follower.refusal(), ErrorCode::NotLeader);
    leader.write().unwrap();
}

#[test]
fn what_is_told_of_a_writer_ends_also_where_it_moves_at_the_last_moment() {
    let world = World::new();
    let (leader, mut follower, inside) = stalled(&world);
    inside.execute_batch("ROLLBACK").unwrap();
    let store = Arc::clone(&leader.store);
    follower.meanwhile = Some(Box::new(move || _ = store.beat().unwrap()));
    world.watch(30 * SECOND, &mut [&mut follower]);
    assert!(!follower.leads());
    assert_eq!(follower.status().issues, []);
    assert_eq!(follower.refusal(), ErrorCode::NotLeader);
}

#[test]
fn a_writer_that_dies_inside_a_transaction_is_replaced_within_one_look() {
    let world = World::new();
    let (leader, mut follower, inside) = stalled(&world);
    drop(inside);
    leader.store.die();
    follower.tick();
    assert!(follower.leads());
    assert_eq!(follower.status().issues, []);
    follower.write().unwrap();
}

#[test]
fn one_without_a_lock_that_dies_inside_a_transaction_is_replaced_within_one_look() {
    let world = World::new();
    let (leader, _stopped) = without_lock(&world);
    let mut follower = world.candidate();
    assert!(!follower.stand().unwrap());
    let inside = world.raw();
    inside.execute_batch("BEGIN IMMEDIATE").unwrap();
    world.watch(30 * SECOND, &mut [&mut follower]);
    assert_eq!(follower.refusal(), ErrorCode::WriterStalled);
    drop(inside);
    leader.store.die();
    world.running.0.store(false, Ordering::SeqCst);
    follower.tick();
    assert!(follower.leads());
}

#[test]
fn who_stands_down_hears_of_a_stalled_writer_no_longer() {
    let world = World::new();
    let (_leader, mut follower, _inside) = stalled(&world);
    assert_eq!(follower.refusal(), ErrorCode::WriterStalled);
    assert!(!follower.stand_down());
    assert_eq!(follower.refusal(), ErrorCode::NotLeader);
}

#[test]
fn a_call_that_stops_inside_a_transaction_is_told_with_its_process() {
    let world = World::new();
    let (caller, mut follower) = (world.candidate(), world.candidate());
    let writing = caller.store.begin_writing().unwrap();
    let inside = world.raw();
    inside.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(!follower.stand().unwrap());
    world.watch(30 * SECOND, &mut [&mut follower]);
    let issues = follower.status().issues;
    assert!(issues[0].message.contains(&format!("pid {}", std::process::id())), "{}", issues[0].message);
    assert_eq!(follower.refusal(), ErrorCode::WriterStalled);
    drop((inside, writing));
    follower.tick();
    assert!(follower.leads());
}
