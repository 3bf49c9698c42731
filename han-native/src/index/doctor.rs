//! Checking the database against itself and against the files, and repairing it from the stored bytes.

use super::{ingest, rederive, scan};
use crate::config::DoctorOptions;
use crate::derive;
use crate::error::{Error, Result};
use crate::model::{DoctorIssue, DoctorReport, DoctorWarning};
use crate::store::{self, Reading, Store, StoredFile, Writing, audit, blocks, maintenance};
use crate::transcript::cursor;
use crate::transcript::discover::FileKind;

pub(crate) fn doctor(store: &Store, options: DoctorOptions) -> Result<DoctorReport> {
    let reading = store.begin_reading()?;
    let mut report = DoctorReport::default();
    report.warnings.extend(page_cache_warning(reading.read(maintenance::has_memory_management)?));
    let writing = if options.fix { Some(store.begin_writing()?) } else { None };
    check_database(&reading, writing.as_ref(), &mut report)?;
    let files = match reading.read(store::all_files) {
        Ok(files) => files,
        // A schema that cannot be read: integrity says why.
        Err(Error::Corrupt { .. }) => return Ok(finished(report)),
        Err(error) => return Err(error),
    };
    for known in &files {
        check_file(&reading, writing.as_ref(), known, &mut report)?;
        report.files_checked += 1;
    }
    check_shared_texts(&reading, writing.as_ref(), &mut report)?;
    check_sums(&reading, writing.as_ref(), &mut report)?;
    check_vectors(&reading, writing.as_ref(), &mut report)?;
    Ok(finished(report))
}

fn finished(mut report: DoctorReport) -> DoctorReport {
    report.is_healthy = report.issues.iter().all(|issue| issue.is_fixed);
    report
}

fn issue(code: &str, message: String, path: Option<String>, is_fixed: bool) -> DoctorIssue {
    DoctorIssue { code: code.into(), message, path, is_fixed }
}

/// Warns of a build of SQLite whose connections share one page cache.
fn page_cache_warning(has_memory_management: bool) -> Option<DoctorWarning> {
    has_memory_management.then(|| DoctorWarning {
        code: "shared_page_cache".into(),
        message: "SQLite was built with ENABLE_MEMORY_MANAGEMENT: all connections of the process share one page cache and its \
            lock, and searches take two or three times as long; build it without (LIBSQLITE3_FLAGS, or another crate that \
            depends on libsqlite3-sys, may set it)"
            .into(),
    })
}

