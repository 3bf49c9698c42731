//! `system` records: ends of turns, hooks that ran, errors of the API, compactions' sisters.

use super::super::era::Era;
use super::super::json::{Fields, Json, Maybe, fields, object};
use super::super::line::Facts;
use super::super::prose;
use super::super::session::Session;
use super::progress;

pub(crate) fn session_start(session: &mut Session) {
    if session.era.has_progress() {
        progress::hook(session, "SessionStart", "SessionStart:startup", None);
    }
}

pub(crate) fn end_of_turn(session: &mut Session) {
    if session.era == Era::V1_0 {
        if session.random.chance(0.02) {
            write(session, fields! { "content": "Task interrupted", "isMeta": false, "level": "info" });
        }
        return;
    }
    if session.has_hooks {
        stop_hook(session);
    }
    if matches!(session.era, Era::V2_1 | Era::V2_1Late) {
        let duration = session.random.between(3_000, 400_000);
        let count = (session.era == Era::V2_1Late).then(|| i64::from(session.turns) * 20 + 3);
        write(
            session,
            fields! { "subtype": "turn_duration", "durationMs": duration, "messageCount": Maybe(count), "isMeta": false },
        );
    }
    if session.random.chance(0.06) {
        api_error(session);
    }
    if session.era == Era::V2_1Late && session.random.chance(0.3) {
        let length = session.random.between(100, 400) as usize;
        let text = prose::paragraphs(&mut session.random, length, &session.project.names);
        write(session, fields! { "subtype": "away_summary", "content": text, "isMeta": false });
    }
    if session.random.chance(0.08) {
        let text = "<command-name>/cost</command-name>\n<command-args></command-args>";
        write(session, fields! { "subtype": "local_command", "content": text, "level": "info", "isMeta": false });
    }
}

fn stop_hook(session: &mut Session) {
    let failed = session.random.chance(0.1);
    let errors = if failed { vec![Json::of("exit status 2: formatter found changes")] } else { Vec::new() };
    let info = object! { "command": "./scripts/after-turn.sh", "durationMs": session.random.between(20, 900) };
    let body = fields! {
        "subtype": "stop_hook_summary",
        "hookCount": 1,
        "hookInfos": vec![info],
        "hookErrors": errors,
        "preventedContinuation": false,
        "stopReason": "",
        "hasOutput": failed,
        "level": "suggestion",
        "toolUseID": session.random.uuid(),
    };
    write(session, body);
}

fn api_error(session: &mut Session) {
    let body = fields! {
        "subtype": "api_error",
        "level": "error",
        "error": object! { "status": 529, "error": object! { "type": "overloaded_error", "message": "Overloaded" } },
        "retryInMs": 500.0 + f64::from(session.random.word() % 1_000_000) / 4_096.0,
        "retryAttempt": session.random.between(1, 10),
        "maxRetries": 10,
    };
    write(session, body);
}

fn write(session: &mut Session, body: Fields) {
    session.chained("system", &body, &Fields::default(), Facts::default());
}
