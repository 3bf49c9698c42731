//! Lookups of many ids at once: one answer for each id, in the order of the ids, by a fixed number of statements. An id may be
//! passed more than once; the answer for an unknown one is `None`.

use super::{Han, owned};
use crate::cost::PriceTable;
#[cfg(doc)]
use crate::error::ErrorCode;
use crate::error::Result;
use crate::model::{
    FileChange, HookExecution, NativeTask, SessionFile, SessionSummary, SessionUsage, TodoList, ToolCall,
    ToolCallOptions,
};
use crate::query;
use crate::store::Store;

impl Han {
    /// Files: transcripts, and tool results that were spilled.
    pub fn files(&self) -> Files<'_> {
        Files { store: &self.store }
    }

    /// Tool calls with their results.
    pub fn tool_calls(&self) -> ToolCalls<'_> {
        ToolCalls { store: &self.store }
    }

    /// The todo lists of sessions.
    pub fn todos(&self) -> Todos<'_> {
        Todos { store: &self.store }
    }

    /// The tasks of sessions.
    pub fn tasks(&self) -> Tasks<'_> {
        Tasks { store: &self.store }
    }

    /// The changes to files that sessions made.
    pub fn file_changes(&self) -> FileChanges<'_> {
        FileChanges { store: &self.store }
    }

    /// The hooks that were run in sessions.
    pub fn hook_executions(&self) -> HookExecutions<'_> {
        HookExecutions { store: &self.store }
    }

    /// The summaries of sessions.
    pub fn summaries(&self) -> Summaries<'_> {
        Summaries { store: &self.store }
    }

    /// What sessions spent.
    pub fn usage(&self) -> Usage<'_> {
        Usage { store: &self.store, prices: &self.prices }
    }
}

/// The operations on files; see [`Han::files`].
#[derive(Clone, Copy)]
pub struct Files<'a> {
    store: &'a Store,
}

impl Files<'_> {
    /// The files of these ids. Of two config dirs that hold the same path, the one whose file is still on the disk is meant.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn get(&self, ids: impl IntoIterator<Item: AsRef<str>>) -> Result<Vec<Option<SessionFile>>> {
        query::files::get(self.store, &owned(ids))
    }

    /// The files of each session: the main file first, then by path.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn by_session(
        &self,
        session_ids: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<Vec<Option<Vec<SessionFile>>>> {
        query::files::by_session(self.store, &owned(session_ids))
    }
}

/// The operations on tool calls; see [`Han::tool_calls`].
#[derive(Clone, Copy)]
pub struct ToolCalls<'a> {
    store: &'a Store,
}

impl ToolCalls<'_> {
    /// The calls of these tool use ids, each with its result. An id that only a result names is unknown. With
    /// `include_text`, every record is read as well, which costs more than all the rest.
    ///
    /// ```
    /// use han_native::Han;
    /// use han_native::model::{TestMessage, TestSession, ToolCallOptions};
    /// use serde_json::json;
    ///
    /// let han = Han::open_in_memory()?;
    /// # let made = han.testing().session(&TestSession {
    /// #     messages: vec![
    /// #         TestMessage::user("why does the build fail?"),
    /// #         TestMessage::tool("Bash", json!({ "command": "make" }), "linker error"),
    /// #     ],
    /// #     ..TestSession::default()
    /// # })?;
    /// let options = ToolCallOptions { include_text: true, ..ToolCallOptions::default() };
    /// let ids = made.tool_calls.iter().map(|call| &call.tool_use_id);
    /// for call in han.tool_calls().get(ids, options)?.into_iter().flatten() {
    ///     println!("{} {:?}", call.name, call.input);
    /// }
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn get(
        &self,
        ids: impl IntoIterator<Item: AsRef<str>>,
        options: ToolCallOptions,
    ) -> Result<Vec<Option<ToolCall>>> {
        query::tool_calls::get(self.store, &owned(ids), options)
    }
}

/// The operations on todo lists; see [`Han::todos`].
#[derive(Clone, Copy)]
pub struct Todos<'a> {
    store: &'a Store,
}

impl Todos<'_> {
    /// The list of each session as it was written last; `None` also if none was ever written.
    ///
    /// ```
    /// use han_native::Han;
    ///
    /// let han = Han::open_in_memory()?;
    /// assert!(han.todos().get(["an-unknown-session"])?[0].is_none());
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn get(&self, session_ids: impl IntoIterator<Item: AsRef<str>>) -> Result<Vec<Option<TodoList>>> {
        query::session_state::todos(self.store, &owned(session_ids))
    }
}

/// The operations on tasks; see [`Han::tasks`].
#[derive(Clone, Copy)]
pub struct Tasks<'a> {
    store: &'a Store,
}

impl Tasks<'_> {
    /// The tasks of each session, by their ids.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn get(&self, session_ids: impl IntoIterator<Item: AsRef<str>>) -> Result<Vec<Option<Vec<NativeTask>>>> {
        query::session_state::tasks(self.store, &owned(session_ids))
    }
}

/// The operations on file changes; see [`Han::file_changes`].
#[derive(Clone, Copy)]
pub struct FileChanges<'a> {
    store: &'a Store,
}

impl FileChanges<'_> {
    /// Every change that each session and its agents made, in the order in which they were made.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn get(&self, session_ids: impl IntoIterator<Item: AsRef<str>>) -> Result<Vec<Option<Vec<FileChange>>>> {
        query::session_state::file_changes(self.store, &owned(session_ids))
    }
}

/// The operations on hooks; see [`Han::hook_executions`].
#[derive(Clone, Copy)]
pub struct HookExecutions<'a> {
    store: &'a Store,
}

impl HookExecutions<'_> {
    /// Every hook that was run for each session and its agents, in the order of the records that report it.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn get(&self, session_ids: impl IntoIterator<Item: AsRef<str>>) -> Result<Vec<Option<Vec<HookExecution>>>> {
        query::session_state::hook_executions(self.store, &owned(session_ids))
    }
}

/// The operations on summaries; see [`Han::summaries`].
#[derive(Clone, Copy)]
pub struct Summaries<'a> {
    store: &'a Store,
}

impl Summaries<'_> {
    /// The summaries of each session, in the order in which they were written. One that names the last message that it sums up
    /// is a summary of each session that has this message, in whichever file it is.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn get(&self, session_ids: impl IntoIterator<Item: AsRef<str>>) -> Result<Vec<Option<Vec<SessionSummary>>>> {
        query::session_state::summaries(self.store, &owned(session_ids))
    }
}

/// The operations on token sums; see [`Han::usage`].
#[derive(Clone, Copy)]
pub struct Usage<'a> {
    store: &'a Store,
    prices: &'a PriceTable,
}

impl Usage<'_> {
    /// What each session and its agents spent: tokens and cost, in total and by model, and what the agent program itself says about it.
    ///
    /// ```
    /// use han_native::Han;
    /// use han_native::model::{TestMessage, TestSession};
    ///
    /// let han = Han::open_in_memory()?;
    /// # let made = han.testing().session(&TestSession {
    /// #     messages: vec![TestMessage::user("why does the build fail?"), TestMessage::assistant("a library is missing")],
    /// #     ..TestSession::default()
    /// # })?;
    /// for usage in han.usage().by_session([made.session_id])?.into_iter().flatten() {
    ///     println!("{:?}", usage.cost);
    /// }
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn by_session(&self, session_ids: impl IntoIterator<Item: AsRef<str>>) -> Result<Vec<Option<SessionUsage>>> {
        query::usage::by_session(self.store, self.prices, &owned(session_ids))
    }
}
