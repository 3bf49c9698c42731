//! The handle: the only composer. It owns the store and wires the siblings `index` and `query` to it.

mod analytics;
mod coordinator;
mod export;
mod items;
mod lookups;
mod sql;
mod subscription;
mod testing;
mod vectors;
mod versions;
mod watch_thread;
mod watcher;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::change::Feed;
use crate::config::{DoctorOptions, ForgetTarget, OpenOptions, ScanOptions};
use crate::coordinator::{Seat, Timing};
use crate::cost::PriceTable;
#[cfg(doc)]
use crate::error::ErrorCode;
use crate::error::Result;
use crate::logging::Log;
use crate::model::{
    BlockOptions, DoctorReport, ForgetReport, IndexResult, Message, MessageBlocks, MessageQuery, MessageTimestamps,
    Page, Problem, ProblemFilter, RederiveReport, ScanReport, SearchHit, SearchQuery, Session, SessionFind,
    SessionQuery, Stats,
};
use crate::store::{Store, Topic};
use crate::transcript::sources::Sources;
use crate::{index, query};
pub use coordinator::{Coordinator, Leadership};
pub use items::Items;
pub use lookups::{FileChanges, Files, HookExecutions, Summaries, Tasks, Todos, ToolCalls, Usage};
pub use subscription::Subscription;
use testing::TestSessions;
pub use testing::Testing;
use vectors::Embedders;
pub use vectors::Vectors;
pub use versions::versions;
pub use watcher::Watcher;
use watcher::Watching;

/// A database of sessions. Cheap to clone; clones share the database and close together.
///
/// Usable from several threads at once. Every method blocks. After [`close`](Han::close), each returns
/// [`Error::Closed`](crate::Error::Closed).
#[derive(Clone)]
pub struct Han {
    /// Dropped before the store, as the next: their threads end then.
    watching: Arc<Watching>,
    feed: Arc<Feed>,
    seat: Arc<Seat>,
    prices: Arc<PriceTable>,
    embedders: Arc<Embedders>,
    test_sessions: Arc<TestSessions>,
    sources: Arc<Sources>,
    log: Log,
    store: Arc<Store>,
}

/// `Han` is shared between threads: it has to stay `Send` and `Sync`.
const _: () = {
    const fn is_shared<T: Send + Sync + Clone + 'static>() {}
    is_shared::<Han>();
};

impl std::fmt::Debug for Han {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Han").field("path", &self.store.path()).finish_non_exhaustive()
    }
}

impl Han {
    /// Opens the database, and creates or migrates it if it is missing or old (never with `read_only`).
    ///
    /// # Errors
    /// [`ErrorCode::InsecurePermissions`], [`ErrorCode::ForeignDatabase`], [`ErrorCode::SchemaTooNew`],
    /// [`ErrorCode::SchemaTooOld`], [`ErrorCode::NetworkFilesystem`], [`ErrorCode::Corrupt`], [`ErrorCode::ReadOnly`],
    /// [`ErrorCode::Permission`], [`ErrorCode::DiskFull`], [`ErrorCode::InvalidArgument`]; [`ErrorCode::NotFound`] for
    /// a missing database with `read_only`.
    pub fn open(options: OpenOptions) -> Result<Han> {
        let watch = options.watch.clone();
        let timing = Timing::of(&options)?;
        let own_prices = options.price_file.clone().or_else(OpenOptions::default_price_file);
        let prices = Arc::new(PriceTable::load(own_prices.as_deref())?);
        let time_zone = options.time_zone.clone();
        let sources = Arc::new(Sources::of(&options)?);
        let log = Log::new(options.log.clone());
        let store = Arc::new(Store::open(options)?);
        if let Some(time_zone) = time_zone {
            store.adopt_time_zone(&time_zone)?;
        }
        let feed = Arc::new(Feed::new(&store));
        let watching = Arc::new(Watching::new(&store, &sources, &log, watch));
        let (paused, told) = (Arc::downgrade(&watching), Arc::downgrade(&feed));
        store.on_lost(move || {
            // Before it is announced: a subscriber that gets it finds that the watcher has stopped.
            if let Some(watching) = paused.upgrade() {
                watching.pause();
            }
            if let Some(feed) = told.upgrade() {
                feed.announce_local(Topic::LeaderLost);
            }
        });
        let seat = Arc::new(Seat::new(&store, &log, timing));
        let (embedders, test_sessions) = (Arc::default(), Arc::default());
        Ok(Han { watching, feed, seat, prices, embedders, test_sessions, sources, log, store })
    }

