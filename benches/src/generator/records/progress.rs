//! `progress` records of 2.1: what a command printed so far, hooks that start, the lines of a subagent.

use super::super::json::{Json, fields, object};
use super::super::line::{Facts, Line, StatedUsage};
use super::super::session::Session;

/// A running command: each record repeats all it printed so far, from a point on only the end of it.
pub(crate) fn bash(session: &mut Session, tool_use_id: &str, output: &str) {
    let lines: Vec<&str> = output.split('\n').collect();
    let records = session.random.weighted(&[(0, 0.54), (1, 0.12), (3, 0.13), (8, 0.12), (22, 0.07), (60, 0.02)]);
    for record in 0..records {
        session.wait(1_000, 1_040);
        let seen = if record == 0 { 0 } else { lines.len() * record / records };
        let so_far = lines[..seen].join("\n");
        let last = lines[seen.saturating_sub(5)..seen].join("\n");
        let data = object! {
            "type": "bash_progress",
            "output": last,
            "fullOutput": so_far,
            "elapsedTimeSeconds": record + 2,
            "totalLines": seen,
        };
        write(session, data, &format!("bash-progress-{record}"), tool_use_id, None);
    }
}

pub(crate) fn hook(session: &mut Session, event: &str, name: &str, tool_use_id: Option<&str>) {
    let data = object! {
        "type": "hook_progress",
        "hookEvent": event,
        "hookName": name,
        "command": "bash ${CLAUDE_PROJECT_DIR}/scripts/notify.sh",
    };
    let id = tool_use_id.map_or_else(|| session.random.uuid(), str::to_owned);
    write(session, data, &id, &id, None);
}

/// One line of a subagent, mirrored into the main file.
pub(crate) fn agent(session: &mut Session, line: &Line, prompt: &str, agent: &str, tool_use_id: &str) {
    let Some(message) = carried(line) else { return };
    let data = object! {
        "message": message,
        "normalizedMessages": Vec::<Json>::new(),
        "type": "agent_progress",
        "prompt": prompt,
        "agentId": agent,
    };
    let id = format!("agent_msg_01{}", session.random.base62(22));
    let usage = line.facts.usage.clone().map(|usage| StatedUsage { is_carried: true, ..usage });
    write(session, data, &id, tool_use_id, usage);
}

/// The record as it is carried: without its envelope.
fn carried(line: &Line) -> Option<Json> {
    let record: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&line.bytes).ok()?;
    let mut fields = fields! {};
    for key in ["type", "message", "requestId", "uuid", "timestamp", "toolUseResult"] {
        if let Some(value) = record.get(key) {
            fields.add(key, &Value(value));
        }
    }
    Some(fields.close())
}

struct Value<'a>(&'a serde_json::Value);

impl super::super::json::ToJson for Value<'_> {
    fn write_json(&self, out: &mut Vec<u8>) {
        serde_json::to_writer(out, self.0).expect("a value is written to memory");
    }
}

fn write(session: &mut Session, data: Json, tool_use_id: &str, parent: &str, usage: Option<StatedUsage>) {
    let body = fields! { "data": data, "toolUseID": tool_use_id, "parentToolUseID": parent };
    session.chained("progress", &body, &fields! {}, Facts { usage, ..Facts::default() });
}
