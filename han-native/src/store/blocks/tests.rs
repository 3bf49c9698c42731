//! What is left out of blocks comes back in its place, or is missed; it is never something else.

use proptest::prelude::*;
use rusqlite::Connection;

use super::frame::{Compressor, hash};
use super::*;
use crate::row::Span;
use crate::store::empty_database;

/// A database with one generation.
fn database() -> Connection {
    let connection = empty_database();
    connection.execute("INSERT INTO generations (id, file_id, number) VALUES (1, 1, 1)", []).unwrap();
    connection
}

fn add(connection: &Connection, generation_id: i64, offset: i64, bytes: &[u8], repeated: &[Span], is_sealed: bool) {
    let block = Compressor::new().unwrap().block(offset, bytes, repeated, is_sealed).unwrap();
    insert(connection, generation_id, &block).unwrap();
}

fn number(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn counts(connection: &Connection) -> [i64; 2] {
    ["block_splices", "shared_texts"].map(|table| number(connection, &format!("SELECT count(*) FROM {table}")))
}

fn findings(connection: &Connection) -> usize {
    audit_shared(connection).unwrap().len()
}

const fn span(offset: i64, length: i64) -> Span {
    Span { offset, length }
}

/// Which of three texts is in each place of a block, and the bytes around them.
fn pieces() -> impl Strategy<Value = Vec<(Vec<u8>, Option<usize>)>> {
    let around = proptest::collection::vec(97_u8..100, 0..6);
    proptest::collection::vec((around, proptest::option::of(0..3_usize)), 0..8)
}

const TEXTS: [&[u8]; 3] = [b"one text", b"another", b"x"];

/// The bytes of a block, and where in the file the texts are.
fn assemble(pieces: &[(Vec<u8>, Option<usize>)], offset: i64) -> (Vec<u8>, Vec<Span>) {
    let (mut bytes, mut spans) = (Vec::new(), Vec::new());
    for (around, text) in pieces {
        bytes.extend_from_slice(around);
        if let Some(text) = text.map(|index| TEXTS[index]) {
            spans.push(span(offset + bytes.len() as i64, text.len() as i64));
            bytes.extend_from_slice(text);
        }
    }
    (bytes, spans)
}

proptest! {
    #[test]
    fn bytes_are_read_back_wherever_they_are_read_from(
        blocks in proptest::collection::vec(pieces(), 1..5),
        from in any::<proptest::sample::Index>(),
        to in any::<proptest::sample::Index>(),
    ) {
        let connection = database();
        let mut file = Vec::new();
        let mut used = std::collections::BTreeSet::new();
        for pieces in blocks {
            let offset = file.len() as i64;
            let (bytes, spans) = assemble(&pieces, offset);
            used.extend(pieces.iter().filter_map(|(_, text)| *text));
            if !bytes.is_empty() {
                add(&connection, 1, offset, &bytes, &spans, false);
            }
            file.extend_from_slice(&bytes);
        }
        prop_assert_eq!(counts(&connection)[1], used.len() as i64, "each text is stored once");
        let (from, to) = (from.index(file.len() + 1), to.index(file.len() + 1));
        let (from, to) = (from.min(to), from.max(to));
        let read = |connection: &Connection| {
            read_bytes(connection, 1, from as i64, (to - from) as i64).unwrap()
        };
        prop_assert_eq!(read(&connection), &file[from..to]);
        change::join(&connection, 1, 0, file.len() as i64).unwrap();
        prop_assert_eq!(number(&connection, "SELECT count(*) FROM raw_blocks"), 1);
        prop_assert_eq!(read(&connection), &file[from..to], "after they were joined");
        prop_assert_eq!(findings(&connection), 0);
        remove_from(&connection, 1, 0).unwrap();
        prop_assert_eq!(counts(&connection), [0, 0], "nothing is left of what no block has");
    }
}

/// Two blocks: the first has a text twice and another one, the second only the first.
fn two_blocks() -> (Connection, Vec<u8>) {
    let connection = database();
    let bytes = b"a(one text)b(another)c(one text)d\n(one text)\n";
    add(&connection, 1, 0, &bytes[..34], &[span(2, 8), span(13, 7), span(23, 8)], false);
    add(&connection, 1, 34, &bytes[34..], &[span(35, 8)], true);
    connection.execute("UPDATE generations SET offset = 45", []).unwrap();
    (connection, bytes.to_vec())
}

#[test]
fn a_text_goes_with_the_last_block_that_has_it() {
    let (connection, bytes) = two_blocks();
    assert_eq!(read_bytes(&connection, 1, 0, 45).unwrap(), bytes);
    assert_eq!(counts(&connection), [4, 2]);
    add(&connection, 2, 0, b"one text", &[span(0, 8)], true);
    assert_eq!(read_bytes(&connection, 2, 0, 8).unwrap(), b"one text", "a block with nothing in the frame");
    remove_from(&connection, 1, 34).unwrap();
    assert_eq!(counts(&connection), [4, 2]);
    remove_from(&connection, 1, 0).unwrap();
    assert_eq!(counts(&connection), [1, 1]);
    remove_from(&connection, 2, 0).unwrap();
    assert_eq!(counts(&connection), [0, 0]);
}

#[test]
fn texts_of_one_hash_are_told_apart() {
    let connection = database();
    let mut compressor = Compressor::new().unwrap();
    let mut write = |connection: &Connection, generation_id: i64, bytes: &[u8]| {
        let mut block = compressor.block(0, bytes, &[span(1, 8)], true).unwrap();
        block.splices[0].text.hash = hash(b"the same");
        insert(connection, generation_id, &block).unwrap();
    };
    write(&connection, 1, b"<one text>");
    write(&connection, 2, b"<two text>");
    write(&connection, 3, b"(two text)");
    assert_eq!(counts(&connection), [3, 2]);
    // One that another version of zstd has compressed is still the same text.
    let other = zstd::stream::encode_all(&b"one text"[..], 1).unwrap();
    connection.execute("UPDATE shared_texts SET data = ?1 WHERE id = 1", [other]).unwrap();
    write(&connection, 4, b"[one text]");
    assert_eq!(counts(&connection), [4, 2]);
    for (id, expected) in [(1, b"<one text>"), (2, b"<two text>"), (3, b"(two text)"), (4, b"[one text]")] {
        assert_eq!(read_bytes(&connection, id, 0, 10).unwrap(), expected);
    }
}

#[test]
fn what_is_said_to_be_repeated_elsewhere_than_in_the_block_is_kept_in_it() {
    let connection = database();
    let bytes = b"some bytes";
    let repeated = [span(-3, 5), span(0, 0), span(1, 3), span(2, 4), span(5, -1), span(6, 5), span(i64::MAX, i64::MAX)];
    add(&connection, 1, 0, bytes, &repeated, true);
    assert_eq!(counts(&connection), [1, 1]);
    assert_eq!(read_bytes(&connection, 1, 0, 10).unwrap(), bytes);
}

#[test]
fn open_frames_are_sealed_by_what_is_in_them() {
    let connection = database();
    let text: Vec<u8> = (0..40_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    let (mut file, mut lines) = (Vec::new(), 0);
    let mut append = |line: &[u8], repeated: Option<(usize, usize)>| {
        let offset = file.len() as i64;
        let spans: Vec<Span> =
            repeated.map(|(start, length)| span(offset + start as i64, length as i64)).into_iter().collect();
        file.extend_from_slice(line);
        add(&connection, 1, offset, line, &spans, false);
        seal(&connection, 1, file.len() as i64).unwrap();
        lines += 1;
        assert!(read_bytes(&connection, 1, 0, file.len() as i64).unwrap() == file, "after {lines} lines");
        number(&connection, "SELECT count(*) FROM raw_blocks")
    };
    let line = [b"{", text.as_slice(), b"}\n"].concat();
    // Six lines that represent a mebibyte are few bytes, but slow to read if there were more of them.
    let open: Vec<i64> = (0..7).map(|_| append(&line, Some((1, text.len())))).collect();
    assert_eq!(open, [1, 2, 3, 4, 5, 6, 1]);
    assert_eq!(append(b"short\n", None), 2);
    // One that is not left out fills the frame at once.
    assert_eq!(append(&line, None), 2);
    assert_eq!(counts(&connection), [7, 1]);
    assert_eq!(number(&connection, "SELECT count(*) FROM raw_blocks WHERE is_sealed"), 2);
    assert_eq!(findings(&connection), 0);
}

#[test]
fn a_whole_block_can_be_reduced_later() {
    let connection = database();
    let bytes = b"a(one text)b\n";
    add(&connection, 1, 0, bytes, &[], true);
    for _ in 0..2 {
        reduce(&connection, 1, 0, &[span(2, 8)]).unwrap();
        assert_eq!(counts(&connection), [1, 1]);
        assert_eq!(read_bytes(&connection, 1, 0, 13).unwrap(), bytes);
    }
    reduce(&connection, 1, 5, &[span(5, 3)]).unwrap();
    assert_eq!(counts(&connection), [1, 1], "there is no block at that place");
}

#[test]
fn damage_is_noticed_and_never_read_as_something_else() {
    let set = |what: &str| format!("UPDATE {what}");
    let damages = [
        "DELETE FROM shared_texts WHERE id = 1".to_owned(),
        "DELETE FROM block_splices WHERE block_id = 1 AND position = 13".to_owned(),
        "INSERT INTO block_splices VALUES (1, 1, 1)".to_owned(),
        "INSERT INTO block_splices VALUES (1, 3, 2)".to_owned(),
        "INSERT INTO block_splices VALUES (1, 34, 2)".to_owned(),
        "INSERT INTO block_splices VALUES (1, -4, 2)".to_owned(),
        set("block_splices SET position = -1 WHERE block_id = 1 AND position = 2"),
        set("block_splices SET position = 30 WHERE block_id = 1 AND position = 23"),
        set("block_splices SET position = 9223372036854775807 WHERE block_id = 1 AND position = 23"),
        set("block_splices SET shared_id = 2 WHERE block_id = 1 AND position = 2"),
        set("block_splices SET shared_id = 99 WHERE block_id = 1"),
        set("shared_texts SET length = length + 1 WHERE id = 1"),
        set("shared_texts SET length = 9223372036854775807 WHERE id = 1"),
        set("shared_texts SET length = -1 WHERE id = 1"),
        set("shared_texts SET length = 0 WHERE id = 1"),
        set("shared_texts SET data = x'' WHERE id = 1"),
        set("shared_texts SET data = x'00' WHERE id = 1"),
        set("shared_texts SET data = zeroblob(length(data)) WHERE id = 1"),
        set("raw_blocks SET reduced_length = reduced_length + 1 WHERE id = 1"),
        set("raw_blocks SET reduced_length = reduced_length - 1 WHERE id = 1"),
        set("raw_blocks SET reduced_length = 0 WHERE id = 1"),
        set("raw_blocks SET reduced_length = -1 WHERE id = 1"),
        set("raw_blocks SET reduced_length = 9223372036854775807 WHERE id = 1"),
        set("raw_blocks SET reduced_length = NULL WHERE id = 1"),
        set("raw_blocks SET length = 9223372036854775807, reduced_length = 9223372036854775807 WHERE id = 1"),
        set("raw_blocks SET length = 9223372036854775807, reduced_length = NULL WHERE id = 1"),
        set("raw_blocks SET length = -5 WHERE id = 1"),
    ];
    for damage in damages {
        let (connection, bytes) = two_blocks();
        connection.execute(&damage, []).unwrap();
        for end in 1..=34 {
            if let Ok(found) = read_bytes(&connection, 1, 0, end) {
                assert!(end < 34 && found == bytes[..end as usize], "{damage}: {end} bytes are {found:?}");
            }
        }
        let whole = copy_to(&connection, 1, &mut Vec::new());
        assert!(matches!(whole, Err(Failure::Other(Error::Corrupt { .. }))), "{damage}: {whole:?}");
        // Nor does rewriting or removing them panic.
        let _ = seal(&connection, 1, 34);
        let _ = change::join(&connection, 1, 0, 45);
        remove_from(&connection, 1, 0).unwrap();
    }
}

#[test]
fn the_audit_finds_what_nobody_reads_and_what_nobody_wrote() {
    let cases = [
        ("DELETE FROM raw_blocks WHERE id = 2", true),
        ("DELETE FROM block_splices", true),
        ("UPDATE raw_blocks SET reduced_length = NULL WHERE id = 2", true),
        ("DELETE FROM shared_texts WHERE id = 1", false),
        ("UPDATE shared_texts SET hash = x'00' WHERE id = 1", false),
        ("UPDATE shared_texts SET hash = 'text' WHERE id = 1", false),
        ("UPDATE shared_texts SET data = x'28' WHERE id = 1", false),
    ];
    for (damage, is_mended) in cases {
        let (connection, _) = two_blocks();
        assert_eq!(findings(&connection), 0);
        connection.execute(damage, []).unwrap();
        let found = audit_shared(&connection).unwrap();
        assert!(!found.is_empty() && found.iter().all(|(_, mended)| *mended == is_mended), "{damage}: {found:?}");
        fix_shared(&connection).unwrap();
        assert_eq!(findings(&connection) == 0, is_mended, "{damage}");
    }
}
