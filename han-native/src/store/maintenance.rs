//! Work on the database as a whole: merging the search index, checkpoints, copies, checks.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::failure::Failure;
use super::path::folder_of;
use super::tables::{leader, message_times};
use crate::error::{Error, Result, Subject};
use crate::platform::permissions;

/// Begins to merge the segments of the search index, by one page, which puts all of them on a level above the ones that
/// appends write to. There FTS5 continues merging them in small steps, as it grows. On the lowest level sixteen segments,
/// however large, would be merged at once, by the one append that adds the sixteenth.
pub(crate) fn raise_search_index(connection: &Connection) -> Result<(), Failure> {
    connection.prepare_cached("INSERT INTO messages_fts (messages_fts, rank) VALUES ('merge', -1)")?.execute([])?;
    Ok(())
}

/// When the search index merges segments: in small steps, once a level has this many, or all of a level at once, before it
/// has more.
#[derive(Debug)]
pub(super) struct Merging {
    automerge: i64,
    crisis: i64,
}

/// SQLite's defaults.
pub(super) const USUAL_MERGING: Merging = Merging { automerge: 4, crisis: 16 };
/// For a scan that writes much: a query looks into a few more segments, and hardly any word is written twice.
pub(super) const RARE_MERGING: Merging = Merging { automerge: 0, crisis: 64 };

impl Merging {
    /// Stores the rule. What was gathered is written out before, by the one that holds until then.
    pub(super) fn apply(&self, connection: &Connection) -> Result<(), Failure> {
        let mut statement =
            connection.prepare_cached("INSERT INTO messages_fts (messages_fts, rank) VALUES (?1, ?2)")?;
        statement.execute(("automerge", self.automerge))?;
        statement.execute(("crisismerge", self.crisis))?;
        Ok(())
    }
}

/// Checkpoints the write-ahead log as far as readers let it; the next commit starts at its beginning again.
pub(crate) fn checkpoint(connection: &Connection) -> Result<(), Failure> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    Ok(())
}

/// Checkpoints the write-ahead log and truncates it to nothing, as far as readers let it.
pub(crate) fn truncate_wal(connection: &Connection) -> Result<(), Failure> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// Returns unused pages to the file system, if there are many: one in sixty-four.
pub(crate) fn shrink(connection: &Connection) -> Result<(), Failure> {
    let count = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    if count("freelist_count")? * 64 > count("page_count")? {
        let mut statement = connection.prepare("PRAGMA incremental_vacuum")?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
    }
    Ok(())
}

/// Creates the file that a copy is written to.
pub(super) fn prepare_target(target: &Path) -> Result<()> {
    if target.as_os_str().is_empty() {
        return Err(Error::invalid("path", "is empty; name the file to write"));
    }
    let folder = folder_of(target);
    if !folder.is_dir() {
        return Err(Error::NotFound { what: Subject::Folder, name: folder.display().to_string() });
    }
    match permissions::create_private_file(target)? {
        true => Ok(()),
        false => Err(Error::invalid("path", format!("exists already: {}; choose another", target.display()))),
    }
}

/// Copies the database, as of one moment, into an empty file.
pub(super) fn backup(source: &Connection, target: &Path) -> Result<(), Failure> {
    let named = |error| Failure::Other(Error::sqlite(target, error));
    let mut copy = Connection::open(target).map_err(named)?;
    Backup::new(source, &mut copy)
        .and_then(|backup| backup.run_to_completion(1_000, Duration::ZERO, None))
        .map_err(named)?;
    // The copy has no readers to keep apart, and one file is easier to carry.
    copy.pragma_update(None, "journal_mode", "delete").map_err(named)?;
    leader::release_copy(&copy).map_err(named)
}

/// Whether SQLite was built so that all connections of the process share one page cache.
pub(crate) fn has_memory_management(connection: &Connection) -> Result<bool, Failure> {
    // Nothing is listed by a build that leaves out the list, while `sqlite_compileoption_used` would then be an error.
    let mut statement = connection.prepare("PRAGMA compile_options")?;
    let mut options = statement.query_map([], |row| row.get::<_, String>(0))?;
    Ok(options.any(|option| option.is_ok_and(|option| is_memory_management(&option))))
}

/// Options are listed with their value, if they have one.
fn is_memory_management(option: &str) -> bool {
    option.split('=').next() == Some("ENABLE_MEMORY_MANAGEMENT")
}

