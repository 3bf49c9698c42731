//! A process that wants to lead a database and writes to it all the time, whether it may or not: for the tests to suspend, kill and
//! resume.
//!
//! ```text
//! han-test-contender DATABASE CONFIG_DIR HEARTBEAT_MS STALE_MS
//! ```
//! It appends lines to a transcript of its own, `w<pid>.jsonl`, and indexes it after each. It prints on its standard output:
//!
//! ```text
//! ready
//! outcome ok|CODE     the outcome of a write, if it differs from the one before
//! lost                another one leads instead
//! status JSON         the answer to `status`
//! handle leads|follows|CODE      to `handle`: the outcome of a second handle of this process, which is closed again
//! released true|false            to `release`: whether it led; it contends again at once
//! ```
//! `slow` makes the next line slow. It ends with its input, or with an error that it cannot continue after: `failed MESSAGE`.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use han_native::{Error, ErrorCode, Han, Leadership, OpenOptions, SubscribeOptions};

/// The time between two writes.
const PACE: Duration = Duration::from_millis(10);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, config_dir, heartbeat, stale] = arguments.as_slice() else {
        eprintln!("usage: han-test-contender DATABASE CONFIG_DIR HEARTBEAT_MS STALE_MS");
        return ExitCode::from(2);
    };
    let milliseconds = |text: &str, default| text.parse().map_or(default, Duration::from_millis);
    let default = OpenOptions::default();
    let options = OpenOptions {
        db_path: Some(PathBuf::from(database)),
        config_dirs: Some(vec![PathBuf::from(config_dir)]),
        heartbeat_interval: milliseconds(heartbeat, default.heartbeat_interval),
        stale_after: milliseconds(stale, default.stale_after),
        lock_timeout: Duration::from_millis(100),
        ..default
    };
    match contend(&options, Path::new(config_dir)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("failed {} {error}", error.code().as_str()));
            ExitCode::FAILURE
        }
    }
}

fn contend(options: &OpenOptions, config_dir: &Path) -> Result<(), Error> {
    let han = Han::open(options.clone())?;
    let lost = SubscribeOptions { topics: vec!["leader:lost".into()], ..SubscribeOptions::default() };
    let subscription = han.subscribe(lost)?;
    std::thread::spawn(move || subscription.for_each(|_| say("lost")));
    let mut transcript = Transcript::create(config_dir)?;
    let mut leadership = stand(&han)?;
    let commands = commands();
    say("ready");
    let mut last = String::new();
    let mut is_slow = false;
    for round in 0_u64.. {
        match commands.recv_timeout(PACE).as_deref() {
            Ok("slow") => is_slow = true,
            Ok("status") => {
                let json = serde_json::to_string(&han.coordinator().status()?);
                say(&format!("status {}", json.unwrap_or_else(|error| error.to_string())));
            }
            Ok("handle") => say(&format!("handle {}", second_handle(options)?)),
            Ok("release") => {
                let led = leadership.release()?;
                leadership = stand(&han)?;
                say(&format!("released {led}"));
            }
            Ok(other) => return Err(Error::InvalidArgument { name: "command".into(), problem: other.into() }),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        // After a refusal it tries less often, but keeps trying.
        if last != "ok" && round % 8 != 0 && !is_slow {
            continue;
        }
        transcript.append(std::mem::take(&mut is_slow))?;
        let outcome = match han.index_session_file(&transcript.path) {
            Ok(_) => "ok",
            Err(error) if is_refusal(error.code()) => error.code().as_str(),
            Err(error) => return Err(error),
        };
        if outcome != last {
            say(&format!("outcome {outcome}"));
            last = outcome.into();
        }
    }
    Ok(())
}

fn is_refusal(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::NotLeader | ErrorCode::Locked | ErrorCode::WriterStalled)
}

fn stand(han: &Han) -> Result<Leadership, Error> {
    han.coordinator().try_acquire()
}

/// The outcome of another handle of this process.
fn second_handle(options: &OpenOptions) -> Result<&'static str, Error> {
    let han = Han::open(options.clone())?;
    let gets = match han.coordinator().try_acquire() {
        Ok(leadership) if leadership.led_at_once() => "leads",
        Ok(_) => "follows",
        Err(error) if error.code() == ErrorCode::AlreadyLeaderInProcess => error.code().as_str(),
        Err(error) => return Err(error),
    };
    han.close();
    Ok(gets)
}

fn commands() -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The lines that this process writes.
struct Transcript {
    path: PathBuf,
    session: String,
    file: std::fs::File,
    lines: u64,
}

impl Transcript {
    fn create(config_dir: &Path) -> Result<Transcript, Error> {
        let session = format!("w{}", std::process::id());
        let path = config_dir.join("projects/-code-shop").join(format!("{session}.jsonl"));
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&path);
        let file = file.map_err(|error| Error::Io { path: path.clone(), source: error })?;
        Ok(Transcript { path, session, file, lines: 0 })
    }

    fn append(&mut self, is_slow: bool) -> Result<(), Error> {
        self.lines += 1;
        let words = if is_slow { "slow" } else { "quick" };
        let (session, line) = (&self.session, self.lines);
        let record = format!(
            r#"{{"type":"user","sessionId":"{session}","cwd":"/code/shop","message":{{"role":"user","content":"{words} {line}"}}}}"#
        );
        writeln!(self.file, "{record}").map_err(|error| Error::Io { path: self.path.clone(), source: error })
    }
}

/// Prints a line at once; whether anybody reads it does not matter.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
