//! What calls say about the agents that they start.

use super::tools;
use crate::row::{AgentCallRow, AgentResultRow};
use crate::transcript::record::{Block, Raw, Record, ToolInput};

/// How much of a label is kept, in bytes.
const LABEL_LIMIT: usize = 1_000;

/// The agents that a message starts.
pub(super) fn calls(record: &Record<'_>) -> Vec<AgentCallRow> {
    let starts_agent = |block: &&Block<'_>| tools::is_call(block) && matches!(block.name.get(), Some("Task" | "Agent"));
    record.blocks.iter().filter(starts_agent).filter_map(call).collect()
}

fn call(block: &Block<'_>) -> Option<AgentCallRow> {
    let tool_use_id = block.id.to_owned()?;
    ToolInput::read(block.input.object()?, |input| {
        let label =
            |value: Raw<'_>| value.text(LABEL_LIMIT).map(|text| text.into_owned()).filter(|text| !text.is_empty());
        let (agent_type, description) = (label(input.subagent_type), label(input.description));
        let says_something = agent_type.is_some() || description.is_some();
        says_something.then_some(AgentCallRow { tool_use_id, agent_type, description })
    })
}

/// The agent whose call a message answers.
pub(super) fn result(record: &Record<'_>) -> Option<AgentResultRow> {
    let agent = record.result.agent_id.to_owned()?;
    let answer = record.blocks.iter().find(|block| tools::is_result(block))?;
    let agent_type = record.result.agent_type.to_owned();
    Some(AgentResultRow { tool_use_id: answer.tool_use_id.to_owned()?, agent, agent_type })
}
