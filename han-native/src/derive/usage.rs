//! The tokens that a line states, and the key under which they are counted once.

use super::row::UsageRow;
use crate::model::TokenUsage;
use crate::transcript::record::{Number, Record, Usage};

/// The model of messages that the agent program made up itself; they cost nothing.
pub(super) const SYNTHETIC_MODEL: &str = "<synthetic>";

/// Sums over millions of lines must not overflow.
const MOST_TOKENS: i64 = 1_000_000_000_000;

/// The usage of the record's message, or of the message that it carries.
pub(super) fn usage(record: &Record<'_>) -> Option<UsageRow> {
    let spoken = record.spoken();
    let message = &spoken.message;
    if message.model.get() == Some(SYNTHETIC_MODEL) {
        return None;
    }
    let tokens = tokens(&message.usage)?;
    let uuid = || spoken.uuid.non_empty().or(record.envelope.uuid.non_empty()).map(|uuid| format!("uuid:{uuid}"));
    Some(UsageRow { key: message.id.to_owned().or_else(uuid), tokens })
}

fn tokens(usage: &Usage) -> Option<TokenUsage> {
    let (five_minutes, one_hour) = (usage.cache_split.five_minutes, usage.cache_split.one_hour);
    let given = [usage.input, usage.output, usage.cache_read, usage.cache_creation, five_minutes, one_hour];
    if given.iter().all(|number| number.get().is_none()) {
        return None;
    }
    let split = (count(five_minutes), count(one_hour));
    let total = if usage.cache_creation.get().is_some() { count(usage.cache_creation) } else { split.0 + split.1 };
    // A split that does not sum to the total says nothing; the short life is the usual one.
    let (five_minutes, one_hour) = if split.0 + split.1 == total { split } else { (total, 0) };
    Some(TokenUsage {
        input_tokens: count(usage.input),
        output_tokens: count(usage.output),
        cache_read_tokens: count(usage.cache_read),
        cache_creation_tokens: total,
        cache_creation5m_tokens: five_minutes,
        cache_creation1h_tokens: one_hour,
    })
}

fn count(number: Number) -> i64 {
    number.get().unwrap_or(0).clamp(0, MOST_TOKENS)
}
