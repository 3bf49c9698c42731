//! The rules of leading, with time and processes moved by hand, and real databases and lock files.

mod fenced;
mod pulse;
mod stalled;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::Connection;

use super::machine::Machine;
use super::ports::{Clock, Election, Processes};
use super::timing::Timing;
use crate::config::OpenOptions;
use crate::error::{ErrorCode, Result};
use crate::platform::process::Process;
use crate::store::{Attempt, Leader, Stalled, Store, Takeover};

const SECOND: Duration = Duration::from_secs(1);
/// Just before what is due.
const MOMENT: Duration = Duration::from_millis(1);

#[derive(Clone, Default)]
struct HandClock(Arc<Mutex<Duration>>);

impl Clock for HandClock {
    fn now(&self) -> Duration {
        *self.0.lock()
    }
}

/// Whether every process runs.
#[derive(Clone)]
struct HandProcesses(Arc<AtomicBool>);

impl Processes for HandProcesses {
    fn is_running(&self, _process: &Process) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// A folder with one database, a clock, and whether processes run.
struct World {
    folder: tempfile::TempDir,
    clock: HandClock,
    running: HandProcesses,
}

/// A process of its own, as far as the rules can see.
struct Candidate {
    store: Arc<Store>,
    machine: Machine,
    /// How often it was notified that another one leads instead.
    losses: Arc<AtomicUsize>,
    /// Whether it takes other handles for its own process's.
    is_same_process: bool,
    /// Done just before it takes over.
    meanwhile: Option<Box<dyn Fn() + Send + Sync>>,
}

/// A candidate's store, as the rules see it.
struct Port<'a> {
    store: &'a Store,
    is_same_process: bool,
    meanwhile: Option<&'a (dyn Fn() + Send + Sync)>,
}

impl Election for Port<'_> {
    fn path(&self) -> PathBuf {
        self.store.path().to_owned()
    }

    fn leads(&self) -> bool {
        self.store.leads()
    }

    fn leader(&self) -> Result<Option<Leader>> {
        self.store.leader()
    }

    fn pulse(&self, row: Option<&Leader>) -> Option<u64> {
        self.store.pulse(row)
    }

    fn is_of_this_process(&self, leader: &Leader) -> bool {
        self.is_same_process && self.store.is_of_this_process(leader)
    }

    fn try_lead(&self) -> Result<Attempt> {
        self.store.try_lead()
    }

    fn take_over(&self, seen: Option<&Leader>) -> Result<Takeover> {
        if let Some(meanwhile) = self.meanwhile {
            meanwhile();
        }
        self.store.take_over(seen)
    }

    fn beat(&self) -> Result<bool> {
        self.store.beat()
    }

    fn release(&self) -> Result<bool> {
        self.store.release()
    }

    fn set_stalled(&self, stalled: Option<Stalled>) {
        self.store.set_stalled(stalled);
    }
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        World { folder, clock: HandClock::default(), running: HandProcesses(Arc::new(AtomicBool::new(true))) }
    }

    fn database(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("han.db")
    }

    fn lock_file(&self) -> PathBuf {
        self.folder.path().join("coordinator.lock")
    }

    fn candidate(&self) -> Candidate {
        self.candidate_with(OpenOptions::default().heartbeat_interval)
    }

    /// One whose calls show signs of life this often, in real milliseconds.
    fn candidate_with_heartbeat(&self, milliseconds: u64) -> Candidate {
        self.candidate_with(Duration::from_millis(milliseconds))
    }

    fn candidate_with(&self, heartbeat_interval: Duration) -> Candidate {
        let options = OpenOptions {
            db_path: Some(self.database()),
            lock_timeout: Duration::from_millis(100),
            heartbeat_interval,
            ..OpenOptions::default()
        };
        let timing = Timing::of(&options).unwrap();
        let store = Arc::new(Store::open(options).unwrap());
        let losses = Arc::new(AtomicUsize::new(0));
        let told = Arc::clone(&losses);
        store.on_lost(move || {
            told.fetch_add(1, Ordering::SeqCst);
        });
        let machine = Machine::new(timing, Box::new(self.clock.clone()), Box::new(self.running.clone()));
        Candidate { store, machine, losses, is_same_process: false, meanwhile: None }
    }

    fn raw(&self) -> Connection {
        Connection::open(self.database()).unwrap()
    }

    fn pass(&self, time: Duration) {
        *self.clock.0.lock() += time;
    }

    /// Makes the candidates tick every quarter of a second for a while.
    fn watch(&self, time: Duration, candidates: &mut [&mut Candidate]) {
        let step = SECOND / 4;
        let mut left = time;
        while !left.is_zero() {
            let passing = step.min(left);
            self.pass(passing);
            left -= passing;
            candidates.iter_mut().for_each(|candidate| _ = candidate.tick());
        }
    }
}

