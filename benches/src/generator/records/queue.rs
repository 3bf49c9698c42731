//! `queue-operation`: prompts typed while the agent works.

use super::super::era::Era;
use super::super::json::{Maybe, object};
use super::super::prose;
use super::super::session::Session;

pub(crate) fn write(session: &mut Session) {
    let pairs = match session.era {
        Era::V1_0 => 0,
        Era::V2_0 => usize::from(session.random.chance(0.1)),
        Era::V2_1 => session.random.below(5),
        Era::V2_1Late => usize::from(session.random.chance(0.5)),
    };
    for _ in 0..pairs {
        let content = session.random.chance(0.5).then(|| {
            let length = session.random.between(20, 200) as usize;
            prose::prompt(&mut session.random, length, &session.project.names)
        });
        operation(session, "enqueue", content);
        let end = session.random.weighted(&[("dequeue", 0.82), ("remove", 0.17), ("popAll", 0.01)]);
        operation(session, end, None);
    }
}

fn operation(session: &mut Session, operation: &str, content: Option<String>) {
    let timestamp = session.timestamp();
    let record = object! {
        "type": "queue-operation",
        "operation": operation,
        "timestamp": timestamp,
        "sessionId": session.id,
        "content": Maybe(content),
    };
    session.loose("queue-operation", record, Some(timestamp));
}
