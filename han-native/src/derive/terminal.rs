//! Control sequences of terminals, which colour texts, move cursors and set titles: they are not text, even inside a word.

use std::borrow::Cow;

use memchr::memchr2_iter;

/// How long a control string may be, in bytes: what has no end by then is text.
const STRING_LIMIT: usize = 4 << 10;

/// How many parameter bytes a sequence may have.
const PARAMETERS_LIMIT: usize = 256;

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;
/// The first byte of U+0080 to U+00BF in UTF-8; up to U+009F they are controls.
const LATIN: u8 = 0xc2;

/// The text that a terminal would show. Costs a search where there is no control sequence.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let Some(first) = next_control(text.as_bytes(), 0) else { return Cow::Borrowed(text) };
    let mut shown = String::with_capacity(text.len());
    shown.push_str(&text[..first]);
    push_visible(text, first, &mut shown);
    Cow::Owned(shown)
}

/// Takes the control sequences out of a text from `start` on.
pub(crate) fn make_visible(text: &mut String, start: usize) {
    if let Some(first) = next_control(text.as_bytes(), start) {
        let rest = text.split_off(first);
        push_visible(&rest, 0, text);
    }
}

/// Appends what is visible of a text from its control at `position` on.
fn push_visible(text: &str, mut position: usize, shown: &mut String) {
    loop {
        position = behind_control(text, position);
        let next = next_control(text.as_bytes(), position);
        shown.push_str(&text[position..next.unwrap_or(text.len())]);
        match next {
            Some(next) => position = next,
            None => return,
        }
    }
}

/// The place of the next escape or C1 control.
fn next_control(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = &bytes[start..];
    memchr2_iter(ESCAPE, LATIN, rest).find(|at| rest[*at] == ESCAPE || c1(rest, *at).is_some()).map(|at| start + at)
}

/// The second byte of the C1 control that starts here. The next line is one, and a line end: it stays.
fn c1(bytes: &[u8], at: usize) -> Option<u8> {
    let second = *bytes.get(at + 1)?;
    (bytes[at] == LATIN && (0x80..0xa0).contains(&second) && second != 0x85).then_some(second)
}

/// The place after the control that starts at `position`, and after what belongs to it.
fn behind_control(text: &str, position: usize) -> usize {
    let bytes = text.as_bytes();
    if let Some(second) = c1(bytes, position) {
        let behind = position + 2;
        // Half of a character whose bytes were taken for characters, as in `â\u{80}\u{9d}`.
        let is_misread = position >= 2 && bytes[position - 2] == LATIN && bytes[position - 1] == 0x80;
        return match second {
            _ if is_misread => behind,
            0x9b => behind_sequence(bytes, behind),
            0x9d if bytes.get(behind).is_some_and(u8::is_ascii_digit) => behind_string(text, behind).0,
            0x90 | 0x98 | 0x9d..=0x9f => match behind_string(text, behind) {
                (end, true) => end,
                _ => behind,
            },
            _ => behind,
        };
    }
    let behind = position + 1;
    match bytes.get(behind) {
        Some(b'[') => behind_sequence(bytes, behind + 1),
        Some(b']' | b'P' | b'X' | b'^' | b'_') => behind_string(text, behind + 1).0,
        Some(0x20..=0x2f) => {
            let last = skip(bytes, behind, 0x20..=0x2f);
            last + usize::from(matches!(bytes.get(last), Some(0x30..=0x7e)))
        }
        Some(0x30..=0x7e) => behind + 1,
        _ => behind,
    }
}

/// The place after the parameters and the final byte of a control sequence; one that is broken off ends where it is.
fn behind_sequence(bytes: &[u8], start: usize) -> usize {
    let last = skip(bytes, skip(bytes, start, 0x30..=0x3f), 0x20..=0x2f);
    last + usize::from(matches!(bytes.get(last), Some(0x40..=0x7e)))
}

fn skip(bytes: &[u8], start: usize, range: std::ops::RangeInclusive<u8>) -> usize {
    start + bytes[start..].iter().take(PARAMETERS_LIMIT).take_while(|byte| range.contains(*byte)).count()
}

