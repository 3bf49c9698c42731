//! Indexing one session file.

use std::path::Path;

use super::context::Context;
use super::{ingest, rederive};
use crate::error::{Error, Result};
use crate::model::IndexResult;
use crate::store;
use crate::transcript::discover::{self, FileKind};

pub(crate) fn index_session_file(context: Context<'_>, path: &Path) -> Result<IndexResult> {
    let reading = context.store.begin_reading()?;
    let file = discover::identify(path, &context.sources.config_dirs())?;
    if file.kind == FileKind::Spill {
        return Err(Error::invalid("path", format!("is a tool result, no transcript: {}", path.display())));
    }
    let writing = context.store.begin_writing()?;
    drop(reading);
    let ingested = ingest::ingest(&writing, &file)?;
    if ingested.has_stale {
        rederive::rederive_marked(&writing)?;
    }
    let (session_id, total_messages) = writing.read(|connection| {
        let known = store::find_file(connection, &file.config_dir, &file.path)?;
        let session = known.map(|known| known.session).or_else(|| file.session.clone());
        let session = session.unwrap_or_else(|| file.stem());
        let total = store::count_messages(connection, &session)?;
        Ok((session, total))
    })?;
    Ok(IndexResult {
        session_id,
        messages_indexed: ingested.applied.messages.max(0),
        total_messages,
        is_new_session: ingested.is_new_session,
        problems: ingested.applied.problems,
        notes: ingested.applied.notes,
    })
}
