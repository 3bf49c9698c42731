//! Hook executions: from the summary at the end of a turn, from progress records, and from attachments.

use std::borrow::Cow;

use super::row::HookRow;
use crate::transcript::discover::FileKind;
use crate::transcript::record::{Envelope, Record, RecordType, Text};

/// The executions that one record reports.
pub(super) fn hooks(record: &Record<'_>, kind: FileKind) -> Vec<HookRow> {
    let envelope = record.envelope;
    match record.record_type() {
        Some(RecordType::System) if envelope.subtype.get() == Some("stop_hook_summary") => at_stop(envelope, kind),
        Some(RecordType::Progress) if envelope.data.kind.get() == Some("hook_progress") => vec![in_progress(envelope)],
        Some(RecordType::Attachment) => attached(envelope).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The summary lists hooks and errors apart: an error belongs to the hook that it names, else to the first one left.
fn at_stop(envelope: &Envelope<'_>, kind: FileKind) -> Vec<HookRow> {
    let event = if kind == FileKind::Agent || envelope.is_sidechain.0 { "SubagentStop" } else { "Stop" };
    let infos = envelope.hook_infos.items().iter();
    let mut rows: Vec<HookRow> = infos
        .map(|info| HookRow {
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

fn in_progress(envelope: &Envelope<'_>) -> HookRow {
    let data = &envelope.data;
    HookRow {
        event: event(&data.hook_event, &data.hook_name),
        name: data.hook_name.to_owned(),
        command: data.command.to_owned(),
        ..HookRow::default()
    }
}

fn attached(envelope: &Envelope<'_>) -> Option<HookRow> {
    let attachment = &envelope.attachment;
    let kind = attachment.kind.get().filter(|kind| kind.starts_with("hook_"))?;
    let exit_code = attachment.exit_code.get();
    Some(HookRow {
        event: event(&attachment.hook_event, &attachment.hook_name),
        name: attachment.hook_name.to_owned(),
        command: attachment.command.to_owned(),
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
