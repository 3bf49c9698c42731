//! Who writes, with real processes: they contend for one database while they are killed, suspended and resumed, the lock file is
//! deleted, and handles are opened and closed in one process.

use std::time::{Duration, Instant};

use han_native::DoctorOptions;

use super::election_crowd::{Crowd, Seen, Times};
use super::feed_support::PATIENCE;
use crate::support::size;

const CONTENDERS: usize = 8;
/// How often in a row a deadline may be missed: the machine has other work, too.
const TRIES: u32 = 3;
/// Within this time a leader that has died is replaced.
const AFTER_DEATH: Duration = Duration::from_secs(1);

/// What is done to the leader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blow {
    Kill,
    Stop,
    StopInside,
    DeleteLock,
    DeleteLockAndKill,
    OpenHandles,
    Release,
}

const BLOWS: [Blow; 12] = [
    Blow::Kill,
    Blow::Stop,
    Blow::OpenHandles,
    Blow::Kill,
    Blow::DeleteLock,
    Blow::StopInside,
    Blow::Release,
    Blow::Kill,
    Blow::DeleteLockAndKill,
    Blow::Stop,
    Blow::Kill,
    Blow::OpenHandles,
];

/// How it went.
#[derive(Debug, PartialEq, Eq)]
enum Round {
    Done,
    /// It took longer than promised.
    Late(Duration),
    /// The leader was not where it was meant to be when it stopped.
    Missed,
}

/// Attacks leaders until all attacks are done.
struct Fight {
    crowd: Crowd,
    times: Times,
    /// From a small generator: the same ones each time.
    random: u64,
    late: Vec<(Blow, Duration)>,
}

impl Fight {
    fn new(times: Times) -> Fight {
        let crowd = Crowd::new(CONTENDERS, times);
        Fight { crowd, times, random: 7, late: Vec::new() }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % bound
    }

    fn deal(&mut self, blow: Blow) {
        for _ in 0..TRIES {
            let mut round = self.try_deal(blow);
            while round == Round::Missed {
                round = self.try_deal(blow);
            }
            match round {
                Round::Late(time) => self.late.push((blow, time)),
                _ => return,
            }
        }
        panic!("{blow:?} took too long {TRIES} times in a row; all that was late: {:?}", self.late);
    }

    fn try_deal(&mut self, blow: Blow) -> Round {
        // At any moment of its work.
        std::thread::sleep(Duration::from_millis(self.below(40)));
        match blow {
            Blow::Kill => self.kill(),
            Blow::Stop => self.stop(),
            Blow::StopInside => self.stop_inside(),
            Blow::DeleteLock => self.delete_lock(),
            Blow::DeleteLockAndKill => {
                let _ = std::fs::remove_file(self.crowd.lock_file());
                self.kill()
            }
            Blow::OpenHandles => self.open_handles(),
            Blow::Release => self.release(),
        }
    }

    fn in_time(&self, seen: &Seen, bound: Duration) -> Round {
        if seen.took <= bound { Round::Done } else { Round::Late(seen.took) }
    }

    fn see_next(&self, since: Instant, epoch: i64) -> Seen {
        self.crowd.see(since, "the next leader", |row| row.epoch > epoch && !row.is_released)
    }

    fn kill(&mut self) -> Round {
        let (place, row) = self.crowd.leader();
        let now = Instant::now();
        self.crowd.kill(place);
        let seen = self.see_next(now, row.epoch);
        self.crowd.add();
        self.in_time(&seen, AFTER_DEATH.max(self.stale_bound(row.lock_inode.is_none())))
    }

    /// One that holds no lock, or one on a file that is gone, can only be recognised by missing heartbeats.
    fn stale_bound(&self, is_silent: bool) -> Duration {
        if is_silent || !self.crowd.lock_file().exists() { self.times.stale * 3 / 2 } else { Duration::ZERO }
    }

    fn stop(&mut self) -> Round {
        let (place, row) = self.crowd.leader();
        let now = self.crowd.contenders[place].stop();
        if self.crowd.stays_inside(5) {
            self.crowd.contenders[place].go_on();
            return Round::Missed;
        }
        if self.crowd.row().is_some_and(|now| now.owner != row.owner) {
            // It no longer led when it was stopped.
            self.crowd.contenders[place].go_on();
            return Round::Missed;
        }
        self.crowd.contenders[place].forget();
        let seen = self.see_next(now, row.epoch);
        // A zombie: it writes and sends heartbeats as if nothing had happened.
        let zombie = &mut self.crowd.contenders[place];
        zombie.go_on();
        zombie.hear("lost");
        self.in_time(&seen, self.times.stale * 3 / 2)
    }

