//! What does a watcher cost while nothing happens, and what does a check of thousands of unchanged files cost?

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use han_benches::{Era, Generator};
use han_native::{Han, OpenOptions, SubscribeOptions, WatchOptions};

use crate::Result;
use crate::context::Context;
use crate::report::{Bound, Row};

const SESSIONS: u64 = 5_000;
const PROJECTS: u64 = 50;
const SESSION_BYTES: usize = 4_000;
/// Long enough for two of the checks that run every 30 s.
const IDLE_SECONDS: u64 = 60;
const LOOKS: u64 = 20;

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let config_dir = context.new_folder()?;
    for number in 0..SESSIONS {
        let generator = Generator::new(context.seed + 1_000 + number);
        let project = config_dir.join(format!("projects/-home-kim-idle-{}", number % PROJECTS));
        std::fs::create_dir_all(&project)?;
        let path = project.join(format!("{}.jsonl", generator.session(Era::V2_1).session_id()));
        std::fs::write(path, generator.single_session(SESSION_BYTES))?;
    }
    let database = context.new_folder()?.join("han.db");
    // Once, so that what is measured begins with everything indexed.
    measure(&config_dir, &database, 30_000, 0)?;
    let idle = measure(&config_dir, &database, 30_000, IDLE_SECONDS)?;
    let looking = measure(&config_dir, &database, 1_000, LOOKS)?;
    let per_look = looking.cpu_seconds / LOOKS as f64 * 1_000.0;
    let percent = idle.cpu_seconds / IDLE_SECONDS as f64 * 100.0;
    let above = idle.resident_megabytes - idle.base_megabytes;
    Ok(vec![
        Row::new(format!("idle watcher, {SESSIONS} sessions, CPU"), format!("{percent:.2} %"), percent, " %")
            .goal(Bound::AtMost(0.5)),
        Row::new("idle watcher, memory above that before opening", format!("{above:.0} MB"), above, " MB")
            .goal(Bound::AtMost(25.0)),
        Row::new(format!("check of {SESSIONS} unchanged files, CPU"), format!("{per_look:.0} ms"), per_look, " ms"),
    ])
}

/// What the child printed.
struct Measured {
    cpu_seconds: f64,
    base_megabytes: f64,
    resident_megabytes: f64,
}

fn measure(config_dir: &Path, database: &Path, scan_interval_ms: u64, seconds: u64) -> Result<Measured> {
    let numbers = [scan_interval_ms.to_string(), seconds.to_string()];
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.arg("--child-idle").arg(config_dir).arg(database).args(numbers).output()?;
    if !output.status.success() {
        return Err(format!("the child failed: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let numbers: Vec<f64> = text.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>()?;
    match numbers[..] {
        [cpu_seconds, base_megabytes, resident_megabytes] => {
            Ok(Measured { cpu_seconds, base_megabytes, resident_megabytes })
        }
        _ => Err(format!("the child printed {text:?}").into()),
    }
}

/// The child: watches for some seconds, and prints the seconds of CPU that this took and the memory before and after.
pub(crate) fn watch_and_print(config_dir: &Path, database: &Path, scan_interval_ms: u64, seconds: u64) -> Result<()> {
    let base = resident_megabytes()?;
    let options = OpenOptions {
        db_path: Some(database.to_owned()),
        config_dirs: Some(vec![config_dir.to_owned()]),
        watch: WatchOptions { scan_interval: Duration::from_millis(scan_interval_ms), ..WatchOptions::default() },
        ..OpenOptions::default()
    };
    let han = Han::open(options)?;
    let leadership = han.coordinator().try_acquire()?;
    let mut subscription = han.subscribe(SubscribeOptions::default())?;
    han.watcher().start()?;
    let before = cpu_seconds()?;
    let end = Instant::now() + Duration::from_secs(seconds);
    // A waiting subscriber, as in a server.
    while let Some(left) = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        subscription.next_timeout(left)?;
    }
    println!("{} {base} {}", cpu_seconds()? - before, resident_megabytes()?);
    drop(leadership);
    han.close();
    Ok(())
}

fn resident_megabytes() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()).ok_or("/proc/self/status has no VmRSS")?;
    Ok(kibibytes.parse::<f64>()? * 1024.0 / 1e6)
}

/// Of every thread that lives.
fn cpu_seconds() -> Result<f64> {
    let mut nanoseconds = 0.0;
    for task in std::fs::read_dir("/proc/self/task")? {
        let schedule = std::fs::read_to_string(task?.path().join("schedstat"))?;
        nanoseconds += schedule.split_whitespace().next().ok_or("schedstat is empty")?.parse::<f64>()?;
    }
    Ok(nanoseconds / 1e9)
}