    /// Opens an empty database in memory that scans no folder by itself: for tests.
    ///
    /// # Errors
    /// Only if SQLite cannot get memory.
    pub fn open_in_memory() -> Result<Han> {
        Han::open(OpenOptions { in_memory: true, config_dirs: Some(Vec::new()), ..OpenOptions::default() })
    }

    /// Indexes what is new in one session file, an unterminated last line included.
    ///
    /// ```
    /// use han_native::Han;
    ///
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let transcript = folder.path().join("s1.jsonl");
    /// # let line = r#"{"type":"user","uuid":"u1","message":{"role":"user","content":"fix the login form"}}"#;
    /// # std::fs::write(&transcript, line).unwrap();
    /// let han = Han::open_in_memory()?;
    /// assert_eq!(han.index_session_file(&transcript)?.messages_indexed, 1);
    /// assert_eq!(han.index_session_file(&transcript)?.messages_indexed, 0);
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], [`ErrorCode::IsDirectory`], [`ErrorCode::Permission`], [`ErrorCode::Locked`],
    /// [`ErrorCode::DiskFull`], [`ErrorCode::ReadOnly`], [`ErrorCode::InvalidArgument`] for a file that is not a
    /// transcript.
    pub fn index_session_file(&self, path: impl AsRef<Path>) -> Result<IndexResult> {
        index::index_session_file(self.context(), path.as_ref())
    }

    /// Indexes what is new in every transcript, the newest file first. Files that cannot be read are listed in the report.
    ///
    /// ```
    /// use han_native::{Cancellation, Han, ScanOptions};
    ///
    /// let han = Han::open_in_memory()?;
    /// let cancellation = Cancellation::default();
    /// // From another thread, `cancellation.cancel()` ends the scan; what was indexed so far stays.
    /// let report = han.scan(ScanOptions {
    ///     on_progress: Some(Box::new(|progress| eprintln!("{progress:?}"))),
    ///     cancellation: cancellation.clone(),
    ///     ..ScanOptions::default()
    /// })?;
    /// println!("{} messages of {} files", report.messages_indexed, report.files);
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::Cancelled`], [`ErrorCode::Locked`], [`ErrorCode::DiskFull`], [`ErrorCode::ReadOnly`];
    /// [`ErrorCode::NotFound`] for a path that was named and does not exist.
    pub fn scan(&self, options: ScanOptions<'_>) -> Result<ScanReport> {
        index::scan(self.context(), options)
    }

    /// Sessions.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions { store: &self.store, prices: &self.prices }
    }

    /// Messages.
    pub fn messages(&self) -> Messages<'_> {
        Messages { store: &self.store }
    }

    /// The watcher, which indexes transcripts as they are written. It runs once it is started, and ends with the handle.
    pub fn watcher(&self) -> Watcher<'_> {
        Watcher::new(&self.watching)
    }

    /// Who writes, if several processes may.
    pub fn coordinator(&self) -> Coordinator<'_> {
        Coordinator::new(&self.seat)
    }

    /// Searches messages by their words, by the nearness of their vectors, or by both.
    ///
    /// Whatever the mode, filters apply before anything is ranked, and each message is found once: by vectors it is ranked by its
    /// nearest one. In the modes `vector` and `hybrid` a query without a vector is embedded by the embedder of the model.
    ///
    /// ```
    /// use han_native::Han;
    /// use han_native::model::{SearchQuery, TestMessage, TestSession};
    ///
    /// let han = Han::open_in_memory()?;
    /// # let made = han.testing().session(&TestSession {
    /// #     messages: vec![TestMessage::user("why does the build fail?"), TestMessage::assistant("a library is missing")],
    /// #     ..TestSession::default()
    /// # })?;
    /// let query = SearchQuery { query: "library missing".into(), first: Some(5), ..SearchQuery::default() };
    /// for hit in han.search(&query)?.items {
    ///     println!("{}: {}", hit.message.session_id, hit.snippet);
    /// }
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`], also for a vector of other dimensions than the model's, and if neither a
    /// vector nor an embedder is at hand; [`ErrorCode::NotFound`] for a model without vectors; [`ErrorCode::Embedder`];
    /// [`ErrorCode::QuerySyntax`] with `syntax: Fts5` only.
    pub fn search(&self, query: &SearchQuery) -> Result<Page<SearchHit>> {
        match self.embedders.embedded(query)? {
            Some(embedded) => query::search(&self.store, &embedded),
            None => query::search(&self.store, query),
        }
    }

    /// Lines that became no message, and notes on messages.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for a bad page or cursor.
    pub fn problems(&self, filter: &ProblemFilter) -> Result<Page<Problem>> {
        query::problems(&self.store, filter)
    }

    /// Writes a transcript back, byte for byte as it was last indexed. `source` is the path it was indexed from, absolute or
    /// below its config dir; `<path>~<generation>` names an older generation. The target must not exist.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for an unknown source; [`ErrorCode::InvalidArgument`] for an existing target;
    /// [`ErrorCode::DiskFull`], [`ErrorCode::Permission`].
    pub fn restore(&self, source: &str, target: impl AsRef<Path>) -> Result<()> {
        query::restore(&self.store, source, target.as_ref())
    }

    /// What is in the database.
    ///
    /// # Errors
    /// Only those of reading.
    pub fn stats(&self) -> Result<Stats> {
        query::stats(&self.store)
    }

    /// Checks the database, its search index, its sums and the stored bytes, and fixes them with `fix`.
    ///
    /// ```
    /// use han_native::{DoctorOptions, Han};
    ///
    /// let han = Han::open_in_memory()?;
    /// let report = han.doctor(DoctorOptions::default())?;
    /// assert!(report.is_healthy);
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::Locked`] and those of writing, with `fix` only. Damage is a finding, no error.
    pub fn doctor(&self, options: DoctorOptions) -> Result<DoctorReport> {
        index::doctor(&self.store, options)
    }

    /// Derives again, from the stored bytes, what older rules derived; a no-op if there is nothing to derive.
    ///
    /// # Errors
    /// [`ErrorCode::Locked`] and those of writing.
    pub fn rederive(&self) -> Result<RederiveReport> {
        index::rederive(&self.store)
    }

    /// Removes sessions for good: their rows, bytes and search entries are overwritten, and no scan brings them back.
    ///
    /// ```
    /// use han_native::model::{TestMessage, TestSession};
    /// use han_native::{ForgetTarget, Han};
    ///
    /// let han = Han::open_in_memory()?;
    /// # let made = han.testing().session(&TestSession {
    /// #     messages: vec![TestMessage::user("why does the build fail?"), TestMessage::assistant("a library is missing")],
    /// #     ..TestSession::default()
    /// # })?;
    /// let report = han.forget(&ForgetTarget::Session(made.session_id))?;
    /// assert_eq!(report.sessions, 1);
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for an unknown session or project; [`ErrorCode::Locked`] and those of writing.
    pub fn forget(&self, target: &ForgetTarget) -> Result<ForgetReport> {
        index::forget(self.context(), target)
    }

    /// Writes a consistent copy of the database, while it is in use. The target must not exist.
    ///
    /// ```
    /// use han_native::Han;
    ///
    /// # let folder = tempfile::tempdir().unwrap();
    /// let han = Han::open_in_memory()?;
    /// han.backup(folder.path().join("copy.db"))?;
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for an existing target; [`ErrorCode::DiskFull`], [`ErrorCode::Permission`].
    pub fn backup(&self, target: impl AsRef<Path>) -> Result<()> {
        self.store.backup(target.as_ref())
    }

    fn context(&self) -> index::Context<'_> {
        index::Context { store: &self.store, sources: &self.sources, log: &self.log }
    }

    /// Whether it was closed, or is being closed.
    pub fn is_closed(&self) -> bool {
        self.store.is_closed()
    }

    /// Closes the database: stops the watcher, ends subscriptions, waits for running operations, then every further call fails
    /// with `CLOSED`. Idempotent. In a fork of the process that opened the handle nothing can be done with it, and closing it changes
    /// nothing for that process.
    pub fn close(&self) {
        if self.store.is_forked() {
            return;
        }
        self.watching.stop();
        self.feed.close();
        // The lock is released anyway; other failures are reported by the next handle that leads.
        let _ = self.seat.close();
        self.store.close();
    }
}

