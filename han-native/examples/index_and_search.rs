//! Indexes the transcripts of a config dir into a database and searches it:
//! `cargo run --example index_and_search -- ~/.claude /tmp/han.db "some words"`.

use std::path::PathBuf;

use han_native::model::SearchQuery;
use han_native::{Han, OpenOptions, Result, ScanOptions};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let config_dirs = arguments.next().map(|path| vec![PathBuf::from(path)]);
    let db_path = arguments.next().map(PathBuf::from);
    let query = arguments.next().unwrap_or_else(|| "error".into());

    let han = Han::open(OpenOptions { config_dirs, db_path, ..OpenOptions::default() })?;
    let report = han.scan(ScanOptions::default())?;
    println!(
        "{} files, {} lines, {} messages, {} problems, {} ms",
        report.files, report.lines, report.messages_indexed, report.problems, report.duration_ms
    );
    for error in &report.errors {
        eprintln!("{}: {}", error.path, error.message);
    }
    let page = han.search(&SearchQuery { query, first: Some(5), ..SearchQuery::default() })?;
    for hit in page.items {
        println!("{}  {}", hit.message.id, hit.snippet);
    }
    Ok(())
}
