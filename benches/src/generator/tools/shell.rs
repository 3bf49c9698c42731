//! Bash: a command and what it prints. Large outputs of late versions are spilled into a file of their own.

use super::super::code;
use super::super::era::{COMMAND_BYTES, Era, OUTPUT_BYTES};
use super::super::json::{Json, Maybe, object};
use super::super::prose;
use super::super::session::{Session, SideContent, SideFile};
use super::{Exchange, Meanwhile};

/// Outputs of more bytes are spilled.
const SPILL_BYTES: usize = 25_000;

pub(super) fn bash(session: &mut Session) -> Exchange {
    let length = session.random.quantile(COMMAND_BYTES);
    let command = code::command(&mut session.random, &session.project.names, &session.project.cwd, length);
    let words = session.random.between(3, 8);
    let description = prose::title(&mut session.random, words);
    let length = session.random.quantile(OUTPUT_BYTES);
    let stdout = code::output(&mut session.random, &session.project.names, length);
    let has_timeout = session.random.chance(0.1);
    let input = object! {
        "command": command,
        "description": description,
        "timeout": Maybe(has_timeout.then_some(120_000)),
    };
    let spill = if stdout.len() > SPILL_BYTES { spill(session, &stdout) } else { None };
    let content = match &spill {
        Some((path, _)) => {
            let preview = &stdout[..stdout.char_indices().nth(2_000).map_or(stdout.len(), |(index, _)| index)];
            let kilobytes = stdout.len() as f64 / 1024.0;
            format!(
                "<persisted-output>\nOutput too large ({kilobytes:.1}KB). Full output saved to: {path}\n\n\
                 Preview (first 2KB):\n{preview}\n...\n</persisted-output>"
            )
        }
        None => stdout.clone(),
    };
    let result = object! {
        "stdout": stdout,
        "stderr": "",
        "interrupted": false,
        "isImage": false,
        "noOutputExpected": Maybe((session.era == Era::V2_1Late).then_some(false)),
        "persistedOutputPath": Maybe(spill.as_ref().map(|spill| spill.0.as_str())),
        "persistedOutputSize": Maybe(spill.as_ref().map(|spill| spill.1)),
    };
    let mut exchange = Exchange::new(session, "Bash", input, Json::of(&content), result);
    exchange.is_error = Some(false);
    exchange.meanwhile = Meanwhile::Prints(stdout);
    exchange
}

fn spill(session: &mut Session, output: &str) -> Option<(String, usize)> {
    if session.era < Era::V2_1 || !session.may_write_beside {
        return None;
    }
    let home: String = session.project.cwd.split('/').take(3).collect::<Vec<_>>().join("/");
    let path = format!("{}/tool-results/{}.txt", session.id, session.random.base62(9).to_lowercase());
    let absolute = format!("{home}/.claude/projects/{}/{path}", session.project.slug());
    session.beside.push(SideFile { path, content: SideContent::Other(output.as_bytes().to_vec()) });
    Some((absolute, output.len()))
}
