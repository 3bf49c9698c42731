//! What the formats that people read have in common: what is said at the head, who speaks, and what a piece is called.

use super::{Entry, File, Header};
use crate::model::{SearchField, Session, TokenUsage};
use crate::query::record::parts::{Call, Outcome, Part};

/// A text longer than a line, or than this, is a block of its own.
const LONGEST_INLINE: usize = 160;

/// Whether a value fits in a line.
pub(super) fn is_inline(value: &str) -> bool {
    value.len() <= LONGEST_INLINE && !value.contains(['\n', '\r'])
}

/// The title of the document.
pub(super) fn title(header: &Header) -> &str {
    header.session.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(&header.session.id)
}

/// What is known of the session: names and values.
pub(super) fn facts(header: &Header) -> Vec<(&'static str, String)> {
    let session = &header.session;
    let mut facts = vec![("Session", session.id.clone())];
    let project = session.project_path.as_ref().unwrap_or(&session.project_id);
    facts.push(("Project", project.clone()));
    let mut add = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));
    add("Repository", session.repository_path.clone().filter(|path| path != project));
    add("Branch", session.git_branch.clone());
    add("Started", session.started_at.map(|time| time.to_string()));
    add("Ended", session.ended_at.map(|time| time.to_string()));
    add("Model", session.model.clone());
    add("Version", session.version.clone());
    let counts = [
        (session.message_count, "messages"),
        (session.prompt_count, "prompts"),
        (session.assistant_count, "lines of answers"),
        (session.agent_count, "agents"),
    ];
    let counts = counts.map(|(count, name)| format!("{name} {}", grouped(count)));
    add("Size", Some(counts.join(", ")));
    add("Copied", (session.copied_count > 0).then(|| copied(session)));
    add("Tokens", Some(tokens(&session.tokens)));
    add("Cost", Some(cost(session)));
    let problems: Vec<String> = header.problems.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    add("Problems", (!problems.is_empty()).then(|| problems.join(", ")));
    facts
}

/// How many records are those of another session.
fn copied(session: &Session) -> String {
    let source = session.forked_from.as_ref().map(|source| format!(" from session {source}")).unwrap_or_default();
    format!("messages {}{source}", grouped(session.copied_count))
}

/// What it cost as far as prices are known, and what has no known price.
fn cost(session: &Session) -> String {
    let unpriced: Vec<String> = session
        .unpriced
        .iter()
        .map(|unpriced| {
            let model = unpriced.model.as_deref().unwrap_or("no model");
            let rate = unpriced.rate.as_deref().map(|rate| format!(" {rate}")).unwrap_or_default();
            let requests = unpriced.api_messages + unpriced.iterations;
            format!("{model}{rate} ({} requests)", grouped(requests))
        })
        .collect();
    let dollars = format!("${:.4}", session.cost);
    if unpriced.is_empty() { dollars } else { format!("{dollars}, no price is known of {}", unpriced.join(", ")) }
}

fn tokens(tokens: &TokenUsage) -> String {
    let kinds = [
        (tokens.input_tokens, "input"),
        (tokens.output_tokens, "output"),
        (tokens.cache_read_tokens, "read from the cache"),
        (tokens.cache_creation_tokens, "written to the cache"),
    ];
    kinds.map(|(count, name)| format!("{} {name}", grouped(count))).join(", ")
}

/// 1234567 as 1,234,567.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What a file of the session is called; the main one needs no name.
pub(super) fn file_title(file: &File) -> Option<String> {
    let mut title = match file.kind.as_str() {
        "main" => return None,
        "events" => "Events".to_owned(),
        _ => format!("Agent {}", file.agent_id.as_deref().unwrap_or(&file.path)),
    };
    if let Some(kind) = &file.agent_type {
        title += &format!(" ({kind})");
    }
    if let Some(description) = &file.agent_description {
        title += &format!(": {description}");
    }
    Some(title)
}

/// Who speaks in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Speaker {
    /// `user`, `assistant` or `other`.
    pub class: &'static str,
    pub name: String,
}

pub(super) fn speaker(entry: &Entry) -> Speaker {
    let message = &entry.message;
    let is_talk = matches!(message.record_type.as_str(), "user" | "assistant" | "progress") && message.role.is_some();
    let says = |field: SearchField| {
        entry.parts.iter().any(|part| matches!(part, Part::Said { field: of, .. } if *of == field))
    };
    let is_answer = message.role.as_deref() == Some("assistant");
    let (class, name) = match () {
        () if is_talk && is_answer => ("assistant", "Assistant"),
        () if message.is_prompt && message.record_type == "user" => ("user", "User"),
        () if message.is_prompt => ("user", "User, queued"),
        () if is_talk && entry.parts.iter().any(|part| matches!(part, Part::Result(_))) => ("other", "Tool"),
        () if is_talk && !says(SearchField::User) => ("other", "Context"),
        () if is_talk && message.agent_id.is_some() => ("user", "Task"),
        () if is_talk => ("other", "Context"),
        () => ("other", message.record_type.as_str()),
    };
    let mut name = name.to_owned();
    if let Some(model) = message.model.as_deref().filter(|_| is_answer) {
        name += &format!(" · {model}");
    }
    if message.is_sidechain && message.agent_id.is_none() {
        name += " · sidechain";
    }
    if message.is_rewound {
        name += " · rewound";
    }
    Speaker { class, name }
}

/// Whether somebody speaks; records of the agent program are in between, under their own names.
pub(super) fn is_spoken(entry: &Entry) -> bool {
    entry.message.role.is_some() || entry.message.is_prompt
}

/// What a record that is not talk is called.
pub(super) fn record_name(entry: &Entry) -> String {
    let message = &entry.message;
    match &message.subtype {
        Some(subtype) => format!("{} {subtype}", message.record_type),
        None => message.record_type.clone(),
    }
}

/// Whether the conversation was compacted here.
pub(super) fn is_compaction(entry: &Entry) -> bool {
    entry.message.subtype.as_deref() == Some("compact_boundary")
}

/// What to show of a message without parts: those whose results are shown at their calls need nothing.
pub(super) fn remark(entry: &Entry) -> Option<&str> {
    let message = &entry.message;
    (entry.parts.is_empty() && message.role.is_none() && !message.preview.is_empty()).then_some(&message.preview)
}

pub(super) fn call_name(call: &Call) -> &str {
    if call.name.is_empty() { "unnamed tool" } else { &call.name }
}

pub(super) fn outcome_name(outcome: &Outcome) -> &'static str {
    if outcome.is_error { "Error" } else { "Result" }
}

/// Shown where only the stored record has the rest.
pub(super) const CUT: &str = "The rest is in the stored record only.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-123_456, "-123,456")];
        for (number, expected) in cases {
            assert_eq!(grouped(number), expected);
        }
    }
}