impl Candidate {
    fn stand(&mut self) -> Result<bool> {
        let port = port(&self.store, self.is_same_process, &self.meanwhile);
        self.machine.stand(&port)
    }

    fn stand_down(&mut self) -> bool {
        let port = port(&self.store, self.is_same_process, &self.meanwhile);
        self.machine.stand_down(&port).unwrap()
    }

    fn tick(&mut self) -> Duration {
        let port = port(&self.store, self.is_same_process, &self.meanwhile);
        self.machine.tick(&port).unwrap()
    }

    fn status(&mut self) -> crate::model::CoordinatorStatus {
        let port = port(&self.store, self.is_same_process, &self.meanwhile);
        self.machine.status(&port).unwrap()
    }

    fn leads(&self) -> bool {
        self.store.leads()
    }

    fn row(&self) -> Leader {
        self.store.leader().unwrap().unwrap()
    }

    fn write(&self) -> Result<()> {
        self.store.begin_writing()?.raw_transaction(|_| Ok(()))
    }

    fn refusal(&self) -> ErrorCode {
        self.write().unwrap_err().code()
    }

    fn losses(&self) -> usize {
        self.losses.load(Ordering::SeqCst)
    }
}

fn port<'a>(store: &'a Store, is_same_process: bool, meanwhile: &'a Option<Box<dyn Fn() + Send + Sync>>) -> Port<'a> {
    Port { store, is_same_process, meanwhile: meanwhile.as_deref() }
}

/// A leader, and a follower that watches it.
fn pair(world: &World) -> (Candidate, Candidate) {
    let (mut leader, mut follower) = (world.candidate(), world.candidate());
    assert!(leader.stand().unwrap());
    assert!(!follower.stand().unwrap());
    (leader, follower)
}

/// A leader that took over from one that has stopped and still has the kernel lock; and that one.
fn without_lock(world: &World) -> (Candidate, Candidate) {
    let (stopped, mut leader) = pair(world);
    world.watch(30 * SECOND, &mut [&mut leader]);
    assert!(leader.leads());
    assert_eq!(leader.row().lock, None);
    (leader, stopped)
}

#[test]
fn the_first_one_leads_and_leads_again() {
    let world = World::new();
    let mut one = world.candidate();
    assert_eq!(one.status().epoch, 0);
    assert!(one.stand().unwrap());
    assert!(one.stand().unwrap(), "again");
    assert_eq!((one.row().epoch, one.row().is_released), (1, false));
    assert!(one.row().lock.is_some());
    let status = one.status();
    assert!(status.is_coordinator && status.coordinator_running);
    assert_eq!((status.epoch, status.pid), (1, Some(i64::from(std::process::id()))));
}

#[test]
fn who_released_it_may_be_followed_at_once() {
    let world = World::new();
    let (mut one, mut other) = pair(&world);
    assert!(one.stand_down());
    assert!(!one.stand_down(), "it leads no longer");
    assert!(one.row().is_released);
    assert!(!one.status().coordinator_running);
    other.tick();
    assert!(other.leads());
    assert_eq!(other.row().epoch, 2);
    assert_eq!(one.refusal(), ErrorCode::NotLeader);
    assert_eq!(one.losses(), 0, "what was given up is not lost");
}