/// Ids as the queries take them.
fn owned(ids: impl IntoIterator<Item: AsRef<str>>) -> Vec<String> {
    ids.into_iter().map(|id| id.as_ref().to_owned()).collect()
}

/// The operations on sessions; see [`Han::sessions`].
#[derive(Clone, Copy)]
pub struct Sessions<'a> {
    store: &'a Store,
    prices: &'a PriceTable,
}

impl Sessions<'_> {
    /// A page of sessions, the last active first if no other order is requested.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for a bad page, a cursor of another order, or a filter out of its range.
    pub fn list(&self, query: &SessionQuery) -> Result<Page<Session>> {
        query::sessions::list(self.store, self.prices, query)
    }

    /// The sessions of these ids, in their order; `None` for an unknown one.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn get(&self, ids: impl IntoIterator<Item: AsRef<str>>) -> Result<Vec<Option<Session>>> {
        query::sessions::get(self.store, self.prices, &owned(ids))
    }

    /// The sessions whose ids start with a prefix, in the order of their ids (by code points); also those without a user or
    /// assistant line. Costs the same however many sessions there are.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` for a limit out of its range.
    pub fn find(&self, query: &SessionFind) -> Result<Vec<Session>> {
        query::sessions::find(self.store, self.prices, query)
    }
}

