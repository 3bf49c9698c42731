use serde::{Deserialize, Serialize};

use super::{MessageId, Timestamp};

/// One item of the change feed. Distinguished by the field `type`: `change` or `gap`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Change {
    /// Something was committed.
    Change {
        /// The place of the item in the feed: a subscription with it as `since` starts exactly after it.
        cursor: String,
        /// What happened, such as `session:message:added`.
        topic: String,
        /// When it was committed.
        time: Timestamp,
        /// The session that it happened to; `None` for `leader:...`.
        session_id: Option<String>,
        /// The message, if items are expanded and the topic is one of messages.
        message_id: Option<MessageId>,
        /// How many messages, if items are not expanded and the topic is one of messages.
        count: Option<i64>,
        /// The first of these messages; `null` if all of them are gone, copies or superseded by now.
        first_message_id: Option<MessageId>,
        /// The last of them.
        last_message_id: Option<MessageId>,
    },
    /// Changes after the subscriber's position are no longer kept; what comes next is after them.
    Gap {
        /// The cursor after the gap.
        cursor: String,
        /// The cursor that the subscriber had reached: the gap begins after it.
        from: String,
        /// The cursor of the last change that is no longer kept.
        to: String,
    },
}

impl Change {
    /// The cursor of the item.
    pub fn cursor(&self) -> &str {
        match self {
            Change::Change { cursor, .. } | Change::Gap { cursor, .. } => cursor,
        }
    }
}
