//! One generated line, with the facts about it that tests can rely on.

/// A line without its end.
#[derive(Debug, Clone)]
pub struct Line {
    /// A compact JSON object.
    pub bytes: Vec<u8>,
    /// What the line is.
    pub facts: Facts,
}

/// What a line is, as its writer knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The record's `type`.
    pub record_type: &'static str,
    /// Its `uuid`, if it has one.
    pub uuid: Option<String>,
    /// Its `timestamp`, if it has one.
    pub timestamp: Option<String>,
    /// Whether it is a prompt that a person typed.
    pub is_prompt: bool,
    /// Whether it is part of a side chain.
    pub is_sidechain: bool,
    /// How many tool calls it makes (those of a record inside an agent's progress left out).
    pub tool_calls: u64,
    /// The API message that it is a part of, and the usage it states.
    pub usage: Option<StatedUsage>,
}

/// The usage that one line states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedUsage {
    /// The API's message id.
    pub message_id: String,
    /// The tokens as of this line.
    pub tokens: Tokens,
    /// Whether an agent's progress record carries the message.
    pub is_carried: bool,
}

/// Tokens of one API message, or a sum of such.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Uncached input.
    pub input: i64,
    /// Output.
    pub output: i64,
    /// Read from the cache.
    pub cache_read: i64,
    /// Written to the cache for five minutes.
    pub cache_creation_5m: i64,
    /// Written to the cache for one hour.
    pub cache_creation_1h: i64,
}

impl std::ops::AddAssign for Tokens {
    fn add_assign(&mut self, other: Tokens) {
        self.input += other.input;
        self.output += other.output;
        self.cache_read += other.cache_read;
        self.cache_creation_5m += other.cache_creation_5m;
        self.cache_creation_1h += other.cache_creation_1h;
    }
}
