//! A whole session as a document. `session.rs` reads it piece by piece, a [`Document`] writes each piece in its format.

mod embedded;
mod html;
mod input;
mod json;
mod markdown;
mod reading;
mod rich;
mod session;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::cost::PriceTable;
use crate::error::{Error, Result};
use crate::model::{ExportFormat, ExportOptions, Message, Session};
use crate::query::new_file::NewFile;
use crate::query::record::parts::Part;
use crate::store::Store;

/// Writes a session to `writer`.
pub(crate) fn export(
    store: &Store,
    prices: &PriceTable,
    id: &str,
    format: ExportFormat,
    options: &ExportOptions,
    writer: &mut dyn Write,
) -> Result<()> {
    if let Some(limit) = options.max_text_bytes.filter(|limit| *limit < 1) {
        return Err(Error::invalid("maxTextBytes", format!("is at least 1, not {limit}")));
    }
    let mut writer = BufWriter::new(writer);
    let out = &mut writer;
    let written = store.read(|connection| match format {
        ExportFormat::Json => session::write(connection, prices, id, options, &mut json::Json::new(out)),
        ExportFormat::Markdown => session::write(connection, prices, id, options, &mut markdown::Markdown::new(out)),
        ExportFormat::Html => session::write(connection, prices, id, options, &mut html::Html::new(out)),
    });
    let flushed = written.and_then(|()| writer.flush().map_err(failed));
    // Dropped, it would write what is left, also to a writer that has failed.
    let _ = writer.into_parts();
    flushed
}

/// Writes a session to a new file: it exists in full, or not at all.
pub(crate) fn export_to_file(
    store: &Store,
    prices: &PriceTable,
    id: &str,
    format: ExportFormat,
    options: &ExportOptions,
    target: &Path,
) -> Result<()> {
    let mut file = NewFile::create(target)?;
    let written = export(store, prices, id, format, options, &mut file);
    file.finish(written)
}

/// A failure of the caller's writer.
fn failed(error: io::Error) -> Error {
    Error::io("the target of the export", error)
}

/// What is above the messages.
struct Header {
    session: Session,
    /// How many, by kind.
    problems: BTreeMap<String, i64>,
    /// The agents that have a file of their own in the document.
    agents: BTreeSet<String>,
}

/// A transcript of the session.
struct File {
    path: String,
    kind: String,
    agent_id: Option<String>,
    agent_type: Option<String>,
    agent_description: Option<String>,
    workflow: Option<String>,
    is_missing: bool,
}

/// A message with what it says.
struct Entry {
    message: Message,
    parts: Vec<Part>,
    /// The record as it was written, if it was requested.
    raw: Option<String>,
}

/// A format: it gets the pieces in their order.
trait Document {
    /// Whether results are below their calls, rather than in the messages that contain them.
    const IS_READ_BY_PEOPLE: bool;

    fn begin(&mut self, header: &Header) -> io::Result<()>;
    fn begin_file(&mut self, file: &File) -> io::Result<()>;
    fn message(&mut self, entry: &Entry) -> io::Result<()>;
    fn end_file(&mut self) -> io::Result<()>;
    fn end(&mut self) -> io::Result<()>;
}
