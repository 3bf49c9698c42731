//! Sessions for tests: a few messages become a transcript, which is indexed as any other.

mod lines;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use tempfile::TempDir;

use super::Han;
use crate::error::{Error, Result};
use crate::model::{TestSession, TestSessionReport};
use crate::store::project_slug;
use lines::Lines;

const PROJECT: &str = "/code/app";
/// Shorter than a file name may be, with room for its ending.
const LONGEST_NAME: usize = 200;

/// The operations for tests; see [`Han::testing`].
#[derive(Clone, Copy)]
pub struct Testing<'a> {
    han: &'a Han,
}

/// What is known of the sessions that tests made in a handle.
#[derive(Default)]
pub(super) struct TestSessions(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Where the transcripts are while they are indexed; it exists during a call only.
    config_dir: Option<PathBuf>,
    sessions: BTreeMap<String, Lines>,
}

impl Han {
    /// Sessions for tests, in a database in memory.
    pub fn testing(&self) -> Testing<'_> {
        Testing { han: self }
    }
}

impl Testing<'_> {
    /// Makes a session of a few messages and indexes it, so that a test needs to know nothing about transcripts. Ids and times are the
    /// same on each run, and no file is left. A session that was made before is continued.
    ///
    /// ```
    /// use han_native::Han;
    /// use han_native::model::{SearchQuery, TestMessage, TestSession};
    /// use serde_json::json;
    ///
    /// let han = Han::open_in_memory()?;
    /// let made = han.testing().session(&TestSession {
    ///     messages: vec![
    ///         TestMessage::user("why does the build fail?"),
    ///         TestMessage::tool("Bash", json!({ "command": "make" }), "linker error"),
    ///         TestMessage::assistant("a library is missing"),
    ///     ],
    ///     ..TestSession::default()
    /// })?;
    /// let page = han.search(&SearchQuery { query: "linker".into(), ..SearchQuery::default() })?;
    /// assert_eq!(Some(page.items[0].message.id), made.tool_calls[0].result_id);
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` for a database that is not in memory, a message that says nothing or what its role cannot say, an id or
    /// project that cannot be a file name, another project of a session that is continued, and a session that was forgotten.
    pub fn session(&self, session: &TestSession) -> Result<TestSessionReport> {
        if !self.han.store.is_in_memory() {
            let problem = "is on disk; testing sessions are for databases in memory only, so open one of these";
            return Err(Error::invalid("database", problem));
        }
        let mut known = self.han.test_sessions.0.lock();
        let id = match &session.id {
            Some(id) => id.clone(),
            None => (1..)
                .map(|number| format!("test-session-{number}"))
                .find(|id| !known.sessions.contains_key(id))
                .unwrap_or_default(),
        };
        check_id(&id)?;
        let (project, project_id) = project_of(session, known.sessions.get(&id))?;
        let below = format!("projects/{project_id}/{id}.jsonl");
        let begun = known.sessions.get(&id).cloned();
        let mut lines = begun.clone().unwrap_or_else(|| Lines::new(&id, &project, &below));
        let written = lines.write(&session.messages)?;

        let folder = known.folder()?;
        let path = known
            .config_dir
            .insert(folder.path().canonicalize().map_err(|error| Error::io(folder.path(), error))?)
            .join(&below);
        if begun.is_some() {
            self.restore(&path)?;
        }
        append(&path, &written.bytes)?;
        let indexed = self.han.index_session_file(&path)?;
        if indexed.messages_indexed != written.lines {
            return Err(forgotten(&id));
        }
        known.sessions.insert(id, lines);
        Ok(TestSessionReport {
            session_id: indexed.session_id,
            project_id,
            message_ids: written.message_ids,
            tool_calls: written.tool_calls,
            messages_indexed: indexed.messages_indexed,
        })
    }

    /// Writes a transcript again, as it was indexed.
    fn restore(&self, path: &Path) -> Result<()> {
        create_parent(path)?;
        self.han.restore(&path.display().to_string(), path).map_err(|error| match error {
            Error::NotFound { .. } => forgotten(&path.file_stem().unwrap_or_default().to_string_lossy()),
            error => error,
        })
    }
}

impl Known {
    /// Creates the folder of the transcripts, at the same place each time: a file is known by its path. Dropping it removes it.
    fn folder(&self) -> Result<TempDir> {
        let parent = std::env::temp_dir();
        let created = match self.config_dir.as_deref().map(|folder| (folder.parent(), folder.file_name())) {
            Some((Some(parent), Some(name))) => tempfile::Builder::new().prefix(name).rand_bytes(0).tempdir_in(parent),
            _ => tempfile::Builder::new().prefix("han-testing-").rand_bytes(16).tempdir_in(&parent),
        };
        created.map_err(|error| Error::io(&parent, error))
    }
}

fn forgotten(id: &str) -> Error {
    Error::invalid(
        "id",
        format!("is of a session that was forgotten, which does not come back: {id:?}; take another one"),
    )
}

/// An id is the name of a file, and some names mean something else.
fn check_id(id: &str) -> Result<()> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    let is_name = !id.is_empty() && id.len() <= LONGEST_NAME && id.chars().all(is_plain) && !id.starts_with('.');
    if is_name && id != "journal" && !id.starts_with("agent-") && !id.ends_with("-han") {
        return Ok(());
    }
    let rule = format!("is 1 to {LONGEST_NAME} letters, digits, `-`, `_` and `.`");
    Err(Error::invalid("id", format!("{rule}, and not `journal`, `agent-...`, `...-han` or `....`: {id:?}")))
}

/// The working directory of a session, and the name of its project.
fn project_of(session: &TestSession, begun: Option<&Lines>) -> Result<(String, String)> {
    let project = match (&session.project, begun) {
        (Some(project), Some(begun)) if project != begun.project() => {
            let problem =
                format!("is another one than that of the session, which is {:?}: {project:?}", begun.project());
            return Err(Error::invalid("project", problem));
        }
        (Some(project), _) => project.clone(),
        (None, Some(begun)) => begun.project().to_owned(),
        (None, None) => PROJECT.to_owned(),
    };
    let slug = project_slug(&project);
    if !project.starts_with('/') || slug.len() > LONGEST_NAME {
        let problem =
            format!("is an absolute path of at most {LONGEST_NAME} characters, such as {PROJECT}: {project:?}");
        return Err(Error::invalid("project", problem));
    }
    Ok((project, slug))
}

fn create_parent(path: &Path) -> Result<()> {
    let parent = path.parent().unwrap_or(path);
    std::fs::create_dir_all(parent).map_err(|error| Error::io(parent, error))
}

fn append(path: &Path, bytes: &[u8]) -> Result<()> {
    create_parent(path)?;
    let opened = std::fs::OpenOptions::new().create(true).append(true).open(path);
    opened.and_then(|mut file| file.write_all(bytes)).map_err(|error| Error::io(path, error))
}