/// The place after a control string, and whether it has an end of its own: a bell or a terminator. Without one it ends with its line.
fn behind_string(text: &str, start: usize) -> (usize, bool) {
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate().skip(start).take(STRING_LIMIT) {
        match *byte {
            BELL => return (at + 1, true),
            ESCAPE if bytes.get(at + 1) == Some(&b'\\') => return (at + 2, true),
            LATIN if bytes.get(at + 1) == Some(&0x9c) => return (at + 2, true),
            // Another sequence, or a control that cancels this one.
            ESCAPE | b'\n' | b'\r' => return (at, false),
            0x18 | 0x1a => return (at + 1, false),
            _ => {}
        }
    }
    (text.floor_char_boundary(start.saturating_add(STRING_LIMIT)), false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sequences_go_and_text_stays() {
        let cases = [
            ("plain § text", "plain § text"),
            ("BRO\u{1b}[1;31mKEN\u{1b}[0m", "BROKEN"),
            ("\u{1b}[38:2::1:2:3mrgb\u{1b}[m \u{1b}[?25lhidden", "rgb hidden"),
            ("\u{9b}31mc1\u{9b}0m", "c1"),
            ("\u{1b}]0;a title\u{7}shown", "shown"),
            ("\u{1b}]8;;https://example.org\u{1b}\\link\u{1b}]8;;\u{1b}\\ rest", "link rest"),
            ("\u{9d}0;a title\u{9c}shown", "shown"),
            ("\u{1b}Pq#0;1\u{1b}\\a\u{1b}_app\u{1b}\\b\u{1b}^pm\u{1b}\\c\u{1b}Xsos\u{1b}\\d", "abcd"),
            ("\u{1b}(Bascii\u{1b}7\u{1b}8\u{1b}=\u{1b}c", "ascii"),
            // An incomplete sequence takes no more than itself.
            ("a\u{1b}[31", "a"),
            ("a\u{1b}[31\nb", "a\nb"),
            ("a\u{1b}[3\u{1b}[1mb", "ab"),
            ("a\u{1b}", "a"),
            ("a\u{1b}\nb", "a\nb"),
            ("a\u{1b}é", "aé"),
            ("a\u{1b}]0;never ended\nb", "a\nb"),
            ("a\u{1b}]0;cut\u{1b}[1mb", "ab"),
            ("\u{1b}]8;;x\u{1b}[0m\u{7}", "\u{7}"),
            ("a\u{84}b\u{85}c", "ab\u{85}c"),
            // Bytes of UTF-8 that were taken for characters are not introducers.
            ("itâ\u{80}\u{99}s â\u{80}\u{9d}quoted words", "itâs âquoted words"),
            ("\u{9e}not ended", "not ended"),
        ];
        for (text, expected) in cases {
            assert_eq!(visible(text), expected, "{text:?}");
            let mut behind = format!("\u{1b}[1mkept {text}");
            make_visible(&mut behind, "\u{1b}[1mkept ".len());
            assert_eq!(behind, format!("\u{1b}[1mkept {expected}"), "{text:?}");
        }
        assert!(matches!(visible("a § b"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_string_without_end_takes_only_so_much() {
        let text = format!("\u{1b}]0;{} word", "é".repeat(1 << 20));
        assert!(visible(&text).ends_with(" word") && text.len() - visible(&text).len() <= STRING_LIMIT + 2);
        let text = format!("\u{1b}[{}", "1".repeat(1 << 20));
        assert!(text.len() - visible(&text).len() <= PARAMETERS_LIMIT + 2);
    }

    proptest! {
        #[test]
        fn what_is_visible_has_no_controls(text in "([\\x1b\\[\\]\\\\0-9;mPX^_ a\u{7}\u{9b}\u{9c}\u{9d}\u{80}\u{90}é\n]){0,60}") {
            let shown = visible(&text).into_owned();
            prop_assert!(next_control(shown.as_bytes(), 0).is_none(), "{:?} shows {:?}", text, shown);
            prop_assert!(shown.len() <= text.len());
        }
    }
}
