//! Tables `vector_models`, `vector_items` and `vector_due`, and the tables of vectors, one for each model.

use rusqlite::{Connection, OptionalExtension, params};

use super::messages::REPEATS_AN_AGENT;
use crate::row::flag;
use crate::store::failure::Failure;

/// What texts are embedded with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Model {
    pub id: i64,
    pub name: String,
    pub dimensions: usize,
    /// No message up to this one needs a vector, except those that are due.
    pub looked_id: i64,
}

impl Model {
    /// The table of its vectors: `rowid` is that of the item, `embedding` the vector.
    pub(crate) fn table(&self) -> String {
        table(self.id)
    }
}

fn table(model_id: i64) -> String {
    format!("message_vectors_{model_id}")
}

/// Every model, by name.
pub(crate) fn models(connection: &Connection) -> Result<Vec<Model>, Failure> {
    let mut statement =
        connection.prepare_cached("SELECT id, name, dimensions, looked_id FROM vector_models ORDER BY name")?;
    let models = statement.query_map([], |row| {
        let dimensions: i64 = row.get(2)?;
        let dimensions =
            usize::try_from(dimensions).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(2, dimensions))?;
        Ok(Model { id: row.get(0)?, name: row.get(1)?, dimensions, looked_id: row.get(3)? })
    })?;
    Ok(models.collect::<rusqlite::Result<_>>()?)
}

/// The model of a name.
pub(crate) fn model(connection: &Connection, name: &str) -> Result<Option<Model>, Failure> {
    Ok(models(connection)?.into_iter().find(|model| model.name == name))
}

/// Whether there is any model: if there is none, messages come and go without a look at vectors.
pub(crate) fn any_model(connection: &Connection) -> Result<bool, Failure> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM vector_models LIMIT 1")?
        .query_row([], |_| Ok(()))
        .optional()?
        .is_some())
}

/// Adds a model, with an empty table for its vectors.
pub(crate) fn insert_model(connection: &Connection, name: &str, dimensions: usize) -> Result<Model, Failure> {
    connection
        .prepare_cached("INSERT INTO vector_models (name, dimensions) VALUES (?1, ?2)")?
        .execute(params![name, dimensions as i64])?;
    let model = Model { id: connection.last_insert_rowid(), name: name.to_owned(), dimensions, looked_id: 0 };
    create_table(connection, &model)?;
    Ok(model)
}

fn create_table(connection: &Connection, model: &Model) -> Result<(), Failure> {
    let (table, dimensions) = (model.table(), model.dimensions);
    connection.execute_batch(&format!(
        "CREATE VIRTUAL TABLE {table} USING vec0 (embedding float[{dimensions}] distance_metric=cosine)"
    ))?;
    Ok(())
}

/// Removes a model with all of its vectors; returns how many there were.
pub(crate) fn remove_model(connection: &Connection, model: &Model) -> Result<i64, Failure> {
    // A damaged database may have lost it.
    connection.execute_batch(&format!("DROP TABLE IF EXISTS {}", model.table()))?;
    let vectors = connection.execute("DELETE FROM vector_items WHERE model_id = ?1", [model.id])?;
    connection.execute("DELETE FROM vector_due WHERE model_id = ?1", [model.id])?;
    connection.execute("DELETE FROM vector_models WHERE id = ?1", [model.id])?;
    Ok(vectors as i64)
}

/// A message that vectors are passed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KnownMessage {
    pub row_id: i64,
    /// Of the text that it has now.
    pub text_hash: i64,
    pub is_copy: bool,
}

/// A vector and what it represents.
pub(crate) struct NewItem<'v> {
    pub message_id: i64,
    pub chunk: i64,
    /// Of the searchable text, by its place in the index.
    pub field: Option<i64>,
    pub text_start: Option<i64>,
    pub text_end: Option<i64>,
    pub text_hash: i64,
    /// Whether the message has another text by now.
    pub is_stale: bool,
    pub vector: &'v [f32],
}

