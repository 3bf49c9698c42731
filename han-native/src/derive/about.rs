//! What a tool call is about: the most informative part of its input.

use std::borrow::Cow;

use super::terminal;
use crate::transcript::record::{Raw, ToolInput, for_each_leaf};

/// What a call is about in one line: the most informative part of its input, else the input itself. At most `limit` bytes are looked at.
pub(crate) fn call_summary(name: &str, input: Raw<'_>, limit: usize) -> String {
    if let Some(about) = about(name, input, limit) {
        return in_one_line(&about);
    }
    match input.tree() {
        Some(tree) if !is_empty(tree) => in_one_line(&tree[..tree.floor_char_boundary(limit)]),
        Some(_) => String::new(),
        None => in_one_line(&input.text(limit).unwrap_or_default()),
    }
}

/// The text of an input that is most informative, at most `limit` bytes of it.
pub(super) fn about(name: &str, input: Raw<'_>, limit: usize) -> Option<String> {
    ToolInput::read(input.object()?, |fields| telling(name, fields, input, limit))
}

fn telling(name: &str, input: &ToolInput<'_>, whole: Raw<'_>, limit: usize) -> Option<String> {
    if input.todos.is_given() {
        return Some(format!("{} items", input.todos.items().len()));
    }
    if let Some(id) = input.task_id.label() {
        return Some(format!("#{id} {}", input.status.text(limit).unwrap_or_default()));
    }
    // The prompt of an agent is long; its description says the same in three words.
    let first = if matches!(name, "Task" | "Agent") { input.description } else { input.command };
    let candidates = [
        first,
        input.file_path,
        input.notebook_path,
        input.pattern,
        input.query,
        input.url,
        input.skill,
        input.subject,
        input.description,
        input.prompt,
        input.path,
    ];
    let text = candidates.iter().filter_map(|value| value.text(limit)).find(|text| !text.trim().is_empty());
    text.map(Cow::into_owned).or_else(|| {
        let mut first = None;
        for_each_leaf(
            whole.tree()?,
            |_, _| false,
            |leaf| {
                if first.is_none() {
                    first = leaf.text(limit).filter(|text| !text.trim().is_empty());
                }
            },
        );
        first.map(Cow::into_owned)
    })
}

/// What is visible of a text, with each run of whitespace as one blank.
fn in_one_line(text: &str) -> String {
    terminal::visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a list or an object has nothing inside.
fn is_empty(tree: &str) -> bool {
    tree.get(1..tree.len() - 1).is_none_or(|inside| inside.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_summed_up_by_what_tells_most() {
        let cases = [
            ("Bash", r#"{"description":"List files","command":"ls \n  -l"}"#, "ls -l"),
            ("Task", r#"{"prompt":"Count all coins","description":"Count"}"#, "Count"),
            ("Grep", r#"{"path":"/a","pattern":"fn"}"#, "fn"),
            ("TaskUpdate", r#"{"taskId":"3","status":"completed"}"#, "#3 completed"),
            ("TodoWrite", r#"{"todos":[{},{}]}"#, "2 items"),
            ("Ask", r#"{"questions":[{"question":"Which?"}]}"#, "Which?"),
            ("Sleep", r#"{"seconds": 5}"#, r#"{"seconds": 5}"#),
            ("List", r#"{ }"#, ""),
            ("Odd", r#"["a"]"#, r#"["a"]"#),
            ("Odd", r#""plain\ttext""#, "plain text"),
            ("Odd", "null", ""),
        ];
        for (name, input, expected) in cases {
            let input: Raw<'_> = serde_json::from_str(input).unwrap();
            assert_eq!(call_summary(name, input, usize::MAX), expected, "{name}");
        }
        let input: Raw<'_> = serde_json::from_str(r#"{"command":"gr\u00f6\u00dfer"}"#).unwrap();
        assert_eq!(call_summary("Bash", input, 5), "grö");
    }
}
