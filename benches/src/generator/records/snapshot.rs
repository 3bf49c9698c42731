//! `file-history-snapshot` and `file-history-delta`: which versions of files were backed up.

use super::super::era::Era;
use super::super::json::{Fields, Json, object};
use super::super::session::Session;

pub(crate) fn before_prompt(session: &mut Session) {
    write(session, false);
}

pub(crate) fn update(session: &mut Session) {
    if session.era == Era::V2_1Late && session.random.chance(0.4) {
        delta(session);
    } else {
        write(session, true);
    }
}

fn write(session: &mut Session, is_update: bool) {
    let message_id = session.random.uuid();
    let mut tracked = Fields::default();
    let count = if session.turns == 0 { 0 } else { session.random.below(6) };
    for _ in 0..count {
        let file = session.project.pick_file(&mut session.random);
        let path = session.project.files[file].path.clone();
        let short = path.strip_prefix(&session.project.cwd).unwrap_or(&path).trim_start_matches('/');
        let backup = backup(session);
        tracked.add(short, &backup);
    }
    let record = object! {
        "type": "file-history-snapshot",
        "messageId": message_id,
        "snapshot": object! {
            "messageId": message_id,
            "trackedFileBackups": tracked.close(),
            "timestamp": session.timestamp(),
        },
        "isSnapshotUpdate": is_update,
    };
    session.loose("file-history-snapshot", record, None);
}

fn delta(session: &mut Session) {
    let file = session.project.pick_file(&mut session.random);
    let timestamp = session.timestamp();
    let record = object! {
        "type": "file-history-delta",
        "messageId": session.random.uuid(),
        "snapshotMessageId": session.random.uuid(),
        "trackingPath": session.project.files[file].path,
        "backup": backup(session),
        "timestamp": timestamp,
    };
    session.loose("file-history-delta", record, Some(timestamp));
}

fn backup(session: &mut Session) -> Json {
    let version = session.random.between(1, 9);
    object! {
        "backupFileName": format!("{}@v{version}", session.random.hex(16)),
        "version": version,
        "backupTime": session.timestamp(),
    }
}
