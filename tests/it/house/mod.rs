//! The rules of the house: which module and which file may import which, where SQL, napi and unsafe code may be, how long a
//! file may be. Read from the sources; a violation is named by file and line.
#![allow(clippy::unwrap_used)]

mod circles;
mod floors;
mod guards;
mod operations;
mod places;
mod sizes;
mod source;
mod versions;

/// Fails with every violation, one per line.
fn assert_none(rule: &str, violations: &[String]) {
    assert!(violations.is_empty(), "{rule}:\n  {}", violations.join("\n  "));
}
