//! Which records are bookkeeping of the agent program: it writes them beside the conversation, whose readers do not need
//! them.

use crate::transcript::record::{Purpose, RecordType};

/// Subtypes of `system` records: lines of every turn.
const SYSTEM_SUBTYPES: [&str; 3] = ["bridge_status", "stop_hook_summary", "turn_duration"];

/// Whether a record of this type and subtype is bookkeeping.
pub(in crate::query) fn is_bookkeeping(record_type: &str, subtype: Option<&str>) -> bool {
    match RecordType::of_name(record_type) {
        Some(RecordType::System) => subtype.is_some_and(|subtype| SYSTEM_SUBTYPES.contains(&subtype)),
        known => known.is_some_and(|known| known.purpose() == Purpose::Bookkeeping),
    }
}
