//! Messages that move to another place, and those that become visible again: nothing is embedded twice, and nothing is forgotten.

use std::sync::Arc;

use han_native::{EmbedOptions, ForgetTarget};
use serde_json::json;

use super::embedders::Counting;
use super::{file, found, ids, pending, prompts};
use crate::support::home::{Database, Home};

const AGENT: &str = "projects/-code-shop/s/subagents/agent-a1.jsonl";

fn counting(database: &Database) -> Arc<Counting> {
    let embedder = Arc::new(Counting::default());
    database.han.vectors().register(embedder.clone()).unwrap();
    embedder
}

fn embed(database: &Database) -> i64 {
    database.han.vectors().embed_pending("letters", EmbedOptions::default()).unwrap().messages
}

#[test]
fn what_was_moved_is_not_embedded_again() {
    let home = Home::new();
    home.write(&file("s"), prompts("s", &["one", "two", "three"]).as_bytes());
    let database = home.database();
    database.scan();
    let embedder = counting(&database);
    assert_eq!(embed(&database), 3);
    let former = ids(&database.han, "s");
    // To another session, to another project, and to both.
    for (from, to) in [
        (file("s"), file("t")),
        (file("t"), "projects/-code-other/t.jsonl".into()),
        ("projects/-code-other/t.jsonl".into(), file("u")),
    ] {
        std::fs::create_dir_all(home.file(&to).parent().unwrap()).unwrap();
        std::fs::rename(home.file(&from), home.file(&to)).unwrap();
        database.scan();
        assert_eq!(pending(&database.han, "letters"), [""; 0], "{to}");
        assert_eq!((embed(&database), embedder.texts()), (0, 3), "{to}");
    }
    let now = ids(&database.han, "u");
    assert!(now.len() == 3 && now.iter().all(|id| !former.contains(id)));
    let mut hits = found(&database.han, "letters", &[1.0; 26]);
    hits.sort_by_key(|id| now.iter().position(|known| known == id));
    assert_eq!(hits, now);
    let model = database.han.vectors().models().unwrap().remove(0);
    assert_eq!((model.messages, model.vectors, model.stale), (3, 3, 0));
    assert!(database.han.doctor(Default::default()).unwrap().is_healthy);
    database.han.forget(&ForgetTarget::Session("u".into())).unwrap();
    assert_eq!(database.han.vectors().models().unwrap()[0].vectors, 0);
}

#[test]
fn what_is_new_in_a_moved_file_is_embedded() {
    let home = Home::new();
    home.write(&file("s"), prompts("s", &["one", "two"]).as_bytes());
    let database = home.database();
    database.scan();
    let embedder = counting(&database);
    assert_eq!(embed(&database), 2);
    std::fs::rename(home.file(&file("s")), home.file(&file("t"))).unwrap();
    home.append(&file("t"), prompts("t", &["-", "-", "rake the leaves"]).lines().last().unwrap().as_bytes());
    database.scan();
    assert_eq!((embed(&database), embedder.texts()), (1, 3));
}

/// Progress of an agent: its message, as the session that called it has it.
fn progress(uuid: &str, text: &str) -> String {
    let message = json!({ "type": "assistant", "uuid": uuid, "timestamp": "2026-03-01T10:00:05.000Z",
        "message": { "role": "assistant", "content": [{ "type": "text", "text": text }] } });
    json!({ "type": "progress", "uuid": format!("9{}", &uuid[1..]), "timestamp": "2026-03-01T10:00:06.000Z",
        "sessionId": "s", "parentToolUseID": "toolu_1",
        "data": { "type": "agent_progress", "message": message, "prompt": "go", "agentId": "a1" } })
    .to_string()
        + "\n"
}

fn said(uuid: &str, text: &str) -> String {
    json!({ "type": "assistant", "uuid": uuid, "timestamp": "2026-03-01T10:00:05.000Z", "sessionId": "s",
        "agentId": "a1", "isSidechain": true,
        "message": { "role": "assistant", "content": [{ "type": "text", "text": text }] } })
    .to_string()
        + "\n"
}

const FIRST: &str = "11111111-0000-4000-8000-000000000001";
const SECOND: &str = "11111111-0000-4000-8000-000000000002";

/// A session and its agent, whose one message both have; all embedded.
fn with_agent() -> (Home, Database, String) {
    let home = Home::new();
    home.write(&file("s"), (prompts("s", &["begin"]) + &progress(FIRST, "tulips grow")).as_bytes());
    home.write(AGENT, said(FIRST, "tulips grow").as_bytes());
    let database = home.database();
    database.scan();
    counting(&database);
    assert_eq!(embed(&database), 2, "the prompt, and the agent's own message");
    let repeat = ids(&database.han, "s").pop().unwrap();
    (home, database, repeat)
}

#[test]
fn progress_that_repeats_an_agent_wants_a_vector_once_the_agents_file_is_another() {
    let (home, database, repeat) = with_agent();
    home.write(AGENT, said(SECOND, "roses grow").as_bytes());
    database.scan();
    let mut wanted = pending(&database.han, "letters");
    assert_eq!(wanted.len(), 2);
    wanted.retain(|id| *id == repeat);
    assert_eq!(wanted.len(), 1, "it is the only one that has this text now");
    assert_eq!((embed(&database), embed(&database)), (2, 0));
    assert!(found(&database.han, "letters", &[1.0; 26]).contains(&repeat));
}
