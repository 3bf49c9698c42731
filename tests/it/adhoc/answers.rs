//! Values, columns and parameters.

use han_native::model::{SqlParameters, SqlResult};
use han_native::{ErrorCode, Han, SqlOptions};
use serde_json::{Value, json};

use super::{ask, rows, shop};

fn with(han: &Han, sql: &str, parameters: Value) -> han_native::Result<SqlResult> {
    let parameters: SqlParameters = serde_json::from_value(parameters).unwrap();
    han.sql(sql, &parameters, &SqlOptions::default())
}

#[test]
fn values_keep_what_they_are() {
    let han = Han::open_in_memory().unwrap();
    let result = ask(
        &han,
        "SELECT NULL AS a, 9223372036854775807 AS b, 0.5 AS c, 'x' || char(0) AS d, x'00ff' AS e, 9e999 AS f, -9e999 AS g,
                CAST(x'61ff' AS TEXT) AS h",
    )
    .unwrap();
    let expected = json!([null, i64::MAX, 0.5, "x\u{0}", { "hex": "00ff" }, "Infinity", "-Infinity", "a\u{fffd}"]);
    assert_eq!(json!(result.rows), json!([expected]));
    assert!(!result.is_truncated);
    let text = serde_json::to_string(&result).unwrap();
    assert!(text.contains("9223372036854775807") && text.contains("\"isTruncated\":false"), "{text}");
}

#[test]
fn columns_have_names_and_declared_types() {
    let (_home, database) = shop();
    let result = ask(&database.han, "SELECT title, message_count AS n, 1 + 1 FROM v_sessions").unwrap();
    let columns = json!([{ "name": "title", "type": "TEXT" }, { "name": "n", "type": "INTEGER" },
        { "name": "1 + 1", "type": null }]);
    assert_eq!(serde_json::to_value(&result.columns).unwrap(), columns);
}

#[test]
fn parameters_are_bound_by_place_and_by_name() {
    let han = Han::open_in_memory().unwrap();
    let cases = [
        ("SELECT ?1, ?2, ?3", json!([1, "a", null]), json!([1, "a", null])),
        ("SELECT ?, typeof(?)", json!([true, 0.5]), json!([1, "real"])),
        ("SELECT :a, @b, $c, :a", json!({ "a": 1, "@b": 2, "c": 3 }), json!([1, 2, 3, 1])),
        ("SELECT sum(value) FROM json_each(?)", json!([[1, 2, 3]]), json!([6])),
        ("SELECT ?", json!([{ "hex": "0a" }]), json!([{ "hex": "0a" }])),
        ("SELECT ?", json!([i64::MIN]), json!([i64::MIN])),
        ("SELECT 7", json!({}), json!([7])),
    ];
    for (sql, parameters, expected) in cases {
        assert_eq!(json!(with(&han, sql, parameters).unwrap().rows), json!([expected]), "{sql}");
    }
}

#[test]
fn parameters_that_do_not_fit_are_refused() {
    let han = Han::open_in_memory().unwrap();
    let cases = [
        ("SELECT ?", json!([]), "1 parameters"),
        ("SELECT 1", json!([1]), "0 parameters"),
        ("SELECT :a", json!({}), ":a"),
        ("SELECT :a", json!({ "a": 1, "b": 2 }), "\"b\""),
        ("SELECT ?", json!({ "a": 1 }), "without a name"),
        ("SELECT ?", json!([u64::MAX]), "64 bits"),
        ("SELECT ?", json!([{ "hex": "0g" }]), "hex"),
    ];
    for (sql, parameters, said) in cases {
        let error = with(&han, sql, parameters).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidArgument, "{sql}");
        assert!(error.to_string().contains(said), "{sql}: {error}");
    }
}

#[test]
fn what_sqlite_says_of_a_statement_is_reported() {
    let (_home, database) = shop();
    let cases = [
        ("SELEC 1", "near \"SELEC\""),
        ("SELECT colour FROM v_sessions", "no such column: colour"),
        ("SELECT * FROM v_nothing", "no such table: v_nothing"),
        ("SELECT json('{')", "malformed JSON"),
        ("SELECT message_text(1, 'subject')", "toolInput"),
        ("SELECT length(zeroblob(100000000))", "64 MiB"),
    ];
    for (sql, said) in cases {
        let error = ask(&database.han, sql).unwrap_err();
        assert_eq!(error.code(), ErrorCode::QuerySyntax, "{sql}: {error}");
        assert!(error.to_string().contains(said), "{sql}: {error}");
    }
}

#[test]
fn a_database_in_memory_answers_as_one_on_disk() {
    let (home, database) = shop();
    let memory = Han::open_in_memory().unwrap();
    memory.index_session_file(home.file("projects/-code-shop/s1.jsonl")).unwrap();
    for sql in [
        "SELECT id, type, time, text, raw FROM v_messages WHERE path LIKE '%/s1.jsonl' ORDER BY line_number",
        "SELECT id, name, input, output FROM v_tool_calls ORDER BY id",
    ] {
        let answer = rows(&memory, sql);
        assert!(answer.len() > 3);
        // The file outside the config dirs of the handle has another path, and so other ids; the spill is elsewhere.
        let comparable = |rows: Vec<Vec<Value>>| rows.into_iter().map(|row| row[1..3].to_vec()).collect::<Vec<_>>();
        assert_eq!(comparable(answer), comparable(rows(&database.han, sql)), "{sql}");
    }
    assert!(memory.sessions().get(["s1"]).unwrap()[0].is_some(), "the handle works as before");
}
