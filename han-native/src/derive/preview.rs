//! A short plain text of what a record says.

use std::borrow::Cow;

use super::plain::{PREVIEW_LIMIT, one_line};
use super::texts::Texts;
use super::{about, cost_state, tools};
use crate::model::SearchField;
use crate::transcript::discover::FileKind;
use crate::transcript::record::{Block, Envelope, Purpose, Raw, Record, RecordType, for_each_leaf, for_each_member};

/// How much of a text is looked at if it was not taken for search.
const LOOK_LIMIT: usize = 4 << 10;

/// The preview of a record, whose searchable texts are `texts`.
pub(super) fn preview(record: &Record<'_>, texts: &Texts, kind: FileKind) -> String {
    let envelope = record.envelope;
    let text = match record.record_type().filter(|_| kind != FileKind::Events) {
        Some(RecordType::Attachment) if record.is_request_log() => Cow::Borrowed("prompt snapshot"),
        Some(RecordType::ApiRequest) => request(envelope),
        Some(RecordType::ApiRequestBlob) => Cow::Borrowed("request log: message"),
        Some(RecordType::ApiRequestShape) => Cow::Borrowed("request log: shape"),
        Some(RecordType::ApiRequestPart) => part_of_request(text_of(&envelope.record_type)),
        Some(RecordType::User | RecordType::Assistant) => spoken(record, texts),
        Some(RecordType::Progress) if record.carried.is_some() => spoken(record, texts),
        Some(RecordType::Progress) => progress(envelope, texts),
        Some(RecordType::System) => system(envelope, texts),
        Some(RecordType::Attachment) => attachment(envelope, texts),
        Some(RecordType::QueueOperation) => {
            first_text(&[texts.field(SearchField::User), texts.field(SearchField::Other), text_of(&envelope.operation)])
        }
        Some(RecordType::CustomTitle | RecordType::AgentName | RecordType::AiTitle | RecordType::Summary) => {
            Cow::Borrowed(texts.field(SearchField::Title))
        }
        Some(RecordType::LastPrompt) => look(envelope.last_prompt),
        Some(RecordType::Mode) => Cow::Borrowed(text_of(&envelope.mode)),
        Some(RecordType::PermissionMode) => Cow::Borrowed(text_of(&envelope.permission_mode)),
        Some(RecordType::FileHistoryDelta) => Cow::Borrowed(text_of(&envelope.tracking_path)),
        Some(RecordType::PrLink) => {
            link(look(envelope.pr_url), envelope.pr_number.get().map(|number| format!("#{number}")))
        }
        Some(RecordType::FrameLink) => {
            link(look(envelope.frame_url), envelope.title.text(LOOK_LIMIT).map(Cow::into_owned))
        }
        Some(RecordType::CostState) => Cow::Owned(cost_state::words(record)),
        Some(RecordType::Relocated) => Cow::Borrowed(text_of(&envelope.relocated_cwd)),
        Some(RecordType::WorktreeState) => Cow::Borrowed(text_of(&envelope.worktree.path)),
        Some(RecordType::AgentSetting) => labelled("agent", text_of(&envelope.agent_setting)),
        Some(RecordType::ToolsUsed) => Cow::Owned(tools_used(envelope)),
        Some(
            RecordType::FileHistorySnapshot
            | RecordType::BridgeSession
            | RecordType::ForkContextRef
            | RecordType::AtisLatch
            | RecordType::HistorySuppression
            | RecordType::Tag,
        )
        | None => Cow::Borrowed(texts.field(SearchField::Other)),
    };
    match one_line(&text, PREVIEW_LIMIT) {
        line if line.is_empty() => one_line(&nothing_said(record), PREVIEW_LIMIT),
        line => line,
    }
}

/// The preview of a record that says nothing: what it is; that of an empty message is empty.
fn nothing_said(record: &Record<'_>) -> String {
    let envelope = record.envelope;
    if record.blocks.iter().any(tools::is_result) {
        return "(no output)".to_owned();
    }
    let subtypes = [&envelope.data.kind, &envelope.attachment.kind, &envelope.subtype];
    if record.record_type().is_some_and(|known| known.purpose() == Purpose::Talk) {
        return String::new();
    }
    let subtype = subtypes.into_iter().find_map(|subtype| subtype.non_empty());
    subtype.or(envelope.record_type.get()).unwrap_or_default().replace(['-', '_'], " ")
}

fn spoken<'a>(record: &Record<'_>, texts: &'a Texts) -> Cow<'a, str> {
    // What is said comes first, then what it is about: the call before the thoughts that led to it.
    let said = [SearchField::User, SearchField::Assistant, SearchField::ToolOutput];
    if let Some(text) = said.iter().map(|field| texts.field(*field)).find(|text| !text.trim().is_empty()) {
        return Cow::Borrowed(text);
    }
    if let Some(call) = record.blocks.iter().find(|block| tools::is_call(block)) {
        return Cow::Owned(tool_call(call));
    }
    let rest = [SearchField::Thinking, SearchField::Other];
    if let Some(text) = rest.iter().map(|field| texts.field(*field)).find(|text| !text.trim().is_empty()) {
        return Cow::Borrowed(text);
    }
    let inner = record.blocks.iter().find_map(|block| match block.kind.get()? {
        "tool_result" => picture_inside(block),
        kind => Some(kind.to_owned()),
    });
    inner.map_or(Cow::Borrowed(""), |kind| Cow::Owned(format!("[{kind}]")))
}

