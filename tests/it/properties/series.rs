//! Whole transcripts in successive states.
//!
//! Generated ones by default. With `HAN_CORPUS` those of a folder: `claude/` is a config dir, and in `growth/<session>/` are
//! the states of one file, in the order of their names.

use std::path::{Path, PathBuf};

use han_benches::{Era, Generator};
use proptest::prelude::TestCaseError;

use super::history::agrees_with_the_present;
use crate::support::home::Home;
use crate::support::laws::{self, REQUEST_LOG};

/// Bytes of generated transcripts: enough for blocks to be sealed, and for several in a file.
const GENERATED_BYTES: usize = 600_000;

fn corpus() -> Option<PathBuf> {
    std::env::var_os("HAN_CORPUS").map(PathBuf::from)
}

/// Copies the config dir of the corpus, or generates one.
fn config_dir(home: &Home) {
    match corpus() {
        Some(corpus) => copy(&corpus.join("claude"), &home.config_dir()),
        None => {
            Generator::new(7).config_dir(home.config_dir(), 3 * GENERATED_BYTES as u64).unwrap();
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            // Read and written, not copied: the copy is not to be read-only.
            false => std::fs::write(target, std::fs::read(entry.path()).unwrap()).unwrap(),
        }
    }
}

/// The states of one file, each with the bytes it then has.
fn states_of_the_corpus(corpus: &Path) -> Vec<Vec<Vec<u8>>> {
    let children = |folder: &Path| -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    children(&corpus.join("growth"))
        .iter()
        .map(|session| children(session).iter().map(|state| std::fs::read(state).unwrap()).collect())
        .collect()
}

fn generated_states(era: Era) -> Vec<Vec<u8>> {
    let (bytes, _) = Generator::new(11).session_bytes(era, GENERATED_BYTES);
    let (other, _) = Generator::new(12).session_bytes(era, GENERATED_BYTES / 8);
    let up_to = |parts: usize| bytes[..bytes.len() / 8 * parts].to_vec();
    let mut rewritten = up_to(6);
    rewritten[..other.len().min(20_000)].copy_from_slice(&other[..other.len().min(20_000)]);
    vec![
        up_to(1),
        up_to(2),
        up_to(5),
        bytes.clone(),
        // Cut, then written on.
        up_to(3),
        up_to(4),
        // Another head, and another session altogether, which then grows.
        rewritten,
        other.clone(),
        [other, bytes[..bytes.len() / 8].to_vec()].concat(),
        Vec::new(),
        bytes,
    ]
}

/// Lays the states over one path; after each the database is as one built from scratch.
fn laid_over_one_path(name: &str, states: &[Vec<u8>]) -> Result<(), TestCaseError> {
    let home = Home::new();
    let database = home.database();
    let place = format!("projects/-code-app/{name}.jsonl");
    for (number, state) in states.iter().enumerate() {
        home.write(&place, state);
        match number % 2 {
            0 => database.scan().messages_indexed,
            _ => database.index(&home.file(&place)).messages_indexed,
        };
        laws::lines_are_counted(&home, &database)?;
        laws::bytes_are_kept(&home, &database)?;
        agrees_with_the_present(&home, &database)?;
    }
    laws::check(&home, &database)
}

#[test]
fn states_written_to_one_path_produce_what_scratch_produces() {
    let series = match corpus() {
        Some(corpus) => states_of_the_corpus(&corpus),
        None => [Era::V1_0, Era::V2_0, Era::V2_1].into_iter().map(generated_states).collect(),
    };
    assert!(!series.is_empty());
    for (number, states) in series.iter().enumerate() {
        assert!(states.len() > 1, "a series has several states");
        laid_over_one_path(&format!("5e5500{number:02}-0000-4000-8000-000000000000"), states).unwrap();
    }
}

#[test]
fn every_file_is_counted_and_outlives_its_source() {
    let home = Home::new();
    config_dir(&home);
    let database = home.database();
    let report = database.scan();
    laws::check(&home, &database).unwrap();

    let paths = laws::transcripts(&home);
    let originals: Vec<(String, Vec<u8>)> =
        paths.into_iter().map(|path| (path.clone(), std::fs::read(home.file(&path)).unwrap())).collect();
    let lines: i64 = originals.iter().map(|(_, bytes)| laws::count_lines(bytes)).sum();
    let first_parts = database.number("SELECT count(*) FROM messages WHERE part = 0");
    assert_eq!(report.files, originals.len() as i64);
    assert_eq!((report.lines, report.lines), (lines, first_parts + report.problems));
    assert_eq!(
        report.messages_indexed,
        database.number(&format!("SELECT count(*) FROM messages m WHERE NOT ({REQUEST_LOG})"))
    );

    std::fs::remove_dir_all(home.config_dir().join("projects")).unwrap();
    database.scan();
    assert_eq!(database.han.stats().unwrap().files_missing, report.files);
    for (path, bytes) in &originals {
        assert!(laws::restored(&database, path) == *bytes, "{path} is not restored byte for byte");
    }
}
