//! What a statement may not do, however it is written.

use han_native::{ErrorCode, Han};

use super::{ask, rows, shop};
use crate::support::dump::Scope;

#[test]
fn only_reading_is_allowed() {
    let (home, database) = shop();
    let before = database.dump(Scope::Everything);
    let file = home.file("taken.db");
    let name = file.display();
    let statements = [
        "INSERT INTO strings (value) VALUES ('x')".to_owned(),
        "UPDATE sessions SET title = 'x'".into(),
        "DELETE FROM messages".into(),
        "WITH gone AS (SELECT 1) DELETE FROM messages".into(),
        "REPLACE INTO meta VALUES ('time_zone', 'x')".into(),
        "DROP VIEW v_sessions".into(),
        "CREATE TABLE x (y)".into(),
        "CREATE TEMP TABLE x (y)".into(),
        "CREATE VIRTUAL TABLE temp.x USING fts5 (y)".into(),
        "ALTER TABLE sessions RENAME TO x".into(),
        format!("ATTACH '{name}' AS x"),
        "DETACH temp".into(),
        format!("VACUUM INTO '{name}'"),
        "VACUUM".into(),
        "REINDEX".into(),
        "ANALYZE".into(),
        "PRAGMA query_only = 0".into(),
        "PRAGMA journal_mode = DELETE".into(),
        "PRAGMA user_version".into(),
        "SELECT * FROM pragma_table_info('messages')".into(),
        "SELECT count(*) FROM pragma_database_list".into(),
        "BEGIN".into(),
        "COMMIT".into(),
        "ROLLBACK".into(),
        "SAVEPOINT x".into(),
        "SELECT load_extension('x')".into(),
        "SELECT fts3_tokenizer('simple')".into(),
        "SELECT writefile('x', 'y')".into(),
        "SELECT readfile('/etc/passwd')".into(),
        "SELECT fts5(1)".into(),
        "SELECT sqlite_compileoption_get(1)".into(),
        "SELECT block FROM messages_fts_data".into(),
        "SELECT rowid FROM messages_fts WHERE messages_fts MATCH 'shop'".into(),
        "SELECT name FROM dbstat".into(),
        "SELECT vec_version()".into(),
        "SELECT value FROM vec_each(x'00000000')".into(),
        "SELECT 1; SELECT 2".into(),
        "SELECT 1; DELETE FROM messages".into(),
        String::new(),
        "-- nothing".into(),
        "SELECT '\0'".into(),
    ];
    for sql in statements {
        let error = ask(&database.han, &sql).expect_err(&sql);
        // A function that SQLite does not have is an error of the statement.
        assert!(matches!(error.code(), ErrorCode::InvalidArgument | ErrorCode::QuerySyntax), "{sql}: {error}");
        let is_unknown = sql.contains("file(") || sql.contains("fts5(");
        if !is_unknown {
            assert_eq!(error.code(), ErrorCode::InvalidArgument, "{sql}: {error}");
        }
    }
    assert!(!file.exists());
    database.dump(Scope::Everything).expect(&before, "after refused statements").unwrap();
}

#[test]
fn a_refusal_names_what_was_refused() {
    let han = Han::open_in_memory().unwrap();
    for (sql, said) in [
        ("PRAGMA user_version", "PRAGMA user_version"),
        ("SELECT load_extension('x')", "the function load_extension"),
        ("SELECT block FROM messages_fts_data", "the table messages_fts_data"),
        ("DELETE FROM messages", "deleting from messages"),
        ("SELECT 1; SELECT 2", "pass one"),
    ] {
        let error = ask(&han, sql).unwrap_err().to_string();
        assert!(error.contains(said), "{sql}: {error}");
    }
}

#[test]
fn what_reads_is_allowed() {
    let (_home, database) = shop();
    for sql in [
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i), count(*) FROM n",
        "WITH named AS (SELECT id FROM v_sessions) SELECT count(*) FROM named",
        "VALUES (1), (2)",
        "SELECT rank() OVER (ORDER BY id) FROM v_sessions;",
        "SELECT project_id, group_concat(title), max(ended_at) FROM v_sessions GROUP BY 1 HAVING count(*) > 0 -- all",
        "SELECT s.title, count(*) FROM v_sessions s JOIN v_messages m ON m.session_id = s.id GROUP BY s.id",
        "SELECT s.id, t.name FROM v_sessions s LEFT JOIN v_tool_calls t ON t.session_id = s.id",
        "SELECT name FROM sqlite_schema",
        "SELECT j.value FROM v_tasks, json_each(coalesce(blocked_by, '[1]')) j",
        "EXPLAIN QUERY PLAN SELECT * FROM v_sessions",
        "SELECT strftime('%Y', started_at), text LIKE '%shop%' FROM v_sessions JOIN v_messages ON session_id = v_sessions.id",
    ] {
        assert!(!rows(&database.han, sql).is_empty(), "{sql}");
    }
}
