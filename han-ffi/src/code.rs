//! The numbers of the errors. Every error code of the core has one of its own; a test compares them.

use std::ffi::{CStr, c_char};

use han_native::ErrorCode;

use crate::guard::guard_value;

/// What a function returns: 0 for success, else the kind of error. The numbers are stable and never reused; a later version
/// may add some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum han_code_t {
    /// Success.
    HAN_OK = 0,
    /// A path, session or message does not exist.
    HAN_NOT_FOUND = 1,
    /// A directory was found where a file is expected.
    HAN_IS_DIRECTORY = 2,
    /// The operating system refused access.
    HAN_PERMISSION = 3,
    /// A file or folder of ours is open to others; the message says how to fix it.
    HAN_INSECURE_PERMISSIONS = 4,
    /// The file is a database of another program, or not a database.
    HAN_FOREIGN_DATABASE = 5,
    /// The database was written by a newer version.
    HAN_SCHEMA_TOO_NEW = 6,
    /// The database needs a migration, which a reader may not apply.
    HAN_SCHEMA_TOO_OLD = 7,
    /// The database is damaged.
    HAN_CORRUPT = 8,
    /// No space is left on the device.
    HAN_DISK_FULL = 9,
    /// The database or its device is read-only.
    HAN_READ_ONLY = 10,
    /// The database is on a network file system.
    HAN_NETWORK_FILESYSTEM = 11,
    /// Another process, or another thread or handle of this one, holds the write lock.
    HAN_LOCKED = 12,
    /// Another coordinator leads, or this one no longer does.
    HAN_NOT_LEADER = 13,
    /// Another handle of this process leads.
    HAN_ALREADY_LEADER_IN_PROCESS = 14,
    /// The writer stopped inside a transaction.
    HAN_WRITER_STALLED = 15,
    /// The caller cancelled the operation.
    HAN_CANCELLED = 16,
    /// The handle was closed.
    HAN_CLOSED = 17,
    /// An argument is NULL, not UTF-8, not JSON, of the wrong form or out of range.
    HAN_INVALID_ARGUMENT = 18,
    /// A raw FTS5 query does not parse.
    HAN_QUERY_SYNTAX = 19,
    /// Any other input or output error.
    HAN_IO = 20,
    /// A bug in this library, caught before it could harm the caller. The handle can still be used and freed.
    HAN_PANIC = 21,
    /// An embedder failed; the message contains its own.
    HAN_EMBEDDER = 22,
}

impl han_code_t {
    /// The number of a code of the core. The core cannot gain a code that this enum lacks without failing the tests below.
    pub(crate) fn of(code: ErrorCode) -> han_code_t {
        use han_code_t::*;
        match code {
            ErrorCode::NotFound => HAN_NOT_FOUND,
            ErrorCode::IsDirectory => HAN_IS_DIRECTORY,
            ErrorCode::Permission => HAN_PERMISSION,
            ErrorCode::InsecurePermissions => HAN_INSECURE_PERMISSIONS,
            ErrorCode::ForeignDatabase => HAN_FOREIGN_DATABASE,
            ErrorCode::SchemaTooNew => HAN_SCHEMA_TOO_NEW,
            ErrorCode::SchemaTooOld => HAN_SCHEMA_TOO_OLD,
            ErrorCode::Corrupt => HAN_CORRUPT,
            ErrorCode::DiskFull => HAN_DISK_FULL,
            ErrorCode::ReadOnly => HAN_READ_ONLY,
            ErrorCode::NetworkFilesystem => HAN_NETWORK_FILESYSTEM,
            ErrorCode::Locked => HAN_LOCKED,
            ErrorCode::NotLeader => HAN_NOT_LEADER,
            ErrorCode::AlreadyLeaderInProcess => HAN_ALREADY_LEADER_IN_PROCESS,
            ErrorCode::WriterStalled => HAN_WRITER_STALLED,
            ErrorCode::Cancelled => HAN_CANCELLED,
            ErrorCode::Closed => HAN_CLOSED,
            ErrorCode::InvalidArgument => HAN_INVALID_ARGUMENT,
            ErrorCode::QuerySyntax => HAN_QUERY_SYNTAX,
            ErrorCode::Io => HAN_IO,
            ErrorCode::Panic => HAN_PANIC,
            ErrorCode::Embedder => HAN_EMBEDDER,
            _ => HAN_IO,
        }
    }
}

/// The name of a code, such as "HAN_NOT_FOUND": the string that JavaScript programs see as `err.code`.
///
/// Ownership: the text is static and never freed. Returns "HAN_UNKNOWN" for a number that this version does not know.
/// Does not block; safe from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn han_code_name(code: u32) -> *const c_char {
    guard_value(c"HAN_UNKNOWN".as_ptr(), || name(code).as_ptr())
}

fn name(code: u32) -> &'static CStr {
    match code {
        0 => c"HAN_OK",
        1 => c"HAN_NOT_FOUND",
        2 => c"HAN_IS_DIRECTORY",
        3 => c"HAN_PERMISSION",
        4 => c"HAN_INSECURE_PERMISSIONS",
        5 => c"HAN_FOREIGN_DATABASE",
        6 => c"HAN_SCHEMA_TOO_NEW",
        7 => c"HAN_SCHEMA_TOO_OLD",
        8 => c"HAN_CORRUPT",
        9 => c"HAN_DISK_FULL",
        10 => c"HAN_READ_ONLY",
        11 => c"HAN_NETWORK_FILESYSTEM",
        12 => c"HAN_LOCKED",
        13 => c"HAN_NOT_LEADER",
        14 => c"HAN_ALREADY_LEADER_IN_PROCESS",
        15 => c"HAN_WRITER_STALLED",
        16 => c"HAN_CANCELLED",
        17 => c"HAN_CLOSED",
        18 => c"HAN_INVALID_ARGUMENT",
        19 => c"HAN_QUERY_SYNTAX",
        20 => c"HAN_IO",
        21 => c"HAN_PANIC",
        22 => c"HAN_EMBEDDER",
        _ => c"HAN_UNKNOWN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_core_has_its_number_and_name() {
        for &code in ErrorCode::ALL {
            assert_eq!(han_code_t::of(code) as u32, code.number(), "{}", code.as_str());
            assert_eq!(name(code.number()).to_str(), Ok(code.as_str()));
        }
        assert_eq!(name(0), c"HAN_OK");
        assert_eq!(name(ErrorCode::ALL.len() as u32 + 1), c"HAN_UNKNOWN");
        assert_eq!(name(u32::MAX), c"HAN_UNKNOWN");
    }
}
