//! The state of sessions, and where they belong: it follows from all records about them, in whatever order they arrive.
#![allow(clippy::unwrap_used)]

mod agents;
mod hooks;
mod repositories;
mod rewinds;
mod tasks;
mod titles;

use crate::support::home::{Database, Home, place};

/// Databases of a session whose lines arrived in several ways: at once, one by one, and line by line without their ends first.
fn arrivals(session: &str, lines: &[String]) -> Vec<(Home, Database)> {
    let (whole, single, torn) = (Home::new(), Home::new(), Home::new());
    let databases = [whole.database(), single.database(), torn.database()];
    whole.write_session(session, lines.concat());
    databases[0].scan();
    for line in lines {
        single.append(&place(session), line);
        databases[1].index(&single.transcript(session));
        torn.append(&place(session), line.trim_end());
        databases[2].index(&torn.transcript(session));
        torn.append(&place(session), "\n");
        databases[2].index(&torn.transcript(session));
    }
    [whole, single, torn].into_iter().zip(databases).collect()
}
