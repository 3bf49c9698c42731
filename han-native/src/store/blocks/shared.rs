//! Texts that occur in many blocks and are stored once: table `shared_texts`, and where each goes back in, table `block_splices`.
//!
//! A text lives as long as a block has it: removing a block removes the texts that no other has.

use rusqlite::{Connection, params};

use super::frame::{SharedText, Splice, decompress, hash};
use crate::store::failure::Failure;

/// Notes what was left out of a block, and stores the texts that are new.
pub(super) fn insert(connection: &Connection, block_id: i64, splices: &[Splice]) -> Result<(), Failure> {
    let mut statement =
        connection.prepare_cached("INSERT INTO block_splices (block_id, position, shared_id) VALUES (?1, ?2, ?3)")?;
    for splice in splices {
        statement.execute(params![block_id, splice.position, intern(connection, &splice.text)?])?;
    }
    Ok(())
}

/// The id of a text. A hash is not proof: different texts with one hash have an id each.
fn intern(connection: &Connection, text: &SharedText) -> Result<i64, Failure> {
    let mut statement = connection.prepare_cached("SELECT id, length, data FROM shared_texts WHERE hash = ?1")?;
    let mut rows = statement.query([&text.hash[..]])?;
    while let Some(row) = rows.next()? {
        let length: i64 = row.get(1)?;
        let data = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        if length == text.length && is_same(data, text) {
            return Ok(row.get(0)?);
        }
    }
    drop(rows);
    connection
        .prepare_cached("INSERT INTO shared_texts (hash, length, data) VALUES (?1, ?2, ?3)")?
        .execute(params![&text.hash[..], text.length, text.data])?;
    Ok(connection.last_insert_rowid())
}

/// Whether a stored frame of the same length has this text: as a rule it is the same frame, unless another version of zstd made it.
fn is_same(data: &[u8], text: &SharedText) -> bool {
    let bytes = |data: &[u8]| decompress(data, text.length, i64::MAX);
    data == text.data || bytes(data).is_some_and(|stored| bytes(&text.data) == Some(stored))
}

/// A text that was left out of a block.
pub(super) struct Left {
    /// Where it starts in the bytes of the file that the block represents.
    pub position: i64,
    /// 0 if the text is missing.
    pub length: i64,
    shared_id: i64,
}

/// Calls `each` with everything that was left out of a block, in order, until it returns false.
pub(super) fn for_each_left(
    connection: &Connection,
    block_id: i64,
    each: &mut dyn FnMut(Left) -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT splice.position, coalesce(text.length, 0), splice.shared_id FROM block_splices AS splice
         LEFT JOIN shared_texts AS text ON text.id = splice.shared_id WHERE splice.block_id = ?1 ORDER BY splice.position",
    )?;
    let mut rows = statement.query([block_id])?;
    while let Some(row) = rows.next()? {
        if !each(Left { position: row.get(0)?, length: row.get(1)?, shared_id: row.get(2)? })? {
            break;
        }
    }
    Ok(())
}

/// The first `limit` bytes of a text; `None` if it cannot be read.
pub(super) fn read(connection: &Connection, left: &Left, limit: i64) -> Result<Option<Vec<u8>>, Failure> {
    let mut statement = connection.prepare_cached("SELECT data FROM shared_texts WHERE id = ?1")?;
    let mut rows = statement.query([left.shared_id])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let data = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
    Ok(decompress(data, left.length, limit))
}

/// Moves what was left out of a block to one that has its bytes from `start` on.
pub(super) fn move_to(connection: &Connection, block_id: i64, new_id: i64, start: i64) -> Result<(), Failure> {
    connection
        .prepare_cached("UPDATE block_splices SET block_id = ?2, position = position + ?3 WHERE block_id = ?1")?
        .execute([block_id, new_id, start])?;
    Ok(())
}

/// Removes what was left out of a block, and the texts that no other block has.
pub(super) fn remove(connection: &Connection, block_id: i64) -> Result<(), Failure> {
    let ids: Vec<i64> = connection
        .prepare_cached("SELECT DISTINCT shared_id FROM block_splices WHERE block_id = ?1")?
        .query_map([block_id], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    connection.prepare_cached("DELETE FROM block_splices WHERE block_id = ?1")?.execute([block_id])?;
    let mut statement = connection.prepare_cached(
        "DELETE FROM shared_texts WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM block_splices WHERE shared_id = ?1)",
    )?;
    for id in ids {
        statement.execute([id])?;
    }
    Ok(())
}

/// What is wrong with the texts and their places, in words; the second says whether [`fix`] repairs it.
pub(crate) fn audit(connection: &Connection) -> Result<Vec<(String, bool)>, Failure> {
    let mut findings = Vec::new();
    for (what, is_mended, sql) in [
        (
            "places in blocks that are not there, or whole",
            true,
            "SELECT count(*) FROM block_splices s LEFT JOIN raw_blocks b ON b.id = s.block_id WHERE b.reduced_length IS NULL",
        ),
        (
            "places of texts that are not there",
            false,
            "SELECT count(*) FROM block_splices s WHERE NOT EXISTS (SELECT 1 FROM shared_texts t WHERE t.id = s.shared_id)",
        ),
        (
            "texts that no block has",
            true,
            "SELECT count(*) FROM shared_texts t WHERE NOT EXISTS (SELECT 1 FROM block_splices s WHERE s.shared_id = t.id)",
        ),
    ] {
        let count: i64 = connection.query_row(sql, [], |row| row.get(0))?;
        if count > 0 {
            findings.push((format!("of what is stored once for all there are {count} {what}"), is_mended));
        }
    }
    let mut statement = connection.prepare("SELECT hash, length, data FROM shared_texts")?;
    let mut rows = statement.query([])?;
    let mut damaged = 0;
    while let Some(row) = rows.next()? {
        let data = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let text = decompress(data, row.get(1)?, i64::MAX);
        let known = row.get_ref(0)?.as_blob().unwrap_or_default();
        damaged += i64::from(text.is_none_or(|text| hash(&text) != *known));
    }
    if damaged > 0 {
        findings.push((format!("of what is stored once for all {damaged} texts cannot be read, or are others"), false));
    }
    Ok(findings)
}

/// Removes places at which nothing is left out, and texts that no block has.
pub(crate) fn fix(connection: &Connection) -> Result<(), Failure> {
    connection.execute_batch(
        "DELETE FROM block_splices WHERE block_id NOT IN (SELECT id FROM raw_blocks WHERE reduced_length IS NOT NULL);
         DELETE FROM shared_texts WHERE id NOT IN (SELECT shared_id FROM block_splices)",
    )?;
    Ok(())
}
