//! Reads a session piece by piece, in bounded memory: a page of rows, and one record at a time.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use xxhash_rust::xxh3::xxh3_64;

use super::{Document, Entry, File, Header, failed};
use crate::cost::PriceTable;
use crate::derive::{self, Spill};
use crate::error::{Error, Subject};
use crate::model::ExportOptions;
use crate::query::record::bytes::Extent;
use crate::query::record::cut::CutText;
use crate::query::record::parts::{Call, Extractor, Outcome, Part, content_of};
use crate::query::record::records::RecordReader;
use crate::query::{rows, with_costs};
use crate::row::flag;
use crate::store::{Failure, spills};
use crate::transcript::discover::FileKind;

/// Records of texts that wait, or no longer do.
const QUEUE_OPERATION: &str = "queue-operation";

/// Messages whose rows are held at a time.
const PAGE: i64 = 200;

/// Passes the pieces of a session to a document.
pub(super) fn write<D: Document>(
    connection: &Connection,
    prices: &PriceTable,
    id: &str,
    options: &ExportOptions,
    document: &mut D,
) -> Result<(), Failure> {
    let session = with_costs::sessions_by_name(connection, prices, &[id.to_owned()])?.pop().flatten();
    let Some(session) = session else {
        return Err(Error::NotFound { what: Subject::Session, name: id.to_owned() }.into());
    };
    let session_id = connection
        .prepare_cached("SELECT id FROM sessions WHERE session_id = ?1")?
        .query_row([id], |row| row.get(0))?;
    let mut source = Source { connection, session_id, options, reader: RecordReader::default() };
    let files = source.files()?;
    let agents = files.iter().filter_map(|(file, _)| file.agent_id.clone()).collect();
    let header = Header { session, problems: source.problems()?, agents };
    document.begin(&header).map_err(failed)?;
    for (file, place) in &files {
        document.begin_file(file).map_err(failed)?;
        source.messages(place, document)?;
        document.end_file().map_err(failed)?;
    }
    document.end().map_err(failed)?;
    Ok(())
}

/// Where a file's messages are.
struct Place {
    generation_id: i64,
    kind: FileKind,
}

/// A message of a page.
struct Line {
    row_id: i64,
    line: i64,
    part: i64,
    extent: Extent,
}

struct Source<'a> {
    connection: &'a Connection,
    session_id: i64,
    options: &'a ExportOptions,
    reader: RecordReader,
}