/// The operations on messages; see [`Han::messages`].
#[derive(Clone, Copy)]
pub struct Messages<'a> {
    store: &'a Store,
}

impl Messages<'_> {
    /// A page of a session's messages, in the order of the file.
    ///
    /// ```
    /// use han_native::Han;
    /// use han_native::model::{MessageQuery, TestMessage, TestSession};
    ///
    /// let han = Han::open_in_memory()?;
    /// # let made = han.testing().session(&TestSession {
    /// #     messages: vec![TestMessage::user("why does the build fail?"), TestMessage::assistant("a library is missing")],
    /// #     ..TestSession::default()
    /// # })?;
    /// let query = MessageQuery { session_id: made.session_id, last: Some(20), ..MessageQuery::default() };
    /// for message in han.messages().list(&query)?.items {
    ///     println!("{:?} {:?}", message.timestamp, message.preview);
    /// }
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for a bad page or cursor. An unknown session is an empty page.
    pub fn list(&self, query: &MessageQuery) -> Result<Page<Message>> {
        query::messages::list(self.store, query)
    }

    /// The messages of these ids, in their order; `None` for an unknown one.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn get(&self, ids: impl IntoIterator<Item: AsRef<str>>) -> Result<Vec<Option<Message>>> {
        query::messages::get(self.store, &owned(ids))
    }

    /// The records of these messages as text, with invalid UTF-8 replaced by U+FFFD.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn raw(&self, ids: impl IntoIterator<Item: AsRef<str>>) -> Result<Vec<Option<String>>> {
        query::messages::raw(self.store, &owned(ids))
    }

    /// The records of these messages, byte for byte.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn raw_bytes(&self, ids: impl IntoIterator<Item: AsRef<str>>) -> Result<Vec<Option<Vec<u8>>>> {
        query::messages::raw_bytes(self.store, &owned(ids))
    }

    /// What these messages say, as typed content blocks, in the order of the ids; `None` for an unknown one. Each text is cut as
    /// asked for; the answer as a whole is not bounded.
    ///
    /// ```
    /// use han_native::Han;
    /// use han_native::model::{BlockOptions, TestMessage, TestSession};
    ///
    /// let han = Han::open_in_memory()?;
    /// # let made = han.testing().session(&TestSession {
    /// #     messages: vec![TestMessage::user("why does the build fail?"), TestMessage::assistant("a library is missing")],
    /// #     ..TestSession::default()
    /// # })?;
    /// let options = BlockOptions { max_bytes: Some(4_096), ..BlockOptions::default() };
    /// for message in han.messages().blocks(made.message_ids.iter().map(|id| id.to_string()), &options)?.into_iter().flatten() {
    ///     println!("{:?}", message.blocks);
    /// }
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` for more than 10,000 ids, and for `max_bytes` out of its range.
    pub fn blocks(
        &self,
        ids: impl IntoIterator<Item: AsRef<str>>,
        options: &BlockOptions,
    ) -> Result<Vec<Option<MessageBlocks>>> {
        query::message_blocks::get(self.store, &owned(ids), options)
    }

    /// How many messages [`list`](Messages::list) would return for each session; 0 for an unknown one.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn count_batch(&self, session_ids: impl IntoIterator<Item: AsRef<str>>) -> Result<BTreeMap<String, i64>> {
        query::messages::count_batch(self.store, &owned(session_ids))
    }

    /// How many messages each session has, and when the first and the last was written, in the order of the ids; `None` for an
    /// unknown one. Costs the same however long the sessions are.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for more than 10,000 ids.
    pub fn timestamps_batch(
        &self,
        session_ids: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<Vec<Option<MessageTimestamps>>> {
        query::messages::timestamps_batch(self.store, &owned(session_ids))
    }
}
