//! `attachment` records of late 2.1: reminders, hooks that ended, listings.

use super::super::json::{Json, fields, object};
use super::super::line::Facts;
use super::super::prose;
use super::super::session::Session;

pub(crate) fn start(session: &mut Session) {
    let names: Vec<Json> = ["WebFetch", "WebSearch", "NotebookEdit"].iter().map(|name| Json::of(*name)).collect();
    write(
        session,
        object! {
            "type": "deferred_tools_delta",
            "addedNames": names,
            "addedLines": names,
            "removedNames": Vec::<Json>::new(),
        },
    );
    let content = prose::paragraphs(&mut session.random, 2_500, &session.project.names);
    write(session, object! { "type": "skill_listing", "content": content, "skillCount": 9, "isInitial": true });
}

/// What follows the results of an API message.
pub(crate) fn after_message(session: &mut Session) {
    if session.random.chance(0.9) {
        let reminder = object! {
            "type": "total_tokens_reminder",
            "used": session.context_tokens,
            "total": 200_000,
            "remaining": 200_000 - session.context_tokens,
        };
        write(session, reminder);
    }
    if session.has_hooks && session.random.chance(0.5) {
        let tool = session.random.pick(&["Bash", "Edit", "Read"]);
        let hook = object! {
            "type": "hook_success",
            "hookName": format!("PostToolUse:{tool}"),
            "hookEvent": "PostToolUse",
            "toolUseID": format!("toolu_01{}", session.random.base62(22)),
            "content": "",
            "stdout": "",
            "stderr": "",
            "exitCode": 0,
            "command": "./scripts/format.sh",
            "durationMs": session.random.between(8, 700),
        };
        write(session, hook);
    }
    if session.random.chance(0.12) {
        let tasks: Vec<Json> = (session.tasks.iter().enumerate())
            .map(|(index, (subject, status))| {
                object! { "id": (index + 1).to_string(), "subject": subject, "status": *status }
            })
            .collect();
        write(session, object! { "type": "task_reminder", "content": tasks, "itemCount": session.tasks.len() });
    }
    if session.random.chance(0.03) {
        let length = session.random.between(20, 300) as usize;
        let prompt = prose::prompt(&mut session.random, length, &session.project.names);
        write(session, object! { "type": "queued_command", "prompt": prompt, "commandMode": "prompt" });
    }
    if session.random.chance(0.02) {
        let file = session.project.pick_file(&mut session.random);
        let lines = session.project.lines(&mut session.random, file);
        let snippet = lines[..lines.len().min(12)].join("\n");
        let path = session.project.files[file].path.clone();
        write(session, object! { "type": "edited_text_file", "filename": path, "snippet": snippet });
    }
}

fn write(session: &mut Session, attachment: Json) {
    session.chained("attachment", &fields! { "attachment": attachment }, &fields! {}, Facts::default());
}
