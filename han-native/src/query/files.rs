//! Files: batches by id, and by session.

use rusqlite::{Connection, Row};

use super::page;
use super::per_session::Wanted;
use super::rows::{file_kind, index, json_array, timestamp};
use crate::error::Result;
use crate::model::{SessionFile, Timestamp};
use crate::store::{Failure, Store};

pub(crate) fn get(store: &Store, ids: &[String]) -> Result<Vec<Option<SessionFile>>> {
    page::check_batch(ids)?;
    store.read(|connection| get_in(connection, ids))
}

pub(crate) fn by_session(store: &Store, session_ids: &[String]) -> Result<Vec<Option<Vec<SessionFile>>>> {
    page::check_batch(session_ids)?;
    store.read(|connection| by_session_in(connection, session_ids))
}

/// The files of which a column is among the wanted values.
fn files_with(column: &str, order: &str) -> String {
    format!(
        "SELECT wanted.key, file.path_hash, file.path, config_dir.path, file.kind, session.session_id, project.slug,
                agent.value, file.agent_type, file.agent_description, file.workflow, file.is_missing, file.size,
                file.mtime, coalesce(generation.offset, 0), coalesce(generation.number, 0),
                coalesce(generation.lines, 0), coalesce(generation.messages - generation.logged - generation.replays, 0),
                coalesce(generation.replays, 0), coalesce(generation.problems, 0), generation.first_time,
                generation.last_time
         FROM json_each(?1) AS wanted
         CROSS JOIN files AS file ON {column} = wanted.value
         CROSS JOIN config_dirs AS config_dir ON config_dir.id = file.config_dir_id
         CROSS JOIN sessions AS session ON session.id = file.session_id
         CROSS JOIN projects AS project ON project.id = file.project_id
         LEFT JOIN generations AS generation ON generation.id = file.generation_id
         LEFT JOIN strings AS agent ON agent.id = file.agent_id
         ORDER BY {order}"
    )
}

pub(super) fn get_in(connection: &Connection, ids: &[String]) -> Result<Vec<Option<SessionFile>>, Failure> {
    let hashes: Vec<Option<i64>> = ids.iter().map(|id| path_hash(id)).collect();
    let mut found = vec![None; ids.len()];
    // Where two config dirs hold the same path, the file that is still on the disk is meant, then that of the least config dir.
    let mut statement = connection.prepare_cached(&files_with("file.path_hash", "file.is_missing, config_dir.path"))?;
    let mut rows = statement.query([json_array(&hashes)])?;
    while let Some(row) = rows.next()? {
        if let Some(slot @ None) = found.get_mut(index(row, 0)?) {
            *slot = Some(file(row)?);
        }
    }
    Ok(found)
}

/// The hash that an id is; one file has one id, so other spellings are not ids.
fn path_hash(id: &str) -> Option<i64> {
    let hash = u64::from_str_radix(id, 16).ok()?;
    (format!("{hash:016x}") == id).then_some(hash as i64)
}

pub(super) fn by_session_in(
    connection: &Connection,
    session_ids: &[String],
) -> Result<Vec<Option<Vec<SessionFile>>>, Failure> {
    let order = "wanted.key, file.kind <> 'main', file.path, file.is_missing, config_dir.path";
    Wanted::find(connection, session_ids)?.rows(connection, &files_with("file.session_id", order), |row, _| file(row))
}

