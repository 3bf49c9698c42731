//! The rules of leading: a pure decision at each tick, of what was seen and of the time.

use std::time::Duration;

use super::ports::{Clock, Election, Processes};
use super::timing::Timing;
use crate::error::{Error, Result};
use crate::model::{CoordinatorIssue, CoordinatorStatus, Timestamp};
use crate::store::{Attempt, Leader, Stalled, Takeover};

/// It takes at least this many looks to find a leader stale.
const LOOKS: u32 = 3;

/// What a handle is.
enum Role {
    /// It does not want to lead.
    Bystander,
    /// It leads as soon as it can.
    Follower,
    Leader {
        beaten_at: Duration,
    },
}

/// The last sign of life of another handle.
struct Sign {
    /// The row; `None` before the first write.
    row: Option<Leader>,
    /// The sign beside it.
    pulse: Option<u64>,
    looked_at: Duration,
    /// For how long it was watched.
    watched: Duration,
    /// Whether it was found inside a transaction that it does not end.
    is_stalled: bool,
}

/// One handle's part in the election.
pub(super) struct Machine {
    timing: Timing,
    clock: Box<dyn Clock>,
    processes: Box<dyn Processes>,
    role: Role,
    sign: Option<Sign>,
    /// Who had the kernel lock when it was last tried, if known.
    holder: Option<i64>,
}

impl Machine {
    pub(super) fn new(timing: Timing, clock: Box<dyn Clock>, processes: Box<dyn Processes>) -> Machine {
        Machine { timing, clock, processes, role: Role::Bystander, sign: None, holder: None }
    }

    /// Wants to lead from now on; returns whether it does.
    pub(super) fn stand(&mut self, election: &dyn Election) -> Result<bool> {
        if election.leads() {
            return Ok(true);
        }
        match election.try_lead()? {
            Attempt::Leads => {
                self.lead();
                Ok(true)
            }
            Attempt::Held { pid } => {
                self.holder = pid;
                self.refuse_own_process(election)?;
                // Before it follows, so that a caller that gets an error does not.
                self.look(election)?;
                if !election.leads() {
                    self.role = Role::Follower;
                }
                Ok(election.leads())
            }
        }
    }

    /// No longer wants to lead; returns whether it led.
    pub(super) fn stand_down(&mut self, election: &dyn Election) -> Result<bool> {
        self.role = Role::Bystander;
        self.sign = None;
        election.set_stalled(None);
        election.release()
    }

    /// Does what is due; returns for how long nothing will be due.
    pub(super) fn tick(&mut self, election: &dyn Election) -> Result<Duration> {
        let now = self.clock.now();
        match self.role {
            Role::Bystander => {}
            Role::Leader { .. } if !election.leads() => self.role = Role::Follower,
            Role::Leader { beaten_at } if now >= beaten_at + self.timing.heartbeat => {
                // First, so that a failure is not tried again at once.
                self.role = Role::Leader { beaten_at: now };
                if !election.beat()? {
                    self.role = Role::Follower;
                }
            }
            Role::Leader { .. } => {}
            Role::Follower => self.follow(election)?,
        }
        Ok(match self.role {
            Role::Leader { beaten_at } => (beaten_at + self.timing.heartbeat).saturating_sub(self.clock.now()),
            _ => self.timing.follow,
        })
    }

