//! The `data` of a `progress` record.

use super::{Raw, Text};

lenient_object! {
    /// `data`; the whole output so far, which `bash_progress` repeats every second, is passed over.
    pub(crate) struct Progress<'a> {
        kind: Text<'a> = "type",
        message: Raw<'a> = "message",
        agent_id: Text<'a> = "agentId",
        hook_event: Text<'a> = "hookEvent",
        hook_name: Text<'a> = "hookName",
        command: Text<'a> = "command",
        output: Raw<'a> = "output",
        status: Text<'a> = "status",
        server_name: Text<'a> = "serverName",
        tool_name: Text<'a> = "toolName",
        query: Raw<'a> = "query",
        task_description: Raw<'a> = "taskDescription",
    }
}
