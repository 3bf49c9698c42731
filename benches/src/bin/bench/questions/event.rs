//! How long after a line was appended to a file does a subscriber receive it, in the same process and in another?

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use han_benches::{Era, Generator};
use han_native::{OpenOptions, SubscribeOptions, Subscription};

use crate::Result;
use crate::context::{Context, open};
use crate::report::{Bound, Row};
use crate::statistics::Sample;

const LINES: usize = 300;
/// Warm-up appends.
const WARM_UP: usize = 20;
const SESSION_BYTES: usize = 1_000_000;
/// Longer than any event takes.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let config_dir = context.new_folder()?;
    let project = config_dir.join("projects/-home-kim-event");
    std::fs::create_dir_all(&project)?;
    let generator = Generator::new(context.seed);
    let path = project.join(format!("{}.jsonl", generator.session(Era::V2_1).session_id()));
    std::fs::write(&path, generator.single_session(SESSION_BYTES))?;
    let lines: Vec<Vec<u8>> = (Generator::new(context.seed + 98).session(Era::V2_1))
        .filter(|line| line.bytes.len() < 16_000)
        .take(WARM_UP + LINES)
        .map(|line| [line.bytes.as_slice(), b"\n"].concat())
        .collect();

    let database = context.new_folder()?.join("han.db");
    let han = open(&database, &config_dir)?;
    let leadership = han.coordinator().try_acquire()?;
    han.watcher().start()?;
    let mut here = han.subscribe(messages_added())?;
    let mut there = Follower::start(&database)?;
    let (mut same, mut other) = (Vec::new(), Vec::new());
    let mut file = std::fs::OpenOptions::new().append(true).open(&path)?;
    for line in &lines {
        let written = now();
        file.write_all(line)?;
        here.next_timeout(PATIENCE)?.ok_or("a subscriber of the same process received nothing")?;
        same.push(now().saturating_sub(written));
        other.push(there.heard()?.saturating_sub(written));
    }
    drop((here, there));
    han.watcher().stop();
    drop(leadership);
    han.close();
    Ok(vec![
        row("append to event, same process", &same[WARM_UP..], (3.0, 20.0)),
        row("append to event, another process", &other[WARM_UP..], (15.0, 40.0)),
    ])
}

fn row(what: &str, durations: &[Duration], (median, tail): (f64, f64)) -> Row {
    let sample = Sample::of_durations(durations);
    let measured = format!(
        "p50 {:.2}, p99 {:.2} (<= {tail}), max {:.1} ms",
        sample.median(),
        sample.quantile(0.99),
        sample.greatest()
    );
    let row = Row::new(what, measured, sample.median(), " ms").goal(Bound::AtMost(median));
    row.must(Bound::AtMost(median))
}

fn messages_added() -> SubscribeOptions {
    SubscribeOptions { topics: vec!["session:message:added".into()], ..SubscribeOptions::default() }
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// A subscriber in a process of its own.
struct Follower {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Follower {
    fn start(database: &Path) -> Result<Follower> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.arg("--child-follow").arg(database).stdout(Stdio::piped()).spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or("the child has no output")?).lines();
        let mut follower = Follower { child, lines };
        follower.heard()?;
        Ok(follower)
    }

    /// When it received the next event.
    fn heard(&mut self) -> Result<Duration> {
        let line = self.lines.next().ok_or("the child ended")??;
        Ok(Duration::from_nanos(line.trim().parse()?))
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        // It follows until it is killed; there is nothing to do if that fails.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The child: prints the time when it is ready, and the time of each event.
pub(crate) fn follow_and_print(database: &Path) -> Result<()> {
    let options = OpenOptions {
        db_path: Some(database.to_owned()),
        config_dirs: Some(Vec::new()),
        read_only: true,
        ..OpenOptions::default()
    };
    let han = han_native::Han::open(options)?;
    let mut subscription: Subscription = han.subscribe(messages_added())?;
    let mut output = std::io::stdout();
    loop {
        writeln!(output, "{}", now().as_nanos())?;
        output.flush()?;
        subscription.next().transpose()?;
    }
}
