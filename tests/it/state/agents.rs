//! What is known about agents whose files have no metadata beside them.

use serde_json::json;

use crate::support::dump::Scope;
use crate::support::home::{Database, Home};
use crate::support::lines::{answer, call, prompt, result, text};

const SESSION: &str = "s1";
const AGENT: &str = "projects/-code-shop/s1/subagents/agent-a1.jsonl";

fn label(database: &Database) -> (Option<String>, Option<String>) {
    let sql = "SELECT agent_type, agent_description FROM files WHERE kind = 'agent'";
    database.connection().query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

fn both(kind: &str, description: &str) -> (Option<String>, Option<String>) {
    (Some(kind.to_owned()), Some(description.to_owned()))
}

#[test]
fn an_agent_is_what_its_call_says_in_whatever_order_the_files_come() {
    for name in ["Task", "Agent"] {
        let input = json!({ "subagent_type": "Explore", "description": "Find it", "prompt": "find it" });
        let main = [
            prompt(SESSION, 1, "go"),
            call(SESSION, 2, "t1", name, input),
            result(SESSION, 3, "t1", "found", json!({ "status": "completed", "agentId": "a1" })),
            // It continues later, under another description.
            call(SESSION, 4, "t2", name, json!({ "subagent_type": "Plan", "description": "Go on", "resume": "a1" })),
            result(SESSION, 5, "t2", "done", json!({ "status": "completed", "agentId": "a1" })),
        ];
        let agent = answer(SESSION, 3, text("found"));
        for agent_first in [false, true] {
            let home = Home::new();
            let database = home.database();
            if agent_first {
                home.write(AGENT, &agent);
                database.scan();
                assert_eq!(label(&database), (None, None));
            }
            for line in &main {
                home.append("projects/-code-shop/s1.jsonl", line);
                database.index(&home.transcript(SESSION));
            }
            home.write(AGENT, &agent);
            database.scan();
            assert_eq!(label(&database), both("Explore", "Find it"));
            assert_eq!(database.dump(Scope::Present), home.from_scratch());
            home.write(&AGENT.replace(".jsonl", ".meta.json"), json!({ "agentType": "Own" }).to_string());
            database.scan();
            assert_eq!(label(&database), both("Own", "Find it"), "what is beside it takes precedence");
        }
    }
}

#[test]
fn a_call_that_is_there_no_more_says_nothing() {
    let home = Home::new();
    let database = home.database();
    home.write(AGENT, answer(SESSION, 3, text("found")));
    let call = call(SESSION, 2, "t1", "Task", json!({ "description": "Find it" }));
    let result = result(SESSION, 3, "t1", "found", json!({ "agentId": "a1", "agentType": "Explore" }));
    home.write_session(SESSION, call + &result);
    database.scan();
    assert_eq!(label(&database), both("Explore", "Find it"), "the result may say its type");
    std::fs::remove_file(home.transcript(SESSION)).unwrap();
    home.write_session(SESSION, prompt(SESSION, 1, "anew"));
    database.scan();
    assert_eq!(label(&database), (None, None));
}
