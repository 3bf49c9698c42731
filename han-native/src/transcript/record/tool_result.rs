//! The `toolUseResult` of a `user` record: the fields that we look at, of every tool.

use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::lenient::Shape;
use super::{List, Raw, Task, Text, Todo};

lenient_object! {
    /// `toolUseResult`. The whole file before an edit, which it repeats, is passed over.
    pub(crate) struct ToolUseResult<'a> {
        // Edit, MultiEdit, Write
        kind: Text<'a> = "type",
        file_path: Text<'a> = "filePath",
        patch: Patch = "structuredPatch",
        content: Raw<'a> = "content",
        old_string: Raw<'a> = "oldString",
        new_string: Raw<'a> = "newString",
        original_file: Raw<'a> = "originalFile",
        edits: List<Edit<'a>> = "edits",

        // NotebookEdit
        notebook_path: Text<'a> = "notebook_path",
        new_source: Raw<'a> = "new_source",
        edit_mode: Text<'a> = "edit_mode",
        error: Text<'a> = "error",

        // Task, Agent
        agent_id: Text<'a> = "agentId",
        agent_type: Text<'a> = "agentType",

        // TaskUpdate
        success: Raw<'a> = "success",
        task_id: Raw<'a> = "taskId",

        // TodoWrite, TaskCreate, TaskGet, TaskList
        new_todos: List<Todo<'a>> = "newTodos",
        task: Task<'a> = "task",
        tasks: List<Task<'a>> = "tasks",
        retrieval_status: Raw<'a> = "retrieval_status",

        // Tools of MCP servers
        structured_content: Raw<'a> = "structuredContent",

        // Bash and others whose output was spilled
        persisted_output_path: Text<'a> = "persistedOutputPath",
    }
}

lenient_object! {
    /// One edit of MultiEdit.
    pub(crate) struct Edit<'a> {
        old_string: Raw<'a> = "old_string",
        new_string: Raw<'a> = "new_string",
    }
}

lenient_object! {
    /// One hunk of a patch.
    struct Hunk {
        lines: Patch = "lines",
    }
}

/// How many lines a patch adds and removes: counted while reading, however long it is.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Patch {
    pub(crate) is_given: bool,
    pub(crate) added: i64,
    pub(crate) removed: i64,
}

impl<'de> Deserialize<'de> for Patch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Patch, D::Error> {
        deserializer.deserialize_any(Shape::<Patch>(PhantomData))
    }
}

impl<'de> Visitor<'de> for Shape<Patch> {
    type Value = Patch;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("any JSON value")
    }

    /// A list of hunks, or the list of the lines of one.
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Patch, A::Error> {
        let mut patch = Patch { is_given: true, ..Patch::default() };
        while let Some(item) = list.next_element::<Raw<'_>>()? {
            match item.string().and_then(|line| line.as_bytes().first()) {
                Some(b'+') => patch.added += 1,
                Some(b'-') => patch.removed += 1,
                _ => {}
            }
            if let Some(hunk) = item.object() {
                Hunk::read(hunk, |hunk| {
                    patch.added += hunk.lines.added;
                    patch.removed += hunk.lines.removed;
                });
            }
        }
        Ok(patch)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Patch, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Patch::default())
    }

    ignore_kinds!(scalars);
}
