//! The generator of transcripts that benches, tests and samples share, and the benches of han-native.

pub mod generator;

pub use generator::{Era, Facts, Generator, Line, StatedUsage, Summary, Tokens};

/// Reads a size such as `300M`: bytes, or thousands (`K`), millions (`M`) or billions (`G`) of them.
///
/// # Errors
/// A message that says what is wrong with it.
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let (digits, factor) = match text.as_bytes().last() {
        Some(b'K' | b'k') => (&text[..text.len() - 1], 1_000),
        Some(b'M' | b'm') => (&text[..text.len() - 1], 1_000_000),
        Some(b'G' | b'g') => (&text[..text.len() - 1], 1_000_000_000),
        _ => (text, 1),
    };
    let number: Option<u64> = digits.parse().ok();
    number
        .and_then(|number| number.checked_mul(factor))
        .ok_or_else(|| format!("\"{text}\" is not a size; write a number, optionally followed by K, M or G"))
}

#[cfg(test)]
mod tests {
    use super::parse_bytes;

    #[test]
    fn sizes_are_read_with_their_unit() {
        assert_eq!(parse_bytes("17"), Ok(17));
        assert_eq!(parse_bytes("2K"), Ok(2_000));
        assert_eq!(parse_bytes("300m"), Ok(300_000_000));
        assert_eq!(parse_bytes("1G"), Ok(1_000_000_000));
        for text in ["", "K", "-1", "1.5M", "99999999999G", "3T"] {
            assert!(parse_bytes(text).is_err(), "{text}");
        }
    }
}
