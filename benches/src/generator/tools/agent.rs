//! Task (later: Agent): a subagent with a transcript of its own; inline in the main file of the earliest versions.

use super::super::era::Era;
use super::super::json::{Json, Maybe, object};
use super::super::prose;
use super::super::random::Quantiles;
use super::super::records::{assistant, prompt};
use super::super::session::{Session, SideContent, SideFile};
use super::{Exchange, Meanwhile};

const MESSAGES_EARLY: Quantiles = &[(0.0, 1.0), (0.5, 3.0), (0.75, 7.0), (0.9, 15.0), (1.0, 40.0)];
const MESSAGES_LATE: Quantiles = &[(0.0, 3.0), (0.25, 9.0), (0.5, 18.0), (0.75, 35.0), (1.0, 90.0)];

pub(super) fn run(session: &mut Session) -> Exchange {
    let era = session.era;
    let id = format!("a{}", session.random.hex(if era == Era::V2_1Late { 16 } else { 6 }));
    let description = prose::title(&mut session.random, 4);
    let length = session.random.between(150, 1_500) as usize;
    let task = prose::paragraphs(&mut session.random, length, &session.project.names);

    let mut agent = session.agent(id.clone());
    if era == Era::V1_0 {
        agent.agent = None;
    }
    prompt::write_text(&mut agent, &task);
    let messages = agent.random.quantile(if era == Era::V2_1Late { MESSAGES_LATE } else { MESSAGES_EARLY }).max(1);
    for index in 0..messages {
        assistant::write(&mut agent, index + 1 == messages);
    }
    let lines: Vec<_> = agent.ready.drain(..).collect();

    let length = session.random.between(300, 6_000) as usize;
    let report = prose::paragraphs(&mut session.random, length, &session.project.names);
    let blocks = vec![object! { "type": "text", "text": report }];
    let input = object! { "description": description, "prompt": task, "subagent_type": "explorer" };
    let result = object! {
        "status": "completed",
        "prompt": task,
        "agentId": Maybe((era != Era::V1_0).then_some(id.as_str())),
        "agentType": Maybe((era == Era::V2_1Late).then_some("explorer")),
        "content": blocks,
        "totalDurationMs": agent.now - session.now,
        "totalTokens": agent.context_tokens,
        "totalToolUseCount": messages,
    };
    let name = if era == Era::V2_1Late { "Agent" } else { "Task" };
    let mut exchange = Exchange::new(session, name, input, Json::array(&blocks), result);
    let mirrored = match era {
        Era::V1_0 | Era::V2_1 => lines.clone(),
        Era::V2_0 | Era::V2_1Late => Vec::new(),
    };
    exchange.meanwhile = Meanwhile::Agent { agent: id.clone(), prompt: task, lines: mirrored, until: agent.now };
    if era != Era::V1_0 && session.may_write_beside {
        beside(session, &id, &description, lines);
    }
    exchange
}

/// Writes the agent's transcript, and the other files of later versions, beside the main file.
fn beside(session: &mut Session, id: &str, description: &str, lines: Vec<super::super::line::Line>) {
    let folder = match session.era {
        Era::V1_0 | Era::V2_0 => String::new(),
        Era::V2_1 => format!("{}/subagents/", session.id),
        Era::V2_1Late if session.random.chance(0.3) => {
            let workflow = format!("wf_{}-{}", session.random.hex(8), session.random.hex(3));
            let folder = format!("{}/subagents/workflows/{workflow}/", session.id);
            let key = format!("v2:{}", session.random.hex(64));
            let mut journal = object! { "type": "started", "key": key, "agentId": id }.into_bytes();
            journal.push(b'\n');
            journal.extend(object! { "type": "result", "key": key, "agentId": id, "result": "done" }.into_bytes());
            journal.push(b'\n');
            session
                .beside
                .push(SideFile { path: format!("{folder}journal.jsonl"), content: SideContent::Other(journal) });
            folder
        }
        Era::V2_1Late => format!("{}/subagents/", session.id),
    };
    if session.era == Era::V2_1Late {
        let meta = object! { "agentType": "explorer", "description": description };
        session.beside.push(SideFile {
            path: format!("{folder}agent-{id}.meta.json"),
            content: SideContent::Other(meta.into_bytes()),
        });
    }
    session
        .beside
        .push(SideFile { path: format!("{folder}agent-{id}.jsonl"), content: SideContent::Transcript(lines) });
}
