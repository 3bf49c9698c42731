//! How much memory does indexing take at its peak, in a process of its own?

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use han_benches::Generator;
use han_native::ScanOptions;

use crate::Result;
use crate::context::{Context, open};
use crate::report::{Bound, Row};

const LONG_LINE_BYTES: usize = 60 << 20;

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let config_dir = context.config_dir.clone();
    let normal = peak(context, &config_dir)?;

    let long = context.new_folder()?;
    let project = long.join("projects/-home-kim-long");
    std::fs::create_dir_all(&project)?;
    let mut bytes = Generator::new(context.seed).single_session(2_000_000);
    bytes.extend(Generator::new(context.seed).long_line(LONG_LINE_BYTES));
    bytes.push(b'\n');
    std::fs::write(project.join("long.jsonl"), bytes)?;
    let with_long_line = peak(context, &long)?;

    let row = |what: &str, megabytes: f64, bound: f64| {
        Row::new(what, format!("{megabytes:.0} MB"), megabytes, " MB")
            .goal(Bound::AtMost(bound))
            .must(Bound::AtMost(bound))
    };
    Ok(vec![
        row("peak memory, full index", normal, 150.0),
        row("peak memory, one line of 60 MiB", with_long_line, 250.0),
    ])
}

/// Megabytes.
fn peak(context: &mut Context, config_dir: &Path) -> Result<f64> {
    let database = context.new_folder()?.join("han.db");
    Ok(index_in_child(config_dir, &database)?.peak_bytes / 1e6)
}

/// A full index in a process of its own.
pub(crate) struct Run {
    /// Opening and closing included.
    pub(crate) seconds: f64,
    pub(crate) peak_bytes: f64,
}

pub(crate) fn index_in_child(config_dir: &Path, database: &Path) -> Result<Run> {
    let output = Command::new(std::env::current_exe()?).arg("--child-index").arg(config_dir).arg(database).output()?;
    if !output.status.success() {
        return Err(format!("the child failed: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let (seconds, kibibytes) = text.trim().split_once(' ').ok_or("the child printed something else")?;
    Ok(Run { seconds: seconds.parse()?, peak_bytes: kibibytes.parse::<f64>()? * 1024.0 })
}

/// The child: indexes, and prints the seconds it took, and its peak memory, in KiB.
pub(crate) fn index_and_print(config_dir: &Path, database: &Path) -> Result<()> {
    let start = Instant::now();
    let han = open(database, config_dir)?;
    han.scan(ScanOptions::default())?;
    han.close();
    drop(han);
    let seconds = start.elapsed().as_secs_f64();
    println!("{seconds} {}", peak_kibibytes()?);
    Ok(())
}

/// The peak memory of this process.
pub(crate) fn peak_kibibytes() -> Result<String> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = line.and_then(|line| line.split_whitespace().next()).ok_or("/proc/self/status has no VmHWM")?;
    Ok(peak.to_owned())
}