/// What a tool result without text shows.
fn picture_inside(block: &Block<'_>) -> Option<String> {
    let mut found = None;
    for_each_leaf(
        block.content.list()?,
        |_, key| key != "type",
        |leaf| {
            found = found.take().or_else(|| leaf.text(64).map(Cow::into_owned));
        },
    );
    found
}

/// The tool's name, and the most informative part of its input.
fn tool_call(call: &Block<'_>) -> String {
    let name = call.name.get().unwrap_or("tool");
    match about::about(name, call.input, LOOK_LIMIT) {
        Some(about) => format!("{name}: {about}"),
        None => name.to_owned(),
    }
}

fn progress<'a>(envelope: &'a Envelope<'_>, texts: &'a Texts) -> Cow<'a, str> {
    let data = &envelope.data;
    match data.kind.get().unwrap_or_default() {
        "bash_progress" => look(data.output),
        "hook_progress" => labelled(text_of(&data.hook_name), text_of(&data.command)),
        "mcp_progress" => {
            let (server, tool) = (text_of(&data.server_name), text_of(&data.tool_name));
            Cow::Owned(format!("{server} {tool} {}", text_of(&data.status)))
        }
        "waiting_for_task" => look(data.task_description),
        kind => match look(data.query) {
            query if query.is_empty() => first_text(&[texts.field(SearchField::Other), kind]),
            query => query,
        },
    }
}

fn tools_used(envelope: &Envelope<'_>) -> String {
    let mut names = Vec::new();
    for_each_leaf(
        envelope.tools.list().unwrap_or("[]"),
        |_, _| false,
        |name| names.extend(name.text(64).filter(|_| names.len() < 16)),
    );
    format!("tools used: {}", names.join(", "))
}

fn system<'a>(envelope: &'a Envelope<'_>, texts: &'a Texts) -> Cow<'a, str> {
    let subtype = text_of(&envelope.subtype);
    if let Some(command) = envelope.command_run.command.non_empty() {
        let output = one_line(&look(envelope.content), PREVIEW_LIMIT);
        return Cow::Owned(format!("/{command} {} {output}", look(envelope.command_run.args)));
    }
    match (look(envelope.content), envelope.duration_ms.get()) {
        (content, _) if !content.trim().is_empty() => content,
        (_, Some(millis)) => Cow::Owned(format!("{}: {:.1} s", subtype.replace('_', " "), millis as f64 / 1000.0)),
        _ => labelled(subtype, texts.field(SearchField::Other)),
    }
}

fn attachment<'a>(envelope: &'a Envelope<'_>, texts: &'a Texts) -> Cow<'a, str> {
    let attachment = &envelope.attachment;
    match attachment.kind.get().unwrap_or_default() {
        "queued_command" => first_text(&[texts.field(SearchField::User), texts.field(SearchField::Other)]),
        kind if kind.starts_with("hook_") => {
            let command = attachment.command.non_empty().unwrap_or(texts.field(SearchField::Other));
            labelled(attachment.hook_name.non_empty().unwrap_or(kind), command)
        }
        kind => match attachment.filename.non_empty() {
            Some(name) => labelled(kind, name),
            None => labelled(kind, texts.field(SearchField::Other)),
        },
    }
}

/// A request, by the model that it is sent to.
fn request<'a>(envelope: &Envelope<'a>) -> Cow<'a, str> {
    let mut model = None;
    for_each_member(envelope.params.json(), |key, value| {
        if key == "model" {
            model = value.text(PREVIEW_LIMIT);
        }
    });
    match model {
        Some(model) => Cow::Owned(format!("request to {model}")),
        None => Cow::Borrowed("request"),
    }
}

/// Another record of a request, by the end of its type's name.
fn part_of_request(record_type: &str) -> Cow<'_, str> {
    let part = record_type.rsplit_once("request-").map_or(record_type, |(_, part)| part);
    Cow::Owned(format!("request log: {}", part.replace(['-', '_'], " ")))
}

fn labelled<'a>(label: &'a str, text: &'a str) -> Cow<'a, str> {
    match (label.is_empty(), text.trim().is_empty()) {
        (_, true) => Cow::Borrowed(label),
        (true, false) => Cow::Borrowed(text),
        (false, false) => Cow::Owned(format!("{label}: {}", &text[..text.floor_char_boundary(LOOK_LIMIT)])),
    }
}

fn link(url: Cow<'_, str>, name: Option<String>) -> Cow<'_, str> {
    match name {
        Some(name) => Cow::Owned(format!("{name} {url}")),
        None => url,
    }
}

fn first_text<'a>(texts: &[&'a str]) -> Cow<'a, str> {
    Cow::Borrowed(texts.iter().find(|text| !text.trim().is_empty()).copied().unwrap_or_default())
}

fn look(text: Raw<'_>) -> Cow<'_, str> {
    text.text(LOOK_LIMIT).unwrap_or_default()
}

fn text_of<'a>(text: &'a crate::transcript::record::Text<'_>) -> &'a str {
    text.get().unwrap_or_default()
}
