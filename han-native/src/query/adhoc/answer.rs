//! What the functions of the views have in common.

use rusqlite::functions::FunctionFlags;

use crate::store::Failure;

pub(super) type Answer<T> = rusqlite::Result<T>;

pub(super) const FLAGS: FunctionFlags =
    FunctionFlags::SQLITE_UTF8.union(FunctionFlags::SQLITE_DETERMINISTIC).union(FunctionFlags::SQLITE_INNOCUOUS);

pub(super) fn failed(failure: Failure) -> rusqlite::Error {
    match failure {
        Failure::Sqlite(error) => error,
        Failure::Other(error) => rusqlite::Error::UserFunctionError(Box::new(error)),
    }
}
