//! A process for the tests to kill, stop, starve of memory or of rights: it does one thing to a database and prints its
//! progress on its standard output.
//!
//! ```text
//! han-test-child scan   DATABASE CONFIG_DIR                  `progress BYTES TOTAL` after each commit
//! han-test-child hold   DATABASE CONFIG_DIR                  `holding` inside a scan, until its standard input ends
//! han-test-child index  DATABASE CONFIG_DIR FILE
//! han-test-child append DATABASE CONFIG_DIR SOURCE TARGET    copies the lines that TARGET lacks, one at a time; `line N`
//! han-test-child embed  DATABASE CONFIG_DIR                  counts letters; `embedded MESSAGES` after each commit
//! han-test-child doctor DATABASE CONFIG_DIR                  reads only; `issue CODE PATH`
//! han-test-child mend   DATABASE CONFIG_DIR                  `issue CODE PATH`
//! han-test-child count  DATABASE CONFIG_DIR                  reads only
//! han-test-child follow DATABASE CONFIG_DIR                  reads only; `following`, then `item JSON` until its input ends
//! han-test-child watch  DATABASE CONFIG_DIR                  `watching MODE REASON`, until its input ends
//! ```
//! A `-` for CONFIG_DIR takes the config dirs of the environment. The last line is `done NUMBER`, or `error CODE MESSAGE` with exit code 1; before it comes `peak KIBIBYTES`.
//! `HAN_TEST_LOCK_TIMEOUT_MS` says how long a write waits.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use han_native::model::EmbedProgress;
use han_native::{Cancellation, DoctorOptions, EmbedOptions, Error, Han, OpenOptions, ScanOptions, SubscribeOptions};
use han_tests::Letters;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["scan", database, config_dir] => open(database, config_dir, false).and_then(|han| scan(&han)),
        ["hold", database, config_dir] => open(database, config_dir, false).and_then(|han| hold(&han)),
        ["index", database, config_dir, file] => {
            open(database, config_dir, false).and_then(|han| Ok(han.index_session_file(file)?.messages_indexed))
        }
        ["append", database, config_dir, source, target] => {
            open(database, config_dir, false).and_then(|han| append(&han, Path::new(source), Path::new(target)))
        }
        ["follow", database, config_dir] => open(database, config_dir, true).and_then(|han| follow(&han)),
        ["watch", database, config_dir] => open(database, config_dir, false).and_then(|han| watch(&han)),
        ["embed", database, config_dir] => open(database, config_dir, false).and_then(|han| embed(&han)),
        ["doctor", database, config_dir] => open(database, config_dir, true).and_then(|han| doctor(&han, false)),
        ["mend", database, config_dir] => open(database, config_dir, false).and_then(|han| doctor(&han, true)),
        ["count", database, config_dir] => open(database, config_dir, true).and_then(|han| Ok(han.stats()?.messages)),
        _ => {
            eprintln!(
                "usage: han-test-child scan|hold|index|append|embed|doctor|mend|count|follow|watch DATABASE CONFIG_DIR [FILE...]"
            );
            return ExitCode::from(2);
        }
    };
    if let Some(peak) = peak_memory() {
        say(&format!("peak {peak}"));
    }
    match outcome {
        Ok(number) => {
            say(&format!("done {number}"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&format!("error {} {error}", error.code().as_str()));
            ExitCode::FAILURE
        }
    }
}

fn open(database: &str, config_dir: &str, read_only: bool) -> Result<Han, Error> {
    let timeout = std::env::var("HAN_TEST_LOCK_TIMEOUT_MS").ok().and_then(|text| text.parse().ok());
    let default = OpenOptions::default();
    Han::open(OpenOptions {
        db_path: Some(PathBuf::from(database)),
        config_dirs: (config_dir != "-").then(|| vec![PathBuf::from(config_dir)]),
        lock_timeout: timeout.map_or(default.lock_timeout, Duration::from_millis),
        read_only,
        // That of the tests: another one would be the database's from then on.
        time_zone: Some("Asia/Kolkata".into()),
        ..default
    })
}

