//! The rest: the web, MCP servers, skills, questions, the search for tools.

use super::super::json::{Json, object};
use super::super::prose;
use super::super::session::Session;
use super::Exchange;

pub(super) fn web_fetch(session: &mut Session) -> Exchange {
    let url = format!("https://docs.example.com/{}", session.random.hex(8));
    let length = session.random.between(300, 4_000) as usize;
    let text = prose::paragraphs(&mut session.random, length, &session.project.names);
    let result = object! {
        "bytes": session.random.between(4_000, 400_000),
        "code": 200,
        "codeText": "OK",
        "result": text,
        "durationMs": session.random.between(300, 9_000),
        "url": url,
    };
    let input = object! { "url": url, "prompt": prose::title(&mut session.random, 9) };
    Exchange::new(session, "WebFetch", input, Json::of(&text), result)
}

pub(super) fn web_search(session: &mut Session) -> Exchange {
    let query = prose::prompt(&mut session.random, 40, &session.project.names);
    let text = prose::paragraphs(&mut session.random, 900, &session.project.names);
    let result = object! {
        "query": query,
        "results": vec![text.as_str()],
        "durationSeconds": 1.0 + f64::from(session.random.word() % 9_000) / 1_000.0,
    };
    Exchange::new(session, "WebSearch", object! { "query": query }, Json::of(&text), result)
}

pub(super) fn mcp(session: &mut Session) -> Exchange {
    let length = session.random.between(100, 3_000) as usize;
    let text = prose::paragraphs(&mut session.random, length, &session.project.names);
    let blocks = Json::array(&[object! { "type": "text", "text": text }]);
    let input = object! { "query": prose::title(&mut session.random, 4), "limit": 10 };
    Exchange::new(session, "mcp__notes__find", input, blocks.clone(), blocks)
}

pub(super) fn skill(session: &mut Session) -> Exchange {
    let name = session.random.pick(&["review", "write-tests", "release"]);
    let result = object! { "success": true, "commandName": name };
    let answer = Json::of(&format!("Launching skill: {name}"));
    Exchange::new(session, "Skill", object! { "skill": name }, answer, result)
}

pub(super) fn question(session: &mut Session) -> Exchange {
    let question = format!("{}?", prose::title(&mut session.random, 8));
    let labels: Vec<String> = (0..3).map(|_| prose::title(&mut session.random, 2)).collect();
    let options: Vec<Json> = (labels.iter())
        .map(|label| object! { "label": label, "description": prose::title(&mut session.random, 7) })
        .collect();
    let asked = object! {
        "question": question,
        "header": "Choice",
        "options": options,
        "multiSelect": false,
    };
    let mut answers = super::super::json::Fields::default();
    answers.add(&question, &labels[0]);
    let answer = Json::of(&format!("User has answered your questions: \"{question}\"=\"{}\"", labels[0]));
    let input = object! { "questions": vec![&asked] };
    let result = object! { "questions": vec![&asked], "answers": answers.close() };
    Exchange::new(session, "AskUserQuestion", input, answer, result)
}

pub(super) fn tool_search(session: &mut Session) -> Exchange {
    let query = session.random.pick(&["select:WebFetch", "notebook", "browser"]);
    let reference = object! { "type": "tool_reference", "tool_name": "WebFetch" };
    let result = object! { "matches": vec!["WebFetch"], "query": query, "total_deferred_tools": 21 };
    let input = object! { "query": query, "max_results": 5 };
    Exchange::new(session, "ToolSearch", input, Json::array(&[reference]), result)
}
