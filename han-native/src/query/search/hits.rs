//! Matches to hits: the message, its session, and a snippet cut from the stored record.

use rusqlite::{Connection, OptionalExtension, params};

use super::piece::Piece;
use super::snippet::{self, Snippet};
use super::terms::Term;
use crate::derive::{self, Spill};
use crate::model::{MatchedBy, Message, SearchField, SearchHit};
use crate::query::record::bytes::{self, Extent};
use crate::query::rows::{self, json_array};
use crate::store::{Failure, blocks};
use crate::transcript::discover::{FileKind, LARGEST_SPILL};

/// Bytes of records held at a time.
const RECORD_BYTES: i64 = 16 << 20;
/// Bytes of a spilled tool result that are searchable.
const SPILL_BYTES: i64 = 4 << 20;

/// What hits are made of.
pub(super) struct Making<'a> {
    pub connection: &'a Connection,
    pub terms: &'a [Term],
    pub fields: &'a [SearchField],
    pub is_partial: bool,
}

/// A message that is shown, and why.
pub(super) struct Chosen {
    pub row_id: i64,
    pub score: f64,
    pub matched_by: MatchedBy,
    pub text_rank: Option<i64>,
    pub vector_rank: Option<i64>,
    /// That of its nearest vector, and what this one stands for.
    pub vector: Option<(f64, Piece)>,
}

/// What a hit needs beside its message.
struct Context {
    extent: Extent,
    kind: FileKind,
    session_id: i64,
    project: String,
    title: Option<String>,
}

