//! The statements that run for each message, looked up once per transaction.

use rusqlite::{CachedStatement, Connection};

use crate::store::failure::Failure;
use crate::store::tables::{messages, search, tools, usage};

/// One field per statement, named after what it adds.
pub(super) struct Statements<'t> {
    pub message: CachedStatement<'t>,
    pub document: CachedStatement<'t>,
    pub usage: CachedStatement<'t>,
    pub call: CachedStatement<'t>,
    pub result: CachedStatement<'t>,
}

impl<'t> Statements<'t> {
    pub(super) fn new(connection: &'t Connection) -> Result<Statements<'t>, Failure> {
        Ok(Statements {
            message: connection.prepare_cached(messages::INSERT)?,
            document: connection.prepare_cached(search::INSERT)?,
            usage: connection.prepare_cached(usage::INSERT)?,
            call: connection.prepare_cached(tools::INSERT_CALL)?,
            result: connection.prepare_cached(tools::INSERT_RESULT)?,
        })
    }
}
