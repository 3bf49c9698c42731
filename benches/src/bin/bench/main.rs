//! Measures han-native, and prints one table. Each question has a file of its own in `questions/`; what it is compared with
//! is measured in the same run.

mod arguments;
mod context;
mod corpus;
mod questions;
mod report;
mod statistics;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use context::Context;
use report::Report;

/// Any failure to measure.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match arguments::parse().and_then(run) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Help => println!("{}", arguments::USAGE),
        Command::ChildIndex { config_dir, database } => questions::memory::index_and_print(&config_dir, &database)?,
        Command::ChildFloor { database, path } => questions::floor::insert_and_print(&database, &path)?,
        Command::ChildUsage { database } => questions::usage::ask_and_print(&database)?,
        Command::ChildFollow { database } => questions::event::follow_and_print(&database)?,
        Command::ChildWrite { database, config_dirs } => questions::scale::index_all(&database, &config_dirs)?,
        Command::ChildHold { database, seconds } => questions::scale::hold(&database, seconds)?,
        Command::ChildIdle { config_dir, database, scan_interval_ms, seconds } => {
            questions::idle::watch_and_print(&config_dir, &database, scan_interval_ms, seconds)?;
        }
        Command::Bench(arguments) => return bench(&arguments),
    }
    Ok(ExitCode::SUCCESS)
}

fn bench(arguments: &Arguments) -> Result<ExitCode> {
    let mut context = Context::new(arguments)?;
    let mut report = Report::default();
    for question in questions::ALL {
        if arguments.only.as_deref().is_none_or(|only| only == question.name) {
            eprintln!("bench: {} ...", question.name);
            for row in (question.ask)(&mut context).map_err(|error| format!("{}: {error}", question.name))? {
                report.add(question.name, row);
            }
        }
    }
    println!("{}", context.describe());
    print!("{}", report.table());
    if let Some(path) = &arguments.json {
        std::fs::write(path, report.json(&context.describe())?)?;
    }
    let fails = arguments.strict && report.has_missed_must();
    Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
