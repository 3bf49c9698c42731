//! Todo lists: each record that writes one has the whole list.

use serde_json::{Value, json};

use super::tools;
use crate::transcript::record::{List, Raw, Record, Text, Todo, ToolInput};

/// The list after the record, as JSON: from TodoWrite's result or call, or as a prompt repeats it.
pub(super) fn todos(record: &Record<'_>) -> Option<String> {
    let given = [&record.result.new_todos, &record.spoken().todos].into_iter().find(|todos| todos.is_given());
    given.map(to_json).or_else(|| {
        let call = record.blocks.iter().find(|block| tools::is_call(block) && block.name.get() == Some("TodoWrite"))?;
        ToolInput::read(call.input.object()?, |input| input.todos.is_given().then(|| to_json(&input.todos)))
    })
}

fn to_json(todos: &List<Todo<'_>>) -> String {
    let items = todos.items().iter().map(|todo| {
        json!({ "content": text(todo.content), "status": text(todo.status), "activeForm": text(todo.active_form) })
    });
    Value::Array(items.collect()).to_string()
}

fn text(value: Raw<'_>) -> Option<String> {
    value.text(Text::LIMIT).map(|text| text.into_owned())
}
