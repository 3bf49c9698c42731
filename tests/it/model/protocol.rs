//! The protocol of leader election, with the steps of the code: a kernel lock for each lock file, one row, and transactions
//! that nobody can end but the process inside. Time is left out: an observer may find a leader stale at any moment.

use stateright::{Model, Property};

/// What is checked, with rules that can be left out to see that they matter.
#[derive(Debug, Clone)]
pub(super) struct Protocol {
    pub(super) processes: usize,
    /// The greatest epoch that is explored.
    pub(super) epochs: u8,
    pub(super) crashes: u8,
    pub(super) stops: u8,
    /// How often the lock file is deleted.
    pub(super) deletions: u8,
    /// Every transaction checks that its epoch is the row's.
    pub(super) is_fenced: bool,
    /// Whoever gets the kernel lock leads only if the row names exactly that file.
    pub(super) names_file: bool,
    /// A leader keeps its lock on a deleted file until the row names the new one.
    pub(super) keeps_former_lock: bool,
    /// A leader that sends no heartbeat for long is replaced.
    pub(super) takes_over: bool,
    /// So is a process that has the kernel lock although the row is released: a call, or one that was about to lead.
    pub(super) watches_calls: bool,
}

/// Identity of a lock file. One that nobody has open may be reused, as inodes are.
type File = u8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Life {
    Runs,
    Stopped,
    Dead,
}

/// The right by which a process believes it may write, and in which epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Right {
    None,
    Leads(u8),
    Call(u8),
}

