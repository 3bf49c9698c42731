//! Tables `hook_lines` and `hook_executions`: what lines say about hooks, and which hooks ran.
//!
//! One execution is one command at one occurrence of an event. Up to five lines report it: that it began, how it ended, what it
//! added to the conversation, and a summary of all of them. Each line stays as it is; what they say together is found again
//! whenever one of them comes or goes, so that their order does not matter.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use super::messages;
use super::rollups::{Rollups, Sums};
use crate::row::{HookKey, HookRow};
use crate::store::failure::Failure;

/// The lines that may be about the same executions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Occurrence {
    Event {
        session_id: i64,
        event_key: i64,
    },
    /// All that a message says without naming an occurrence.
    Message(i64),
}

/// Adds what a message says about hooks. `path` is that of its file.
pub(crate) fn insert_lines(
    connection: &Connection,
    message_id: i64,
    session_id: i64,
    path: &str,
    lines: &[HookRow],
) -> Result<(), Failure> {
    for (ordinal, line) in lines.iter().enumerate() {
        let event_key = match line.key {
            HookKey::None => None,
            HookKey::Id(key) => Some(key),
            HookKey::Turn(key) => Some(key ^ xxhash_rust::xxh3::xxh3_64(path.as_bytes()) as i64),
        };
        connection
            .prepare_cached(
                "INSERT INTO hook_lines (message_id, ordinal, session_id, event_key, kind, event, name, command,
                 duration_ms, exit_code, is_error) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                message_id,
                ordinal as i64,
                session_id,
                event_key,
                line.kind,
                line.event,
                line.name,
                line.command,
                line.duration_ms,
                line.exit_code,
                line.is_error
            ])?;
    }
    Ok(())
}

