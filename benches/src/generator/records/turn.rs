//! A turn: a prompt, the API messages that answer it, their tools, and the lines around them.

use super::super::era::Era;
use super::super::session::Session;
use super::{assistant, attachment, compaction, meta, prompt, queue, snapshot, system};

/// Tokens after which a session is compacted.
const CONTEXT_LIMIT: i64 = 170_000;

pub(crate) fn write(session: &mut Session) {
    if session.turns == 0 {
        start(session);
    } else {
        session.wait(4_000, 600_000);
        if session.random.chance(0.02) {
            // A night passes.
            session.wait(6 * 3_600_000, 40 * 3_600_000);
        }
    }
    if session.context_tokens > CONTEXT_LIMIT {
        compaction::write(session);
    }
    if session.agent.is_none() {
        if session.era.has_attachments() {
            meta::write(session);
        }
        queue::write(session);
    }
    prompt::write(session);
    let messages = session.random.quantile(session.era.messages_per_prompt()).max(1);
    for index in 0..messages {
        assistant::write(session, index + 1 == messages);
        if session.era.has_attachments() {
            attachment::after_message(session);
        }
    }
    if session.agent.is_none() {
        system::end_of_turn(session);
        if session.era.has_attachments() {
            meta::write(session);
        }
        if session.era != Era::V1_0 && session.random.chance(0.01) {
            meta::pull_request(session);
        }
    }
    if session.era.has_snapshots() && session.agent.is_none() && session.random.chance(0.2) {
        snapshot::update(session);
    }
}

fn start(session: &mut Session) {
    if session.agent.is_some() {
        return;
    }
    if session.era == Era::V2_1 && session.random.chance(0.15) {
        meta::summaries_of_others(session);
    }
    if session.has_hooks {
        system::session_start(session);
    }
    if session.era.has_attachments() {
        attachment::start(session);
    }
}
