//! Tools: their input, their output, and the content of `toolUseResult`. One kind of tool per file.

mod agent;
mod edit;
mod other;
mod read;
mod search;
mod shell;
mod tasks;

use super::era::Era;
use super::json::{Json, Maybe, fields, object};
use super::line::{Facts, Line};
use super::records::progress;
use super::session::Session;

/// A call and its answer.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) id: String,
    pub(crate) name: &'static str,
    pub(crate) input: Json,
    /// The `content` of the tool_result: a string or blocks.
    content: Json,
    is_error: Option<bool>,
    result: Json,
    meanwhile: Meanwhile,
}

/// What is written between the call and its answer.
#[derive(Debug)]
enum Meanwhile {
    Nothing,
    /// A command prints this.
    Prints(String),
    /// An agent works.
    Agent {
        agent: String,
        prompt: String,
        lines: Vec<Line>,
        until: i64,
    },
}

impl Exchange {
    fn new(session: &mut Session, name: &'static str, input: Json, content: Json, result: Json) -> Exchange {
        let id = format!("toolu_01{}", session.random.base62(22));
        Exchange { id, name, input, content, is_error: None, result, meanwhile: Meanwhile::Nothing }
    }
}

type Tool = fn(&mut Session) -> Exchange;

/// Calls a tool; now and then it fails.
pub(crate) fn call(session: &mut Session) -> Exchange {
    let era = session.era;
    let mut tools: Vec<(Tool, f64)> = vec![
        (shell::bash, 52.0),
        (read::read, 16.0),
        (edit::edit, 13.0),
        (search::grep, 6.0),
        (edit::write, 2.4),
        (search::glob, 1.5),
        (other::web_fetch, 0.5),
        (other::web_search, 0.4),
        (other::mcp, 0.9),
    ];
    match era {
        Era::V1_0 => tools.extend([
            (tasks::todo_write as Tool, 5.0),
            (edit::multi_edit as Tool, 1.0),
            (search::list as Tool, 1.0),
        ]),
        Era::V2_0 => tools.push((tasks::todo_write, 4.0)),
        Era::V2_1 => tools.extend([
            (tasks::todo_write as Tool, 2.0),
            (tasks::create as Tool, 0.7),
            (tasks::update as Tool, 1.3),
            (other::skill as Tool, 0.4),
            (other::question as Tool, 0.3),
        ]),
        Era::V2_1Late => tools.extend([
            (tasks::create as Tool, 1.2),
            (tasks::update as Tool, 2.4),
            (other::skill as Tool, 0.5),
            (other::tool_search as Tool, 0.5),
        ]),
    }
    if session.agent.is_none() && !session.is_sidechain {
        tools.push((agent::run, 1.2));
    }
    let tool = session.random.weighted(&tools);
    let mut exchange = tool(session);
    if matches!(exchange.meanwhile, Meanwhile::Nothing | Meanwhile::Prints(_)) && session.random.chance(0.06) {
        let length = session.random.between(20, 900) as usize;
        let text = super::code::output(&mut session.random, &session.project.names, length);
        exchange.content = Json::of(&format!("Exit code 1\n{text}"));
        exchange.result = Json::of(&format!("Error: Exit code 1\n{text}"));
        exchange.is_error = Some(true);
    }
    exchange
}

/// Writes the answer to a call, and what came before it.
pub(crate) fn result(session: &mut Session, exchange: Exchange, caller: String) {
    let has_hook = session.has_hooks && session.era.has_progress() && session.random.chance(0.45);
    if has_hook {
        progress::hook(session, "PostToolUse", &format!("PostToolUse:{}", exchange.name), Some(&exchange.id));
    }
    match &exchange.meanwhile {
        Meanwhile::Nothing => {}
        Meanwhile::Prints(output) if session.era.has_progress() => progress::bash(session, &exchange.id, output),
        Meanwhile::Prints(_) => {}
        Meanwhile::Agent { agent, prompt, lines, until } => {
            for line in lines {
                if session.era.has_progress() {
                    progress::agent(session, line, prompt, agent, &exchange.id);
                } else {
                    session.ready.push_back(line.clone());
                }
            }
            session.now = session.now.max(*until);
        }
    }
    session.wait(30, 3_000);
    let block = object! {
        "tool_use_id": exchange.id,
        "type": "tool_result",
        "content": exchange.content,
        "is_error": Maybe(exchange.is_error),
    };
    let body = fields! { "message": object! { "role": "user", "content": vec![block] } };
    let tail = fields! {
        "toolUseResult": exchange.result,
        "sourceToolAssistantUUID": Maybe((session.era >= Era::V2_1).then_some(caller)),
    };
    session.chained("user", &body, &tail, Facts::default());
}
