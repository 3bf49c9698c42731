//! What differs between operating systems: permissions, file systems, locks. Knows nothing about transcripts or SQL.

pub(crate) mod desktop;
pub(crate) mod file;
pub(crate) mod filesystem;
pub(crate) mod list;
pub(crate) mod lock;
pub(crate) mod permissions;
pub(crate) mod process;
