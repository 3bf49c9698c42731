//! Exports of sessions: complete, harmless, for humans and for programs.
#![allow(clippy::unwrap_used)]

mod content;
mod hostile;
mod properties;

use han_native::model::{ExportFormat, ExportOptions};

use crate::support::home::{Database, Home};

const SESSION: &str = "s1";

/// A database of one session.
fn database(lines: &[String]) -> (Home, Database) {
    let home = Home::new();
    home.write("projects/-code-shop/s1.jsonl", lines.concat().as_bytes());
    let database = home.database();
    database.scan();
    (home, database)
}

fn exported(database: &Database, format: ExportFormat) -> String {
    database.han.export_session(SESSION, format, &ExportOptions::default()).unwrap()
}
