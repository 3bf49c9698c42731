//! `assistant` records: an API message as it streams, one line per content block, and the results of its tools.

use super::super::era::{Era, SIGNATURE_CHARACTERS, TEXT_BYTES, THINKING_BYTES};
use super::super::json::{Json, Maybe, fields, object};
use super::super::line::{Facts, StatedUsage, Tokens};
use super::super::prose;
use super::super::session::Session;
use super::super::tools::{self, Exchange};

/// Writes one API message. The last one of a turn is only text; the others call tools.
pub(crate) fn write(session: &mut Session, is_last: bool) {
    if is_last && session.random.chance(0.01) {
        return synthetic(session);
    }
    let mut blocks: Vec<Json> = Vec::new();
    if session.random.chance(session.era.thinking_share()) {
        blocks.push(thinking(session));
    }
    if is_last || session.random.chance(0.32) {
        let length = session.random.quantile(TEXT_BYTES) * if is_last { 2 } else { 1 };
        let text = prose::paragraphs(&mut session.random, length, &session.project.names);
        blocks.push(object! { "type": "text", "text": text });
    }
    let calls = if is_last { 0 } else { session.random.weighted(&[(1, 0.86), (2, 0.10), (3, 0.03), (5, 0.01)]) };
    let exchanges: Vec<Exchange> = (0..calls).map(|_| tools::call(session)).collect();
    for exchange in &exchanges {
        let caller = (session.era == Era::V2_1Late).then(|| object! { "type": "direct" });
        blocks.push(object! {
            "type": "tool_use",
            "id": exchange.id,
            "name": exchange.name,
            "input": exchange.input,
            "caller": Maybe(caller),
        });
    }

    let stream = Stream::new(session);
    let text_blocks = blocks.len() - exchanges.len();
    let mut callers = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        session.wait(200, 4_000);
        let is_final = index + 1 == blocks.len();
        let uuid = stream.line(session, block, is_final, is_last, u64::from(index >= text_blocks));
        if index >= text_blocks {
            callers.push(uuid);
        }
    }
    for (exchange, caller) in exchanges.into_iter().zip(callers) {
        tools::result(session, exchange, caller);
    }
}

fn thinking(session: &mut Session) -> Json {
    let characters = session.random.quantile(SIGNATURE_CHARACTERS) / 4 * 4;
    // Late versions keep the signature alone.
    let text = if session.era == Era::V2_1Late {
        String::new()
    } else {
        let length = session.random.quantile(THINKING_BYTES);
        prose::paragraphs(&mut session.random, length, &session.project.names)
    };
    object! { "type": "thinking", "thinking": text, "signature": session.random.base64(characters) }
}

/// What the lines of one API message share.
struct Stream {
    message_id: String,
    request_id: String,
    first: Tokens,
    last: Tokens,
}

impl Stream {
    fn new(session: &mut Session) -> Stream {
        let created = session.random.between(60, 6_000);
        let hourly = session.era >= Era::V2_1;
        let first = Tokens {
            input: session.random.between(1, 12),
            output: session.random.between(1, 8),
            cache_read: session.context_tokens,
            cache_creation_5m: if hourly { 0 } else { created },
            cache_creation_1h: if hourly { created } else { 0 },
        };
        session.context_tokens += created;
        // Early versions often never write the final count.
        let is_counted = session.era == Era::V2_1Late || session.random.chance(0.35);
        let last =
            Tokens { output: if is_counted { session.random.between(40, 1_800) } else { first.output }, ..first };
        let message_id = format!("msg_01{}", session.random.base62(22));
        let request_id = format!("req_011C{}", session.random.base62(20));
        Stream { message_id, request_id, first, last }
    }

    fn line(&self, session: &mut Session, block: &Json, is_final: bool, ends: bool, tool_calls: u64) -> String {
        let is_late = session.era == Era::V2_1Late;
        let tokens = if is_final || is_late { self.last } else { self.first };
        let reason = is_late.then_some(if ends { "end_turn" } else { "tool_use" });
        let message = object! {
            "model": session.model,
            "id": self.message_id,
            "type": "message",
            "role": "assistant",
            "content": vec![block],
            "stop_reason": reason,
            "stop_sequence": None::<bool>,
            "stop_details": Maybe(is_late.then_some(None::<bool>)),
            "usage": usage(session.era, tokens),
            "diagnostics": Maybe(is_late.then_some(None::<bool>)),
        };
        let request = fields! { "requestId": self.request_id };
        let mut body = fields! { "message": message };
        body.append(&request);
        let stated = StatedUsage { message_id: self.message_id.clone(), tokens, is_carried: false };
        let facts = Facts { usage: Some(stated), tool_calls, ..Facts::default() };
        let effort = fields! { "effort": Maybe(is_late.then_some("high")) };
        session.chained("assistant", &body, &effort, facts)
    }
}

fn usage(era: Era, tokens: Tokens) -> Json {
    let creation = object! {
        "ephemeral_5m_input_tokens": tokens.cache_creation_5m,
        "ephemeral_1h_input_tokens": tokens.cache_creation_1h,
    };
    let is_late = era == Era::V2_1Late;
    let created = tokens.cache_creation_5m + tokens.cache_creation_1h;
    let server = object! { "web_search_requests": 0, "web_fetch_requests": 0 };
    object! {
        "input_tokens": tokens.input,
        "cache_creation_input_tokens": created,
        "cache_read_input_tokens": tokens.cache_read,
        "cache_creation": creation,
        "output_tokens": tokens.output,
        "server_tool_use": Maybe(is_late.then_some(server)),
        "service_tier": "standard",
        "inference_geo": Maybe((era >= Era::V2_1).then_some("not_available")),
        "iterations": Maybe(is_late.then(Vec::<Json>::new)),
        "speed": Maybe(is_late.then_some("standard")),
    }
}

/// An error that the program itself writes as an answer.
fn synthetic(session: &mut Session) {
    let message_id = session.random.uuid();
    let message = object! {
        "id": message_id,
        "model": "<synthetic>",
        "role": "assistant",
        "stop_reason": "stop_sequence",
        "stop_sequence": "",
        "type": "message",
        "usage": usage(session.era, Tokens::default()),
        "content": vec![object! { "type": "text", "text": "API Error: 500 Internal server error" }],
    };
    let stated = StatedUsage { message_id, tokens: Tokens::default(), is_carried: false };
    let facts = Facts { usage: Some(stated), ..Facts::default() };
    session.chained("assistant", &fields! { "message": message }, &fields! { "isApiErrorMessage": true }, facts);
}
