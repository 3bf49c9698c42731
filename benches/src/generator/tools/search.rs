//! Grep, Glob and LS.

use super::super::code;
use super::super::era::OUTPUT_BYTES;
use super::super::json::{Json, Maybe, object};
use super::super::session::Session;
use super::Exchange;

pub(super) fn grep(session: &mut Session) -> Exchange {
    let names = &session.project.names.identifiers;
    let pattern = names[session.random.below(names.len())].clone();
    let shows_content = session.random.chance(0.6);
    let input = object! {
        "pattern": pattern,
        "path": session.project.cwd,
        "output_mode": if shows_content { "content" } else { "files_with_matches" },
        "-n": Maybe(shows_content.then_some(true)),
    };
    if shows_content {
        let length = session.random.quantile(OUTPUT_BYTES).min(20_000);
        let text = code::found(&mut session.random, &session.project.names, length);
        let result = object! {
            "mode": "content",
            "numFiles": 0,
            "filenames": Vec::<Json>::new(),
            "content": text,
            "numLines": text.split('\n').count(),
        };
        return Exchange::new(session, "Grep", input, Json::of(&text), result);
    }
    let paths = paths(session);
    let answer = Json::of(&format!("Found {} files\n{}", paths.len(), paths.join("\n")));
    let result = object! { "mode": "files_with_matches", "filenames": paths, "numFiles": paths.len() };
    Exchange::new(session, "Grep", input, answer, result)
}

pub(super) fn glob(session: &mut Session) -> Exchange {
    let paths = paths(session);
    let result = object! {
        "filenames": paths,
        "durationMs": session.random.between(3, 300),
        "numFiles": paths.len(),
        "truncated": false,
    };
    Exchange::new(session, "Glob", object! { "pattern": "src/**/*" }, Json::of(&paths.join("\n")), result)
}

pub(super) fn list(session: &mut Session) -> Exchange {
    let text = paths(session).join("\n");
    let input = object! { "path": session.project.cwd };
    Exchange::new(session, "LS", input, Json::of(&text), Json::of(&text))
}

fn paths(session: &mut Session) -> Vec<String> {
    let count = session.random.below(24);
    (0..count)
        .map(|_| {
            let file = session.project.pick_file(&mut session.random);
            session.project.files[file].path.clone()
        })
        .collect()
}
