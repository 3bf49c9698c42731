//! Patterns of topics.

use crate::error::{Error, Result};

/// Which topics a subscriber wants.
#[derive(Debug, Clone)]
pub(super) struct Topics {
    /// Empty: all.
    patterns: Vec<Pattern>,
}

#[derive(Debug, Clone)]
struct Pattern {
    segments: Vec<Segment>,
    /// Whether any segments may follow, or none.
    is_open: bool,
}

#[derive(Debug, Clone)]
enum Segment {
    Any,
    Name(String),
}

impl Topics {
    /// Reads patterns; none at all is every topic.
    pub(super) fn parse(patterns: &[String]) -> Result<Topics> {
        let parsed: Vec<Pattern> = patterns.iter().map(|text| pattern(text)).collect::<Result<_>>()?;
        Ok(Topics { patterns: parsed })
    }

    pub(super) fn matches(&self, topic: &str) -> bool {
        self.patterns.is_empty() || self.patterns.iter().any(|pattern| pattern.matches(topic))
    }
}

impl Pattern {
    fn matches(&self, topic: &str) -> bool {
        let mut names = topic.split(':');
        for segment in &self.segments {
            match (segment, names.next()) {
                (Segment::Any, Some(_)) => {}
                (Segment::Name(wanted), Some(name)) if wanted == name => {}
                _ => return false,
            }
        }
        self.is_open || names.next().is_none()
    }
}

fn pattern(text: &str) -> Result<Pattern> {
    if text == "*" {
        return Ok(Pattern { segments: Vec::new(), is_open: true });
    }
    let mut names: Vec<&str> = text.split(':').collect();
    let is_open = names.last() == Some(&"**");
    if is_open {
        names.pop();
    }
    let segments = names.into_iter().map(|name| segment(name, text)).collect::<Result<_>>()?;
    Ok(Pattern { segments, is_open })
}

fn segment(name: &str, pattern: &str) -> Result<Segment> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    match name {
        "*" => Ok(Segment::Any),
        _ if !name.is_empty() && name.bytes().all(is_plain) => Ok(Segment::Name(name.into())),
        _ => Err(Error::invalid(
            "topics",
            format!(
                "has {pattern:?}, which is no pattern; write names of small letters between colons, * for one of them, ** at \
                 the end for the rest"
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, topic: &str) -> bool {
        Topics::parse(&[pattern.to_string()]).unwrap().matches(topic)
    }

    #[test]
    fn a_star_is_one_segment_and_two_at_the_end_are_the_rest() {
        for (pattern, topic, expected) in [
            ("*", "session:message:added", true),
            ("*", "leader:lost", true),
            ("**", "session:added", true),
            ("session:added", "session:added", true),
            ("session:added", "session:message:added", false),
            ("session:*", "session:added", true),
            ("session:*", "session:message:added", false),
            ("session:*:*", "session:message:added", true),
            ("session:*:changed", "session:todos:changed", true),
            ("session:*:changed", "session:message:added", false),
            ("*:added", "session:added", true),
            ("*:added", "session:message:added", false),
            ("*:*", "session:added", true),
            ("*:*", "tool:result:added", false),
            ("session:**", "session:message:added", true),
            ("session:**", "session:added", true),
            ("session:**", "tool:result:added", false),
            ("session:added:**", "session:added", true),
            ("*:result:**", "hook:result:added", true),
            ("session:message:added:more", "session:message:added", false),
            ("no:such", "session:added", false),
        ] {
            assert_eq!(matches(pattern, topic), expected, "{pattern} {topic}");
        }
    }

    #[test]
    fn any_of_several_patterns_is_enough_and_none_is_everything() {
        let topics = Topics::parse(&["leader:*".into(), "tool:**".into()]).unwrap();
        assert!(topics.matches("leader:lost") && topics.matches("tool:result:added"));
        assert!(!topics.matches("session:added"));
        assert!(Topics::parse(&[]).unwrap().matches("anything"));
    }

    #[test]
    fn impossible_patterns_are_refused() {
        for pattern in
            ["", ":", "session:", ":added", "session::added", "Session:added", "session:a*", "***", "**:added"]
                .into_iter()
                .chain(["session:**:added", "session added", "session:\u{e9}", "session:\0", "session.added"])
        {
            let error = Topics::parse(&[pattern.to_string()]).unwrap_err();
            assert_eq!(error.code().as_str(), "HAN_INVALID_ARGUMENT", "{pattern:?}");
        }
    }
}