fn file(row: &Row<'_>) -> rusqlite::Result<SessionFile> {
    let changed_at: i64 = row.get(13)?;
    Ok(SessionFile {
        id: format!("{:016x}", row.get::<_, i64>(1)? as u64),
        path: row.get(2)?,
        config_dir: row.get::<_, Option<String>>(3)?.filter(|path| !path.is_empty()),
        kind: file_kind(row, 4)?,
        session_id: row.get(5)?,
        project_id: row.get(6)?,
        agent_id: row.get(7)?,
        agent_type: row.get(8)?,
        agent_description: row.get(9)?,
        workflow: row.get(10)?,
        is_missing: row.get(11)?,
        size: row.get(12)?,
        modified_at: Some(changed_at)
            .filter(|nanos| *nanos != 0)
            .and_then(|nanos| Timestamp::from_millis(nanos.div_euclid(1_000_000))),
        indexed_bytes: row.get(14)?,
        generation: row.get(15)?,
        line_count: row.get(16)?,
        message_count: row.get(17)?,
        replay_count: row.get(18)?,
        problem_count: row.get(19)?,
        first_message_at: timestamp(row, 20)?,
        last_message_at: timestamp(row, 21)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SessionFileKind;
    use crate::query::testing::{Fixture, Line, path_hash as hash_of};

    fn id(path: &str) -> String {
        format!("{:016x}", hash_of(path))
    }

    #[test]
    fn files_are_found_by_their_ids() {
        let fixture = Fixture::new();
        let session = fixture.session("s1", None, true);
        let old = fixture.file(session, "projects/p/s1.jsonl", "main", None);
        fixture.line(old, Line::new(1, Some(9), "old"));
        let main = fixture.generation(fixture.file_of(old), 2);
        let original = fixture.line(main, Line::new(1, Some(10), "one"));
        fixture.line(main, Line { replay_of: Some(original), ..Line::new(2, Some(12), "two") });
        fixture.run("UPDATE generations SET problems = 3, first_time = 10, last_time = 12 WHERE id = ?1", [main]);
        fixture.run("UPDATE files SET mtime = 1500000, size = 70 WHERE generation_id = ?1", [main]);
        let agent = "projects/p/s1/subagents/agent-a1.jsonl";
        fixture.file(session, agent, "agent", Some("a1"));
        let upper = id(agent).to_uppercase();
        let asked = [&id(agent), "0000000000000001", &id("projects/p/s1.jsonl"), "", "x", &upper, &id(agent)];
        let found = get_in(&fixture.connection, &asked.map(str::to_owned)).unwrap();
        let paths: Vec<Option<&str>> = found.iter().map(|file| file.as_ref().map(|file| file.path.as_str())).collect();
        assert_eq!(paths, [Some(agent), None, Some("projects/p/s1.jsonl"), None, None, None, Some(agent)]);
        let main = found[2].clone().unwrap();
        let counts = (main.line_count, main.message_count, main.replay_count, main.problem_count, main.generation);
        assert_eq!(counts, (2, 1, 1, 3, 2));
        assert_eq!((main.first_message_at, main.last_message_at), (Some(Timestamp(10)), Some(Timestamp(12))));
        assert_eq!((main.modified_at, main.size, main.kind), (Some(Timestamp(1)), 70, SessionFileKind::Main));
        assert_eq!((main.config_dir.as_deref(), main.project_id.as_str()), (Some("/c"), "p"));
        let agent = found[0].clone().unwrap();
        assert_eq!(
            (agent.agent_id.as_deref(), agent.kind, agent.modified_at),
            (Some("a1"), SessionFileKind::Agent, None)
        );
    }

    #[test]
    fn of_two_config_dirs_the_file_that_is_still_there_is_meant() {
        let fixture = Fixture::new();
        let session = fixture.session("s1", None, true);
        for dir in ["/b", "/a"] {
            fixture.file_in(dir, session, "projects/p/s1.jsonl", "main", None);
        }
        let dir = || {
            let found = get_in(&fixture.connection, &[id("projects/p/s1.jsonl")]).unwrap();
            found[0].clone().unwrap().config_dir.unwrap()
        };
        assert_eq!(dir(), "/a");
        fixture.run(
            "UPDATE files SET is_missing = 1 WHERE config_dir_id = (SELECT id FROM config_dirs WHERE path = '/a')",
            [],
        );
        assert_eq!(dir(), "/b");
    }

    #[test]
    fn the_main_file_of_a_session_comes_first() {
        let fixture = Fixture::new();
        let session = fixture.session("s1", None, true);
        let files = [
            ("projects/p/s1/tool-results/x.txt", "spill"),
            ("projects/p/s1-han.jsonl", "events"),
            ("projects/p/s1.jsonl", "main"),
            ("projects/p/s1/subagents/agent-a1.jsonl", "agent"),
        ];
        for (path, kind) in files {
            fixture.file(session, path, kind, None);
        }
        let found = by_session_in(&fixture.connection, &["s1".to_owned(), "s2".to_owned()]).unwrap();
        let kinds: Vec<&str> = found[0].as_ref().unwrap().iter().map(|file| file.kind.as_str()).collect();
        assert_eq!(kinds, ["main", "events", "agent", "spill"]);
        assert_eq!(found[1], None);
    }
}
