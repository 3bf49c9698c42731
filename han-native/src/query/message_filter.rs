//! Which messages of a session are listed.

use rusqlite::types::Value;

use super::clauses::Clauses;
use super::rows::json_array;
use crate::model::{MessageQuery, MessageRole};
use crate::row::flag;

/// Whether record types are named: then the request log is listed as well, as far as they name it.
pub(super) fn names_types(query: &MessageQuery) -> bool {
    query.types.as_ref().is_some_and(|types| !types.is_empty())
}

/// The conditions on a row of `messages AS message`, except those on copies and the request log; none if every message is
/// wanted.
pub(super) fn conditions(query: &MessageQuery) -> Clauses {
    let mut clauses = Clauses::default();
    if let Some(types) = query.types.as_deref().filter(|_| names_types(query)) {
        clauses.and(
            "message.type_id IN (SELECT id FROM strings WHERE value IN (SELECT value FROM json_each(?)))",
            [json_array(types).into()],
        );
    }
    if let Some(role) = query.role {
        let bit = match role {
            MessageRole::User => flag::ROLE_USER,
            MessageRole::Assistant => flag::ROLE_ASSISTANT,
        };
        clauses.and("message.flags & ? <> 0", [bit.into()]);
    }
    if let Some(tool) = &query.tool {
        clauses.and(USES_TOOL, [Value::from(tool.clone()), tool.clone().into()]);
    }
    if let Some(since) = query.since {
        clauses.and("message.time >= ?", [since.0.into()]);
    }
    if let Some(until) = query.until {
        clauses.and("message.time < ?", [until.0.into()]);
    }
    if query.only_errors {
        clauses.and("message.flags & ? <> 0", [flag::ERROR.into()]);
    }
    clauses
}

/// Whether it calls a tool, or has the result of such a call, which may be in another message or file.
const USES_TOOL: &str = "(
    EXISTS (SELECT 1 FROM tool_calls AS used WHERE used.message_id = message.id
            AND used.name_id = (SELECT id FROM strings WHERE value = ?))
    OR EXISTS (SELECT 1 FROM tool_results AS answer
               CROSS JOIN tool_calls AS answered ON answered.tool_use_key = answer.tool_use_key
               WHERE answer.message_id = message.id
               AND answered.name_id = (SELECT id FROM strings WHERE value = ?)))";

#[cfg(test)]
#[path = "message_filter_tests.rs"]
mod tests;
