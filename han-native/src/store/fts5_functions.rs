//! What FTS5 reports to its own functions only, about the current match and the whole table, as functions of SQL:
//!
//! - `occurrences(table)`: how often the searched phrase occurs in the message; NULL if there are several;
//! - `indexed_messages(table)` and `indexed_tokens(table)`.

use std::ffi::{CStr, c_int, c_void};

use rusqlite::{Connection, ffi};

type Match = ffi::Fts5Context;
type Api = ffi::Fts5ExtensionApi;

/// Registers the functions with a connection.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let failed = |code| Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
    let api = match find_api(connection) {
        Ok(api) => api,
        Err(code) => return failed(code),
    };
    let functions: [(&CStr, ffi::fts5_extension_function); 3] = [
        (c"occurrences", Some(occurrences)),
        (c"indexed_messages", Some(indexed_messages)),
        (c"indexed_tokens", Some(indexed_tokens)),
    ];
    for (name, function) in functions {
        // SAFETY: FTS5 returned the pointer for this connection, which is open and not used elsewhere. It copies the name, and the
        // functions have no data of their own.
        let code = unsafe {
            match api.as_ref().and_then(|api| api.xCreateFunction) {
                Some(create) => create(api, name.as_ptr(), std::ptr::null_mut(), function, None),
                None => ffi::SQLITE_MISUSE,
            }
        };
        if code != ffi::SQLITE_OK {
            return failed(code);
        }
    }
    Ok(())
}

/// The interface of FTS5, which a statement writes to where its parameter points.
fn find_api(connection: &Connection) -> Result<*mut ffi::fts5_api, c_int> {
    let mut api: *mut ffi::fts5_api = std::ptr::null_mut();
    let mut statement: *mut ffi::sqlite3_stmt = std::ptr::null_mut();
    // SAFETY: the connection is open and not used elsewhere. The parameter points to `api`, which outlives the statement, and bears
    // the name under which FTS5 looks for it; finalizing a statement that was not made does nothing.
    unsafe {
        let sql = c"SELECT fts5(?1)";
        let mut code =
            ffi::sqlite3_prepare_v2(connection.handle(), sql.as_ptr(), -1, &mut statement, std::ptr::null_mut());
        if code == ffi::SQLITE_OK {
            let place: *mut c_void = std::ptr::from_mut(&mut api).cast();
            code = ffi::sqlite3_bind_pointer(statement, 1, place, c"fts5_api_ptr".as_ptr(), None);
        }
        if code == ffi::SQLITE_OK {
            ffi::sqlite3_step(statement);
        }
        let finalized = ffi::sqlite3_finalize(statement);
        match (code, finalized) {
            (ffi::SQLITE_OK, ffi::SQLITE_OK) if !api.is_null() => Ok(api),
            (ffi::SQLITE_OK, ffi::SQLITE_OK) => Err(ffi::SQLITE_ERROR),
            (ffi::SQLITE_OK, code) | (code, _) => Err(code),
        }
    }
}

/// Asks FTS5 for a number, and returns it, or the code of the failure, to SQLite.
///
/// # Safety
/// `context` has to be that of a function that SQLite is calling.
unsafe fn answer(context: *mut ffi::sqlite3_context, ask: impl FnOnce(&mut i64) -> Option<c_int>) {
    let mut number = 0;
    let code = ask(&mut number).unwrap_or(ffi::SQLITE_MISUSE);
    // SAFETY: the caller's.
    unsafe {
        match code {
            ffi::SQLITE_OK => ffi::sqlite3_result_int64(context, number),
            code => ffi::sqlite3_result_error_code(context, code),
        }
    }
}

unsafe extern "C" fn occurrences(
    api: *const Api,
    found: *mut Match,
    context: *mut ffi::sqlite3_context,
    _: c_int,
    _: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: FTS5 calls with its interface, its current match and SQLite's context, all valid during the call. A function
    // that sets no result returns NULL.
    unsafe {
        let Some(api) = api.as_ref() else { return };
        if api.xPhraseCount.is_some_and(|count| count(found) == 1) {
            let mut count: c_int = 0;
            answer(context, |number| {
                let code = api.xInstCount?(found, &mut count);
                *number = i64::from(count);
                Some(code)
            });
        }
    }
}

unsafe extern "C" fn indexed_messages(
    api: *const Api,
    found: *mut Match,
    context: *mut ffi::sqlite3_context,
    _: c_int,
    _: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: as in `occurrences`.
    unsafe { answer(context, |number| Some(api.as_ref()?.xRowCount?(found, number))) }
}

unsafe extern "C" fn indexed_tokens(
    api: *const Api,
    found: *mut Match,
    context: *mut ffi::sqlite3_context,
    _: c_int,
    _: *mut *mut ffi::sqlite3_value,
) {
    const ALL_COLUMNS: c_int = -1;
    // SAFETY: as in `occurrences`.
    unsafe { answer(context, |number| Some(api.as_ref()?.xColumnTotalSize?(found, ALL_COLUMNS, number))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_tell_of_the_match_and_of_the_table() {
        let connection = Connection::open_in_memory().unwrap();
        register(&connection).unwrap();
        connection
            .execute_batch(
                "CREATE VIRTUAL TABLE texts USING fts5 (one, two);
                 INSERT INTO texts VALUES ('a b a', 'a'), ('b', 'c'), ('b c', 'a');",
            )
            .unwrap();
        let occurrences = |expression: &str| -> Vec<(i64, Option<i64>)> {
            let sql = "SELECT rowid, occurrences(texts) FROM texts WHERE texts MATCH ?1 ORDER BY rowid";
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map([expression], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            rows.map(Result::unwrap).collect()
        };
        assert_eq!(occurrences("a"), [(1, Some(3)), (3, Some(1))]);
        assert_eq!(occurrences("{one} : a"), [(1, Some(2))]);
        assert_eq!(occurrences("\"b a\""), [(1, Some(1))]);
        assert_eq!(occurrences("a OR zebra"), [(1, None), (3, None)]);
        let sql = "SELECT indexed_messages(texts), indexed_tokens(texts) FROM texts LIMIT 1";
        let told = connection.query_row(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)));
        assert_eq!(told, Ok((3, 9)));
    }
}