/// SQLite's own check, the search index included. Only the search index can be rebuilt; the rest is the only copy.
fn check_database(reading: &Reading<'_>, writing: Option<&Writing<'_>>, report: &mut DoctorReport) -> Result<()> {
    let findings = match reading.read_fresh(maintenance::check_integrity) {
        Ok(findings) => findings,
        Err(error @ (Error::Corrupt { .. } | Error::Sqlite { .. })) => vec![error.to_string()],
        Err(error) => return Err(error),
    };
    let (index, other): (Vec<String>, Vec<String>) =
        findings.into_iter().partition(|finding| finding.contains("messages_fts") || finding.contains("fts5"));
    for finding in other {
        let message = format!("the database is damaged: {finding}; restore a backup, or move it away and index again");
        report.issues.push(issue("database_damaged", message, None, false));
    }
    let mut index = index;
    if index.is_empty() {
        match reading.read(audit::search_entries) {
            Ok(finding) => index.extend(finding),
            // A damaged database may not even be counted; that was reported above.
            Err(Error::Corrupt { .. } | Error::Sqlite { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    if index.is_empty() {
        return Ok(());
    }
    if let Some(writing) = writing {
        derive_everything(writing)?;
    }
    let message = format!("the search index is damaged: {}", index.join("; "));
    report.issues.push(issue("search_index_damaged", message, None, writing.is_some()));
    Ok(())
}

/// Rebuilds the search index and every derived row from the stored bytes.
fn derive_everything(writing: &Writing<'_>) -> Result<()> {
    writing.raw_transaction(maintenance::recreate_search_index)?;
    rederive::rederive_files(writing, &mut |_| true)?;
    Ok(())
}

fn check_file(
    reading: &Reading<'_>,
    writing: Option<&Writing<'_>>,
    known: &StoredFile,
    report: &mut DoctorReport,
) -> Result<()> {
    let path = known.absolute();
    let shown = Some(path.display().to_string());
    if let Some(finding) = stored_bytes_finding(reading, known)? {
        report.issues.push(issue("stored_bytes_damaged", finding, shown, false));
        return Ok(());
    }
    if let Some(finding) = reading.read(|connection| audit::line_count(connection, known.generation.id))? {
        if let Some(writing) = writing {
            // Lost rows leave their words in the search index, so that is rebuilt, too.
            derive_everything(writing)?;
        }
        report.issues.push(issue("lines_miscounted", finding, shown.clone(), writing.is_some()));
    }
    if known.kind != FileKind::Spill && known.generation.derive_revision < derive::REVISION {
        if let Some(writing) = writing {
            rederive::rederive_files(writing, &mut |other| other.id == known.id)?;
        }
        let message = "its rows were derived by older rules".to_string();
        report.issues.push(issue("derived_by_older_rules", message, shown.clone(), writing.is_some()));
    }
    // What is gone, or may not be read, is not damage to the database.
    if !scan::is_gone(&path)
        && let Ok(false) = ingest::is_same_content(reading, known)?
    {
        if let Some(writing) = writing {
            ingest::read_again(writing, known)?;
        }
        let message = "the file was changed before the place up to which it was read".to_string();
        report.issues.push(issue("source_changed", message, shown, writing.is_some()));
    }
    Ok(())
}

/// Whether the stored bytes can be read, without a hole, and end as the cursor says.
fn stored_bytes_finding(reading: &Reading<'_>, known: &StoredFile) -> Result<Option<String>> {
    let mut windows = cursor::Windows::default();
    let mut length = 0;
    let read = reading.read(|connection| {
        blocks::for_each_block(connection, known.generation.id, 0, i64::MAX, &mut |_, block| {
            windows.extend(block);
            length += block.len() as i64;
            Ok(())
        })
    });
    let expected = &known.generation.cursor;
    match read {
        Err(Error::Corrupt { reason, .. }) => Ok(Some(reason)),
        Err(error) => Err(error),
        Ok(()) if length != expected.offset => {
            Ok(Some(format!("{length} bytes are stored, {} were read", expected.offset)))
        }
        Ok(()) if windows.head_hash() != expected.head_hash || windows.tail_hash() != expected.tail_hash => {
            Ok(Some("the stored bytes are not those that were read".into()))
        }
        Ok(()) => Ok(None),
    }
}

/// Whether the shared texts are those that blocks need, and nothing else.
fn check_shared_texts(reading: &Reading<'_>, writing: Option<&Writing<'_>>, report: &mut DoctorReport) -> Result<()> {
    let findings = match reading.read(blocks::audit_shared) {
        Ok(findings) => findings,
        // A damaged table may not even be read; that was reported above.
        Err(Error::Corrupt { .. } | Error::Sqlite { .. }) => return Ok(()),
        Err(error) => return Err(error),
    };
    if let (true, Some(writing)) = (findings.iter().any(|(_, is_mended)| *is_mended), writing) {
        writing.raw_transaction(blocks::fix_shared)?;
    }
    for (finding, is_mended) in findings {
        report.issues.push(issue("shared_texts_differ", finding, None, is_mended && writing.is_some()));
    }
    Ok(())
}

/// Whether each vector has its entry, each entry its vector, and both a message. What does not agree is embedded again.
fn check_vectors(reading: &Reading<'_>, writing: Option<&Writing<'_>>, report: &mut DoctorReport) -> Result<()> {
    let findings = reading.read(store::vectors::audit)?;
    if let (false, Some(writing)) = (findings.is_empty(), writing) {
        writing.raw_transaction(store::vectors::fix)?;
    }
    for finding in findings {
        report.issues.push(issue("vectors_differ", finding, None, writing.is_some()));
    }
    Ok(())
}

/// Whether the sums are those of the rows.
fn check_sums(reading: &Reading<'_>, writing: Option<&Writing<'_>>, report: &mut DoctorReport) -> Result<()> {
    let findings = reading.read(audit::sums)?;
    if findings.is_empty() {
        return Ok(());
    }
    if let Some(writing) = writing {
        // What cannot be read cannot be added to, either.
        writing.raw_transaction(store::rollups::clear)?;
        rederive::rederive_files(writing, &mut |_| true)?;
        writing.transaction(|batch| batch.rebuild_sums())?;
    }
    for finding in findings {
        report.issues.push(issue("sums_differ", finding, None, writing.is_some()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_build_with_memory_management_is_warned_of() {
        assert_eq!(page_cache_warning(false), None);
        let warning = page_cache_warning(true).unwrap();
        assert_eq!(warning.code, "shared_page_cache");
        assert!(warning.message.contains("ENABLE_MEMORY_MANAGEMENT: all"), "{}", warning.message);
        let report = finished(DoctorReport { warnings: vec![warning], ..DoctorReport::default() });
        assert!(report.is_healthy, "a warning is not damage");
    }
}