    fn stop_inside(&mut self) -> Round {
        let (place, row) = self.crowd.leader();
        self.crowd.contenders[place].tell("slow");
        let told = Instant::now();
        while !self.crowd.stays_inside(5) {
            if told.elapsed() > self.times.stale * 4 || self.crowd.row().is_some_and(|now| now.owner != row.owner) {
                return Round::Missed;
            }
        }
        self.crowd.contenders[place].stop();
        if !self.crowd.stays_inside(20) {
            self.crowd.contenders[place].go_on();
            return Round::Missed;
        }
        let pid = self.crowd.contenders[place].pid();
        let other = (place + 1 + self.below(CONTENDERS as u64 - 1) as usize) % CONTENDERS;
        let stopped = Instant::now();
        let message = loop {
            assert!(stopped.elapsed() < PATIENCE, "nobody notices that {pid} has stopped inside a transaction");
            let status = self.crowd.contenders[other].status();
            assert_eq!(status["isCoordinator"], false);
            if let Some(issue) = status["issues"].as_array().unwrap().first() {
                assert_eq!(issue["code"], "HAN_WRITER_STALLED");
                break issue["message"].as_str().unwrap().to_owned();
            }
        };
        assert!(message.contains(&format!("pid {pid})")) || message.contains(&format!("pid {pid} ")), "{message}");
        self.crowd.contenders[other].hear("outcome HAN_WRITER_STALLED");
        assert_eq!(self.crowd.row().unwrap().epoch, row.epoch, "nobody leads meanwhile");
        if self.below(2) == 0 {
            self.crowd.contenders[place].go_on();
            self.crowd.contenders[other].hear("outcome HAN_NOT_LEADER");
            return Round::Done;
        }
        let now = Instant::now();
        self.crowd.kill(place);
        let seen = self.see_next(now, row.epoch);
        self.crowd.add();
        self.in_time(&seen, AFTER_DEATH)
    }

    fn delete_lock(&mut self) -> Round {
        let (_, row) = self.crowd.leader();
        let _ = std::fs::remove_file(self.crowd.lock_file());
        let now = Instant::now();
        let relocked = self.crowd.see(now, "a lock on the new file", |now| {
            now.lock_inode.is_some() && (now.lock_inode != row.lock_inode || now.epoch != row.epoch)
        });
        if relocked.row.epoch != row.epoch {
            // A process that got no CPU time for this long is stale, whatever became of the file.
            return Round::Late(relocked.took);
        }
        Round::Done
    }

    fn open_handles(&mut self) -> Round {
        let (place, row) = self.crowd.leader();
        let other = (place + 1) % CONTENDERS;
        let answers = [place, other].map(|place| {
            self.crowd.contenders[place].tell("handle");
            self.crowd.contenders[place].hear("handle")
        });
        let (_, now) = self.crowd.leader();
        if now.epoch != row.epoch {
            return Round::Late(Duration::ZERO);
        }
        assert_eq!(answers, ["HAN_ALREADY_LEADER_IN_PROCESS", "follows"]);
        Round::Done
    }

    fn release(&mut self) -> Round {
        let (place, row) = self.crowd.leader();
        let now = Instant::now();
        self.crowd.contenders[place].tell("release");
        let released = self.crowd.contenders[place].hear("released");
        let seen = self.see_next(now, row.epoch);
        if released == "false" {
            return Round::Missed;
        }
        self.in_time(&seen, AFTER_DEATH)
    }

    /// Nobody wrote without leading.
    fn finish(mut self, rounds: usize) {
        let (epochs, leaders, messages) = (self.crowd.check_log(), self.crowd.leaders(), self.crowd.messages());
        assert!(messages > rounds as i64, "{messages} messages in {rounds} rounds");
        assert!(leaders > rounds as i64 / 3, "{leaders} leaders in {rounds} rounds");
        eprintln!("{rounds} rounds, {epochs} epochs, {leaders} leaders, {messages} messages; late: {:?}", self.late);
        let han = self.crowd.finish();
        let report = han.doctor(DoctorOptions::default()).unwrap();
        assert!(report.is_healthy, "the doctor finds {:#?}", report.issues);
    }
}

#[test]
fn processes_that_are_killed_and_stopped_write_one_at_a_time() {
    let rounds = size::of(24, 200);
    let times = Times { heartbeat: Duration::from_millis(100), stale: Duration::from_millis(600) };
    let mut fight = Fight::new(times);
    for round in 0..rounds {
        fight.deal(BLOWS[round % BLOWS.len()]);
    }
    fight.finish(rounds);
}

#[test]
fn the_same_holds_at_the_default_times() {
    // Takes two minutes.
    if !size::is_long() {
        return;
    }
    let times = Times { heartbeat: Duration::from_secs(5), stale: Duration::from_secs(30) };
    let mut fight = Fight::new(times);
    let blows = [Blow::Kill, Blow::Stop, Blow::StopInside];
    blows.into_iter().for_each(|blow| fight.deal(blow));
    fight.finish(blows.len());
}
