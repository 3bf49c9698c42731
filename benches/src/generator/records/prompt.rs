//! `user` records that are not tool results: prompts, commands, interruptions.

use super::super::era::{Era, PROMPT_BYTES};
use super::super::json::{Fields, Json, Maybe, fields, object};
use super::super::line::Facts;
use super::super::prose;
use super::super::session::Session;
use super::snapshot;

/// Writes a prompt, and now and then a command or an interruption before it.
pub(crate) fn write(session: &mut Session) {
    session.prompt_id = session.random.uuid();
    if session.agent.is_none() && session.random.chance(0.08) {
        command(session);
    }
    let length = session.random.quantile(PROMPT_BYTES);
    let text = prose::prompt(&mut session.random, length, &session.project.names);
    write_text(session, &text);
}

/// Writes this prompt.
pub(crate) fn write_text(session: &mut Session, text: &str) {
    let is_prompt = !session.is_sidechain;
    if session.era.has_snapshots() && is_prompt {
        snapshot::before_prompt(session);
    }
    let as_blocks = session.random.chance(0.2);
    let mut blocks = vec![object! { "type": "text", "text": text }];
    if is_prompt && session.random.chance(0.006) {
        let length = session.random.between(20_000, 180_000) as usize;
        blocks.push(image(session.random.base64(length / 4 * 4)));
    }
    let content = if as_blocks || blocks.len() > 1 { Json::array(&blocks) } else { Json::of(text) };
    let body = fields! { "message": object! { "role": "user", "content": content } };
    let tail = match session.era {
        Era::V1_0 => Fields::default(),
        Era::V2_0 | Era::V2_1 => fields! {
            "thinkingMetadata": object! { "maxThinkingTokens": 31_999 },
            "todos": Vec::<Json>::new(),
            "permissionMode": "default",
        },
        Era::V2_1Late => fields! {
            "permissionMode": "default",
            "origin": object! { "kind": "human" },
            "promptSource": "typed",
        },
    };
    session.chained("user", &body, &tail, Facts { is_prompt, ..Facts::default() });
    text.clone_into(&mut session.last_prompt);
    session.wait(1_500, 9_000);
}

/// Writes a `user` record that no person typed.
pub(crate) fn injected(session: &mut Session, text: &str, is_meta: bool) {
    let body = fields! {
        "message": object! { "role": "user", "content": text },
        "isMeta": Maybe(is_meta.then_some(true)),
    };
    session.chained("user", &body, &Fields::default(), Facts::default());
}

fn command(session: &mut Session) {
    let name = session.random.pick(&["review", "clear", "compact", "cost", "model"]);
    if session.random.chance(0.3) {
        injected(session, "[Request interrupted by user]", false);
        return;
    }
    injected(session, "Caveat: The messages below were written while local commands ran.", true);
    let text = format!(
        "<command-name>/{name}</command-name>\n<command-message>{name}</command-message>\n<command-args></command-args>"
    );
    injected(session, &text, false);
    injected(session, "<local-command-stdout></local-command-stdout>", false);
}

fn image(data: String) -> Json {
    object! {
        "type": "image",
        "source": object! { "type": "base64", "media_type": "image/png", "data": data },
    }
}
