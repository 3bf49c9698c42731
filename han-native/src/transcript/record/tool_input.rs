//! The `input` of a tool call: the fields that we look at, of every tool.

use super::{List, Raw, Todo};

lenient_object! {
    /// `input`
    pub(crate) struct ToolInput<'a> {
        command: Raw<'a> = "command",
        file_path: Raw<'a> = "file_path",
        notebook_path: Raw<'a> = "notebook_path",
        path: Raw<'a> = "path",
        pattern: Raw<'a> = "pattern",
        query: Raw<'a> = "query",
        url: Raw<'a> = "url",
        prompt: Raw<'a> = "prompt",
        skill: Raw<'a> = "skill",
        subagent_type: Raw<'a> = "subagent_type",

        // TodoWrite
        todos: List<Todo<'a>> = "todos",

        // TaskCreate, TaskUpdate; Task and Bash have a description as well
        task_id: Raw<'a> = "taskId",
        subject: Raw<'a> = "subject",
        description: Raw<'a> = "description",
        active_form: Raw<'a> = "activeForm",
        status: Raw<'a> = "status",
        owner: Raw<'a> = "owner",
        add_blocked_by: List<Raw<'a>> = "addBlockedBy",
        add_blocks: List<Raw<'a>> = "addBlocks",
    }
}
