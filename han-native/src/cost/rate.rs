//! At which of a model's prices something is charged: what an answer says about itself besides its tokens.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How long a word may be; a longer one is cut.
const LONGEST_WORD: usize = 32;

/// Words for the usual.
const USUAL: [&str; 7] = ["", "standard", "standard_only", "default", "auto", "global", "not_available"];

/// The mode, the place and the service tier of a request, and whether it was refused before anything was said.
///
/// As text, in the database, it is words such as `speed=fast geo=us`; empty if all of it is as usual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub(crate) struct Rate {
    pub(super) speed: Option<String>,
    pub(super) geo: Option<String>,
    pub(super) tier: Option<String>,
    pub(super) is_refused: bool,
}

/// The name of what is charged as usual.
pub(crate) const STANDARD: &str = "standard";

impl Rate {
    /// From what an answer's usage says.
    pub(crate) fn of(speed: Option<&str>, geo: Option<&str>, tier: Option<&str>, is_refused: bool) -> Rate {
        Rate { speed: word(speed), geo: word(geo), tier: word(tier), is_refused }
    }

    /// From its text in the database.
    pub(crate) fn parse(text: &str) -> Rate {
        let mut rate = Rate::default();
        for part in text.split_whitespace() {
            match part.split_once('=') {
                Some(("speed", value)) => rate.speed = word(Some(value)),
                Some(("geo", value)) => rate.geo = word(Some(value)),
                Some(("tier", value)) => rate.tier = word(Some(value)),
                _ => rate.is_refused |= part == "refused",
            }
        }
        rate
    }

    /// Whether it is charged as usual.
    pub(crate) fn is_standard(&self) -> bool {
        *self == Rate::default()
    }

    /// Whether its tokens cost nothing.
    pub(crate) fn is_free(&self) -> bool {
        self.is_refused
    }

    /// That of another model's work within the same request: its mode is its own.
    pub(crate) fn without_speed(&self) -> Rate {
        Rate { speed: None, is_refused: false, ..self.clone() }
    }

    /// That of work within the same request that was not refused.
    pub(crate) fn without_refusal(&self) -> Rate {
        Rate { is_refused: false, ..self.clone() }
    }

    /// The same, in another mode.
    pub(crate) fn with_speed(&self, speed: &str) -> Rate {
        Rate { speed: word(Some(speed)), ..self.clone() }
    }

    /// What it is called, such as `fast us`; `standard` if all of it is as usual.
    pub(crate) fn name(&self) -> String {
        let refused = self.is_refused.then_some("refused");
        let words: Vec<&str> = self.words().map(|(_, word)| word).chain(refused).collect();
        if words.is_empty() { STANDARD.to_owned() } else { words.join(" ") }
    }

    /// How many things set it apart.
    pub(super) fn weight(&self) -> i64 {
        self.words().count() as i64 + i64::from(self.is_refused)
    }

    fn words(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let named = [("speed", &self.speed), ("geo", &self.geo), ("tier", &self.tier)];
        named.into_iter().filter_map(|(name, word)| Some((name, word.as_deref()?)))
    }
}

/// The text in the database.
impl fmt::Display for Rate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.words().map(|(name, word)| format!("{name}={word}")).collect();
        formatter.write_str(&words.join(" "))?;
        match self.is_refused {
            true if words.is_empty() => formatter.write_str("refused"),
            true => formatter.write_str(" refused"),
            false => Ok(()),
        }
    }
}

impl From<String> for Rate {
    fn from(text: String) -> Rate {
        Rate::parse(&text)
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> String {
        rate.to_string()
    }
}

/// A word as it is kept: short, in lower case, of letters that need no escape anywhere.
fn word(text: Option<&str>) -> Option<String> {
    let lower = text?.trim().to_ascii_lowercase();
    let safe = |letter: char| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '-' };
    let word: String = lower.chars().take(LONGEST_WORD).map(safe).collect();
    (!USUAL.contains(&word.as_str())).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_usual_is_nothing() {
        for usual in [None, Some(""), Some("standard"), Some("Not_Available"), Some("global"), Some("default")] {
            let rate = Rate::of(usual, usual, usual, false);
            assert!(rate.is_standard(), "{usual:?}");
            assert_eq!((rate.to_string().as_str(), rate.name().as_str()), ("", "standard"));
        }
    }

    #[test]
    fn a_rate_is_read_as_it_was_written() {
        let long = "x".repeat(50_000);
        for (rate, text, name) in [
            (Rate::of(Some("Fast"), None, None, false), "speed=fast", "fast"),
            (Rate::of(Some("fast"), Some("us"), Some("batch"), false), "speed=fast geo=us tier=batch", "fast us batch"),
            (Rate::of(None, None, None, true), "refused", "refused"),
            (Rate::of(None, Some("us"), None, true), "geo=us refused", "us refused"),
            (Rate::of(Some("a b=c\u{0}é"), None, None, false), "speed=a-b-c--", "a-b-c--"),
            (Rate::of(Some(&long), None, None, false), &format!("speed={}", &long[..32]), &long[..32]),
        ] {
            assert_eq!((rate.to_string().as_str(), rate.name().as_str()), (text, name));
            assert_eq!(Rate::parse(text), rate);
            let json = serde_json::to_string(&rate).unwrap();
            assert_eq!(serde_json::from_str::<Rate>(&json).unwrap(), rate);
        }
    }
}
