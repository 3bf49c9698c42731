//! Transcripts written back, byte for byte.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};

use super::new_file::NewFile;
use super::sources;
use crate::error::{Error, Result, Subject};
use crate::store::{Failure, Store, blocks};

/// Writes the bytes of `source` to `target`, which must not exist: it exists in full, or not at all.
pub(crate) fn restore(store: &Store, source: &str, target: &Path) -> Result<()> {
    store.read(|connection| restore_in(connection, source, target))
}

pub(super) fn restore_in(connection: &Connection, source: &str, target: &Path) -> Result<(), Failure> {
    let generation_id = generation_of(connection, source)?
        .ok_or_else(|| Error::NotFound { what: Subject::Transcript, name: source.to_owned() })?;
    let mut file = NewFile::create(target)?;
    let copied = blocks::copy_to(connection, generation_id, &mut file);
    file.finish(copied)
}

/// The generation that a source names: a path, whose own `~<number>` at the end, if any, is preferred to a generation's.
fn generation_of(connection: &Connection, source: &str) -> Result<Option<i64>, Failure> {
    if let Some(file) = sources::files_of_path(connection, source)?.first() {
        return Ok(Some(file.generation_id));
    }
    let Some((path, number)) = source.rsplit_once('~') else { return Ok(None) };
    let Ok(number) = number.parse::<i64>() else { return Ok(None) };
    let mut statement = connection.prepare_cached("SELECT id FROM generations WHERE file_id = ?1 AND number = ?2")?;
    for file in sources::files_of_path(connection, path)? {
        if let Some(id) = statement.query_row(params![file.id, number], |row| row.get(0)).optional()? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::Fixture;

    const PATH: &str = "projects/p/s1.jsonl";

    fn restarted() -> Fixture {
        let fixture = Fixture::new();
        let session = fixture.session("s1", None, true);
        let old = fixture.file(session, PATH, "main", None);
        fixture.append(old, b"old\n");
        let current = fixture.generation(fixture.file_of(old), 2);
        fixture.append(current, b"one\n\n");
        fixture.append(current, b"\xfftwo");
        let tilde = fixture.file_in("", session, "/elsewhere/s~1", "main", None);
        fixture.append(tilde, b"tilde");
        let below_root = fixture.file_in("/", session, "projects/q/s2.jsonl", "main", None);
        fixture.append(below_root, b"root");
        fixture
    }

    #[test]
    fn a_source_is_named_by_its_path_and_generation() {
        let fixture = restarted();
        let folder = tempfile::tempdir().unwrap();
        let cases: &[(&str, Option<&[u8]>)] = &[
            (PATH, Some(b"one\n\n\xfftwo")),
            ("/c/projects/p/s1.jsonl", Some(b"one\n\n\xfftwo")),
            ("/c/projects/p/s1.jsonl~1", Some(b"old\n")),
            ("projects/p/s1.jsonl~2", Some(b"one\n\n\xfftwo")),
            ("/elsewhere/s~1", Some(b"tilde")),
            ("/elsewhere/s~1~1", Some(b"tilde")),
            ("/projects/q/s2.jsonl", Some(b"root")),
            ("/projects/q/s2.jsonl~1", Some(b"root")),
            ("projects/p/s1.jsonl~3", None),
            ("projects/p/s1.jsonl~", None),
            ("/d/projects/p/s1.jsonl", None),
            ("c/projects/p/s1.jsonl", None),
            ("", None),
        ];
        for (index, (source, expected)) in cases.iter().enumerate() {
            let target = folder.path().join(index.to_string());
            let restored = restore_in(&fixture.connection, source, &target);
            match expected {
                Some(bytes) => {
                    restored.unwrap();
                    assert_eq!(std::fs::read(&target).unwrap(), *bytes, "{source}");
                }
                None => {
                    let is_unknown =
                        matches!(restored, Err(Failure::Other(Error::NotFound { what: Subject::Transcript, .. })));
                    assert!(is_unknown && !target.exists(), "{source}: {restored:?}");
                }
            }
        }
    }

    #[test]
    fn a_path_through_a_link_names_the_file_behind_it() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().canonicalize().unwrap().join("real");
        std::fs::create_dir(&real).unwrap();
        let fixture = Fixture::new();
        let session = fixture.session("s1", None, true);
        let generation = fixture.file_in(real.to_str().unwrap(), session, PATH, "main", None);
        fixture.append(generation, b"bytes");
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(&real, &link).unwrap();
            let source = link.join(PATH);
            let found = generation_of(&fixture.connection, source.to_str().unwrap()).unwrap();
            assert_eq!(found, Some(generation));
        }
    }

    #[test]
    fn a_target_is_written_whole_or_not_at_all() {
        let fixture = restarted();
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken");
        std::fs::write(&taken, "mine").unwrap();
        let refused = restore_in(&fixture.connection, PATH, &taken);
        assert!(
            matches!(&refused, Err(Failure::Other(Error::InvalidArgument { name, .. })) if name == "target"),
            "{refused:?}"
        );
        assert_eq!(std::fs::read(&taken).unwrap(), b"mine");

        let nowhere = folder.path().join("missing").join("target");
        let refused = restore_in(&fixture.connection, PATH, &nowhere);
        assert!(matches!(refused, Err(Failure::Other(Error::NotFound { what: Subject::Folder, .. }))), "{refused:?}");

        fixture.run("UPDATE raw_blocks SET data = x'00'", []);
        let damaged = restore_in(&fixture.connection, PATH, &folder.path().join("target"));
        assert!(matches!(damaged, Err(Failure::Other(Error::Corrupt { .. }))), "{damaged:?}");
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["taken"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_target_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let fixture = restarted();
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("target");
        restore_in(&fixture.connection, PATH, &target).unwrap();
        assert_eq!(target.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}
