//! The lines of a session that a test asked for.

use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

use crate::error::{Error, Result};
use crate::model::{MessageId, MessageRole, TestMessage, TestTool, TestToolCall, Timestamp};

/// 2026-01-01T10:00:00Z.
const FIRST: i64 = 1_767_261_600_000;
const MODEL: &str = "claude-sonnet-4-5";

/// A transcript that is being written, and where its next line goes.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    session: String,
    project: String,
    path_hash: u64,
    line: i64,
    time: i64,
    parent: Option<String>,
}

/// Lines, and what they are.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub bytes: Vec<u8>,
    pub lines: i64,
    pub message_ids: Vec<MessageId>,
    pub tool_calls: Vec<TestToolCall>,
}

impl Lines {
    /// An empty transcript at a path below a config dir.
    pub(super) fn new(session: &str, project: &str, path: &str) -> Lines {
        let path_hash = xxh3_64(path.as_bytes());
        Lines { session: session.into(), project: project.into(), path_hash, line: 0, time: FIRST, parent: None }
    }

    /// The working directory of the session.
    pub(super) fn project(&self) -> &str {
        &self.project
    }

    /// Continues with these messages.
    pub(super) fn write(&mut self, messages: &[TestMessage]) -> Result<Written> {
        let mut written = Written::default();
        for (at, message) in messages.iter().enumerate() {
            let role = role(message).map_err(|problem| Error::invalid("messages", format!("[{at}] {problem}")))?;
            if let Some(Timestamp(time)) = message.at {
                self.time = time;
            }
            match role {
                MessageRole::User => self.user(message, &mut written),
                MessageRole::Assistant => self.assistant(message, &mut written),
            }
        }
        Ok(written)
    }

    fn user(&mut self, message: &TestMessage, written: &mut Written) {
        let content = json!({ "role": "user", "content": message.text });
        let id = self.record("user", content, written);
        written.message_ids.push(id);
    }

    fn assistant(&mut self, message: &TestMessage, written: &mut Written) {
        let number = self.line + 1;
        let tool_use_id = format!("toolu_{}_{number}", self.session);
        let mut blocks = Vec::new();
        blocks.extend(message.thinking.as_ref().map(|text| json!({ "type": "thinking", "thinking": text })));
        blocks.extend(message.text.as_ref().map(|text| json!({ "type": "text", "text": text })));
        blocks.extend(message.tool.as_ref().map(|tool| {
            let input = tool.input.clone().unwrap_or_else(|| json!({}));
            json!({ "type": "tool_use", "id": tool_use_id, "name": tool.name, "input": input })
        }));
        let mut content = json!({
            "id": format!("msg_{}_{number}", self.session), "type": "message", "role": "assistant",
            "model": message.model.as_deref().unwrap_or(MODEL), "content": blocks,
        });
        if message.input_tokens.is_some() || message.output_tokens.is_some() {
            let (input, output) = (message.input_tokens.unwrap_or(0), message.output_tokens.unwrap_or(0));
            content["usage"] = json!({ "input_tokens": input, "output_tokens": output });
        }
        let message_id = self.record("assistant", content, written);
        written.message_ids.push(message_id);
        if let Some(tool) = &message.tool {
            let result_id = self.result(&tool_use_id, tool, written);
            written.tool_calls.push(TestToolCall { tool_use_id, message_id, result_id });
        }
    }

    fn result(&mut self, tool_use_id: &str, tool: &TestTool, written: &mut Written) -> Option<MessageId> {
        let output = tool.output.as_ref()?;
        let block = json!({ "type": "tool_result", "tool_use_id": tool_use_id, "content": output,
            "is_error": tool.is_error });
        Some(self.record("user", json!({ "role": "user", "content": [block] }), written))
    }

    /// Adds a record. The next one is a second later.
    fn record(&mut self, kind: &str, message: Value, written: &mut Written) -> MessageId {
        self.line += 1;
        let uuid = format!("{:08x}-0000-4000-8000-{:012x}", self.line, xxh3_64(self.session.as_bytes()) >> 16);
        let record = json!({
            "type": kind, "uuid": uuid, "parentUuid": self.parent, "timestamp": Timestamp(self.time),
            "sessionId": self.session, "cwd": self.project, "isSidechain": false, "message": message,
        });
        self.parent = Some(uuid);
        self.time = Timestamp::from_millis(self.time.saturating_add(1_000)).map_or(self.time, |time| time.0);
        written.bytes.extend_from_slice(record.to_string().as_bytes());
        written.bytes.push(b'\n');
        written.lines += 1;
        MessageId { path_hash: self.path_hash, line: self.line, part: 0, generation: None }
    }
}

/// Who speaks; an error if nothing says it, or if a user cannot say it.
fn role(message: &TestMessage) -> std::result::Result<MessageRole, String> {
    if message.text.is_none() && message.thinking.is_none() && message.tool.is_none() {
        return Err("says nothing; it needs a text, a thinking or a tool".into());
    }
    if let Some(tool) = &message.tool {
        if tool.name.is_empty() {
            return Err("has a tool without a name; name one such as Bash".into());
        }
        if tool.input.as_ref().is_some_and(|input| !input.is_object()) {
            return Err("has a tool whose input is not an object".into());
        }
    }
    if [message.input_tokens, message.output_tokens].into_iter().flatten().any(|tokens| tokens < 0) {
        return Err("has a negative number of tokens".into());
    }
    let is_of_assistant = message.thinking.is_some() || message.tool.is_some();
    let role = message.role.unwrap_or(if is_of_assistant { MessageRole::Assistant } else { MessageRole::User });
    let has_usage = message.model.is_some() || message.input_tokens.is_some() || message.output_tokens.is_some();
    if role == MessageRole::User && (is_of_assistant || has_usage) {
        return Err("is of a user, who has no thinking, tool, model and tokens; its role is assistant".into());
    }
    Ok(role)
}
