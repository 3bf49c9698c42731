//! What was generated, counted while it was written: an oracle for tests.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::line::{Facts, Line, Tokens};

/// Counts of what was generated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Transcripts; spilled results, journals and metadata are not among them.
    pub files: u64,
    /// Those of them that are main files.
    pub main_files: u64,
    /// Spilled tool results.
    pub spills: u64,
    /// Lines, none of them blank.
    pub lines: u64,
    /// Bytes of the transcripts, line ends included.
    pub bytes: u64,
    /// Lines by the `type` of their record.
    pub lines_by_type: BTreeMap<&'static str, u64>,
    /// Lines that are prompts of a person, copies included.
    pub prompts: u64,
    /// Tool calls on lines of their own, copies included.
    pub tool_calls: u64,
    /// Lines whose uuid is on another line too, the first of each uuid left out.
    pub repeated_uuids: u64,
    uuids: HashSet<u128>,
    messages: HashMap<String, (bool, Tokens)>,
}

impl Summary {
    /// API messages, each counted once.
    pub fn api_messages(&self) -> u64 {
        self.messages.len() as u64
    }

    /// The tokens of all API messages, each counted once: as its last line states them, a file's own line before one that
    /// an agent's progress carries.
    pub fn tokens(&self) -> Tokens {
        let mut sum = Tokens::default();
        for (_, tokens) in self.messages.values() {
            sum += *tokens;
        }
        sum
    }

    /// Lines of one type.
    pub fn lines_of(&self, record_type: &str) -> u64 {
        self.lines_by_type.get(record_type).copied().unwrap_or(0)
    }

    /// Counts a line.
    pub fn add(&mut self, line: &Line) {
        self.lines += 1;
        self.bytes += line.bytes.len() as u64 + 1;
        let Facts { record_type, uuid, is_prompt, tool_calls, usage, .. } = &line.facts;
        *self.lines_by_type.entry(record_type).or_default() += 1;
        self.prompts += u64::from(*is_prompt);
        self.tool_calls += tool_calls;
        if let Some(uuid) = uuid {
            self.repeated_uuids += u64::from(!self.uuids.insert(uuid_number(uuid)));
        }
        if let Some(usage) = usage {
            let rank = |is_carried: bool, tokens: &Tokens| (!is_carried, tokens.output);
            let known = self.messages.entry(usage.message_id.clone()).or_insert((usage.is_carried, usage.tokens));
            if rank(usage.is_carried, &usage.tokens) > rank(known.0, &known.1) {
                *known = (usage.is_carried, usage.tokens);
            }
        }
    }
}

fn uuid_number(uuid: &str) -> u128 {
    uuid.bytes().filter_map(|byte| char::from(byte).to_digit(16)).fold(0, |sum, digit| sum << 4 | u128::from(digit))
}