/// Adds vectors. All that their messages had of this model goes first.
pub(crate) fn replace(connection: &Connection, model: &Model, items: &[NewItem<'_>]) -> Result<(), Failure> {
    let mut messages: Vec<i64> = items.iter().map(|item| item.message_id).collect();
    messages.sort_unstable();
    messages.dedup();
    let table = model.table();
    let mut known = connection.prepare_cached("SELECT id FROM vector_items WHERE message_id = ?1 AND model_id = ?2")?;
    let mut remove_due = connection.prepare_cached("DELETE FROM vector_due WHERE message_id = ?1 AND model_id = ?2")?;
    for message_id in messages {
        let ids: Vec<i64> =
            known.query_map([message_id, model.id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for id in ids {
            remove_item(connection, &table, id)?;
        }
        remove_due.execute([message_id, model.id])?;
    }
    let mut insert_item = connection.prepare_cached(
        "INSERT INTO vector_items (model_id, message_id, chunk, field, text_start, text_end, text_hash, is_stale)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    let mut insert_vector =
        connection.prepare_cached(&format!("INSERT INTO {table} (rowid, embedding) VALUES (?1, ?2)"))?;
    for item in items {
        insert_item.execute(params![
            model.id,
            item.message_id,
            item.chunk,
            item.field,
            item.text_start,
            item.text_end,
            item.text_hash,
            item.is_stale
        ])?;
        // The floats as they lie in memory: that is what sqlite-vec takes and keeps.
        let bytes: &[u8] = bytemuck::cast_slice(item.vector);
        insert_vector.execute(params![connection.last_insert_rowid(), bytes])?;
    }
    Ok(())
}

fn remove_item(connection: &Connection, table: &str, id: i64) -> Result<(), Failure> {
    connection.prepare_cached(&format!("DELETE FROM {table} WHERE rowid = ?1"))?.execute([id])?;
    connection.prepare_cached("DELETE FROM vector_items WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Removes every vector of a message that is gone.
pub(crate) fn remove_message(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    let items: Vec<(i64, i64)> = connection
        .prepare_cached("SELECT id, model_id FROM vector_items WHERE message_id = ?1")?
        .query_map([message_id], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (id, model_id) in items {
        remove_item(connection, &table(model_id), id)?;
    }
    connection.prepare_cached("DELETE FROM vector_due WHERE message_id = ?1")?.execute([message_id])?;
    Ok(())
}

/// Moves the vectors of a message to the one that took its place.
pub(crate) fn take_over(connection: &Connection, from: i64, to: i64) -> Result<(), Failure> {
    if from != to {
        connection
            .prepare_cached("UPDATE vector_items SET message_id = ?2 WHERE message_id = ?1")?
            .execute([from, to])?;
    }
    Ok(())
}

/// Notes the text of a message that took the place of another one, or of itself, and whether it can be found by it.
pub(crate) fn note_text(
    connection: &Connection,
    message_id: i64,
    text_hash: i64,
    is_searchable: bool,
) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE vector_items SET is_stale = (text_hash <> ?2)
             WHERE message_id = ?1 AND is_stale <> (text_hash <> ?2)",
        )?
        .execute([message_id, text_hash])?;
    if is_searchable { note_due(connection, message_id) } else { Ok(()) }
}

/// Makes every model look again at a message that it may have passed by, unless all it has is of its text.
pub(crate) fn note_due(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO vector_due
             SELECT model.id, ?1 FROM vector_models AS model WHERE model.looked_id >= ?1 AND (
                 SELECT min(NOT item.is_stale) FROM vector_items AS item
                 WHERE item.message_id = ?1 AND item.model_id = model.id) IS NOT 1",
        )?
        .execute([message_id])?;
    Ok(())
}

/// Makes every model look again at the progress of agents in a session: what it repeats may have gone from the agent's own file.
pub(crate) fn note_repeats_due(connection: &Connection, session_id: i64) -> Result<(), Failure> {
    let repeats: Vec<i64> = connection
        .prepare_cached(
            "SELECT message.id FROM files AS file CROSS JOIN messages AS message ON message.generation_id = file.generation_id
             WHERE file.session_id = ?1 AND message.carried_uuid IS NOT NULL",
        )?
        .query_map([session_id], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    repeats.into_iter().try_for_each(|message_id| note_due(connection, message_id))
}

/// Whether `message` needs a vector of the model `?1`: it can be found by its text, and has no vectors, or one of another text.
/// A copy, or what repeats an agent's own message, needs none.
pub(crate) fn wants_vector() -> String {
    format!(
        "message.flags & {} AND message.replay_of IS NULL
         AND message.generation_id NOT IN (SELECT id FROM generations WHERE is_superseded)
         AND (SELECT min(NOT item.is_stale) FROM vector_items AS item
             WHERE item.message_id = message.id AND item.model_id = ?1) IS NOT 1
         AND NOT ({REPEATS_AN_AGENT})",
        flag::SEARCHABLE
    )
}

/// Moves the mark of how far was looked up to the first message that needs a vector. Each message is passed once.
pub(crate) fn advance(connection: &Connection, model: &Model) -> Result<(), Failure> {
    let wants = wants_vector();
    let first_new: Option<i64> = connection
        .prepare_cached(&format!(
            "SELECT message.id FROM messages AS message WHERE message.id > ?2 AND {wants} ORDER BY message.id LIMIT 1"
        ))?
        .query_row([model.id, model.looked_id], |row| row.get(0))
        .optional()?;
    let looked_id = match first_new {
        Some(id) => id - 1,
        None => {
            connection.prepare_cached("SELECT coalesce(max(id), 0) FROM messages")?.query_row([], |row| row.get(0))?
        }
    };
    if looked_id > model.looked_id {
        connection
            .prepare_cached("UPDATE vector_models SET looked_id = ?2 WHERE id = ?1")?
            .execute([model.id, looked_id])?;
    }
    let first_due: Option<i64> = connection
        .prepare_cached(&format!(
            "SELECT message.id FROM vector_due AS due CROSS JOIN messages AS message ON message.id = due.message_id
             WHERE due.model_id = ?1 AND {wants} ORDER BY due.message_id LIMIT 1"
        ))?
        .query_row([model.id], |row| row.get(0))
        .optional()?;
    connection
        .prepare_cached("DELETE FROM vector_due WHERE model_id = ?1 AND message_id < ?2")?
        .execute([model.id, first_due.unwrap_or(i64::MAX)])?;
    Ok(())
}

/// What is inconsistent in the vectors, in words, for each model.
pub(crate) fn audit(connection: &Connection) -> Result<Vec<String>, Failure> {
    let mut findings = Vec::new();
    for model in models(connection)? {
        let (name, table) = (&model.name, model.table());
        if !has_table(connection, &table)? {
            findings.push(format!("the model {name} has no table of vectors"));
            continue;
        }
        let (bare, lost, orphaned): (i64, i64, i64) = connection.query_row(
            &format!(
                "SELECT (SELECT count(*) FROM vector_items WHERE model_id = ?1 AND id NOT IN (SELECT rowid FROM {table})),
                 (SELECT count(*) FROM {table} WHERE rowid NOT IN (SELECT id FROM vector_items WHERE model_id = ?1)),
                 (SELECT count(*) FROM vector_items WHERE model_id = ?1 AND message_id NOT IN (SELECT id FROM messages))"
            ),
            [model.id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        for (count, what) in [
            (bare, "entries without a vector"),
            (lost, "vectors without an entry"),
            (orphaned, "vectors of messages that are gone"),
        ] {
            if count > 0 {
                findings.push(format!("the model {name} has {count} {what}"));
            }
        }
    }
    Ok(findings)
}

/// Removes what [`audit`] finds, so that it is embedded again.
pub(crate) fn fix(connection: &Connection) -> Result<(), Failure> {
    for model in models(connection)? {
        let table = model.table();
        if !has_table(connection, &table)? {
            create_table(connection, &model)?;
        }
        let ids = |sql: &str| -> Result<Vec<i64>, Failure> {
            let mut statement = connection.prepare(sql)?;
            let ids = statement.query_map([model.id], |row| row.get(0))?;
            Ok(ids.collect::<rusqlite::Result<_>>()?)
        };
        let lost = ids(&format!(
            "SELECT rowid FROM {table} WHERE rowid NOT IN (
                 SELECT id FROM vector_items WHERE model_id = ?1 AND message_id IN (SELECT id FROM messages))"
        ))?;
        for id in lost {
            remove_item(connection, &table, id)?;
        }
        connection.execute(
            &format!("DELETE FROM vector_items WHERE model_id = ?1 AND id NOT IN (SELECT rowid FROM {table})"),
            [model.id],
        )?;
        connection.execute("UPDATE vector_models SET looked_id = 0 WHERE id = ?1", [model.id])?;
    }
    Ok(())
}

fn has_table(connection: &Connection, table: &str) -> Result<bool, Failure> {
    Ok(connection
        .query_row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1", [table], |_| Ok(()))
        .optional()?
        .is_some())
}
