//! What older versions stored in other ways.

use rusqlite::{Connection, params};

use super::home::Home;
use super::laws;

/// Stores every transcript of a database as one block with all of its bytes, as versions did that left nothing out.
pub(crate) fn store_whole_bytes(home: &Home, connection: &Connection) {
    for path in laws::transcripts(home) {
        let bytes = std::fs::read(home.file(&path)).unwrap();
        let frame = zstd::bulk::compress(&bytes, 1).unwrap();
        connection
            .execute(
                "INSERT INTO raw_blocks (generation_id, offset, length, is_sealed, data)
                 SELECT generation_id, 0, ?2, 1, ?3 FROM files WHERE path = ?1",
                params![path, bytes.len() as i64, frame],
            )
            .unwrap();
    }
}
