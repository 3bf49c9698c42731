//! When what is due: a pure decision over the time.

use std::time::Duration;

/// The intervals of the watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Periods {
    /// Between two full looks.
    pub scan: Duration,
    /// Between two looks at what is not watched natively.
    pub poll: Duration,
    /// Between two attempts to watch natively.
    pub retry: Duration,
}

impl Default for Periods {
    fn default() -> Periods {
        Periods { scan: Duration::from_secs(30), poll: Duration::from_secs(5), retry: Duration::from_secs(60) }
    }
}

/// What repeats.
#[derive(Debug, Clone, Copy)]
struct Timer {
    period: Duration,
    /// `None` while it does not run.
    next: Option<Duration>,
}

impl Timer {
    fn set_running(&mut self, is_running: bool, now: Duration) {
        self.next = is_running.then(|| self.next.unwrap_or(now + self.period));
    }

    /// Whether it is due; if so it starts again.
    fn take_due(&mut self, now: Duration) -> bool {
        // A clock that was set back must not make the wait longer than the interval.
        let next = self.next.map(|next| next.min(now + self.period));
        let is_due = next.is_some_and(|next| next <= now);
        self.next = if is_due { Some(now + self.period) } else { next };
        is_due
    }
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    pub scan: bool,
    pub poll: bool,
    pub retry: bool,
}

/// The timers of the watch.
#[derive(Debug)]
pub(super) struct Schedule {
    scan: Timer,
    poll: Timer,
    retry: Timer,
}

impl Schedule {
    /// A full look is due at once.
    pub(super) fn new(periods: Periods, now: Duration) -> Schedule {
        let stopped = |period| Timer { period, next: None };
        Schedule {
            scan: Timer { period: periods.scan, next: Some(now) },
            poll: stopped(periods.poll),
            retry: stopped(periods.retry),
        }
    }

    /// Says what is needed from now on besides full looks.
    pub(super) fn set_needs(&mut self, poll: bool, retry: bool, now: Duration) {
        self.poll.set_running(poll, now);
        self.retry.set_running(retry, now);
    }

    /// What is due now; each starts again once it is returned.
    pub(super) fn take_due(&mut self, now: Duration) -> Due {
        Due { scan: self.scan.take_due(now), poll: self.poll.take_due(now), retry: self.retry.take_due(now) }
    }

    /// How long nothing is due.
    pub(super) fn wait(&self, now: Duration) -> Duration {
        let timers = [self.scan, self.poll, self.retry];
        let waits = timers.iter().filter_map(|timer| Some(timer.next?.saturating_sub(now).min(timer.period)));
        waits.min().unwrap_or(self.scan.period)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn each_is_due_after_its_interval_while_it_is_needed() {
        let mut schedule = Schedule::new(Periods::default(), seconds(100));
        let due = |scan, poll, retry| Due { scan, poll, retry };
        assert_eq!(schedule.take_due(seconds(100)), due(true, false, false), "a full look at once");
        assert_eq!(schedule.wait(seconds(101)), seconds(29));
        schedule.set_needs(true, true, seconds(101));
        assert_eq!(schedule.wait(seconds(101)), seconds(5));
        assert_eq!(schedule.take_due(seconds(105)), due(false, false, false));
        assert_eq!(schedule.take_due(seconds(106)), due(false, true, false));
        assert_eq!(schedule.take_due(seconds(130)), due(true, true, false));
        assert_eq!(schedule.take_due(seconds(161)), due(true, true, true));
        schedule.set_needs(false, false, seconds(161));
        assert_eq!(schedule.wait(seconds(161)), seconds(30));
        assert_eq!(schedule.take_due(seconds(191)), due(true, false, false));
    }

    #[test]
    fn a_clock_set_back_delays_nothing_beyond_its_interval() {
        let mut schedule = Schedule::new(Periods::default(), seconds(10_000));
        schedule.take_due(seconds(10_000));
        schedule.set_needs(true, false, seconds(10_000));
        assert_eq!(schedule.wait(seconds(3)), seconds(5));
        let none = Due { scan: false, poll: false, retry: false };
        assert_eq!(schedule.take_due(seconds(3)), none);
        assert_eq!(schedule.take_due(seconds(8)), Due { poll: true, ..none });
        assert_eq!(schedule.take_due(seconds(33)), Due { scan: true, poll: true, retry: false });
    }
}