impl Making<'_> {
    /// The hits of these messages, in their order.
    pub(super) fn hits(&self, chosen: &[Chosen]) -> Result<Vec<SearchHit>, Failure> {
        let row_ids: Vec<i64> = chosen.iter().map(|chosen| chosen.row_id).collect();
        let messages = rows::messages(self.connection, &row_ids)?;
        let contexts = self.contexts(&row_ids)?;
        let mut hits = Vec::with_capacity(row_ids.len());
        let mut items = messages.into_iter().zip(contexts).zip(chosen).peekable();
        while items.peek().is_some() {
            let mut batch = Vec::new();
            let mut size = 0;
            while let Some(item) =
                items.next_if(|((_, context), _)| size == 0 || size + context.extent.length <= RECORD_BYTES)
            {
                size += item.0.1.extent.length;
                batch.push(item);
            }
            let extents: Vec<Extent> = batch.iter().map(|((_, context), _)| context.extent).collect();
            let records = bytes::read_all(self.connection, &extents)?;
            for (((message, context), chosen), record) in batch.into_iter().zip(records) {
                let Snippet { field, text, matches } = match self.snippet(&context, &record, chosen)? {
                    Some(snippet) => snippet,
                    None => preview(&message, self.fields),
                };
                hits.push(SearchHit {
                    message,
                    project_id: context.project,
                    session_title: context.title,
                    field,
                    snippet: text,
                    matches,
                    score: chosen.score,
                    matched_by: chosen.matched_by,
                    text_rank: chosen.text_rank,
                    vector_rank: chosen.vector_rank,
                    distance: chosen.vector.as_ref().map(|(distance, _)| *distance),
                    chunk: chosen.vector.as_ref().map(|(_, piece)| piece.chunk),
                    is_partial: self.is_partial,
                });
            }
        }
        Ok(hits)
    }

    fn contexts(&self, row_ids: &[i64]) -> Result<Vec<Context>, Failure> {
        let mut statement = self.connection.prepare_cached(
            "SELECT message.generation_id, message.offset, message.length, file.kind, session.id, project.slug,
                    session.title
             FROM json_each(?1) AS wanted
             CROSS JOIN messages AS message ON message.id = wanted.value
             CROSS JOIN generations AS generation ON generation.id = message.generation_id
             CROSS JOIN files AS file ON file.id = generation.file_id
             CROSS JOIN sessions AS session ON session.id = file.session_id
             CROSS JOIN projects AS project ON project.id = session.project_id
             ORDER BY wanted.key",
        )?;
        let rows = statement.query_map([json_array(row_ids)], |row| {
            Ok(Context {
                extent: Extent { generation_id: row.get(0)?, offset: row.get(1)?, length: row.get(2)? },
                kind: rows::file_kind(row, 3)?,
                session_id: row.get(4)?,
                project: row.get(5)?,
                title: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Nothing where no text is left to show.
    fn snippet(&self, context: &Context, record: &[u8], chosen: &Chosen) -> Result<Option<Snippet>, Failure> {
        let mut texts = texts(self.connection, record, context.kind, context.session_id)?;
        if let (MatchedBy::Vector, Some((_, piece))) = (chosen.matched_by, &chosen.vector) {
            let inside = piece.of(&texts);
            // A text that has changed since may be shorter.
            if !inside.is_empty() {
                texts = inside;
            }
        }
        texts.retain(|(field, _)| self.fields.contains(field));
        Ok(snippet::cut(&texts, self.terms))
    }
}

/// The searchable texts of a stored record, with what was spilled.
pub(in crate::query) fn texts(
    connection: &Connection,
    record: &[u8],
    kind: FileKind,
    session_id: i64,
) -> Result<Vec<(SearchField, String)>, Failure> {
    let mut failure = None;
    let texts = derive::searchable_texts(record, kind, &mut |name| {
        spill(connection, session_id, name).unwrap_or_else(|error| {
            failure = Some(error);
            Spill::Missing
        })
    });
    match failure {
        Some(failure) => Err(failure),
        None => Ok(texts),
    }
}

/// The message's own summary, where its text is not at hand.
fn preview(message: &Message, fields: &[SearchField]) -> Snippet {
    let field = fields.first().copied().unwrap_or(SearchField::Other);
    let text = [(field, message.preview.clone())];
    snippet::cut(&text, &[]).unwrap_or(Snippet { field, text: String::new(), matches: Vec::new() })
}

/// A spilled tool result of a session, from the stored bytes.
pub(in crate::query) fn spill(connection: &Connection, session_id: i64, name: &str) -> Result<Spill, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT generation.id, generation.offset FROM files AS file
         JOIN generations AS generation ON generation.id = file.generation_id
         WHERE file.session_id = ?1 AND file.kind = 'spill' AND substr(file.path, -length(?2)) = ?2
         ORDER BY file.is_missing, file.path LIMIT 1",
    )?;
    let end = format!("/tool-results/{name}");
    let found = statement.query_row(params![session_id, end], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((generation_id, length)): Option<(i64, i64)> = found else { return Ok(Spill::Missing) };
    if length > LARGEST_SPILL {
        return Ok(Spill::TooLarge { bytes: length as u64 });
    }
    let bytes = blocks::read_bytes(connection, generation_id, 0, length.min(SPILL_BYTES))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Spill::Text { text, is_cut: length > SPILL_BYTES })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::Fixture;

    #[test]
    fn a_spilled_result_is_that_of_its_session() {
        let fixture = Fixture::new();
        let (first, second) = (fixture.session("s1", None, true), fixture.session("s2", None, true));
        for (session, path) in
            [(first, "projects/p/s1/tool-results/x.txt"), (second, "projects/p/s2/tool-results/x.txt")]
        {
            fixture.append(fixture.file(session, path, "spill", None), path.as_bytes());
        }
        let found = |session, name| match spill(&fixture.connection, session, name).unwrap() {
            Spill::Text { text, is_cut: false } => Some(text),
            _ => None,
        };
        assert_eq!(found(second, "x.txt").as_deref(), Some("projects/p/s2/tool-results/x.txt"));
        assert_eq!(found(first, "y.txt"), None);
        assert_eq!(found(first, ".txt"), None);
        fixture.run("UPDATE generations SET offset = 64 * 1024 * 1024 + 1", []);
        assert!(matches!(spill(&fixture.connection, first, "x.txt").unwrap(), Spill::TooLarge { bytes: 67_108_865 }));
    }
}
