//! Token counts as records state them.

use crate::model::TokenUsage;
use crate::transcript::record::{CacheSplit, Number, Usage, UsageIteration};

/// Sums over millions of lines must not overflow.
const MOST_TOKENS: i64 = 1_000_000_000_000;

/// Token counts as they are written.
pub(super) struct Stated<'u> {
    input: Number,
    output: Number,
    cache_read: Number,
    cache_creation: Number,
    cache_split: &'u CacheSplit,
}

impl<'u> From<&'u Usage<'_>> for Stated<'u> {
    fn from(usage: &'u Usage<'_>) -> Stated<'u> {
        let Usage { input, output, cache_read, cache_creation, cache_split, .. } = usage;
        Stated { input: *input, output: *output, cache_read: *cache_read, cache_creation: *cache_creation, cache_split }
    }
}

impl<'u> From<&'u UsageIteration<'_>> for Stated<'u> {
    fn from(iteration: &'u UsageIteration<'_>) -> Stated<'u> {
        let UsageIteration { input, output, cache_read, cache_creation, cache_split, .. } = iteration;
        Stated { input: *input, output: *output, cache_read: *cache_read, cache_creation: *cache_creation, cache_split }
    }
}

impl Stated<'_> {
    /// The tokens; `None` if none are stated.
    pub(super) fn tokens(&self) -> Option<TokenUsage> {
        let (five_minutes, one_hour) = (self.cache_split.five_minutes, self.cache_split.one_hour);
        let given = [self.input, self.output, self.cache_read, self.cache_creation, five_minutes, one_hour];
        if given.iter().all(|number| number.get().is_none()) {
            return None;
        }
        let split = (count(five_minutes), count(one_hour));
        let is_total_given = self.cache_creation.get().is_some();
        let total = if is_total_given { count(self.cache_creation) } else { split.0 + split.1 };
        // A split that does not add up to the total says nothing; the short life is the usual one.
        let (five_minutes, one_hour) = if split.0 + split.1 == total { split } else { (total, 0) };
        Some(TokenUsage {
            input_tokens: count(self.input),
            output_tokens: count(self.output),
            cache_read_tokens: count(self.cache_read),
            cache_creation_tokens: total,
            cache_creation5m_tokens: five_minutes,
            cache_creation1h_tokens: one_hour,
        })
    }
}

/// A count that sums can bear.
pub(super) fn count(number: Number) -> i64 {
    number.get().unwrap_or(0).clamp(0, MOST_TOKENS)
}
