//! Deadlines, caps and cancelling: whatever a statement asks for, it ends, and reports it.

use std::time::Duration;

use han_native::model::SqlParameters;
use han_native::{Cancellation, ErrorCode, Han, SqlOptions};
use serde_json::json;

use super::{ask, shop};

const ENDLESS: [&str; 3] = [
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "SELECT count(*) FROM v_messages a, v_messages b, v_messages c, v_messages d, v_messages e, v_messages f, v_messages g,
        v_messages h, v_messages i, v_messages j",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n ORDER BY i DESC",
];

#[test]
fn a_deadline_ends_a_statement_that_never_ends() {
    let (_home, database) = shop();
    let options = SqlOptions { deadline: Duration::from_millis(50), ..SqlOptions::default() };
    for sql in ENDLESS {
        let error = database.han.sql(sql, &SqlParameters::default(), &options).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidArgument, "{sql}: {error}");
        assert!(error.to_string().starts_with("deadlineMs of 50 passed"), "{error}");
    }
}

/// One step of these would take SQLite hours, and nothing interrupts a step.
#[test]
fn a_deadline_is_not_missed_within_a_function() {
    let (_home, database) = shop();
    let (many, fewer) = ("a".repeat(8_000_000), "a".repeat(4_000_000) + "b");
    let characters = "b".repeat(4_000_000) + "a";
    for (function, second) in [
        ("instr(?1, ?2)", &fewer),
        ("instr(CAST(?1 AS BLOB), CAST(?2 AS BLOB))", &fewer),
        ("length(replace(?1, ?2, ''))", &fewer),
        ("length(trim(?1, ?2))", &characters),
        ("length(ltrim(?1, ?2))", &characters),
        ("length(rtrim(?1, ?2))", &characters),
    ] {
        let options = SqlOptions { deadline: Duration::from_millis(60_000), ..SqlOptions::default() };
        let parameters = SqlParameters::Positional(vec![json!(many), json!(second)]);
        let result = database.han.sql(&format!("SELECT {function}"), &parameters, &options).unwrap();
        assert!(result.rows[0][0].is_i64(), "{function}");
    }
    for refused in ["unhex('', 'a')", "json_patch('{}', '{}')", "jsonb_patch('{}', '{}')"] {
        assert_eq!(ask(&database.han, &format!("SELECT {refused}")).unwrap_err().code(), ErrorCode::InvalidArgument);
    }
    let error = ask(&database.han, "SELECT replace(hex(zeroblob(20000000)), '0', 'abcd')").unwrap_err();
    assert!(error.code() == ErrorCode::QuerySyntax && error.to_string().contains("64 MiB"), "{error}");
}

#[test]
fn cancelling_ends_a_statement() {
    let (_home, database) = shop();
    let options = SqlOptions { deadline: Duration::from_millis(600_000), ..SqlOptions::default() };
    std::thread::scope(|scope| {
        let running = scope.spawn(|| database.han.sql(ENDLESS[0], &SqlParameters::default(), &options));
        options.cancellation.cancel();
        assert_eq!(running.join().unwrap().unwrap_err().code(), ErrorCode::Cancelled);
    });
    let cancellation = Cancellation::default();
    cancellation.cancel();
    let options = SqlOptions { cancellation, ..SqlOptions::default() };
    let error = database.han.sql("SELECT 1", &SqlParameters::default(), &options).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Cancelled);
}

#[test]
fn rows_and_bytes_are_capped_and_it_is_said() {
    let han = Han::open_in_memory().unwrap();
    let numbers = |count: i64| {
        format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n")
    };
    let capped = |sql: &str, options: SqlOptions| han.sql(sql, &SqlParameters::default(), &options);
    let of_rows = |max_rows| SqlOptions { max_rows, ..SqlOptions::default() };
    let result = capped(&numbers(5), of_rows(5)).unwrap();
    assert_eq!((result.rows.len(), result.is_truncated), (5, false));
    let result = capped(&numbers(6), of_rows(5)).unwrap();
    assert_eq!((result.rows.len(), result.is_truncated), (5, true));
    assert_eq!(ask(&han, &numbers(20_000)).unwrap().rows.len(), 10_000);

    let of_bytes = |max_bytes| SqlOptions { max_bytes, ..SqlOptions::default() };
    let wide = numbers(100).replace("SELECT i FROM", "SELECT printf('%1000d', i) FROM");
    let result = capped(&wide, of_bytes(10_500)).unwrap();
    assert_eq!((result.rows.len(), result.is_truncated), (10, true));
    let error = capped(&wide, of_bytes(500)).unwrap_err();
    assert!(error.code() == ErrorCode::InvalidArgument && error.to_string().contains("maxBytes"), "{error}");
}

#[test]
fn options_out_of_range_are_refused() {
    let han = Han::open_in_memory().unwrap();
    for options in [
        json!({ "deadlineMs": 0 }),
        json!({ "maxRows": -1 }),
        json!({ "maxRows": 1_000_001 }),
        json!({ "maxBytes": 0 }),
    ] {
        let name = options.as_object().unwrap().keys().next().unwrap().clone();
        let options: SqlOptions = serde_json::from_value(options).unwrap();
        let error = han.sql("SELECT 1", &SqlParameters::default(), &options).unwrap_err();
        assert!(error.code() == ErrorCode::InvalidArgument && error.to_string().starts_with(&name), "{error}");
    }
    assert!(serde_json::from_value::<SqlOptions>(json!({ "maxrows": 1 })).is_err());
    let error = ask(&han, &format!("SELECT '{}'", "a".repeat(300_000))).unwrap_err();
    assert!(error.code() == ErrorCode::InvalidArgument && error.to_string().starts_with("sql is longer"), "{error}");
}

#[test]
fn a_closed_handle_says_so() {
    let (_home, database) = shop();
    database.han.close();
    assert_eq!(ask(&database.han, "SELECT 1").unwrap_err().code(), ErrorCode::Closed);
}
