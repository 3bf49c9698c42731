//! Matches to hits: the message, its session, and a snippet cut from the stored record.

use rusqlite::Connection;

use super::piece::Piece;
use super::snippet::{self, Snippet};
use super::terms::Term;
use crate::derive;
use crate::model::{MatchedBy, Message, SearchField, SearchHit};
use crate::query::record::bytes::{self, Extent};
use crate::query::rows::{self, json_array};
use crate::store::Failure;
use crate::store::spills::SpillReader;
use crate::transcript::discover::FileKind;

/// Bytes of records held at a time.
const RECORD_BYTES: i64 = 16 << 20;

/// What hits are made of.
pub(super) struct HitBuilder<'a> {
    pub connection: &'a Connection,
    pub terms: &'a [Term],
    pub fields: &'a [SearchField],
    pub is_partial: bool,
}

/// A message that is shown, and why.
pub(super) struct RankedHit {
    pub row_id: i64,
    pub score: f64,
    pub matched_by: MatchedBy,
    pub text_rank: Option<i64>,
    pub vector_rank: Option<i64>,
    /// That of its nearest vector, and what that represents.
    pub vector: Option<(f64, Piece)>,
}

/// What a hit needs besides its message.
struct Context {
    extent: Extent,
    kind: FileKind,
    project: String,
    title: Option<String>,
}

impl HitBuilder<'_> {
    /// The hits of these messages, in their order.
    pub(super) fn hits(&self, chosen: &[RankedHit]) -> Result<Vec<SearchHit>, Failure> {
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
            "SELECT message.generation_id, message.offset, message.length, file.kind, project.slug, session.title
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
                project: row.get(4)?,
                title: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// `None` if no text is left to show.
    fn snippet(&self, context: &Context, record: &[u8], chosen: &RankedHit) -> Result<Option<Snippet>, Failure> {
        let mut texts = texts(self.connection, record, context.kind, context.extent.generation_id)?;
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

/// The searchable texts of a record that is stored in a generation, with what was spilled.
pub(in crate::query) fn texts(
    connection: &Connection,
    record: &[u8],
    kind: FileKind,
    generation_id: i64,
) -> Result<Vec<(SearchField, String)>, Failure> {
    let mut spills = SpillReader::new(connection, generation_id);
    let texts = derive::searchable_texts(record, kind, &mut |name| spills.read(name));
    spills.finish()?;
    Ok(texts)
}

/// The message's own summary, if its text is not at hand.
fn preview(message: &Message, fields: &[SearchField]) -> Snippet {
    let field = fields.first().copied().unwrap_or(SearchField::Other);
    let text = [(field, message.preview.clone())];
    snippet::cut(&text, &[]).unwrap_or(Snippet { field, text: String::new(), matches: Vec::new() })
}

#[cfg(test)]
mod tests {
    use crate::query::testing::Fixture;
    use crate::spill::Spill;
    use crate::store::spills;

    fn text(fixture: &Fixture, generation_id: i64, name: &str) -> Option<String> {
        match spills::read(&fixture.connection, generation_id, name).unwrap() {
            Spill::Text { text, is_cut: false } => Some(text),
            _ => None,
        }
    }

    #[test]
    fn a_spilled_result_is_that_of_its_session() {
        let fixture = Fixture::new();
        let (first, second) = (fixture.session("s1", None, true), fixture.session("s2", None, true));
        for (session, path) in
            [(first, "projects/p/s1/tool-results/x.txt"), (second, "projects/p/s2/tool-results/x.txt")]
        {
            fixture.append(fixture.file(session, path, "spill", None), path.as_bytes());
        }
        let first = fixture.file(first, "projects/p/s1.jsonl", "main", None);
        let second = fixture.file(second, "projects/p/s2.jsonl", "main", None);
        assert_eq!(text(&fixture, second, "x.txt").as_deref(), Some("projects/p/s2/tool-results/x.txt"));
        assert_eq!(text(&fixture, first, "y.txt"), None);
        assert_eq!(text(&fixture, first, ".txt"), None);
        fixture.run("UPDATE generations SET offset = 64 * 1024 * 1024 + 1", []);
        let too_large = spills::read(&fixture.connection, first, "x.txt").unwrap();
        assert!(matches!(too_large, Spill::TooLarge { bytes: 67_108_865 }));
    }

    #[test]
    fn the_nearest_spill_of_a_name_is_meant() {
        let fixture = Fixture::new();
        let session = fixture.session("s1", None, true);
        let transcript = fixture.file_in("/c", session, "projects/p/s1.jsonl", "main", None);
        let mut nearest = None;
        // Each is nearer than those before it, whether that has a greater or a smaller path.
        for (dir, path, is_missing) in [
            ("/b", "projects/p/s1/tool-results/x.txt", true),
            ("/d", "projects/q/s1/tool-results/x.txt", false),
            ("/d", "projects/p/s1/tool-results/x.txt", false),
            ("/a", "projects/z/s1/tool-results/x.txt", false),
            ("/c", "projects/a/s1/tool-results/x.txt", true),
            ("/c", "projects/q/s1/tool-results/x.txt", false),
            ("/c", "projects/p/s1/tool-results/x.txt", true),
        ] {
            let said = format!("{dir}/{path}");
            let generation = fixture.file_in(dir, session, path, "spill", None);
            fixture.append(generation, said.as_bytes());
            let missing = "UPDATE files SET is_missing = ?2 WHERE generation_id = ?1";
            fixture.run(missing, (generation, is_missing));
            assert_eq!(text(&fixture, transcript, "x.txt"), Some(said), "after {nearest:?}");
            nearest = Some((dir, path));
        }
    }
}
