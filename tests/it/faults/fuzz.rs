//! The checks of the fuzz targets on values that are generated from their seeds: a fixed number of them, the same ones each time.

// Public in the crate where they are a library.
#[allow(unreachable_pub)]
#[path = "../../fuzz/src/oracles.rs"]
mod oracles;
#[allow(unreachable_pub)]
#[path = "../../fuzz/src/seeds.rs"]
mod seeds;

use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::runner::check;

/// A change to some bytes: where (a fraction), how many are taken out, and what is put there.
type Change = (u16, u8, Vec<u8>);

fn changed(seed: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for (place, removed, inserted) in changes {
        let start = bytes.len() * usize::from(*place) / (usize::from(u16::MAX) + 1);
        let end = (start + usize::from(*removed)).min(bytes.len());
        bytes.splice(start..end, inserted.iter().copied());
    }
    bytes
}

/// Bytes that break JSON, lines and UTF-8, besides arbitrary ones.
fn inserted() -> impl Strategy<Value = Vec<u8>> {
    let telling = [
        &b"\n"[..],
        b"\r\n",
        b"{",
        b"}",
        b"\"",
        b"\\",
        b"\\ud800",
        b"\\u0000",
        b"\0",
        b"\xff",
        b"null",
        b"[[",
        b"]",
        b"-1e999",
        b"{}{}",
        b"\xe6\x95",
        b" ",
        b",",
        b"\"type\":\"user\",",
        b"99999999999999999999",
    ];
    prop_oneof![
        3 => proptest::sample::select(telling.to_vec()).prop_map(<[u8]>::to_vec),
        1 => vec(any::<u8>(), 0..6),
    ]
}

fn near(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let changes = vec((any::<u16>(), 0_u8..12, inserted()), 0..5);
    (proptest::sample::select(seeds), changes).prop_map(|(seed, changes)| changed(&seed, &changes))
}

/// Fails as a property does, so that the value is shrunk.
fn holds(oracle: impl Fn()) -> Result<(), TestCaseError> {
    catch_unwind(AssertUnwindSafe(oracle)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        TestCaseError::fail(text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default())
    })
}

#[test]
fn any_bytes_are_lines() {
    for seed in seeds::lines() {
        oracles::lines(&seed);
    }
    check(60, near(seeds::lines()), |bytes| holds(|| oracles::lines(&bytes)));
}

#[test]
fn any_bytes_are_records() {
    for seed in seeds::records() {
        oracles::records(&seed);
    }
    check(150, near(seeds::records()), |bytes| holds(|| oracles::records(&bytes)));
}

#[test]
fn any_text_is_a_query() {
    for seed in seeds::search_queries() {
        oracles::search_query(std::str::from_utf8(&seed).unwrap());
    }
    let near = near(seeds::search_queries()).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    check(300, prop_oneof![near, any::<String>()], |text| holds(|| oracles::search_query(&text)));
}
