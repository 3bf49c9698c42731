//! What happens to native tasks. A task's id is in the result of TaskCreate and its description in the call only, so
//! each gives an event of its own, and both name the call.

use serde_json::{Map, Value};

use super::row::TaskEventRow;
use super::tools;
use crate::transcript::record::{Block, List, Raw, Record, Task, Text, ToolInput};

/// The events of one record, in order.
pub(super) fn task_events(record: &Record<'_>) -> Vec<TaskEventRow> {
    let mut events = Vec::new();
    for call in record.blocks.iter().filter(|block| tools::is_call(block)) {
        match call.name.get() {
            Some("TaskCreate") => created_by_call(call, &mut events),
            Some("TaskUpdate") => updated(call, &mut events),
            _ => {}
        }
    }
    let result = record.result;
    // TaskOutput has a `task` too, which is a job in the background.
    if !result.retrieval_status.is_given() {
        let call = record.blocks.iter().find(|block| tools::is_result(block) && !block.is_error.0);
        shown(&result.task, call.and_then(|block| block.tool_use_id.non_empty()), &mut events);
    }
    for task in result.tasks.items() {
        shown(task, None, &mut events);
    }
    events
}

fn created_by_call(call: &Block<'_>, events: &mut Vec<TaskEventRow>) {
    let (Some(id), Some(input)) = (call.id.non_empty(), call.input.object()) else { return };
    let patch = ToolInput::read(input, |input| {
        let mut patch = Patch::default();
        patch.text("subject", input.subject);
        patch.text("description", input.description);
        patch.text("activeForm", input.active_form);
        patch.text("owner", input.owner);
        patch.list("addBlockedBy", &input.add_blocked_by);
        patch
    });
    patch.emit(format!("call:{id}"), events);
}

fn updated(call: &Block<'_>, events: &mut Vec<TaskEventRow>) {
    let Some(input) = call.input.object() else { return };
    ToolInput::read(input, |input| {
        let Some(id) = id(input.task_id) else { return };
        let mut patch = Patch::default();
        patch.text("subject", input.subject);
        patch.text("description", input.description);
        patch.text("activeForm", input.active_form);
        patch.text("status", input.status);
        patch.text("owner", input.owner);
        patch.list("addBlockedBy", &input.add_blocked_by);
        patch.emit(id.clone(), events);
        for blocked in input.add_blocks.items().iter().filter_map(|blocked| self::id(*blocked)) {
            let mut patch = Patch::default();
            patch.fields.insert("addBlockedBy".to_owned(), Value::Array(vec![Value::String(id.clone())]));
            patch.emit(blocked, events);
        }
    });
}

/// A task as a result shows it: with its id and subject only by TaskCreate, else as it is by now.
fn shown(task: &Task<'_>, call: Option<&str>, events: &mut Vec<TaskEventRow>) {
    let Some(id) = id(task.id) else { return };
    let mut patch = Patch::default();
    patch.text("subject", task.subject);
    if task.status.is_given() {
        patch.text("description", task.description);
        patch.text("status", task.status);
        patch.text("owner", task.owner);
        patch.list("blockedBy", &task.blocked_by);
    } else if let Some(call) = call {
        patch.fields.insert("created".to_owned(), Value::Bool(true));
        patch.fields.insert("call".to_owned(), Value::String(call.to_owned()));
    }
    patch.emit(id, events);
}

/// Ids are strings, and numbers in some versions.
fn id(value: Raw<'_>) -> Option<String> {
    value.label().map(|id| id.into_owned()).filter(|id| !id.is_empty())
}

/// The fields that an event sets.
#[derive(Default)]
struct Patch {
    fields: Map<String, Value>,
}

impl Patch {
    fn text(&mut self, key: &str, value: Raw<'_>) {
        if let Some(text) = value.text(Text::LIMIT) {
            self.fields.insert(key.to_owned(), Value::String(text.into_owned()));
        }
    }

    fn list(&mut self, key: &str, ids: &List<Raw<'_>>) {
        if ids.is_given() {
            let ids = ids.items().iter().filter_map(|value| id(*value)).map(Value::String);
            self.fields.insert(key.to_owned(), Value::Array(ids.collect()));
        }
    }

    fn emit(self, task_id: String, events: &mut Vec<TaskEventRow>) {
        if !self.fields.is_empty() {
            events.push(TaskEventRow { task_id, patch: Value::Object(self.fields).to_string() });
        }
    }
}
