//! Where SQL, SQLite connections, napi and unsafe code may be, and what may be nowhere.

use super::assert_none;
use super::source::{Source, sources};

const SHIPPED: [&str; 3] = ["han-native/src", "han-ffi/src", "bindings/src"];

fn shipped() -> Vec<Source> {
    SHIPPED.into_iter().flat_map(sources).collect()
}

fn is_below(source: &Source, folders: &[&str]) -> bool {
    folders.iter().any(|folder| source.path.starts_with(folder))
}

/// Statements that change something, by their first words.
const WRITING: [&str; 17] = [
    "INSERT INTO",
    "INSERT OR",
    "REPLACE INTO",
    "DELETE FROM",
    "CREATE TABLE",
    "CREATE TEMP",
    "CREATE VIRTUAL",
    "CREATE INDEX",
    "CREATE UNIQUE",
    "CREATE VIEW",
    "CREATE TRIGGER",
    "DROP ",
    "ALTER TABLE",
    "VACUUM",
    "REINDEX",
    "BEGIN IMMEDIATE",
    "SAVEPOINT",
];

fn is_writing(sql: &str) -> bool {
    let words = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_update = words.split("UPDATE ").skip(1).any(|rest| rest.contains(" SET "));
    let is_pragma =
        words.split("PRAGMA ").skip(1).any(|rest| rest.split(';').next().is_some_and(|one| one.contains('=')));
    is_update || is_pragma || WRITING.iter().any(|start| words.contains(start))
}

fn is_reading(sql: &str) -> bool {
    let words: Vec<&str> = sql.split_whitespace().collect();
    words.iter().any(|word| ["SELECT", "(SELECT", "PRAGMA"].contains(word))
}

#[test]
fn sql_that_writes_is_in_the_store_only() {
    let mut violations = Vec::new();
    for source in shipped().iter().filter(|source| !is_below(source, &["han-native/src/store/"])) {
        for (at, sql) in source.strings.iter().filter(|(_, text)| is_writing(text)) {
            violations.push(format!("{}: {sql}", source.place(*at)));
        }
        for call in ["pragma_update", "execute_batch", "transaction_with_behavior"] {
            violations.extend(source.words(call).map(|at| format!("{}: {call}", source.place(at))));
        }
    }
    assert_none("SQL that writes is in store/ only", &violations);
}

#[test]
fn sql_that_reads_is_in_the_store_and_in_queries_only() {
    let mut violations = Vec::new();
    let allowed = ["han-native/src/store/", "han-native/src/query/"];
    for source in shipped().iter().filter(|source| !is_below(source, &allowed)) {
        for (at, sql) in source.strings.iter().filter(|(_, text)| is_reading(text)) {
            violations.push(format!("{}: {sql}", source.place(*at)));
        }
    }
    assert_none("SQL that reads is in store/ and query/ only", &violations);
}

#[test]
fn connections_are_opened_in_one_place() {
    let allowed = ["han-native/src/store/connection.rs", "han-native/src/store/maintenance.rs"];
    let mut violations = Vec::new();
    for source in shipped().iter().filter(|source| !is_below(source, &allowed)) {
        let opened = source.code.match_indices("Connection::open").map(|(at, _)| source.place(at));
        violations.extend(opened);
    }
    assert_none("a connection is opened by store/connection.rs, that of a copy by store/maintenance.rs", &violations);
}

#[test]
fn napi_is_in_the_bindings_only() {
    let mut violations = Vec::new();
    let folders = ["han-native/src", "han-ffi/src", "benches/src", "tests/src"];
    for source in folders.into_iter().flat_map(sources) {
        for word in ["napi", "napi_derive", "napi_build"] {
            violations.extend(source.words(word).map(|at| source.place(at)));
        }
    }
    assert_none("napi is in bindings/ only", &violations);
}

#[test]
fn unsafe_code_is_at_the_borders_only() {
    let allowed = [
        "han-native/src/store/fts5_functions.rs",
        "han-native/src/store/header.rs",
        "han-native/src/store/vector_extension.rs",
    ];
    let mut violations = Vec::new();
    for source in ["han-native/src", "benches/src", "tests/src"].into_iter().flat_map(sources) {
        if !is_below(&source, &allowed) {
            violations.extend(source.words("unsafe").map(|at| source.place(at)));
        }
    }
    assert_none("unsafe code is in han-ffi/, bindings/, and where SQLite's own calls are needed", &violations);
}

#[test]
fn nothing_shipped_unwraps_or_is_left_open() {
    let mut violations = Vec::new();
    for source in shipped().into_iter().chain(sources("benches/src")).chain(sources("tests/src")) {
        for call in [".unwrap()", "todo!(", "unimplemented!(", "dbg!("] {
            violations.extend(source.code.match_indices(call).map(|(at, _)| format!("{}: {call}", source.place(at))));
        }
    }
    assert_none("no unwrap() outside tests, nothing left open", &violations);
}

#[test]
fn sql_is_recognised() {
    for sql in [
        "INSERT INTO a VALUES (1)",
        "WITH x AS (SELECT 1)\n UPDATE a SET b = 1",
        "PRAGMA user_version = 7",
        "DROP TABLE a",
    ] {
        assert!(is_writing(sql), "{sql}");
    }
    for text in ["SELECT 1", "PRAGMA integrity_check(20)", "the update is set", "SELECT a = b FROM c"] {
        assert!(!is_writing(text), "{text}");
    }
    assert!(is_reading("SELECT 1") && is_reading("PRAGMA data_version") && !is_reading("please select one"));
}
