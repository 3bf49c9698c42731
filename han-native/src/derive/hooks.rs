//! What lines say about hooks: the summary at the end of a turn, progress records, and attachments. Several of them may be about one
//! execution: they share an id of the event's occurrence, and the command.

use std::borrow::Cow;

use crate::row::{HookKey, HookRow};
use crate::transcript::discover::FileKind;
use crate::transcript::record::{Envelope, Record, RecordType, Text};

/// The summary of the hooks at the end of a turn.
const STOP_SUMMARY: &str = "stop_hook_summary";

/// Events whose lines have no id in common: those that follow each other in one turn are of one occurrence.
const WITHOUT_ID: [&str; 3] = ["SessionStart", "SubagentStart", "Setup"];

/// What one record says, in the turn with this number in its file.
pub(super) fn hooks(record: &Record<'_>, kind: FileKind, turn: u64) -> Vec<HookRow> {
    let envelope = record.envelope;
    match record.record_type() {
        Some(RecordType::System) if envelope.subtype.get() == Some(STOP_SUMMARY) => at_stop(envelope, kind, turn),
        Some(RecordType::Progress) if envelope.data.kind.get() == Some("hook_progress") => {
            vec![in_progress(envelope, turn)]
        }
        Some(RecordType::Attachment) => attached(envelope, turn).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The summary lists hooks and errors apart: an error belongs to the hook that it names, else to the first one left.
fn at_stop(envelope: &Envelope<'_>, kind: FileKind, turn: u64) -> Vec<HookRow> {
    let event = if kind == FileKind::Agent || envelope.is_sidechain.0 { "SubagentStop" } else { "Stop" };
    let key = key(event, envelope.tool_use_id.non_empty(), turn);
    let infos = envelope.hook_infos.items().iter();
    let mut rows: Vec<HookRow> = infos
        .map(|info| HookRow {
            kind: STOP_SUMMARY.to_owned(),
            key,
            event: event.to_owned(),
            command: info.command.to_owned(),
            duration_ms: info.duration_ms.get(),
            ..HookRow::default()
        })
        .collect();
    let errors = envelope.hook_errors.items().iter();
    let errors: Vec<Cow<'_, str>> = errors.map(|error| error.text(Text::LIMIT).unwrap_or_default()).collect();
    for error in errors {
        let names = |row: &HookRow| row.command.as_deref().is_some_and(|command| error.contains(command));
        let named = rows.iter().position(|row| !row.is_error && names(row));
        if let Some(index) = named.or_else(|| rows.iter().position(|row| !row.is_error)) {
            rows[index].is_error = true;
        }
    }
    rows
}

fn in_progress(envelope: &Envelope<'_>, turn: u64) -> HookRow {
    let data = &envelope.data;
    let event = event(&data.hook_event, &data.hook_name);
    let id = envelope.tool_use_id.non_empty().or(envelope.parent_tool_use_id.non_empty());
    HookRow {
        kind: "hook_progress".to_owned(),
        key: key(&event, id, turn),
        event,
        name: data.hook_name.to_owned(),
        command: data.command.to_owned(),
        ..HookRow::default()
    }
}

fn attached(envelope: &Envelope<'_>, turn: u64) -> Option<HookRow> {
    let attachment = &envelope.attachment;
    let kind = attachment.kind.get().filter(|kind| kind.starts_with("hook_"))?;
    let exit_code = attachment.exit_code.get();
    let event = event(&attachment.hook_event, &attachment.hook_name);
    Some(HookRow {
        kind: kind.to_owned(),
        key: key(&event, attachment.tool_use_id.non_empty(), turn),
        event,
        name: attachment.hook_name.to_owned(),
        command: attachment.command.to_owned().or_else(|| attachment.blocking_error.command.to_owned()),
        duration_ms: attachment.duration_ms.get(),
        exit_code,
        is_error: kind.contains("error") || exit_code.is_some_and(|code| code != 0),
    })
}

/// The event; if a record does not say it, it is what comes before the colon of the name.
fn event(event: &Text<'_>, name: &Text<'_>) -> String {
    let from_name = || name.non_empty().and_then(|name| name.split(':').next());
    event.non_empty().or_else(from_name).unwrap_or("unknown").to_owned()
}

/// The occurrence of the event that a line is about.
fn key(event: &str, id: Option<&str>, turn: u64) -> HookKey {
    let hash = |id: &str| xxhash_rust::xxh3::xxh3_64(format!("{event}\0{id}").as_bytes()) as i64;
    match id {
        Some(id) if id == event || WITHOUT_ID.contains(&event) => HookKey::Turn(hash(&turn.to_string())),
        Some(id) => HookKey::Id(hash(id)),
        None => HookKey::None,
    }
}
