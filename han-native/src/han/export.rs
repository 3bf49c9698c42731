//! Exports of sessions.

use std::io::Write;
use std::path::Path;

use super::Han;
#[cfg(doc)]
use crate::error::ErrorCode;
use crate::error::{Error, Result};
use crate::model::{ExportFormat, ExportOptions};
use crate::query;

impl Han {
    /// A whole session as a document: one to read (Markdown, HTML) or JSON. It is held in memory; see
    /// [`export_session_to`](Han::export_session_to) and [`export_session_to_file`](Han::export_session_to_file) for large ones.
    ///
    /// ```
    /// use han_native::Han;
    /// use han_native::model::{ExportFormat, ExportOptions, TestMessage, TestSession};
    ///
    /// let han = Han::open_in_memory()?;
    /// # let made = han.testing().session(&TestSession {
    /// #     messages: vec![TestMessage::user("why does the build fail?"), TestMessage::assistant("a library is missing")],
    /// #     ..TestSession::default()
    /// # })?;
    /// let document = han.export_session(&made.session_id, ExportFormat::Markdown, &ExportOptions::default())?;
    /// assert!(document.contains("a library is missing"));
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for an unknown session; [`ErrorCode::InvalidArgument`] for options out of range.
    pub fn export_session(&self, id: &str, format: ExportFormat, options: &ExportOptions) -> Result<String> {
        let mut document = Vec::new();
        self.export_session_to(id, format, options, &mut document)?;
        String::from_utf8(document).map_err(|error| {
            Error::io("export", std::io::Error::new(std::io::ErrorKind::InvalidData, error.utf8_error()))
        })
    }

    /// As [`export_session`](Han::export_session), written piece by piece in bounded memory, from one snapshot. Leaves a document
    /// that is incomplete if it fails. `writer` is called on this thread and must not use this handle; it is flushed.
    ///
    /// # Errors
    /// As there; and those of `writer`: [`ErrorCode::Io`], [`ErrorCode::DiskFull`].
    pub fn export_session_to(
        &self,
        id: &str,
        format: ExportFormat,
        options: &ExportOptions,
        writer: &mut dyn Write,
    ) -> Result<()> {
        query::export(&self.store, &self.prices, id, format, options, writer)
    }

    /// As [`export_session`](Han::export_session), written to a file that must not exist: it is there in full, for its owner
    /// only, or not at all. Takes bounded memory.
    ///
    /// # Errors
    /// As there; [`ErrorCode::InvalidArgument`] for an existing target, [`ErrorCode::NotFound`] for a folder that is
    /// missing, [`ErrorCode::Permission`], [`ErrorCode::DiskFull`], [`ErrorCode::Io`].
    pub fn export_session_to_file(
        &self,
        id: &str,
        format: ExportFormat,
        options: &ExportOptions,
        target: impl AsRef<Path>,
    ) -> Result<()> {
        query::export_to_file(&self.store, &self.prices, id, format, options, target.as_ref())
    }
}