/// The occurrences that a message is about, perhaps repeated.
pub(crate) fn touched_by(connection: &Connection, message_id: i64) -> Result<Vec<Occurrence>, Failure> {
    let mut statement =
        connection.prepare_cached("SELECT session_id, event_key FROM hook_lines WHERE message_id = ?1")?;
    let rows = statement.query_map([message_id], |row| {
        let session_id = row.get(0)?;
        Ok(match row.get(1)? {
            Some(event_key) => Occurrence::Event { session_id, event_key },
            None => Occurrence::Message(message_id),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Removes the executions that are recorded at a message, which no longer counts. The caller subtracts them.
pub(crate) fn remove_executions(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM hook_executions WHERE message_id = ?1")?.execute([message_id])?;
    Ok(())
}

/// Removes what a message says about hooks.
pub(crate) fn remove_lines(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM hook_lines WHERE message_id = ?1")?.execute([message_id])?;
    Ok(())
}

/// Finds the executions of an occurrence from all that is said about it, and moves the sums.
pub(crate) fn settle(connection: &Connection, occurrence: Occurrence, rollups: &mut Rollups) -> Result<(), Failure> {
    let lines = lines(connection, occurrence)?;
    for line in lines.iter().filter(|line| line.has_execution) {
        count(connection, rollups, line.message_id, line.counts_as_error, -1)?;
        connection
            .prepare_cached("DELETE FROM hook_executions WHERE message_id = ?1 AND ordinal = ?2")?
            .execute([line.message_id, line.ordinal])?;
    }
    let lines = lines.into_iter().filter(|line| line.is_counted).collect();
    for execution in executions(lines) {
        let Some(first) = execution.first() else { continue };
        let said = said(&execution);
        connection
            .prepare_cached(
                "INSERT INTO hook_executions (message_id, ordinal, session_id, event, name, command, duration_ms,
                 exit_code, is_error) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                first.message_id,
                first.ordinal,
                first.session_id,
                first.event,
                said.name,
                said.command,
                said.duration_ms,
                said.exit_code,
                said.is_error
            ])?;
        count(connection, rollups, first.message_id, said.is_error, 1)?;
    }
    Ok(())
}

fn count(
    connection: &Connection,
    rollups: &mut Rollups,
    message_id: i64,
    is_error: bool,
    sign: i64,
) -> Result<(), Failure> {
    let sums = Sums { hooks: 1, hook_errors: i64::from(is_error), ..Sums::default() };
    rollups.add(messages::place(connection, message_id)?, &sums, sign);
    Ok(())
}

/// A row of `hook_lines`.
struct Line {
    message_id: i64,
    ordinal: i64,
    session_id: i64,
    kind: String,
    event: String,
    name: Option<String>,
    command: Option<String>,
    duration_ms: Option<i64>,
    exit_code: Option<i64>,
    is_error: bool,
    /// Whether it is not a copy, and of a current generation.
    is_counted: bool,
    /// Whether an execution is recorded at it, and whether that is counted as an error.
    has_execution: bool,
    counts_as_error: bool,
}

impl Line {
    fn of_row(row: &Row<'_>) -> rusqlite::Result<Line> {
        let error: Option<bool> = row.get(11)?;
        Ok(Line {
            message_id: row.get(0)?,
            ordinal: row.get(1)?,
            session_id: row.get(2)?,
            kind: row.get(3)?,
            event: row.get(4)?,
            name: row.get(5)?,
            command: row.get(6)?,
            duration_ms: row.get(7)?,
            exit_code: row.get(8)?,
            is_error: row.get(9)?,
            is_counted: row.get(10)?,
            has_execution: error.is_some(),
            counts_as_error: error.unwrap_or(false),
        })
    }

    /// Whether it says how the execution ended. The summary says so as well, but not which of the hooks failed.
    fn is_outcome(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "hook_success"
                | "hook_blocking_error"
                | "hook_non_blocking_error"
                | "hook_error_during_execution"
                | "hook_cancelled"
        )
    }

    fn is_summary(&self) -> bool {
        self.kind == "stop_hook_summary"
    }

    /// Whether both cannot be about one execution.
    fn excludes(&self, other: &Line) -> bool {
        self.kind == other.kind || self.is_outcome() && other.is_outcome()
    }
}

/// All lines of an occurrence, in the order in which they were written.
fn lines(connection: &Connection, occurrence: Occurrence) -> Result<Vec<Line>, Failure> {
    let (condition, values) = match occurrence {
        Occurrence::Event { session_id, event_key } => {
            ("l.session_id = ?1 AND l.event_key = ?2", [Some(session_id), Some(event_key)])
        }
        Occurrence::Message(id) => ("l.message_id = ?1 AND l.event_key IS ?2", [Some(id), None]),
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT l.message_id, l.ordinal, l.session_id, l.kind, l.event, l.name, l.command, l.duration_ms, l.exit_code,
         l.is_error, m.replay_of IS NULL AND NOT g.is_superseded, e.is_error
         FROM hook_lines l CROSS JOIN messages m ON m.id = l.message_id JOIN generations g ON g.id = m.generation_id
         JOIN files f ON f.id = g.file_id JOIN config_dirs d ON d.id = f.config_dir_id
         LEFT JOIN hook_executions e ON e.message_id = l.message_id AND e.ordinal = l.ordinal
         WHERE {condition} ORDER BY m.time, f.path, d.path, m.line, m.part, l.ordinal"
    ))?;
    let rows = statement.query_map(values, Line::of_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The lines of each execution. Those of a command are distinguished by their kinds: the second of one kind is of a second execution.
/// A line without a command belongs to the first execution that lacks such a line; if there is none, it is all that is known of
/// one.
fn executions(lines: Vec<Line>) -> Vec<Vec<Line>> {
    let mut executions: Vec<Vec<Line>> = Vec::new();
    let mut of_command: HashMap<String, Vec<usize>> = HashMap::new();
    let (named, unnamed): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| line.command.is_some());
    for line in named {
        let known = of_command.entry(line.command.as_deref().unwrap_or_default().trim().to_owned()).or_default();
        let lacking = known.iter().copied().find(|at| executions[*at].iter().all(|other| other.kind != line.kind));
        match lacking {
            Some(at) => executions[at].push(line),
            None => {
                known.push(executions.len());
                executions.push(vec![line]);
            }
        }
    }
    for line in unnamed {
        match executions.iter_mut().find(|lines| !lines.iter().any(|other| line.excludes(other))) {
            Some(lines) => lines.push(line),
            None => executions.push(vec![line]),
        }
    }
    blame(&mut executions);
    executions
}

/// A summary says how many hooks failed, and rarely which. What an execution's own lines say counts; errors that are left belong to
/// those that have none.
fn blame(executions: &mut [Vec<Line>]) {
    let is_told = |lines: &[Line]| lines.iter().any(Line::is_outcome);
    let is_failed = |lines: &[Line]| lines.iter().any(|line| line.is_outcome() && line.is_error);
    let summed_up = || executions.iter().filter(|lines| lines.iter().any(Line::is_summary));
    let failed = executions.iter().flatten().filter(|line| line.is_summary() && line.is_error).count();
    let mut left = failed.saturating_sub(summed_up().filter(|lines| is_failed(lines)).count());
    let mut order: Vec<usize> = (0..executions.len()).filter(|at| !is_told(&executions[*at])).collect();
    order.sort_by_key(|at| !executions[*at].iter().any(|line| line.is_summary() && line.is_error));
    for lines in executions.iter_mut() {
        lines.iter_mut().filter(|line| line.is_summary()).for_each(|line| line.is_error = false);
    }
    for at in order {
        let summary = executions[at].iter_mut().find(|line| line.is_summary());
        if let Some(line) = summary.filter(|_| left > 0) {
            line.is_error = true;
            left -= 1;
        }
    }
}

/// What the lines of one execution say together.
#[derive(Default)]
struct Said<'l> {
    name: Option<&'l str>,
    command: Option<&'l str>,
    duration_ms: Option<i64>,
    exit_code: Option<i64>,
    is_error: bool,
}

fn said(execution: &[Line]) -> Said<'_> {
    // How it ended comes first: its line knows most.
    let mut lines: Vec<&Line> = execution.iter().collect();
    lines.sort_by_key(|line| (!line.is_outcome(), line.command.is_none()));
    let mut said = Said::default();
    for line in lines {
        said.name = said.name.or(line.name.as_deref());
        said.command = said.command.or(line.command.as_deref());
        said.duration_ms = said.duration_ms.or(line.duration_ms);
        said.exit_code = said.exit_code.or(line.exit_code);
        said.is_error |= line.is_error;
    }
    said
}