    /// What is known of who writes.
    pub(super) fn status(&mut self, election: &dyn Election) -> Result<CoordinatorStatus> {
        self.look(election)?;
        let is_coordinator = election.leads();
        let stalled = self.sign.as_ref().filter(|sign| sign.is_stalled && !is_coordinator);
        let issues = stalled.map(|sign| {
            let error = Error::WriterStalled { path: election.path(), pid: self.writer(sign.row.as_ref()) };
            CoordinatorIssue { code: error.code().as_str().into(), message: error.to_string() }
        });
        let issues = issues.into_iter().collect();
        let Some(leader) = election.leader()? else {
            return Ok(CoordinatorStatus {
                is_coordinator,
                coordinator_running: is_coordinator,
                issues,
                ..CoordinatorStatus::default()
            });
        };
        let is_running = !leader.is_released && self.processes.is_running(&leader.process);
        let coordinator_running = is_coordinator || is_running;
        Ok(CoordinatorStatus {
            is_coordinator,
            coordinator_running,
            epoch: leader.epoch,
            pid: coordinator_running.then_some(leader.process.pid),
            heartbeat: Timestamp::from_millis(leader.heartbeat_at).filter(|_| coordinator_running),
            version: coordinator_running.then_some(leader.version),
            issues,
        })
    }

    fn lead(&mut self) {
        self.role = Role::Leader { beaten_at: self.clock.now() };
        self.sign = None;
    }

    fn refuse_own_process(&self, election: &dyn Election) -> Result<()> {
        let Some(leader) = election.leader()? else { return Ok(()) };
        // If another process has the kernel lock, the handle that the row names was lost without releasing it.
        let is_held = leader.lock.is_none() || self.holder.is_none_or(|pid| pid == leader.process.pid);
        match is_held && !leader.is_released && election.is_of_this_process(&leader) {
            true => Err(Error::AlreadyLeaderInProcess { path: election.path() }),
            false => Ok(()),
        }
    }

    fn follow(&mut self, election: &dyn Election) -> Result<()> {
        if election.leads() {
            self.lead();
            return Ok(());
        }
        match election.try_lead()? {
            Attempt::Leads => self.lead(),
            Attempt::Held { pid } => {
                self.holder = pid;
                self.look(election)?;
            }
        }
        Ok(())
    }

    /// Looks for a sign of life of the leader, or of the holder of the kernel lock for a call. Takes over, or says that nobody can, where
    /// there was none for too long.
    fn look(&mut self, election: &dyn Election) -> Result<()> {
        let now = self.clock.now();
        if election.leads() {
            self.forget_sign(election);
            return Ok(());
        }
        let row = election.leader()?;
        let pulse = election.pulse(row.as_ref());
        if self.sign.as_ref().is_none_or(|sign| sign.row != row || sign.pulse != pulse) {
            self.forget_sign(election);
        }
        let fresh = Sign { row: row.clone(), pulse, looked_at: now, watched: Duration::ZERO, is_stalled: false };
        let sign = self.sign.get_or_insert(fresh);
        // A handle that was stopped itself, perhaps together with the leader, has watched nothing meanwhile.
        sign.watched += now.saturating_sub(sign.looked_at).min(self.timing.stale / LOOKS);
        sign.looked_at = now;
        // One that was found stopped inside a transaction, and then died, held no kernel lock that would show it.
        let leader = row.as_ref().filter(|row| !row.is_released);
        let is_dead = sign.is_stalled && leader.is_some_and(|leader| !self.processes.is_running(&leader.process));
        if !matches!(self.role, Role::Follower) || (sign.watched < self.timing.stale && !is_dead) {
            return Ok(());
        }
        match election.take_over(row.as_ref())? {
            Takeover::Leads => self.lead(),
            Takeover::Moved => self.forget_sign(election),
            Takeover::Stalled => {
                let pid = self.writer(row.as_ref());
                // It may be a long transaction after all: its end is not a reason to take over at once.
                self.sign = Some(Sign { row, pulse, looked_at: now, watched: Duration::ZERO, is_stalled: true });
                election.set_stalled(Some(Stalled { pid }));
            }
        }
        Ok(())
    }

    /// The process that leads, or else that has the kernel lock for a call.
    fn writer(&self, row: Option<&Leader>) -> Option<i64> {
        row.filter(|row| !row.is_released).map(|leader| leader.process.pid).or(self.holder)
    }

    fn forget_sign(&mut self, election: &dyn Election) {
        if self.sign.take().is_some_and(|sign| sign.is_stalled) {
            election.set_stalled(None);
        }
    }
}
