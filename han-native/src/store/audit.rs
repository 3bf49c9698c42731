//! Comparing what is kept in sums with the rows that it sums up.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::failure::Failure;
use super::tables::rollups::{COLUMNS, Sums, scope};
use super::tables::session_sums;
use crate::error::Error;
use crate::row::flag;

/// For a generation: non-blank lines = rows with part 0 + problems that represent a line, and the counts of the rows.
pub(crate) fn line_count(connection: &Connection, generation_id: i64) -> Result<Option<String>, Failure> {
    let finding = connection
        .prepare_cached(
            "SELECT g.lines, g.messages, g.problems, g.logged,
             (SELECT count(*) FROM messages m WHERE m.generation_id = g.id AND m.part = 0),
             (SELECT count(*) FROM messages m WHERE m.generation_id = g.id),
             (SELECT count(*) FROM problems p WHERE p.generation_id = g.id AND NOT p.is_note),
             (SELECT count(*) FROM messages m WHERE m.generation_id = g.id AND m.flags & ?2)
             FROM generations g WHERE g.id = ?1",
        )?
        .query_row([generation_id, flag::REQUEST_LOG], |row| {
            let (lines, messages, problems, logged): (i64, i64, i64, i64) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            let (first_parts, rows, problem_rows, logged_rows): (i64, i64, i64, i64) =
                (row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?);
            let is_right = lines == first_parts + problem_rows
                && messages == rows
                && problems == problem_rows
                && logged == logged_rows;
            Ok((!is_right).then(|| {
                format!("{lines} lines were counted, {first_parts} messages and {problem_rows} problems represent them")
            }))
        })
        .optional()?;
    Ok(finding.flatten())
}

/// Whether every message that has searchable text has an entry in the search index, and no other.
pub(crate) fn search_entries(connection: &Connection) -> Result<Option<String>, Failure> {
    let (messages, entries): (i64, i64) = connection.query_row(
        "SELECT (SELECT count(*) FROM messages WHERE flags & ?1), (SELECT count(*) FROM messages_fts_docsize)",
        [flag::SEARCHABLE],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok((messages != entries).then(|| format!("{messages} messages are searchable, {entries} have an entry")))
}

/// Sums that differ from their rows, in words.
pub(crate) fn sums(connection: &Connection) -> Result<Vec<String>, Failure> {
    const CHECKS: [(&str, &str); 6] = [
        (
            "messages per session",
            "SELECT count(*) FROM sessions s WHERE (
                 SELECT coalesce(sum(messages), 0) FROM rollups WHERE scope = 0 AND bucket = s.id) <> (
                 SELECT count(*) FROM files f JOIN messages m ON m.generation_id = f.generation_id
                 WHERE f.session_id = s.id AND m.replay_of IS NULL AND NOT m.flags & ?1)",
        ),
        (
            "tokens",
            "WITH beside (input, output) AS (
                 SELECT coalesce(sum(part.value -> 'tokens' ->> 'inputTokens'), 0),
                        coalesce(sum(part.value -> 'tokens' ->> 'outputTokens'), 0)
                 FROM usage CROSS JOIN json_each(usage.billing, '$.iterations') AS part WHERE usage.billing IS NOT NULL)
             SELECT (SELECT coalesce(sum(output_tokens), 0) FROM rollups WHERE scope = 0)
                 <> (SELECT coalesce(sum(output_tokens), 0) + (SELECT output FROM beside) FROM usage)
             OR (SELECT coalesce(sum(input_tokens), 0) FROM rollups WHERE scope = 0)
                 <> (SELECT coalesce(sum(input_tokens), 0) + (SELECT input FROM beside) FROM usage)",
        ),
        (
            "messages per day",
            "SELECT (SELECT coalesce(sum(messages), 0) FROM rollups WHERE scope = 2) <> (
                 SELECT count(*) FROM files f JOIN messages m ON m.generation_id = f.generation_id
                 WHERE m.replay_of IS NULL AND NOT m.flags & ?1)",
        ),
        (
            "times of runs of messages",
            "SELECT count(*) FROM messages m LEFT JOIN message_times t ON t.run = m.id >> 8
             WHERE t.run IS NULL OR coalesce(m.time, -9223372036854775808) NOT BETWEEN t.first AND t.last",
        ),
        (
            "replays per file",
            "SELECT count(*) FROM files f JOIN generations g ON g.id = f.generation_id WHERE g.replays <> (
                 SELECT count(*) FROM messages m WHERE m.generation_id = g.id AND m.replay_of IS NOT NULL AND NOT m.flags & ?1)",
        ),
        (
            "counts of sessions",
            "SELECT count(*) FROM sessions s WHERE s.message_count <> (
                 SELECT coalesce(sum(g.messages - g.logged - g.replays), 0) FROM files f
                 JOIN generations g ON g.id = f.generation_id WHERE f.session_id = s.id AND f.kind = 'main')",
        ),
    ];
    let mut findings = Vec::new();
    for (what, sql) in CHECKS {
        let mut statement = connection.prepare(sql)?;
        // Not every check is about messages that are counted.
        let parameters = &[flag::REQUEST_LOG][..statement.parameter_count()];
        let wrong: i64 = statement.query_row(params_from_iter(parameters), |row| row.get(0))?;
        if wrong != 0 {
            findings.push(format!("{what}: {wrong} differ from the rows"));
        }
    }
    findings.extend(packed_sums(connection)?);
    Ok(findings)
}

/// Compares the sums of sessions within time with those of whole sessions and of whole days.
fn packed_sums(connection: &Connection) -> Result<Option<String>, Failure> {
    // By session or day, project and model.
    type Kept = BTreeMap<[i64; 3], Sums>;
    let mut packed: [Kept; 2] = Default::default();
    for (kept, scope) in packed.iter_mut().zip([scope::QUARTER_HOUR, scope::DAY]) {
        let read = session_sums::for_each(connection, scope, i64::MIN, i64::MAX, &mut |row| {
            row.for_each_sum(&mut |key, sums| {
                let whole = if scope == scope::DAY { key.bucket } else { row.session_id };
                kept.entry([whole, key.project_id, key.name_id]).or_default().add(sums, 1);
                Ok(())
            })?;
            row.for_each_call(&mut |_, _| Ok(()))
        });
        match read {
            Err(Failure::Other(Error::Corrupt { reason, .. })) => return Ok(Some(reason)),
            other => other?,
        }
    }
    for (kept, (scope, what)) in packed.iter_mut().zip([(scope::SESSION, "sessions"), (scope::DAY, "days")]) {
        kept.retain(|_, sums| *sums != Sums::default());
        let columns = COLUMNS.join(", ");
        let mut statement = connection
            .prepare(&format!("SELECT bucket, project_id, model_id, {columns} FROM rollups WHERE scope = ?1"))?;
        let rows = statement
            .query_map([scope], |row| Ok(([row.get(0)?, row.get(1)?, row.get(2)?], Sums::read(row, 3)?)))?
            .collect::<rusqlite::Result<Kept>>()?;
        if *kept != rows {
            return Ok(Some(format!("sums of sessions within time: they differ from those of whole {what}")));
        }
    }
    Ok(None)
}
