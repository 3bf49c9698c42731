use super::*;
use crate::model::{MessageId, Timestamp, Todo};
use crate::query::testing::{Fixture, Line, id};

const MAIN: &str = "projects/p/s1.jsonl";
const AGENT: &str = "projects/p/s1/subagents/agent-a1.jsonl";

/// A session with an older generation, a copy, an agent, and progress that repeats a message of the agent's.
struct Stage {
    fixture: Fixture,
    session: i64,
    superseded: i64,
    first: i64,
    copy: i64,
    untimed: i64,
    repeated: i64,
    of_agent: i64,
}

impl Stage {
    fn new() -> Stage {
        let fixture = Fixture::new();
        let session = fixture.session("s1", Some(50), true);
        fixture.session("quiet", None, false);
        let old = fixture.file(session, MAIN, "main", None);
        let superseded = fixture.line(old, Line::new(1, Some(90), "old"));
        let main = fixture.generation(fixture.file_of(old), 2);
        let first = fixture.line(main, Line::new(1, Some(10), "first"));
        let copy = fixture.line(main, Line { replay_of: Some(first), ..Line::new(2, Some(80), "copy") });
        let untimed = fixture.line(main, Line::new(3, None, "untimed"));
        let uuid = Some([7; 16]);
        let repeated = fixture.line(main, Line { carried_uuid: uuid, ..Line::new(4, Some(70), "progress") });
        let agent = fixture.file(session, AGENT, "agent", Some("a1"));
        let of_agent = fixture.line(agent, Line { uuid, ..Line::new(1, Some(20), "of the agent") });
        Stage { fixture, session, superseded, first, copy, untimed, repeated, of_agent }
    }

    fn all(&self) -> [i64; 6] {
        [self.superseded, self.first, self.copy, self.untimed, self.repeated, self.of_agent]
    }
}

fn asked() -> [String; 4] {
    ["unknown", "s1", "quiet", "s1"].map(str::to_owned)
}

fn names<T>(found: &PerSession<T>, name: impl Fn(&T) -> String) -> Vec<Option<Vec<String>>> {
    found.iter().map(|items| items.as_ref().map(|items| items.iter().map(&name).collect())).collect()
}

/// What is expected of [`asked`], if nothing happened in the other session.
fn expected(items: &[&str]) -> Vec<Option<Vec<String>>> {
    let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
    vec![None, Some(items.clone()), Some(Vec::new()), Some(items)]
}

#[test]
fn file_changes_are_told_in_the_order_in_which_they_were_made() {
    let stage = Stage::new();
    let tool = stage.fixture.string("Edit");
    for message in stage.all() {
        for ordinal in [1, 0] {
            stage.fixture.run(
                "INSERT INTO session_file_changes VALUES (?1, ?2, ?3, ?1 || '.' || ?2, 'update', 3, 1, ?4)",
                [message, ordinal, stage.session, tool],
            );
        }
    }
    let found = file_changes_in(&stage.fixture.connection, &asked()).unwrap();
    let paths: Vec<String> = [stage.untimed, stage.first, stage.of_agent]
        .iter()
        .flat_map(|message| [format!("{message}.0"), format!("{message}.1")])
        .collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    assert_eq!(names(&found, |change| change.path.clone()), expected(&paths));
    let last = found[1].as_ref().unwrap().last().unwrap();
    assert_eq!(last.message_id.to_string(), id(AGENT, 1));
    assert_eq!((last.session_id.as_str(), last.agent_id.as_deref()), ("s1", Some("a1")));
    assert_eq!((last.timestamp, last.tool.as_str(), last.lines_added), (Some(Timestamp(20)), "Edit", 3));
}

#[test]
fn hooks_are_told_in_the_order_in_which_they_were_run() {
    let stage = Stage::new();
    for message in stage.all() {
        stage.fixture.run(
            "INSERT INTO hook_executions VALUES (?1, 0, ?2, 'Stop', NULL, ?1, 12, 2, 1)",
            [message, stage.session],
        );
    }
    let found = hook_executions_in(&stage.fixture.connection, &asked()).unwrap();
    let commands = [stage.untimed, stage.first, stage.of_agent].map(|message| message.to_string());
    let commands = commands.each_ref().map(String::as_str);
    assert_eq!(names(&found, |hook| hook.command.clone().unwrap()), expected(&commands));
    let hook = &found[1].as_ref().unwrap()[1];
    assert_eq!(hook.message_id.to_string(), id(MAIN, 1));
    assert_eq!((hook.event.as_str(), hook.name.as_deref(), hook.is_error), ("Stop", None, true));
    assert_eq!((hook.duration_ms, hook.exit_code, hook.agent_id.as_deref()), (Some(12), Some(2), None));
}

