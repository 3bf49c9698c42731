//! Records without uuid about the session itself: titles, modes, the last prompt, links, summaries.

use super::super::json::object;
use super::super::prose;
use super::super::session::Session;

/// Writes the lines that repeat at the start and the end of every turn, mostly unchanged.
pub(crate) fn write(session: &mut Session) {
    let id = session.id.clone();
    session.loose("mode", object! { "type": "mode", "mode": "normal", "sessionId": id }, None);
    let mode = if session.random.chance(0.9) { "default" } else { "plan" };
    session.loose(
        "permission-mode",
        object! { "type": "permission-mode", "permissionMode": mode, "sessionId": id },
        None,
    );
    let bridge = object! {
        "type": "bridge-session",
        "sessionId": id,
        "bridgeSessionId": format!("session_{}", &id[..8]),
        "lastSequenceNum": i64::from(session.turns),
    };
    session.loose("bridge-session", bridge, None);
    if session.turns > 0 {
        let title = match &session.title {
            Some(title) if !session.random.chance(0.05) => title.clone(),
            _ => prose::title(&mut session.random, 6),
        };
        session.loose("ai-title", object! { "type": "ai-title", "aiTitle": title, "sessionId": id }, None);
        if id.as_bytes()[0] < b'4' {
            session.loose(
                "custom-title",
                object! { "type": "custom-title", "customTitle": title, "sessionId": id },
                None,
            );
            session.loose("agent-name", object! { "type": "agent-name", "agentName": title, "sessionId": id }, None);
        }
        session.title = Some(title);
        let record = object! {
            "type": "last-prompt",
            "lastPrompt": session.last_prompt.chars().take(200).collect::<String>(),
            "leafUuid": session.parent,
            "sessionId": id,
        };
        session.loose("last-prompt", record, None);
    }
}

pub(crate) fn pull_request(session: &mut Session) {
    let timestamp = session.timestamp();
    let number = session.random.between(1, 900);
    let record = object! {
        "type": "pr-link",
        "sessionId": session.id,
        "prNumber": number,
        "prUrl": format!("https://example.com/acme/widgets/pull/{number}"),
        "prRepository": "acme/widgets",
        "timestamp": timestamp,
    };
    session.loose("pr-link", record, Some(timestamp));
}

/// Summaries of other sessions, as they pile up at the top of a new file.
pub(crate) fn summaries_of_others(session: &mut Session) {
    for _ in 0..session.random.between(1, 6) {
        let leaf = session.random.uuid();
        summary(session, &leaf);
    }
}

pub(crate) fn summary(session: &mut Session, leaf: &str) {
    let words = session.random.between(4, 9);
    let text = prose::title(&mut session.random, words);
    session.loose("summary", object! { "type": "summary", "summary": text, "leafUuid": leaf }, None);
}