/// The purpose for which a process is inside a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Purpose {
    Lead,
    BeginCall,
    TakeOver,
    Write,
    Beat,
    Release(u8),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Process {
    pub(super) life: Life,
    pub(super) right: Right,
    /// The file whose kernel lock it holds.
    lock: Option<File>,
    /// A second one, until the row names it.
    next_lock: Option<File>,
    inside: Option<Purpose>,
    /// It has read the row, which has not changed since.
    has_watched: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Row {
    pub(super) epoch: u8,
    /// `None` if the process that it names is gone.
    owner: Option<usize>,
    lock: Option<File>,
    is_released: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct State {
    pub(super) processes: Vec<Process>,
    pub(super) row: Option<Row>,
    /// The lock file at the path.
    path: File,
    /// Who committed last, and in which epoch.
    last_commit: Option<(u8, usize)>,
    /// Two committed in one epoch, or an epoch came after a later one.
    has_order_broken: bool,
    /// A process committed whose epoch was over.
    has_zombie_written: bool,
    /// A process got the kernel lock, and with it the place of a leader that was alive.
    has_lock_usurped: bool,
    crashes: u8,
    stops: u8,
    deletions: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// Takes the kernel lock of the file at the path.
    Lock,
    /// Releases it, or ends a call.
    GiveBack,
    /// Reads the row, to find out whether it changes.
    Watch,
    /// Locks the file at the path beside the one that it has.
    Relock,
    Begin(Purpose),
    /// Commits, or rolls back if it may not.
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Action {
    Take(usize, Step),
    Crash(usize),
    Start(usize),
    Stop(usize),
    GoOn(usize),
    DeleteLock,
}

impl State {
    fn is_locked(&self, file: File) -> bool {
        self.processes.iter().any(|process| process.lock == Some(file) || process.next_lock == Some(file))
    }

    fn is_somebody_inside(&self) -> bool {
        self.processes.iter().any(|process| process.inside.is_some())
    }

    /// Somebody leads and can prove it.
    fn has_leader(&self) -> bool {
        let Some(row) = &self.row else { return false };
        self.processes.iter().any(|process| process.life == Life::Runs && process.right == Right::Leads(row.epoch))
    }

    /// A new row is a heartbeat to every observer.
    fn change_row(&mut self, row: Row) {
        self.row = Some(row);
        self.processes.iter_mut().for_each(|process| process.has_watched = false);
    }

    fn is_own_row(&self, at: usize, epoch: u8) -> bool {
        self.row.as_ref().is_some_and(|row| row.epoch == epoch && row.owner == Some(at))
    }

    /// Whether a process other than this one is alive and leads according to the row.
    fn is_led_by_another(&self, at: usize) -> bool {
        let Some(row) = &self.row else { return false };
        let leads = |process: &Process| process.life != Life::Dead && process.right == Right::Leads(row.epoch);
        !row.is_released && self.processes.iter().enumerate().any(|(other, process)| other != at && leads(process))
    }
}

impl Protocol {
    fn steps_of(&self, state: &State, at: usize, steps: &mut Vec<Step>) {
        let process = &state.processes[at];
        if process.inside.is_some() {
            steps.push(Step::End);
            return;
        }
        let is_path_free = !state.is_locked(state.path);
        let may_begin = !state.is_somebody_inside();
        match process.right {
            Right::None => {
                match process.lock {
                    None if is_path_free => steps.push(Step::Lock),
                    None => {}
                    Some(_) => {
                        steps.push(Step::GiveBack);
                        if may_begin {
                            steps.extend([Step::Begin(Purpose::Lead), Step::Begin(Purpose::BeginCall)]);
                        }
                    }
                }
                let is_led = state.row.as_ref().is_some_and(|row| !row.is_released);
                let is_held = self.watches_calls && process.lock.is_none() && !is_path_free;
                match process.has_watched {
                    true if may_begin => steps.push(Step::Begin(Purpose::TakeOver)),
                    false if self.takes_over && (is_led || is_held) => steps.push(Step::Watch),
                    _ => {}
                }
            }
            Right::Leads(epoch) => {
                if process.lock != Some(state.path) && process.next_lock.is_none() && is_path_free {
                    steps.push(Step::Relock);
                }
                if may_begin {
                    let purposes = [Purpose::Write, Purpose::Beat, Purpose::Release(epoch)];
                    steps.extend(purposes.map(Step::Begin));
                }
            }
            Right::Call(_) => {
                steps.push(Step::GiveBack);
                if may_begin {
                    steps.push(Step::Begin(Purpose::Write));
                }
            }
        }
    }

    fn take(&self, state: &mut State, at: usize, step: Step) {
        let path = state.path;
        let process = &mut state.processes[at];
        match step {
            Step::Lock => process.lock = Some(path),
            Step::GiveBack => {
                process.lock = None;
                process.right = Right::None;
            }
            Step::Watch => process.has_watched = true,
            Step::Relock if self.keeps_former_lock => process.next_lock = Some(path),
            Step::Relock => process.lock = Some(path),
            Step::Begin(purpose) => {
                if matches!(purpose, Purpose::Release(_)) {
                    process.right = Right::None;
                }
                process.inside = Some(purpose);
            }
            Step::End => {
                if let Some(purpose) = process.inside.take() {
                    self.end(state, at, purpose);
                }
            }
        }
    }

    fn end(&self, state: &mut State, at: usize, purpose: Purpose) {
        let (lock, next_lock) = (state.processes[at].lock, state.processes[at].next_lock);
        let epoch = state.row.as_ref().map_or(0, |row| row.epoch);
        let next = Row { epoch: epoch + 1, owner: Some(at), lock, is_released: false };
        match purpose {
            Purpose::Lead if self.may_follow(state, lock) => {
                state.has_lock_usurped |= state.is_led_by_another(at);
                state.change_row(next);
                state.processes[at].right = Right::Leads(epoch + 1);
            }
            Purpose::BeginCall if self.may_follow(state, lock) => {
                state.has_lock_usurped |= state.is_led_by_another(at);
                state.change_row(Row { is_released: true, ..next });
                state.processes[at].right = Right::Call(epoch + 1);
                self.commit(state, at, epoch + 1);
            }
            Purpose::TakeOver if state.processes[at].has_watched => {
                state.change_row(next);
                state.processes[at].right = Right::Leads(epoch + 1);
            }
            Purpose::Lead | Purpose::BeginCall | Purpose::TakeOver => state.processes[at].lock = None,
            Purpose::Write | Purpose::Beat => {
                let (Right::Leads(own) | Right::Call(own)) = state.processes[at].right else { return };
                if self.is_fenced && !state.is_own_row(at, own) {
                    let process = &mut state.processes[at];
                    (process.right, process.lock, process.next_lock) = (Right::None, None, None);
                    return;
                }
                if let Some(row) = state.row.clone() {
                    let row = match (purpose, next_lock) {
                        (Purpose::Beat, Some(_)) => Row { lock: next_lock, ..row },
                        (Purpose::Beat, None) if !self.keeps_former_lock => Row { lock, ..row },
                        _ => row,
                    };
                    state.change_row(row);
                }
                if purpose == Purpose::Write {
                    self.commit(state, at, own);
                } else if next_lock.is_some() {
                    state.processes[at].lock = state.processes[at].next_lock.take();
                }
            }
            Purpose::Release(own) => {
                if state.is_own_row(at, own)
                    && let Some(row) = state.row.clone()
                {
                    state.change_row(Row { owner: None, is_released: true, ..row });
                }
                let process = &mut state.processes[at];
                (process.lock, process.next_lock) = (None, None);
            }
        }
    }

    fn may_follow(&self, state: &State, lock: Option<File>) -> bool {
        state.row.as_ref().is_none_or(|row| row.is_released || row.lock == lock || !self.names_file)
    }

    fn commit(&self, state: &mut State, at: usize, epoch: u8) {
        state.has_zombie_written |= !state.is_own_row(at, epoch);
        let commit = (epoch, at);
        state.has_order_broken |= state.last_commit.is_some_and(|last| last != commit && last.0 >= epoch);
        state.last_commit = Some(commit);
    }

    fn crash(&self, state: &mut State, at: usize) {
        state.processes[at] = Process { life: Life::Dead, ..Process::new() };
        if let Some(row) = state.row.as_mut().filter(|row| row.owner == Some(at)) {
            row.owner = None;
        }
    }

    /// Whether the running processes can reach a state with a leader by steps of their own: each finishes its current step and
    /// determines its role, then one of them takes over.
    fn can_be_led(&self, state: &State) -> bool {
        let mut state = state.clone();
        let running: Vec<usize> =
            (0..state.processes.len()).filter(|at| state.processes[*at].life == Life::Runs).collect();
        for at in &running {
            self.try_take(&mut state, *at, &[Step::End]);
        }
        for at in &running {
            self.try_take(&mut state, *at, &[Step::Begin(Purpose::Beat), Step::End, Step::GiveBack]);
        }
        if state.has_leader() {
            return true;
        }
        let Some(at) = running.first() else { return false };
        self.try_take(&mut state, *at, &[Step::Lock, Step::Begin(Purpose::Lead), Step::End]);
        self.try_take(&mut state, *at, &[Step::Watch, Step::Begin(Purpose::TakeOver), Step::End]);
        state.has_leader()
    }

    /// Those of the steps that are possible, in order.
    fn try_take(&self, state: &mut State, at: usize, wanted: &[Step]) {
        for step in wanted {
            let mut possible = Vec::new();
            self.steps_of(state, at, &mut possible);
            if possible.contains(step) {
                self.take(state, at, *step);
            }
        }
    }
}

impl Process {
    fn new() -> Process {
        let (lock, next_lock, inside) = (None, None, None);
        Process { life: Life::Runs, right: Right::None, lock, next_lock, inside, has_watched: false }
    }
}

impl Model for Protocol {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            processes: vec![Process::new(); self.processes],
            row: None,
            path: 0,
            last_commit: None,
            has_order_broken: false,
            has_zombie_written: false,
            has_lock_usurped: false,
            crashes: 0,
            stops: 0,
            deletions: 0,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let mut steps = Vec::new();
        for (at, process) in state.processes.iter().enumerate() {
            match process.life {
                Life::Runs => {
                    steps.clear();
                    self.steps_of(state, at, &mut steps);
                    actions.extend(steps.iter().map(|step| Action::Take(at, *step)));
                    if state.stops < self.stops {
                        actions.push(Action::Stop(at));
                    }
                }
                Life::Stopped => actions.push(Action::GoOn(at)),
                Life::Dead => actions.push(Action::Start(at)),
            }
            if process.life != Life::Dead && state.crashes < self.crashes {
                actions.push(Action::Crash(at));
            }
        }
        if state.deletions < self.deletions {
            actions.push(Action::DeleteLock);
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        match action {
            Action::Take(at, step) => self.take(&mut next, at, step),
            Action::Crash(at) => {
                next.crashes += 1;
                self.crash(&mut next, at);
            }
            Action::Start(at) | Action::GoOn(at) => next.processes[at].life = Life::Runs,
            Action::Stop(at) => {
                next.stops += 1;
                next.processes[at].life = Life::Stopped;
            }
            Action::DeleteLock => {
                next.deletions += 1;
                // The least free number: one that was used before is reused as soon as possible.
                next.path = (0..).find(|file| *file != state.path && !state.is_locked(*file))?;
            }
        }
        (next != *state).then_some(next)
    }

    fn within_boundary(&self, state: &State) -> bool {
        state.row.as_ref().is_none_or(|row| row.epoch <= self.epochs)
    }

    fn properties(&self) -> Vec<Property<Protocol>> {
        vec![
            Property::always(ONE_WRITER, |_, state: &State| !state.has_order_broken),
            Property::always(NO_ZOMBIE, |_, state: &State| !state.has_zombie_written),
            Property::always(NO_USURPER, |_, state: &State| !state.has_lock_usurped),
            Property::always(LIVELY, |protocol, state: &State| {
                let stuck = |process: &Process| process.life == Life::Stopped && process.inside.is_some();
                let runs = |process: &Process| process.life == Life::Runs;
                state.processes.iter().any(stuck)
                    || !state.processes.iter().any(runs)
                    || state.has_leader()
                    || protocol.can_be_led(state)
            }),
            Property::sometimes("somebody replaces a suspended leader, which resumes", |_, state: &State| {
                let rights = state
                    .processes
                    .iter()
                    .filter(|process| process.life == Life::Runs && matches!(process.right, Right::Leads(_)));
                rights.count() > 1
            }),
            Property::sometimes("a leader without a lock gets one", |_, state: &State| {
                state.deletions > 0 && state.processes.iter().any(|process| process.next_lock.is_some())
            }),
            Property::sometimes("a lock file's number comes again", |protocol, state: &State| {
                protocol.deletions < 2 || (state.deletions > 1 && state.path == 0)
            }),
        ]
    }
}

pub(super) const ONE_WRITER: &str = "in an epoch one process writes, and epochs grow";
pub(super) const NO_ZOMBIE: &str = "whose epoch is over writes nothing";
pub(super) const NO_USURPER: &str = "a lock alone takes nobody's place who lives";
pub(super) const LIVELY: &str = "somebody can lead again, unless one is stopped inside a transaction";