/// What SQLite's own check finds, the search index included; empty if nothing is wrong.
pub(crate) fn check_integrity(connection: &Connection) -> Result<Vec<String>, Failure> {
    let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
    let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// Replaces the search index by an empty one with the same settings.
pub(crate) fn recreate_search_index(connection: &Connection) -> Result<(), Failure> {
    let sql: String =
        connection.query_row("SELECT sql FROM sqlite_schema WHERE name = 'messages_fts'", [], |row| row.get(0))?;
    let settings: Vec<(String, i64)> = connection
        .prepare("SELECT k, v FROM messages_fts_config WHERE k <> 'version'")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    connection.execute_batch(&format!("DROP TABLE messages_fts; {sql}"))?;
    for setting in settings {
        connection.execute("INSERT INTO messages_fts (messages_fts, rank) VALUES (?1, ?2)", setting)?;
    }
    Ok(())
}

/// Removes what nothing refers to any more, after something was forgotten.
pub(crate) fn remove_orphans(connection: &Connection) -> Result<(), Failure> {
    message_times::rebuild(connection)?;
    connection.execute_batch(
        "DELETE FROM projects WHERE id NOT IN (SELECT project_id FROM sessions)
             AND id NOT IN (SELECT project_id FROM files) AND id NOT IN (SELECT project_id FROM rollups);
         DELETE FROM repos WHERE id NOT IN (SELECT repo_id FROM projects WHERE repo_id IS NOT NULL);
         DELETE FROM rates WHERE id NOT IN (SELECT model_id FROM rollups);
         DELETE FROM strings WHERE id NOT IN (
             SELECT type_id FROM messages
             UNION SELECT subtype_id FROM messages WHERE subtype_id IS NOT NULL
             UNION SELECT record_session_id FROM messages WHERE record_session_id IS NOT NULL
             UNION SELECT agent_id FROM messages WHERE agent_id IS NOT NULL
             UNION SELECT model_id FROM messages WHERE model_id IS NOT NULL
             UNION SELECT agent_id FROM files WHERE agent_id IS NOT NULL
             UNION SELECT model_id FROM generations WHERE model_id IS NOT NULL
             UNION SELECT git_branch_id FROM generations WHERE git_branch_id IS NOT NULL
             UNION SELECT version_id FROM generations WHERE version_id IS NOT NULL
             UNION SELECT model_id FROM rollups UNION SELECT model_id FROM rates
             UNION SELECT model_id FROM cost_states UNION SELECT model_id FROM usage WHERE model_id IS NOT NULL
             UNION SELECT name_id FROM tool_calls UNION SELECT tool_id FROM session_file_changes
             UNION SELECT git_branch_id FROM sessions WHERE git_branch_id IS NOT NULL
             UNION SELECT version_id FROM sessions WHERE version_id IS NOT NULL
             UNION SELECT model_id FROM sessions WHERE model_id IS NOT NULL)",
    )?;
    Ok(())
}

/// Whether freed pages are overwritten, and commits waited for.
pub(crate) fn set_secure_delete(connection: &Connection, is_on: bool) -> rusqlite::Result<()> {
    connection.query_row(&format!("PRAGMA secure_delete = {}", i32::from(is_on)), [], |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", if is_on { "full" } else { "normal" })
}

/// Rewrites the database: older copies of rows stay in the unused parts of its pages otherwise.
pub(crate) fn vacuum(connection: &Connection) -> Result<(), Failure> {
    connection.execute_batch("VACUUM")?;
    Ok(())
}

/// Merges the search index into one segment, which drops the words of deleted rows.
pub(crate) fn optimize_search_index(connection: &Connection) -> Result<(), Failure> {
    connection.execute("INSERT INTO messages_fts (messages_fts) VALUES ('optimize')", [])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::batch::Batch;
    use crate::store::empty_database;
    use crate::store::tables::strings::StringCache;
    use crate::store::uuid_filter::UuidFilter;

    #[test]
    fn a_shared_page_cache_is_found_among_the_options() {
        assert!(!has_memory_management(&empty_database()).unwrap());
        for (option, expected) in [
            ("ENABLE_MEMORY_MANAGEMENT", true),
            ("ENABLE_MEMORY_MANAGEMENT=1", true),
            ("ENABLE_MEMORY_MANAGEMENT_X", false),
            ("ENABLE_FTS5", false),
        ] {
            assert_eq!(is_memory_management(option), expected, "{option}");
        }
    }

    #[test]
    fn rare_merging_ends_with_its_transaction() {
        let mut connection = empty_database();
        let rule = |connection: &Connection| -> Vec<(String, i64)> {
            let sql = "SELECT k, v FROM messages_fts_config WHERE k IN ('automerge', 'crisismerge') ORDER BY k";
            let mut statement = connection.prepare(sql).unwrap();
            let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            found.collect::<rusqlite::Result<_>>().unwrap()
        };
        let stored = |merging: Merging| {
            vec![("automerge".to_owned(), merging.automerge), ("crisismerge".to_owned(), merging.crisis)]
        };
        let before = rule(&connection);
        for is_finished in [false, true] {
            let transaction = connection.transaction().unwrap();
            let (mut strings, mut uuids) = (StringCache::default(), UuidFilter::default());
            let zone = jiff::tz::TimeZone::UTC;
            let mut batch = Batch::new(&transaction, &mut strings, &mut uuids, &zone).unwrap();
            batch.merge_rarely().unwrap();
            assert_eq!(rule(&transaction), stored(RARE_MERGING));
            if is_finished {
                batch.finish().unwrap();
                transaction.commit().unwrap();
                assert_eq!(rule(&connection), stored(USUAL_MERGING));
            } else {
                // As a crash would.
                drop(batch);
                transaction.rollback().unwrap();
                assert_eq!(rule(&connection), before);
            }
        }
    }
}