#[test]
fn the_last_todo_list_is_the_state() {
    let stage = Stage::new();
    let write = |message: i64, todos: &str| {
        stage.fixture.run("INSERT INTO session_todos VALUES (?1, ?2, ?3)", (message, stage.session, todos));
    };
    let lists = || todos_in(&stage.fixture.connection, &asked()).unwrap();
    assert_eq!(lists(), [None, None, None, None]);
    for message in [stage.superseded, stage.copy, stage.repeated] {
        write(message, "[]");
    }
    assert_eq!(lists(), [None, None, None, None]);
    write(stage.untimed, r#"[{"content":"untimed"}]"#);
    write(stage.of_agent, r#"[{"content":"a","status":"pending","activeForm":"doing"},{"content":null}]"#);
    write(stage.first, "[]");
    let found = lists();
    let list = found[1].as_ref().unwrap();
    assert_eq!(list.message_id, id(AGENT, 1).parse::<MessageId>().unwrap());
    assert_eq!((list.session_id.as_str(), list.updated_at), ("s1", Some(Timestamp(20))));
    let text = |text: &str| Some(text.to_owned());
    let item = Todo { content: text("a"), status: text("pending"), active_form: text("doing") };
    assert_eq!(list.items, [item, Todo::default()]);
    assert_eq!((&found[0], &found[2], &found[3]), (&None, &None, &found[1]));
}

#[test]
fn tasks_are_listed_by_their_numbers() {
    let stage = Stage::new();
    for task in ["10", "9", "b"] {
        stage.fixture.run(
            "INSERT INTO native_tasks (session_id, task_id, subject, blocked_by, created_at) VALUES (?1, ?2, 'build', ?3, 5)",
            (stage.session, task, (task == "10").then_some(r#"["9"]"#)),
        );
    }
    let found = tasks_in(&stage.fixture.connection, &asked()).unwrap();
    assert_eq!(names(&found, |task| task.id.clone()), expected(&["9", "b", "10"]));
    let tasks = found[1].as_ref().unwrap();
    assert_eq!(tasks[2].blocked_by, ["9"]);
    assert_eq!((tasks[0].subject.as_deref(), tasks[0].created_at), (Some("build"), Some(Timestamp(5))));
    assert_eq!((tasks[0].blocked_by.len(), tasks[0].updated_at), (0, None));
}

#[test]
fn a_summary_belongs_to_the_session_that_it_sums_up() {
    let stage = Stage::new();
    let quiet = stage.fixture.id_of_session("quiet");
    let leaf = [9_u8; 16];
    for (message, kind, leaf) in [
        (stage.of_agent, "away", None),
        (stage.first, "summary", Some(leaf)),
        (stage.untimed, "summary", Some([8; 16])),
        (stage.copy, "compaction", None),
        (stage.superseded, "summary", Some(leaf)),
    ] {
        stage
            .fixture
            .run("INSERT INTO session_summaries VALUES (?1, ?2, ?3, ?4, ?1)", (message, stage.session, kind, leaf));
    }
    // The last message of the first two is in the other session; that of the third is nowhere.
    for message in [stage.first, stage.superseded] {
        stage.fixture.run("INSERT INTO session_titles VALUES (?1, ?2, 3, 'summary')", [quiet, message]);
    }
    let asked = ["quiet", "s1"].map(str::to_owned);
    let found = summaries_in(&stage.fixture.connection, &asked).unwrap();
    let texts = |messages: &[i64]| Some(messages.iter().map(i64::to_string).collect::<Vec<_>>());
    assert_eq!(
        names(&found, |summary| summary.text.clone()),
        [texts(&[stage.first]), texts(&[stage.untimed, stage.of_agent])]
    );
    let moved = &found[0].as_ref().unwrap()[0];
    assert_eq!((moved.session_id.as_str(), moved.message_id.to_string()), ("quiet", id(MAIN, 1)));
    assert_eq!(moved.leaf_uuid.as_deref(), Some("09090909-0909-0909-0909-090909090909"));
}
