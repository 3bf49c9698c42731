//! Todo lists of early versions and native tasks of later ones.

use super::super::json::{Json, Maybe, object};
use super::super::prose;
use super::super::session::Session;
use super::Exchange;

pub(super) fn todo_write(session: &mut Session) -> Exchange {
    let old = todos(session);
    let is_done = session.todos.iter().all(|todo| todo.1 == "completed");
    if is_done {
        let count = session.random.between(3, 7);
        session.todos = (0..count).map(|_| (prose::title(&mut session.random, 5), "pending")).collect();
    }
    if let Some(running) = session.todos.iter_mut().find(|todo| todo.1 == "in_progress") {
        running.1 = "completed";
    }
    if let Some(next) = session.todos.iter_mut().find(|todo| todo.1 == "pending") {
        next.1 = "in_progress";
    }
    let new = todos(session);
    let answer = Json::of("Todos have been modified. Go on with the current one.");
    let result = object! { "oldTodos": old, "newTodos": new };
    Exchange::new(session, "TodoWrite", object! { "todos": new }, answer, result)
}

fn todos(session: &Session) -> Vec<Json> {
    (session.todos.iter())
        .map(|(content, status)| {
            object! { "content": content, "status": *status, "activeForm": format!("Doing: {content}") }
        })
        .collect()
}

pub(super) fn create(session: &mut Session) -> Exchange {
    let subject = prose::title(&mut session.random, 5);
    let description = prose::paragraphs(&mut session.random, 160, &session.project.names);
    session.tasks.push((subject.clone(), "pending"));
    let id = session.tasks.len().to_string();
    let answer = Json::of(&format!("Task #{id} created successfully: {subject}"));
    let input = object! {
        "subject": subject,
        "description": description,
        "activeForm": format!("Doing: {subject}"),
    };
    let result = object! { "task": object! { "id": id, "subject": subject } };
    Exchange::new(session, "TaskCreate", input, answer, result)
}

pub(super) fn update(session: &mut Session) -> Exchange {
    let Some(index) = session.tasks.iter().position(|task| task.1 != "completed") else {
        return create(session);
    };
    let from = session.tasks[index].1;
    let to = if from == "pending" { "in_progress" } else { "completed" };
    session.tasks[index].1 = to;
    let id = (index + 1).to_string();
    let owner = session.random.chance(0.1).then_some("reviewer");
    let result = object! {
        "success": true,
        "taskId": id,
        "updatedFields": if owner.is_some() { vec!["status", "owner"] } else { vec!["status"] },
        "statusChange": object! { "from": from, "to": to },
    };
    let input = object! { "taskId": id, "status": to, "owner": Maybe(owner) };
    Exchange::new(session, "TaskUpdate", input, Json::of(&format!("Updated task #{id} status")), result)
}