#[test]
fn a_dead_leader_is_replaced_within_one_look() {
    let world = World::new();
    let (one, mut other) = pair(&world);
    let pause = other.tick();
    assert!(pause <= SECOND / 4, "{pause:?}");
    assert!(!other.leads());
    one.store.die();
    world.pass(pause);
    other.tick();
    assert!(other.leads());
    assert_eq!(other.row().epoch, 2);
}

#[test]
fn a_leader_shows_a_sign_of_life_every_five_seconds() {
    let world = World::new();
    let mut one = world.candidate();
    assert!(one.stand().unwrap());
    let first = one.row().heartbeat;
    assert_eq!(one.tick(), 5 * SECOND);
    world.pass(5 * SECOND - MOMENT);
    assert_eq!(one.tick(), MOMENT);
    assert_eq!(one.row().heartbeat, first);
    world.pass(MOMENT);
    assert_eq!(one.tick(), 5 * SECOND);
    assert_eq!(one.row().heartbeat, first + 1);
    one.write().unwrap();
    assert_eq!(one.row().heartbeat, first + 2, "a transaction is one");
}

#[test]
fn a_deleted_lock_file_makes_no_takeover_and_is_locked_anew() {
    let world = World::new();
    let (mut leader, mut follower) = pair(&world);
    let first = leader.row().lock;
    std::fs::remove_file(world.lock_file()).unwrap();
    world.watch(4 * SECOND, &mut [&mut follower]);
    assert!(!follower.leads(), "the new file is free, but the row names another one");
    assert_eq!(world.candidate().refusal(), ErrorCode::NotLeader);
    leader.write().unwrap();
    world.watch(SECOND, &mut [&mut leader, &mut follower]);
    follower.tick();
    assert!(leader.leads() && !follower.leads(), "the leader has the lock that its row names");
    assert_ne!(leader.row().lock, first);
    leader.store.die();
    follower.tick();
    assert!(follower.leads(), "the row names the new file, which is free");
}

#[test]
fn a_lock_is_not_recorded_before_the_sign_of_life_that_says_so() {
    let world = World::new();
    let (mut leader, mut follower) = pair(&world);
    std::fs::remove_file(world.lock_file()).unwrap();
    let raw = world.raw();
    raw.execute_batch("BEGIN IMMEDIATE").unwrap();
    world.pass(5 * SECOND);
    leader.tick();
    raw.execute_batch("ROLLBACK").unwrap();
    world.pass(5 * SECOND);
    leader.tick();
    leader.store.die();
    follower.tick();
    assert!(follower.leads(), "the second sign of life has recorded the lock that the first could not");
}

#[test]
fn a_leader_that_dies_after_its_lock_file_is_stale_first() {
    let world = World::new();
    let (leader, mut follower) = pair(&world);
    std::fs::remove_file(world.lock_file()).unwrap();
    // The new file is made while the old one is open, so that it has a number of its own.
    follower.tick();
    leader.store.die();
    world.watch(30 * SECOND - MOMENT, &mut [&mut follower]);
    assert!(!follower.leads(), "nobody can know whether it is dead");
    world.watch(MOMENT, &mut [&mut follower]);
    assert!(follower.leads());
    assert!(follower.row().lock.is_some());
}

#[test]
fn a_leader_of_an_earlier_boot_is_dead() {
    let world = World::new();
    let (leader, mut follower) = pair(&world);
    leader.store.die();
    world.raw().execute("UPDATE leader SET lock_device = lock_device + 1", []).unwrap();
    follower.tick();
    assert!(!follower.leads());
    assert_eq!(follower.refusal(), ErrorCode::NotLeader);
    world.raw().execute("UPDATE leader SET boot_id = 'an earlier one'", []).unwrap();
    let caller = world.candidate();
    caller.write().unwrap();
    follower.tick();
    assert!(follower.leads());
}

