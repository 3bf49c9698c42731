//! Which versions these are.

use crate::model::Versions;
use crate::store;

/// The versions of this library, of the SQLite inside it and of the database schema that it writes.
pub fn versions() -> Versions {
    Versions {
        library: env!("CARGO_PKG_VERSION").to_owned(),
        sqlite: rusqlite::version().to_owned(),
        schema: store::LATEST_SCHEMA,
    }
}
