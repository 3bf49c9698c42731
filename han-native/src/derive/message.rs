//! One record to its row: the columns that are read off, and the order in which the rules apply.

use super::row::{MessageRow, Parent, flag};
use super::texts::Texts;
use super::{
    Carry, agents, cost_state, file_changes, fork, hooks, places, preview, prompt, tasks, time, titles, todos, tokens,
    tools, usage, uuid,
};
use crate::derive::spill::SpillReader;
use crate::transcript::discover::FileKind;
use crate::transcript::record::{Purpose, Record, RecordType, Text};

/// The type of the lines of an event file.
const EVENT_TYPE: &str = "han_event";

/// The type of a record without a type.
const UNKNOWN_TYPE: &str = "unknown";

/// Derives the row of a record, except its place, and moves `carry` past it.
pub(super) fn message(
    record: &Record<'_>,
    kind: FileKind,
    carry: &mut Carry,
    read_spill: SpillReader<'_>,
) -> MessageRow {
    let (envelope, spoken) = (record.envelope, record.spoken());
    let texts = Texts::of(record, kind, read_spill);
    let own_time = time::read(envelope.timestamp);
    carry.time = own_time.or(carry.time);
    let (record_type, subtype) = types(record, kind);

    let mut row = MessageRow {
        time: carry.time,
        uuid: envelope.uuid.non_empty().map(uuid::read),
        parent: envelope.parent_uuid.non_empty().map(uuid::read).map(Parent::Uuid),
        carried_uuid: record.carried.and_then(|carried| carried.uuid.non_empty()).map(uuid::read),
        record_session: envelope.session_id.to_owned(),
        agent: envelope.agent_id.to_owned(),
        model: spoken.message.model.to_owned().filter(|model| model != usage::SYNTHETIC_MODEL),
        git_branch: envelope.git_branch.to_owned(),
        version: envelope.version.to_owned(),
        cwd: places::cwd(record),
        preview: preview::preview(record, &texts, kind),
        record_type,
        subtype,
        ..MessageRow::default()
    };
    set(&mut row, flag::OWN_TIME, own_time.is_some());
    if kind != FileKind::Events {
        row.origin = fork::origin(record);
        row.lone = fork::lone(record, own_time, carry.time);
    }
    let is_request_log = kind != FileKind::Events && record.is_request_log();
    set(&mut row, flag::REQUEST_LOG, is_request_log);
    if is_request_log {
        // What it means is said by the lines that it repeats, and counted there.
        set(&mut row, flag::SIDECHAIN, envelope.is_sidechain.0);
        return row;
    }
    if kind != FileKind::Events {
        read_meaning(record, kind, carry, &texts, &mut row);
    }
    row.notes.clone_from(&texts.notes);
    let text_hash = texts.hash();
    row.text_hash = text_hash.unwrap_or(0) as i64;
    // A text that waits may be taken back by itself, and so may the one before it.
    let waits = record.record_type() == Some(RecordType::QueueOperation);
    if waits || !carry.repeats(&row.record_type, text_hash) {
        row.document = texts.into_fields().map(|(field, text)| (field, tokens::document(text))).collect();
        row.document.retain(|(_, document)| !document.is_empty());
    }
    let is_searchable = !row.document.is_empty();
    set(&mut row, flag::SEARCHABLE, is_searchable);
    row
}

fn read_meaning(record: &Record<'_>, kind: FileKind, carry: &mut Carry, texts: &Texts, row: &mut MessageRow) {
    let (envelope, spoken) = (record.envelope, record.spoken());
    row.usage = usage::usage(record);
    row.tool_calls = tools::calls(record);
    row.tool_results = tools::results(record);
    row.file_changes = file_changes::file_changes(record);
    row.todos = todos::todos(record);
    row.task_events = tasks::task_events(record);
    row.hooks = hooks::hooks(record, kind, carry.turn);
    row.summary = titles::summary(record, texts);
    row.title = titles::given_title(record);
    row.worktree = places::worktree(record, carry);
    row.agent_calls = agents::calls(record);
    row.agent_result = agents::result(record);
    row.cost_state = cost_state::cost_state(record);
    let prompt = prompt::prompt(record, kind);
    if let Some(prompt) = prompt.as_deref().filter(|_| !carry.has_prompt) {
        row.title = titles::title_of_prompt(prompt);
        // One that waits may still be taken back, with its title.
        carry.has_prompt = row.title.is_some() && record.record_type() != Some(RecordType::QueueOperation);
    }

    let role = spoken.message.role.get();
    let known_type = record.record_type();
    let is_talk = known_type.is_some_and(|known| known.purpose() == Purpose::Talk);
    carry.turn += u64::from(is_talk);
    let is_error = row.tool_results.iter().any(|result| result.is_error)
        || spoken.is_api_error.0
        || (known_type == Some(RecordType::System) && row.subtype.as_deref() == Some("api_error"));
    set(row, flag::SIDECHAIN, envelope.is_sidechain.0);
    set(row, flag::META, envelope.is_meta.0);
    set(row, flag::ERROR, is_error);
    set(row, flag::PROMPT, prompt.is_some());
    set(row, flag::ROLE_USER, role == Some("user"));
    set(row, flag::ROLE_ASSISTANT, role == Some("assistant"));
    set(row, flag::TALK, is_talk && !(kind == FileKind::Agent && carry.warm_up.has(record)));
    set(row, flag::CARRIED_USAGE, record.carried.is_some() && row.usage.is_some());
    set(row, flag::COMPACT_SUMMARY, envelope.is_compact_summary.0);
}

/// The type and the subtype of the row.
fn types(record: &Record<'_>, kind: FileKind) -> (String, Option<String>) {
    let envelope = record.envelope;
    let own = envelope.record_type.to_owned();
    if kind == FileKind::Events {
        return (EVENT_TYPE.to_owned(), own);
    }
    let subtype: &Text<'_> = match record.record_type() {
        Some(RecordType::Progress) => &envelope.data.kind,
        Some(RecordType::Attachment) => &envelope.attachment.kind,
        Some(RecordType::QueueOperation) => &envelope.operation,
        _ => &envelope.subtype,
    };
    (own.unwrap_or_else(|| UNKNOWN_TYPE.to_owned()), subtype.to_owned())
}

fn set(row: &mut MessageRow, flag: i64, is_set: bool) {
    if is_set {
        row.flags |= flag;
    }
}
