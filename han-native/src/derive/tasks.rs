//! What happens to native tasks. A task's id is in the result of TaskCreate and its description in the call only, so
//! each yields an event of its own, and all name the call: when it was made says when its result was true, and its result says
//! whether it changed anything.

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
    let answers = || record.blocks.iter().filter(|block| tools::is_result(block));
    let answer = answers().find(|block| !block.is_error.0).or_else(|| answers().next());
    let call = answer.and_then(|block| block.tool_use_id.non_empty());
    if let Some(id) = id(result.task_id).filter(|_| result.success.is_false()) {
        let mut patch = Patch::default();
        patch.fields.insert("refused".to_owned(), Value::Bool(true));
        patch.emit(id, Source::result(call), &mut events);
    }
    if answer.is_some_and(|block| block.is_error.0) {
        return events;
    }
    // TaskOutput has a `task` too, which is a job in the background.
    if !result.retrieval_status.is_given() {
        shown(&result.task, call, true, &mut events);
    }
    for task in result.tasks.items() {
        shown(task, call, false, &mut events);
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
    patch.emit(format!("call:{id}"), Source::call(call), events);
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
        patch.emit(id.clone(), Source::call(call), events);
        for blocked in input.add_blocks.items().iter().filter_map(|blocked| self::id(*blocked)) {
            let mut patch = Patch::default();
            patch.fields.insert("addBlockedBy".to_owned(), Value::Array(vec![Value::String(id.clone())]));
            patch.emit(blocked, Source::call(call), events);
        }
    });
}

/// A task as a result shows it: with its id and subject only by TaskCreate, else as it is when it is looked up.
fn shown(task: &Task<'_>, call: Option<&str>, may_be_new: bool, events: &mut Vec<TaskEventRow>) {
    let Some(id) = id(task.id) else { return };
    let mut patch = Patch::default();
    patch.text("subject", task.subject);
    if task.status.is_given() {
        patch.text("description", task.description);
        patch.text("status", task.status);
        patch.text("owner", task.owner);
        patch.list("blockedBy", &task.blocked_by);
    } else if let Some(call) = call.filter(|_| may_be_new) {
        patch.fields.insert("created".to_owned(), Value::Bool(true));
        patch.fields.insert("call".to_owned(), Value::String(call.to_owned()));
    }
    patch.emit(id, Source::result(call), events);
}

/// Ids are strings, and numbers in some versions.
fn id(value: Raw<'_>) -> Option<String> {
    value.label().map(|id| id.into_owned()).filter(|id| !id.is_empty())
}

/// What an event is read from.
#[derive(Clone, Copy)]
struct Source<'a> {
    tool_use_id: Option<&'a str>,
    is_call: bool,
}

impl<'a> Source<'a> {
    fn call(call: &'a Block<'_>) -> Source<'a> {
        Source { tool_use_id: call.id.non_empty(), is_call: true }
    }

    fn result(tool_use_id: Option<&'a str>) -> Source<'a> {
        Source { tool_use_id, is_call: false }
    }
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

    fn emit(self, task_id: String, source: Source<'_>, events: &mut Vec<TaskEventRow>) {
        if !self.fields.is_empty() {
            let tool_use_id = source.tool_use_id.map(str::to_owned);
            let patch = Value::Object(self.fields).to_string();
            events.push(TaskEventRow { task_id, patch, tool_use_id, is_call: source.is_call });
        }
    }
}
