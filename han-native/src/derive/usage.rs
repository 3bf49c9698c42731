//! The tokens that a line states, and the key under which they are counted once.

use super::billing;
use super::stated::Stated;
use crate::model::TokenUsage;
use crate::row::UsageRow;
use crate::transcript::record::Record;

/// The model of messages that the agent program made up itself; they cost nothing.
pub(super) const SYNTHETIC_MODEL: &str = "<synthetic>";

/// The usage of the record's message, or of the message that it carries.
pub(super) fn usage(record: &Record<'_>) -> Option<UsageRow> {
    let spoken = record.spoken();
    let message = &spoken.message;
    if message.model.get() == Some(SYNTHETIC_MODEL) {
        return None;
    }
    let stated = Stated::from(&message.usage).tokens();
    let has_searches = message.usage.server_tools.web_searches.get().is_some_and(|searches| searches > 0);
    let tokens = stated.or(has_searches.then(TokenUsage::default))?;
    let uuid = || spoken.uuid.non_empty().or(record.envelope.uuid.non_empty()).map(|uuid| format!("uuid:{uuid}"));
    let billing = billing::billing(record, &tokens).to_text();
    Some(UsageRow { key: message.id.to_owned().or_else(uuid), tokens, billing })
}