#[test]
fn another_handle_of_the_process_that_leads_is_told_so() {
    let world = World::new();
    let mut one = world.candidate();
    let mut other = Candidate { is_same_process: true, ..world.candidate() };
    assert!(one.stand().unwrap());
    assert_eq!(other.stand().unwrap_err().code(), ErrorCode::AlreadyLeaderInProcess);
    one.store.die();
    world.watch(60 * SECOND, &mut [&mut other]);
    assert!(!other.leads(), "whoever was refused does not follow");
    assert!(other.stand().unwrap());
}

#[test]
fn another_handle_is_told_so_where_the_lock_is_with_one_that_has_stopped() {
    let world = World::new();
    let (_leader, _stopped) = without_lock(&world);
    // The lock's file names whoever locked it.
    std::fs::write(world.lock_file(), "1\n").unwrap();
    let mut other = Candidate { is_same_process: true, ..world.candidate() };
    assert_eq!(other.stand().unwrap_err().code(), ErrorCode::AlreadyLeaderInProcess);
}

#[test]
fn a_handle_that_a_migration_has_passed_does_not_lead() {
    let world = World::new();
    let mut one = world.candidate();
    world.raw().pragma_update(None, "user_version", 1_000).unwrap();
    assert_eq!(one.stand().unwrap_err().code(), ErrorCode::SchemaTooNew);
    assert!(!one.leads());
    assert_eq!(one.refusal(), ErrorCode::NotLeader);
}

#[test]
fn a_call_that_writes_keeps_others_from_leading_and_leads_to_no_event() {
    let world = World::new();
    let caller = world.candidate();
    let mut other = world.candidate();
    let writing = caller.store.begin_writing().unwrap();
    writing.raw_transaction(|_| Ok(())).unwrap();
    assert_eq!(caller.row().epoch, 1);
    assert!(!other.stand().unwrap());
    writing.raw_transaction(|_| Ok(())).unwrap();
    assert_eq!(caller.row().epoch, 1, "one call, one epoch");
    drop(writing);
    other.tick();
    assert!(other.leads());
    let told: i64 = world.raw().query_row("SELECT count(*) FROM changes", [], |row| row.get(0)).unwrap();
    assert_eq!(told, 1, "of the one that leads");
    assert_eq!(caller.refusal(), ErrorCode::NotLeader);
}

#[test]
fn who_closes_or_drops_the_store_releases_it() {
    let world = World::new();
    let mut one = world.candidate();
    assert!(one.stand().unwrap());
    let row = one.row();
    one.store.close();
    let mut other = world.candidate();
    assert!(other.row().is_released);
    assert!(other.stand().unwrap());
    assert_eq!(other.row().epoch, row.epoch + 1);
    drop(other);
    assert!(world.candidate().row().is_released);
}

#[test]
fn a_copy_of_the_database_has_no_leader() {
    let world = World::new();
    let mut one = world.candidate();
    assert!(one.stand().unwrap());
    let copy = world.folder.path().join("copy.db");
    one.store.backup(&copy).unwrap();
    assert!(!one.row().is_released);
    let options = OpenOptions { db_path: Some(copy), ..OpenOptions::default() };
    let store = Store::open(options).unwrap();
    store.begin_writing().unwrap().raw_transaction(|_| Ok(())).unwrap();
}

#[test]
fn in_memory_a_handle_always_leads() {
    let world = World::new();
    let options = OpenOptions { in_memory: true, ..OpenOptions::default() };
    let mut one = Candidate { store: Arc::new(Store::open(options).unwrap()), ..world.candidate() };
    assert!(one.stand().unwrap());
    world.watch(6 * SECOND, &mut [&mut one]);
    assert!(one.leads());
    assert!(one.stand_down());
    assert!(!one.leads());
}