impl Source<'_> {
    fn includes_agents(&self) -> bool {
        self.options.include_agents
    }

    fn includes_replays(&self) -> bool {
        self.options.include_replays
    }

    /// The main file, then agents in the order in which they began, then events.
    fn files(&self) -> Result<Vec<(File, Place)>, Failure> {
        let mut statement = self.connection.prepare_cached(
            "SELECT file.path, file.kind, agent.value, file.agent_type, file.agent_description, file.workflow,
                    file.is_missing, generation.id
             FROM files AS file
             CROSS JOIN generations AS generation ON generation.id = file.generation_id
             CROSS JOIN config_dirs AS config_dir ON config_dir.id = file.config_dir_id
             LEFT JOIN strings AS agent ON agent.id = file.agent_id
             WHERE file.session_id = ?1 AND file.kind <> 'spill' AND (?2 OR file.kind <> 'agent')
             ORDER BY file.kind <> 'main', file.kind = 'events', generation.first_time, file.path, config_dir.path",
        )?;
        let files = statement.query_map(params![self.session_id, self.includes_agents()], |row| {
            let file = File {
                path: row.get(0)?,
                kind: row.get(1)?,
                agent_id: row.get(2)?,
                agent_type: row.get(3)?,
                agent_description: row.get(4)?,
                workflow: row.get(5)?,
                is_missing: row.get(6)?,
            };
            Ok((file, Place { generation_id: row.get(7)?, kind: rows::file_kind(row, 1)? }))
        })?;
        Ok(files.collect::<rusqlite::Result<_>>()?)
    }

    fn problems(&self) -> Result<BTreeMap<String, i64>, Failure> {
        let mut statement = self.connection.prepare_cached(
            "SELECT problem.kind, count(*) FROM files AS file
             CROSS JOIN problems AS problem ON problem.generation_id = file.generation_id
             WHERE file.session_id = ?1 GROUP BY problem.kind",
        )?;
        let counts = statement.query_map([self.session_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(counts.collect::<rusqlite::Result<_>>()?)
    }

    /// Passes the messages of one file to the document.
    fn messages<D: Document>(&mut self, place: &Place, document: &mut D) -> Result<(), Failure> {
        let mut behind = (-1, -1);
        loop {
            let page = self.page(place, behind)?;
            let Some(last) = page.last() else { return Ok(()) };
            behind = (last.line, last.part);
            let ids: Vec<i64> = page.iter().map(|line| line.row_id).collect();
            for (mut message, line) in rows::messages(self.connection, &ids)?.into_iter().zip(&page) {
                let record = self.reader.read(self.connection, line.extent)?;
                let mut parts = self.parts(&record, place.kind);
                if message.record_type == QUEUE_OPERATION && !message.is_prompt {
                    // What joined the queue is shown where the agent got it.
                    parts.clear();
                    if D::IS_READ_BY_PEOPLE {
                        continue;
                    }
                }
                if D::IS_READ_BY_PEOPLE {
                    parts = self.with_results_at_calls(parts, line.row_id)?;
                } else {
                    self.add_spilled(&mut parts, line.row_id)?;
                }
                if !self.options.include_thinking {
                    // A preview is of the first thing that is said.
                    if matches!(parts.first(), Some(Part::Thinking { .. })) {
                        message.preview.clear();
                    }
                    parts.retain(|part| !matches!(part, Part::Thinking { .. }));
                }
                parts.iter_mut().for_each(|part| self.mark_cuts(part));
                let includes_raw = self.options.include_raw;
                let raw = includes_raw.then(|| String::from_utf8_lossy(&record).into_owned());
                document.message(&Entry { message, parts, raw }).map_err(failed)?;
            }
        }
    }

    /// What a record says, each text no longer than requested.
    fn parts(&self, record: &[u8], kind: FileKind) -> Vec<Part> {
        let extractor = self.limit().map_or(Extractor::WHOLE, |limit| Extractor { limit, ..Extractor::WHOLE });
        let mut parts = content_of(record, kind, extractor).parts;
        parts.retain(|part| !part.is_blank());
        parts
    }

    fn limit(&self) -> Option<usize> {
        self.options.max_text_bytes.and_then(|limit| usize::try_from(limit).ok())
    }

    fn page(&self, place: &Place, behind: (i64, i64)) -> Result<Vec<Line>, Failure> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, line, part, offset, length FROM messages
             WHERE generation_id = ?1 AND (line, part) > (?2, ?3) AND (?4 OR replay_of IS NULL) AND NOT flags & ?5
             ORDER BY line, part LIMIT ?6",
        )?;
        let generation_id = place.generation_id;
        let lines = statement.query_map(
            params![generation_id, behind.0, behind.1, self.includes_replays(), flag::REQUEST_LOG, PAGE],
            |row| {
                Ok(Line {
                    row_id: row.get(0)?,
                    line: row.get(1)?,
                    part: row.get(2)?,
                    extent: Extent { generation_id, offset: row.get(3)?, length: row.get(4)? },
                })
            },
        )?;
        Ok(lines.collect::<rusqlite::Result<_>>()?)
    }

    /// Puts results below the calls of this document; one without such a call stays where it is.
    fn with_results_at_calls(&mut self, parts: Vec<Part>, row_id: i64) -> Result<Vec<Part>, Failure> {
        let mut shown = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Part::Call(mut call) => {
                    call.outcomes = self.outcomes(&call)?;
                    shown.push(Part::Call(call));
                }
                Part::Result(outcome) if self.has_call(&outcome)? => {}
                Part::Result(mut outcome) => {
                    outcome.spilled = self.spilled(row_id, &outcome)?;
                    shown.push(Part::Result(outcome));
                }
                part => shown.push(part),
            }
        }
        Ok(shown)
    }

    fn add_spilled(&self, parts: &mut [Part], row_id: i64) -> Result<(), Failure> {
        for part in parts {
            if let Part::Result(outcome) = part {
                outcome.spilled = self.spilled(row_id, outcome)?;
            }
        }
        Ok(())
    }

    /// Whether the call that a result answers is in the document.
    fn has_call(&self, outcome: &Outcome) -> Result<bool, Failure> {
        if outcome.ordinal.is_none() {
            return Ok(false);
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT EXISTS (
                 SELECT 1 FROM tool_calls AS call
                 CROSS JOIN messages AS message ON message.id = call.message_id AND (?4 OR message.replay_of IS NULL)
                 CROSS JOIN generations AS generation ON generation.id = message.generation_id
                     AND NOT generation.is_superseded
                 CROSS JOIN files AS file ON file.id = generation.file_id AND file.session_id = ?3
                     AND (?5 OR file.kind <> 'agent')
                 WHERE call.tool_use_key = ?1 AND call.tool_use_id = ?2)",
        )?;
        let (replays, agents) = (self.includes_replays(), self.includes_agents());
        Ok(statement
            .query_row(params![key(&outcome.call_id), outcome.call_id, self.session_id, replays, agents], |row| {
                row.get(0)
            })?)
    }

    /// The results of a call, in the order of the files.
    fn outcomes(&mut self, call: &Call) -> Result<Vec<Outcome>, Failure> {
        if call.ordinal.is_none() {
            return Ok(Vec::new());
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT message.id, result.ordinal, message.generation_id, message.offset, message.length, file.kind
             FROM tool_results AS result
             CROSS JOIN messages AS message ON message.id = result.message_id AND (?3 OR message.replay_of IS NULL)
             CROSS JOIN generations AS generation ON generation.id = message.generation_id
                 AND NOT generation.is_superseded
             CROSS JOIN files AS file ON file.id = generation.file_id AND file.session_id = ?2
                 AND (?4 OR file.kind <> 'agent')
             WHERE result.tool_use_key = ?1
             ORDER BY file.path, message.line, message.part, result.ordinal",
        )?;
        let (replays, agents) = (self.includes_replays(), self.includes_agents());
        let places: Vec<(i64, i64, Extent, FileKind)> = statement
            .query_map(params![key(&call.id), self.session_id, replays, agents], |row| {
                let extent = Extent { generation_id: row.get(2)?, offset: row.get(3)?, length: row.get(4)? };
                Ok((row.get(0)?, row.get(1)?, extent, rows::file_kind(row, 5)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        let mut outcomes = Vec::with_capacity(places.len());
        for (row_id, ordinal, extent, kind) in places {
            let record = self.reader.read(self.connection, extent)?;
            let found = self.parts(&record, kind).into_iter().find_map(|part| match part {
                Part::Result(outcome) if outcome.ordinal == Some(ordinal) => Some(outcome),
                _ => None,
            });
            // Two ids may share a key.
            if let Some(mut outcome) = found.filter(|outcome| outcome.call_id == call.id) {
                outcome.spilled = self.spilled(row_id, &outcome)?;
                outcomes.push(outcome);
            }
        }
        Ok(outcomes)
    }

    /// The text of the file that a result went to, and whether it is longer than what is read of it.
    fn spilled(&self, row_id: i64, outcome: &Outcome) -> Result<Option<(String, bool)>, Failure> {
        let Some(ordinal) = outcome.ordinal else { return Ok(None) };
        let mut statement = self.connection.prepare_cached(
            "SELECT message.generation_id, result.spill FROM tool_results AS result
             JOIN messages AS message ON message.id = result.message_id
             WHERE result.message_id = ?1 AND result.ordinal = ?2 AND result.spill IS NOT NULL",
        )?;
        let found = statement.query_row(params![row_id, ordinal], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)));
        let Some((generation_id, name)) = found.optional()? else { return Ok(None) };
        Ok(match spills::read(self.connection, generation_id, &name)? {
            Spill::Text { text, is_cut } => Some((derive::visible(&text).into_owned(), is_cut)),
            Spill::Missing => None,
            Spill::TooLarge { .. } => Some((String::new(), true)),
        })
    }

    /// Says in its place what was left out of a text.
    fn mark_cuts(&self, part: &mut Part) {
        let Some(limit) = self.limit() else { return };
        let mark_outcome = |outcome: &mut Outcome| {
            mark(&mut outcome.text);
            if let Some((text, _)) = &mut outcome.spilled {
                let mut cut = CutText::of(text, limit);
                mark(&mut cut);
                *text = cut.text;
            }
        };
        match part {
            Part::Said { text, .. } | Part::Thinking { text } => mark(text),
            Part::Call(call) => {
                mark(&mut call.input);
                call.outcomes.iter_mut().for_each(mark_outcome);
            }
            Part::Result(outcome) => mark_outcome(outcome),
            Part::Picture(_) | Part::Document => {}
        }
    }
}

fn key(tool_use_id: &str) -> i64 {
    xxh3_64(tool_use_id.as_bytes()) as i64
}

fn mark(text: &mut CutText) {
    let left_out = text.left_out();
    if left_out > 0 {
        text.text.push_str(&format!("\n[… {left_out} bytes left out]"));
    }
}
