//! The small files beside the transcripts of agents and workflows.

use super::{Raw, Text};

lenient_object! {
    /// `agent-*.meta.json`
    pub(crate) struct AgentMeta<'a> {
        agent_type: Text<'a> = "agentType",
        description: Text<'a> = "description",
    }
}

lenient_object! {
    /// `custom-title.json`
    pub(crate) struct CustomTitle<'a> {
        title: Raw<'a> = "customTitle",
        by: Text<'a> = "by",
        at: Raw<'a> = "at",
    }
}

lenient_object! {
    /// `workflows/wf_*.json`
    pub(crate) struct WorkflowRun<'a> {
        name: Text<'a> = "name",
        label: Text<'a> = "label",
    }
}