fn scan(han: &Han) -> Result<i64, Error> {
    let report = han.scan(ScanOptions {
        on_progress: Some(Box::new(|progress| {
            say(&format!("progress {} {}", progress.bytes_done, progress.bytes_total));
        })),
        ..ScanOptions::default()
    })?;
    for error in &report.errors {
        say(&format!("unreadable {} {}", error.code, error.path));
    }
    Ok(report.messages_indexed)
}

/// Pauses in the first call of the progress hook: the write lock is held there.
fn hold(han: &Han) -> Result<i64, Error> {
    let mut is_first = true;
    let report = han.scan(ScanOptions {
        on_progress: Some(Box::new(move |_| {
            if std::mem::take(&mut is_first) {
                say("holding");
                // The end of the input is the signal to continue, whatever comes before it.
                let _ = std::io::stdin().read_to_end(&mut Vec::new());
            }
        })),
        ..ScanOptions::default()
    })?;
    Ok(report.messages_indexed)
}

fn append(han: &Han, source: &Path, target: &Path) -> Result<i64, Error> {
    let failed = |source| Error::Io { path: target.into(), source };
    let written = std::fs::read(target).unwrap_or_default();
    let mut out = std::fs::OpenOptions::new().create(true).append(true).open(target).map_err(failed)?;
    // A kill may have left the file ahead of the database, never in the middle of a line: each is one write.
    let mut lines = written.iter().filter(|byte| **byte == b'\n').count();
    han.index_session_file(target)?;
    let file = std::fs::File::open(source).map_err(failed)?;
    for line in BufReader::new(file).split(b'\n').skip(lines) {
        let mut line = line.map_err(failed)?;
        line.push(b'\n');
        out.write_all(&line).map_err(failed)?;
        han.index_session_file(target)?;
        lines += 1;
        say(&format!("line {lines}"));
    }
    Ok(lines as i64)
}

fn embed(han: &Han) -> Result<i64, Error> {
    han.vectors().register(Arc::new(Letters))?;
    let on_progress = Some(Box::new(|progress: &EmbedProgress| say(&format!("embedded {}", progress.messages))) as _);
    Ok(han.vectors().embed_pending("letters", EmbedOptions { on_progress, ..EmbedOptions::default() })?.messages)
}

/// Prints the findings; returns their number.
fn doctor(han: &Han, fix: bool) -> Result<i64, Error> {
    let report = han.doctor(DoctorOptions { fix })?;
    for issue in &report.issues {
        say(&format!("issue {} {}", issue.code, issue.path.as_deref().unwrap_or_default()));
    }
    Ok(report.issues.len() as i64)
}

/// Prints the items from now on, message by message; returns their number.
fn follow(han: &Han) -> Result<i64, Error> {
    let cancellation = Cancellation::default();
    let options = SubscribeOptions { expand: true, cancellation: cancellation.clone(), ..SubscribeOptions::default() };
    let subscription = han.subscribe(options)?;
    say("following");
    std::thread::spawn(move || {
        // The end of the input is the signal to end, whatever comes before it.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        cancellation.cancel();
    });
    let mut items = 0;
    for item in subscription {
        let json = serde_json::to_string(&item?);
        say(&format!("item {}", json.unwrap_or_else(|error| error.to_string())));
        items += 1;
    }
    Ok(items)
}

/// Indexes as transcripts are written; returns the number of messages in the end.
fn watch(han: &Han) -> Result<i64, Error> {
    han.watcher().start()?;
    let status = han.watcher().status();
    let mode = serde_json::to_string(&status.mode).unwrap_or_else(|error| error.to_string());
    say(&format!("watching {} {}", mode.trim_matches('"'), status.reason.unwrap_or_default()));
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    han.watcher().stop();
    Ok(han.stats()?.messages)
}

/// Prints a line at once; whether anybody reads it does not matter.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// The peak memory of the process, in KiB.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
