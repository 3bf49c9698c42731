use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The identity of a message: the same in every database and language.
///
/// Written as `<16 hex digits>:<line>:<part>`, followed by `~<generation>` if the message belongs to a superseded
/// generation of its file. The digits are the XXH3 hash of the file's path below its config dir.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId {
    /// XXH3-64 of the path below the config dir.
    pub path_hash: u64,
    /// The line, counted from 1, blank ones included.
    pub line: i64,
    /// 0, or the position of a record glued after the first one of its line.
    pub part: i64,
    /// The generation, if it is superseded.
    pub generation: Option<i64>,
}

impl fmt::Display for MessageId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}:{}:{}", self.path_hash, self.line, self.part)?;
        match self.generation {
            Some(generation) => write!(formatter, "~{generation}"),
            None => Ok(()),
        }
    }
}

impl FromStr for MessageId {
    type Err = String;

    fn from_str(text: &str) -> Result<MessageId, String> {
        let refused = || format!("is not a message id: {text:?}");
        let (rest, generation) = match text.split_once('~') {
            Some((rest, generation)) => (rest, Some(generation.parse().map_err(|_| refused())?)),
            None => (text, None),
        };
        let mut parts = rest.split(':');
        let (Some(hash), Some(line), Some(part), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(refused());
        };
        if hash.len() != 16 {
            return Err(refused());
        }
        Ok(MessageId {
            path_hash: u64::from_str_radix(hash, 16).map_err(|_| refused())?,
            line: line.parse().map_err(|_| refused())?,
            part: part.parse().map_err(|_| refused())?,
            generation,
        })
    }
}

impl Serialize for MessageId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MessageId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<MessageId, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for MessageId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MessageId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "The identity of a message, the same in every database and language: \
                            `<16 hex digits>:<line>:<part>`, followed by `~<generation>` if it belongs to a superseded generation.",
            "type": "string",
        })
    }
}
