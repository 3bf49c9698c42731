//! Compaction: a boundary if the version writes one, then a summary that replaces the history.

use super::super::era::Era;
use super::super::json::{Maybe, fields, object};
use super::super::line::Facts;
use super::super::prose;
use super::super::session::Session;

const OPENING: &str = "This session is being continued from a previous conversation that ran out of context.";

pub(crate) fn write(session: &mut Session) {
    let before = session.parent.take();
    if session.era != Era::V1_0 {
        let body = fields! {
            "subtype": "compact_boundary",
            "content": "Conversation compacted",
            "isMeta": false,
            "level": "info",
            "logicalParentUuid": before,
            "compactMetadata": object! { "trigger": "auto", "preTokens": session.context_tokens },
        };
        session.chained("system", &body, &fields! {}, Facts::default());
    }
    let length = session.random.between(4_000, 12_000) as usize;
    let text = format!("{OPENING}\n{}", prose::paragraphs(&mut session.random, length, &session.project.names));
    let body = fields! { "message": object! { "role": "user", "content": text } };
    let tail = fields! {
        "isCompactSummary": true,
        "isVisibleInTranscriptOnly": Maybe((session.era != Era::V1_0).then_some(true)),
    };
    session.chained("user", &body, &tail, Facts::default());
    session.context_tokens = 24_000;
}
