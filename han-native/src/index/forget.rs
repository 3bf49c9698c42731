//! Removing sessions for good.

use super::context::Context;
use crate::clock;
use crate::config::ForgetTarget;
use crate::error::{Error, Result, Subject};
use crate::model::ForgetReport;
use crate::store::{self, Failure, maintenance};

pub(crate) fn forget(context: Context<'_>, target: &ForgetTarget) -> Result<ForgetReport> {
    let writing = context.store.begin_writing()?;
    let sessions = writing.read(|connection| match target {
        ForgetTarget::Session(session) => store::sessions_to_forget(connection, Some(session), None, None),
        ForgetTarget::Project(project) => store::sessions_to_forget(connection, None, Some(project), None),
        ForgetTarget::Before(time) => store::sessions_to_forget(connection, None, None, Some(time.0)),
    })?;
    match target {
        ForgetTarget::Session(name) if sessions.is_empty() => {
            return Err(Error::NotFound { what: Subject::Session, name: name.clone() });
        }
        ForgetTarget::Project(name) if sessions.is_empty() => {
            return Err(Error::NotFound { what: Subject::Project, name: name.clone() });
        }
        _ => {}
    }
    let mut report = ForgetReport::default();
    if sessions.is_empty() {
        return Ok(report);
    }
    let now = clock::now_millis();
    // What is freed is overwritten with zeros, and what is committed is on the disk before this returns.
    writing.connection(|connection| Ok(maintenance::set_secure_delete(connection, true)?))?;
    let forgotten = (|| {
        for (id, session) in &sessions {
            let ((files, messages), _) = writing.transaction(|batch| batch.forget_session(*id, session, now))?;
            report.sessions += 1;
            report.files += files;
            report.messages += messages;
        }
        // The index keeps the words of deleted rows until their segments are merged.
        writing.raw_transaction(maintenance::optimize_search_index)?;
        writing.raw_transaction(maintenance::remove_orphans)?;
        writing.connection(|connection| {
            maintenance::vacuum(connection)?;
            maintenance::truncate_wal(connection)
        })
    })();
    writing.clear_names();
    let restored: Result<(), Error> =
        writing.connection(|connection| Ok::<_, Failure>(maintenance::set_secure_delete(connection, false)?));
    forgotten.and(restored)?;
    context.log.info(&format!("{} sessions forgotten", report.sessions));
    Ok(report)
}
