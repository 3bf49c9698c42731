//! The child process of the tests: started, listened to, stopped and killed.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// The last output of a child that ended by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ending {
    /// The number after `done`, or the code and the message after `error`.
    pub(super) outcome: Result<i64, (String, String)>,
    /// Its peak memory, in KiB.
    pub(super) peak_kib: u64,
    /// Every line that was not read before.
    pub(super) lines: Vec<String>,
}

/// A running child. Killed when it is dropped.
pub(super) struct Running {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

pub(super) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_han-test-child"));
    command.args(arguments);
    command
}

/// The child, started by a shell that first does `preparation`, such as setting its umask.
pub(super) fn command_after(preparation: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{preparation}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_han-test-child")]);
    command.args(arguments);
    command
}

/// A copy of the child that another user may run, in a folder that this user may enter.
pub(super) fn for_everybody(folder: &Path) -> PathBuf {
    let program = folder.join("han-test-child");
    std::fs::copy(env!("CARGO_BIN_EXE_han-test-child"), &program).unwrap();
    program
}

/// The child as another user, who has no other rights. Only the superuser may do this.
pub(super) fn command_as(program: &Path, user: u32, arguments: &[&str]) -> Command {
    use std::os::unix::process::CommandExt;
    let mut command = Command::new(program);
    command.args(arguments).uid(user).gid(user).current_dir("/");
    command
}

pub(super) fn start(mut command: Command) -> Running {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    Running { child, lines }
}

/// Runs a child to its end.
pub(super) fn run(command: Command) -> Ending {
    start(command).finish()
}

pub(super) fn scan(database: &Path, config_dir: &Path) -> Command {
    command(&["scan", text(database), text(config_dir)])
}

pub(super) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

impl Running {
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The next line that the child writes, unless it ends before.
    pub(super) fn hear(&mut self) -> Option<String> {
        self.lines.next().map(Result::unwrap)
    }

    /// Waits for a line with this prefix.
    pub(super) fn hear_of(&mut self, start: &str) -> String {
        loop {
            let line = self.hear().unwrap_or_else(|| panic!("the child ended without saying \"{start}\""));
            if line.starts_with(start) {
                return line;
            }
        }
    }

    pub(super) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Bytes that the child moved so far, in files and pipes alike: a clock of its work. `None` once it has ended.
    pub(super) fn work(&self) -> Option<u64> {
        let counters = std::fs::read_to_string(format!("/proc/{}/io", self.pid())).ok()?;
        let counter = |name| counters.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
        Some(counter("rchar:")? + counter("wchar:")?)
    }

    pub(super) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Suspends the child wherever it is, without its knowledge.
    pub(super) fn stop(&self) {
        self.signal(rustix::process::Signal::STOP);
    }

    pub(super) fn go_on(&self) {
        self.signal(rustix::process::Signal::CONT);
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_raw(i32::try_from(self.pid()).unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Ends its input and waits for its end.
    pub(super) fn finish(mut self) -> Ending {
        drop(self.child.stdin.take());
        let mut ending = Ending { outcome: Err(("none".into(), String::new())), peak_kib: 0, lines: Vec::new() };
        while let Some(line) = self.hear() {
            match line.split_once(' ') {
                Some(("done", number)) => ending.outcome = Ok(number.parse().unwrap()),
                Some(("error", rest)) => {
                    let (code, message) = rest.split_once(' ').unwrap_or((rest, ""));
                    ending.outcome = Err((code.into(), message.into()));
                }
                Some(("peak", number)) => ending.peak_kib = number.parse().unwrap(),
                _ => {}
            }
            ending.lines.push(line);
        }
        let status = self.child.wait().unwrap();
        assert_eq!(
            status.code(),
            Some(i32::from(ending.outcome.is_err())),
            "the child ended with {status}: {ending:?}"
        );
        ending
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nothing to kill if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
