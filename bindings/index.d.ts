// Generated from surface/ and the table of operations by `make generate`. Do not edit.

/// <reference lib="esnext.disposable" />

/** What this package uses of an `AbortSignal`, so that its types depend neither on those of Node nor on those of the DOM. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** What every function throws or rejects with: an `Error` whose message says what happened and where. */
export interface HanError extends Error {
  code: ErrorCode
  /** What to do about it, for some codes. The message states only what is wrong. */
  advice?: string
}

/** One page of a list. Cursors are opaque and stay valid while the database lives. */
export interface Page<T> {
  /** The items, in the order of the list whichever way it is paged. */
  items: Array<T>
  /** Whether the list goes on after the last item. */
  hasNextPage: boolean
  /** Whether the list has items before the first one. */
  hasPreviousPage: boolean
  /** The cursor of the first item; `null` on an empty page. */
  startCursor: string | null
  /** The cursor of the last item; `null` on an empty page. */
  endCursor: string | null
  /** How many items the whole list has; `null` if it was not asked for. */
  totalCount: number | null
}

/** Options of operations that can be ended early. */
export interface Cancellable {
  /**
   * Ends it early: it rejects with an `AbortError` whose code is `HAN_CANCELLED` and whose cause is the signal's reason. What is
   * committed stays.
   */
  signal?: AbortSignalLike | null
}

/** Options of operations that report their progress. */
export interface Reporting<T> {
  /**
   * Called as the operation progresses; a busy event loop gets fewer, newer values. Never called after the promise is settled.
   * If it throws, the operation is cancelled and rejects with what was thrown.
   */
  onProgress?: ((progress: T) => void) | null
}

/** One entry of the log. */
export interface LogRecord {
  /** How serious it is. */
  level: 'warning' | 'info' | 'debug'
  /** What happened, and to what. */
  message: string
}

/** Options of operations that write a log. */
export interface Logging {
  /** Called with what the library does. It does not keep the process alive; what it throws is an uncaught exception. */
  log?: ((record: LogRecord) => void) | null
}

/**
 * A position in the feed of changes, which moves forward, for `for await`. What was committed, by this process or another, comes in the
 * order of the commits, nothing twice. A slow reader costs nobody anything: nothing is read ahead of it, and one that falls
 * behind what is kept receives one `gap` and continues after that.
 *
 * Waiting for the next item does not keep the process alive. It ends normally with {@link Han.close}, with `return()` and when
 * the loop is left. It rejects, and has ended then, when its signal is aborted, with an `AbortError` whose code is
 * `HAN_CANCELLED` and whose cause is the signal's reason; and when reading fails, with the code of that error: subscribe again
 * `since` the last cursor.
 */
export interface Subscription extends AsyncIterableIterator<Change, undefined, undefined> {
  /** The next item. May be called again before it is resolved: the items come in the order of the calls. */
  next(): Promise<IteratorResult<Change, undefined>>
  /** Ends it at once, along with pending calls of `next`. */
  return(): Promise<IteratorResult<Change, undefined>>
}

/** A vector of a message, and what it represents. */
export interface VectorItem extends VectorPlace {
  /** As many numbers as the model has dimensions. */
  vector: Float32Array | ReadonlyArray<number>
}

/** Vectors of one model. */
export interface VectorItems {
  /** The name of the model that they come from. */
  model: string
  /** The vectors, at most 10,000. */
  items: ReadonlyArray<VectorItem>
}

/** Turns texts into vectors. */
export interface Embedder {
  /** The name under which the vectors are kept. Vectors with one name must be made by the same embedding method. */
  readonly model: string
  /** How many numbers each vector has, 1 to 8,192. */
  readonly dimensions: number
  /** A vector for each text, in their order. */
  embed(texts: ReadonlyArray<string>): Promise<ReadonlyArray<Float32Array | ReadonlyArray<number>>>
}

/** The stable codes of errors. */
export type ErrorCode =
  | 'HAN_NOT_FOUND'
  | 'HAN_IS_DIRECTORY'
  | 'HAN_PERMISSION'
  | 'HAN_INSECURE_PERMISSIONS'
  | 'HAN_FOREIGN_DATABASE'
  | 'HAN_SCHEMA_TOO_NEW'
  | 'HAN_SCHEMA_TOO_OLD'
  | 'HAN_CORRUPT'
  | 'HAN_DISK_FULL'
  | 'HAN_READ_ONLY'
  | 'HAN_NETWORK_FILESYSTEM'
  | 'HAN_LOCKED'
  | 'HAN_NOT_LEADER'
  | 'HAN_ALREADY_LEADER_IN_PROCESS'
  | 'HAN_WRITER_STALLED'
  | 'HAN_CANCELLED'
  | 'HAN_CLOSED'
  | 'HAN_INVALID_ARGUMENT'
  | 'HAN_QUERY_SYNTAX'
  | 'HAN_IO'
  | 'HAN_PANIC'
  | 'HAN_EMBEDDER'

/** The operations for tests. */
export interface Testing {
  /**
   * Makes a session of a few messages and indexes it, so that a test needs to know nothing about transcripts. Ids and
   * times are the same on each run, and no file is left. A session that was made before is continued.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for a database that is not in memory, a message that says nothing or what its role cannot say,
   * an id or project that cannot be a file name, another project of a session that is continued, and a session that was
   * forgotten.
   */
  session(options?: TestSession | null): Promise<TestSessionReport>
}

/** The operations on who writes. */
export interface Coordinator {
  /** Makes this handle lead, now or as soon as it can; returns whether it leads now. */
  tryAcquire(): boolean
  /** Stops leading, and wanting to; returns whether it led until now. */
  release(): boolean
  /**
   * Whether this handle leads. Reads nothing.
   *
   * Throws: `HAN_CLOSED`.
   */
  isCoordinator(): boolean
  /**
   * Who writes. A leader that has stopped inside a transaction is an issue, once that was noticed by a handle that wants
   * to lead.
   *
   * Throws: those of reading.
   */
  status(): CoordinatorStatus
}

/** The operations on the watcher. */
export interface Watcher {
  /**
   * Begins to index transcripts as they are written, on a thread of its own (`han-watch`), beside which the system's
   * events may need another. Blocks until the watches are set and everything that is there is indexed. Idempotent.
   *
   * A last line without an end is left until it has its end, or until two full scans found it the same. Files that cannot
   * be read are logged. If nothing can be written for a while, as on a full disk, it tries again by itself, and loses
   * nothing; the status says why.
   *
   * If another process begins to lead, it stops, and the status says so: at once if this handle has led until then, else
   * when it has something to write. It continues by itself once this handle leads, or when it is started again.
   *
   * Rejects with: `HAN_NOT_LEADER` if another process coordinates, `HAN_LOCKED`, `HAN_READ_ONLY`, `HAN_DISK_FULL`, `HAN_CLOSED`;
   * `HAN_CANCELLED` if it was stopped meanwhile; `HAN_INVALID_ARGUMENT` for a bad `HAN_WATCH_MODE` and for an interval of
   * 0. Then it does not run, or, if it had only stopped for another leader, waits as before. From within the log hook it
   * changes nothing.
   */
  start(): Promise<void>
  /**
   * Ends the watching. Blocks until the thread has ended, which may be waiting for another process that writes, up to the
   * lock timeout; nothing is written afterwards. Idempotent, and a no-op if it does not run. From within the log hook it
   * only begins to end it.
   */
  stop(): Promise<void>
  /**
   * Adds a config dir, which need not exist yet, to those of the handle: for the watcher, running or not, and for scans.
   * One that is there already, perhaps by another name, counts once.
   *
   * Throws: `HAN_INVALID_ARGUMENT` for a path that is not a directory; `HAN_CLOSED`.
   */
  addPath(configDir: string): void
  /**
   * Removes a config dir from those of the handle. What was indexed of it stays.
   *
   * Throws: `HAN_NOT_FOUND` for one that the handle does not have; `HAN_CLOSED`.
   */
  removePath(configDir: string): void
  /** Whether it watches, and how. Never blocks for long. */
  status(): WatcherStatus
}

/** The operations on sessions. */
export interface Sessions {
  /**
   * A page of sessions, the last active first if no other order is requested.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for a bad page, a cursor of another order, or a filter out of its range.
   */
  list(options?: SessionQuery | null): Promise<Page<Session>>
  /**
   * The sessions whose ids start with a prefix, in the order of their ids (by code points); also those without a user or
   * assistant line. Costs the same however many sessions there are.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for a limit out of its range.
   */
  find(options: SessionFind): Promise<Array<Session>>
  /**
   * The sessions of these ids, in their order; `null` for an unknown one.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  get(ids: ReadonlyArray<string>): Promise<Array<Session | null>>
}

/** The operations on messages. */
export interface Messages {
  /**
   * A page of a session's messages, in the order of the file.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for a bad page or cursor. An unknown session is an empty page.
   */
  list(options: MessageQuery): Promise<Page<Message>>
  /**
   * The messages of these ids, in their order; `null` for an unknown one.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  get(ids: ReadonlyArray<string>): Promise<Array<Message | null>>
  /**
   * The records of these messages as text, with invalid UTF-8 replaced by U+FFFD.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  raw(ids: ReadonlyArray<string>): Promise<Array<string | null>>
  /**
   * The records of these messages, byte for byte.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  rawBytes(ids: ReadonlyArray<string>): Promise<Array<Uint8Array | null>>
  /**
   * What these messages say, as typed content blocks, in the order of the ids; `null` for an unknown one. Each text is cut
   * as asked for; the answer as a whole is not bounded.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids, and for `maxBytes` out of its range.
   */
  blocks(ids: ReadonlyArray<string>, options?: BlockOptions | null): Promise<Array<MessageBlocks | null>>
  /**
   * How many messages {@link Messages.list} would return for each session; 0 for an unknown one.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  countBatch(sessionIds: ReadonlyArray<string>): Promise<Record<string, number>>
  /**
   * How many messages each session has, and when the first and the last was written, in the order of the ids; `null` for
   * an unknown one. Costs the same however long the sessions are.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  timestampsBatch(sessionIds: ReadonlyArray<string>): Promise<Array<MessageTimestamps | null>>
}

/** The operations on vectors. */
export interface Vectors {
  /**
   * Every model that has vectors, by name.
   *
   * Rejects with: only those of reading.
   */
  models(): Promise<Array<VectorModel>>
  /**
   * A page of messages that have text but no vector of it, those whose text has changed since first, with their texts in
   * pieces that embedders take. Copies and older generations need no vectors. The time it takes depends on the messages
   * that came since vectors were last stored, not on all.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for a bad name, page or cursor.
   */
  pending(options: PendingQuery): Promise<Page<PendingMessage>>
  /**
   * Removes a model with all of its vectors. An embedder stays registered.
   *
   * Rejects with: `HAN_NOT_FOUND` for a model without vectors; `HAN_LOCKED` and those of writing.
   */
  remove(model: string): Promise<RemoveVectorsReport>
  /**
   * Embeds what is {@link Vectors.pending} for a model, with its registered embedder. Blocks; nothing is locked while the
   * embedder works, and what is done is committed every 64 messages. If nothing is pending, nothing is written.
   *
   * Rejects with: `HAN_NOT_FOUND` if no embedder is registered for the model; `HAN_EMBEDDER` with what it says; `HAN_CANCELLED`; those
   * of `index`. What is committed stays, and a later call continues from there.
   */
  embedPending(model: string, options?: EmbedOptions | null): Promise<EmbedReport>
}

/** The operations on files. */
export interface Files {
  /**
   * The files of these ids. Of two config dirs that hold the same path, the one whose file is still on the disk is meant.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  get(ids: ReadonlyArray<string>): Promise<Array<SessionFile | null>>
  /**
   * The files of each session: the main file first, then by path.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  bySession(sessionIds: ReadonlyArray<string>): Promise<Array<Array<SessionFile> | null>>
}

/** The operations on tool calls. */
export interface ToolCalls {
  /**
   * The calls of these tool use ids, each with its result. An id that only a result names is unknown. With `includeText`,
   * every record is read as well, which costs more than all the rest.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  get(ids: ReadonlyArray<string>, options?: ToolCallOptions | null): Promise<Array<ToolCall | null>>
}

/** The operations on todo lists. */
export interface Todos {
  /**
   * The list of each session as it was written last; `null` also if none was ever written.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  get(sessionIds: ReadonlyArray<string>): Promise<Array<TodoList | null>>
}

/** The operations on tasks. */
export interface Tasks {
  /**
   * The tasks of each session, by their ids.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  get(sessionIds: ReadonlyArray<string>): Promise<Array<Array<NativeTask> | null>>
}

/** The operations on file changes. */
export interface FileChanges {
  /**
   * Every change that each session and its agents made, in the order in which they were made.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  get(sessionIds: ReadonlyArray<string>): Promise<Array<Array<FileChange> | null>>
}

/** The operations on hooks. */
export interface HookExecutions {
  /**
   * Every hook that was run for each session and its agents, in the order of the records that report it.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  get(sessionIds: ReadonlyArray<string>): Promise<Array<Array<HookExecution> | null>>
}

/** The operations on summaries. */
export interface Summaries {
  /**
   * The summaries of each session, in the order in which they were written. One that names the last message that it sums
   * up is a summary of each session that has this message, in whichever file it is.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  get(sessionIds: ReadonlyArray<string>): Promise<Array<Array<SessionSummary> | null>>
}

/** The operations on token sums. */
export interface Usage {
  /**
   * What each session and its agents spent: tokens and cost, in total and by model, and what the agent program itself says
   * about it.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
   */
  bySession(sessionIds: ReadonlyArray<string>): Promise<Array<SessionUsage | null>>
}

/**
 * A database of sessions. Several handles may be open in one process.
 *
 * Promises settle on the event loop and the work is done on other threads. A pending promise keeps the process alive, except
 * those of a {@link Subscription}; an open handle does not. A handle that leads or watches stays open until it is closed, even
 * if nothing references it. Every error is a {@link HanError}; after {@link Han.close} each call fails with `HAN_CLOSED`.
 */
export declare class Han {
  private constructor()

  /**
   * Opens the database; creates it if it is missing, and migrates it if it is old (neither with `readOnly`).
   *
   * Throws `HAN_INSECURE_PERMISSIONS`, `HAN_FOREIGN_DATABASE`, `HAN_SCHEMA_TOO_NEW`, `HAN_SCHEMA_TOO_OLD`,
   * `HAN_NETWORK_FILESYSTEM`, `HAN_CORRUPT`, `HAN_READ_ONLY`, `HAN_PERMISSION`, `HAN_DISK_FULL`, `HAN_INVALID_ARGUMENT`;
   * `HAN_NOT_FOUND` for a missing database with `readOnly`.
   */
  static open(options?: OpenOptions | null): Han

  /** Like {@link Han.indexSessionFile}, on the calling thread: for tests and scripts. */
  indexSessionFileSync(path: string): IndexResult

  /**
   * Follows what is committed to the database. It begins with this call, not with the first `next()`. While a handle on disk is
   * followed, a thread checks every 10 ms whether another process committed.
   *
   * Throws `HAN_INVALID_ARGUMENT` for an invalid pattern or cursor.
   */
  subscribe(options?: SubscribeOptions | null): Subscription

  /**
   * Calls `callback` with each item of {@link Han.subscribe}, until the object that it returns is closed, the handle is closed or
   * the signal is aborted; never again after that. It does not keep the process alive. What `callback` throws is an uncaught
   * exception, as in a listener of an `EventEmitter`, and ends nothing by itself; a read error is one too, and ends it.
   *
   * Throws as {@link Han.subscribe}.
   */
  onChange(options: SubscribeOptions | null | undefined, callback: (change: Change) => void): { close(): void }

  /**
   * Stores vectors of messages under the name of the model that they come from. Those of one call are committed together.
   *
   * Earlier vectors of this model are removed from the named messages: all vectors of a message belong in one call. Vectors of other
   * models, and of other messages, stay. The first call fixes how many dimensions the model has. The numbers are copied once on
   * their way to the worker. Where several config dirs have a message of this id, all those with the embedded text get the vector.
   * An empty list stores nothing, and notes which messages need no further check, so that {@link Vectors.pending} is fast again.
   *
   * Rejects with `HAN_INVALID_ARGUMENT` for a vector of other dimensions than the model's, one that is not finite or has no
   * direction, or two of one message and chunk; then nothing is stored. Unknown messages are not an error: the report names them.
   */
  indexVectors(vectors: VectorItems): Promise<IndexVectorsReport>

  /**
   * Registers an embedder for its model, in place of an earlier one: {@link Vectors.embedPending} and {@link Han.search} use it.
   *
   * Throws `HAN_INVALID_ARGUMENT` for an invalid embedder.
   */
  registerEmbedder(embedder: Embedder): void

  /** Closes the database: waits for running calls; every further one fails with `HAN_CLOSED`. Idempotent. */
  close(): Promise<void>

  /** {@link Han.close}, for `await using han = Han.open()`. */
  [Symbol.asyncDispose](): Promise<void>

  /** The versions of this library, of the SQLite inside it and of the database schema that it writes. */
  static versions(): Versions

  /**
   * Indexes what is new in one session file, an unterminated last line included.
   *
   * Rejects with: `HAN_NOT_FOUND`, `HAN_IS_DIRECTORY`, `HAN_PERMISSION`, `HAN_LOCKED`, `HAN_DISK_FULL`, `HAN_READ_ONLY`,
   * `HAN_INVALID_ARGUMENT` for a file that is not a transcript.
   */
  indexSessionFile(path: string): Promise<IndexResult>

  /**
   * Indexes what is new in every transcript, the newest file first. Files that cannot be read are listed in the report.
   *
   * Rejects with: `HAN_CANCELLED`, `HAN_LOCKED`, `HAN_DISK_FULL`, `HAN_READ_ONLY`; `HAN_NOT_FOUND` for a path that was named and does
   * not exist.
   */
  scan(options?: ScanOptions | null): Promise<ScanReport>

  /**
   * Derives again, from the stored bytes, what older rules derived; a no-op if there is nothing to derive.
   *
   * Rejects with: `HAN_LOCKED` and those of writing.
   */
  rederive(): Promise<RederiveReport>

  /**
   * Searches messages by their words, by the nearness of their vectors, or by both.
   *
   * Whatever the mode, filters apply before anything is ranked, and each message is found once: by vectors it is ranked by
   * its nearest one. In the modes `vector` and `hybrid` a query without a vector is embedded by the embedder of the model.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT`, also for a vector of other dimensions than the model's, and if neither a vector nor an
   * embedder is at hand; `HAN_NOT_FOUND` for a model without vectors; `HAN_EMBEDDER`; `HAN_QUERY_SYNTAX` with `syntax:
   * Fts5` only.
   */
  search(options: SearchQuery): Promise<Page<SearchHit>>

  /**
   * Searches messages by the nearness of their vectors to one: {@link Han.search} in the mode `vector`, without a text,
   * and without a look at embedders.
   *
   * Rejects with: those of {@link Han.search}.
   */
  searchVectors(options?: VectorQuery | null): Promise<Page<SearchHit>>

  /**
   * Loads static embeddings in the format of model2vec (`tokenizer.json`, `model.safetensors`, `config.json`) from a local
   * folder, and registers them as the embedder of `model`; if `null`, of a model named like the folder. Nothing is
   * downloaded. They are held in memory, and work on the thread that calls. Needs the feature `static-embeddings`.
   *
   * Rejects with: `HAN_NOT_FOUND` for a file that is missing; `HAN_INVALID_ARGUMENT` for a folder that has no such model.
   */
  loadEmbedder(folder: string, options?: LoadEmbedderOptions | null): Promise<EmbedderInfo>

  /**
   * What was done on some days: sessions, messages, tokens, cost, changed lines, tools, hooks, agents; by model, by
   * project, and the first and last sessions by cost and by messages. Read from sums: the time it takes depends on the
   * days, not on the messages.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for a bad day or time zone, or an end before the beginning. An unknown project is an empty
   * answer.
   */
  dashboard(options?: AnalyticsFilter | null): Promise<Dashboard>

  /**
   * When something was done: by local day, and by hour of the clock.
   *
   * Rejects with: those of {@link Han.dashboard}.
   */
  activity(options?: AnalyticsFilter | null): Promise<Activity>

  /**
   * The {@link Han.dashboard} of all projects from a day on, in the database's own time zone; of all time if `null` is
   * passed.
   *
   * Rejects with: those of {@link Han.dashboard}.
   */
  queryDashboardAggregates(since?: string | null): Promise<Dashboard>

  /**
   * Answers one SQL statement that only reads: a `SELECT`, a `WITH` or a `VALUES`, or an `EXPLAIN` of one.
   *
   * It runs on connections of its own, sees one snapshot, and changes nothing: no other statements, pragmas or files. It
   * ends at its deadline, and the answer at the number of rows and bytes, which it says. Blocks; not held up by writes. A
   * database in memory is copied for it.
   *
   * Rejects with: `HAN_QUERY_SYNTAX` with what SQLite says about the statement; `HAN_INVALID_ARGUMENT` for a statement that does not
   * only read, for parameters that do not fit, for limits out of range, and when the deadline has passed; `HAN_CANCELLED`.
   */
  query(sql: string, parameters?: SqlParameters | null, options?: SqlOptions | null): Promise<SqlResult>

  /**
   * A whole session as a document: one to read (Markdown, HTML) or JSON. It is held in memory; see {@link
   * Han.exportSessionTo} and {@link Han.exportSessionToFile} for large ones.
   *
   * Rejects with: `HAN_NOT_FOUND` for an unknown session; `HAN_INVALID_ARGUMENT` for options out of range.
   */
  exportSession(id: string, format?: ExportFormat | null, options?: ExportOptions | null): Promise<string>

  /**
   * As {@link Han.exportSession}, written piece by piece in bounded memory, from one snapshot. Leaves a document that is
   * incomplete if it fails. `writer` is called on this thread and must not use this handle; it is flushed.
   *
   * Rejects with: as there; and those of `writer`: `HAN_IO`, `HAN_DISK_FULL`.
   */
  exportSessionTo(id: string, format: ExportFormat | null, write: (chunk: Uint8Array) => unknown, options?: ExportOptions | null): Promise<void>

  /**
   * As {@link Han.exportSession}, written to a file that must not exist: it is there in full, for its owner only, or not
   * at all. Takes bounded memory.
   *
   * Rejects with: as there; `HAN_INVALID_ARGUMENT` for an existing target, `HAN_NOT_FOUND` for a folder that is missing,
   * `HAN_PERMISSION`, `HAN_DISK_FULL`, `HAN_IO`.
   */
  exportSessionToFile(id: string, format: ExportFormat, targetPath: string, options?: ExportOptions | null): Promise<void>

  /**
   * Lines that became no message, and notes on messages.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for a bad page or cursor.
   */
  problems(options?: ProblemFilter | null): Promise<Page<Problem>>

  /**
   * Writes a transcript back, byte for byte as it was last indexed. `source` is the path it was indexed from, absolute or
   * below its config dir; `<path>~<generation>` names an older generation. The target must not exist.
   *
   * Rejects with: `HAN_NOT_FOUND` for an unknown source; `HAN_INVALID_ARGUMENT` for an existing target; `HAN_DISK_FULL`,
   * `HAN_PERMISSION`.
   */
  restore(sourcePath: string, targetPath: string): Promise<void>

  /**
   * What is in the database.
   *
   * Rejects with: only those of reading.
   */
  stats(): Promise<Stats>

  /**
   * Checks the database, its search index, its sums and the stored bytes, and fixes them with `fix`.
   *
   * Rejects with: `HAN_LOCKED` and those of writing, with `fix` only. Damage is a finding, no error.
   */
  doctor(options?: DoctorOptions | null): Promise<DoctorReport>

  /**
   * Removes sessions for good: their rows, bytes and search entries are overwritten, and no scan brings them back.
   *
   * Rejects with: `HAN_NOT_FOUND` for an unknown session or project; `HAN_LOCKED` and those of writing.
   */
  forget(options: ForgetTarget): Promise<ForgetReport>

  /**
   * Writes a consistent copy of the database, while it is in use. The target must not exist.
   *
   * Rejects with: `HAN_INVALID_ARGUMENT` for an existing target; `HAN_DISK_FULL`, `HAN_PERMISSION`.
   */
  backup(path: string): Promise<void>

  /** The operations for tests. */
  readonly testing: Testing

  /** The operations on who writes. */
  readonly coordinator: Coordinator

  /** The operations on the watcher. */
  readonly watcher: Watcher

  /** The operations on sessions. */
  readonly sessions: Sessions

  /** The operations on messages. */
  readonly messages: Messages

  /** The operations on vectors. */
  readonly vectors: Vectors

  /** The operations on files. */
  readonly files: Files

  /** The operations on tool calls. */
  readonly toolCalls: ToolCalls

  /** The operations on todo lists. */
  readonly todos: Todos

  /** The operations on tasks. */
  readonly tasks: Tasks

  /** The operations on file changes. */
  readonly fileChanges: FileChanges

  /** The operations on hooks. */
  readonly hookExecutions: HookExecutions

  /** The operations on summaries. */
  readonly summaries: Summaries

  /** The operations on token sums. */
  readonly usage: Usage
}

// The functions below work on a default handle, opened on first use in `HAN_DATA_DIR`, else in `~/.han`.

/** {@link Han.indexSessionFileSync} of the default handle. */
export declare const indexSessionFileSync: Han['indexSessionFileSync']
/** {@link Han.subscribe} of the default handle. */
export declare const subscribe: Han['subscribe']
/** {@link Han.onChange} of the default handle. */
export declare const onChange: Han['onChange']
/** {@link Han.indexVectors} of the default handle. */
export declare const indexVectors: Han['indexVectors']
/** {@link Han.registerEmbedder} of the default handle. */
export declare const registerEmbedder: Han['registerEmbedder']
/** Closes the default handle, if it is open; the next use opens it again. */
export declare const close: Han['close']
/** {@link Han.versions}. */
export declare const versions: typeof Han.versions
/** {@link Han.indexSessionFile} of the default handle. */
export declare const indexSessionFile: Han['indexSessionFile']
/** {@link Han.scan} of the default handle. */
export declare const scan: Han['scan']
/** {@link Han.rederive} of the default handle. */
export declare const rederive: Han['rederive']
/** {@link Han.search} of the default handle. */
export declare const search: Han['search']
/** {@link Han.searchVectors} of the default handle. */
export declare const searchVectors: Han['searchVectors']
/** {@link Han.loadEmbedder} of the default handle. */
export declare const loadEmbedder: Han['loadEmbedder']
/** {@link Han.dashboard} of the default handle. */
export declare const dashboard: Han['dashboard']
/** {@link Han.activity} of the default handle. */
export declare const activity: Han['activity']
/** {@link Han.queryDashboardAggregates} of the default handle. */
export declare const queryDashboardAggregates: Han['queryDashboardAggregates']
/** {@link Han.query} of the default handle. */
export declare const query: Han['query']
/** {@link Han.exportSession} of the default handle. */
export declare const exportSession: Han['exportSession']
/** {@link Han.exportSessionTo} of the default handle. */
export declare const exportSessionTo: Han['exportSessionTo']
/** {@link Han.exportSessionToFile} of the default handle. */
export declare const exportSessionToFile: Han['exportSessionToFile']
/** {@link Han.problems} of the default handle. */
export declare const problems: Han['problems']
/** {@link Han.restore} of the default handle. */
export declare const restore: Han['restore']
/** {@link Han.stats} of the default handle. */
export declare const stats: Han['stats']
/** {@link Han.doctor} of the default handle. */
export declare const doctor: Han['doctor']
/** {@link Han.forget} of the default handle. */
export declare const forget: Han['forget']
/** {@link Han.backup} of the default handle. */
export declare const backup: Han['backup']
/** {@link Han.testing} of the default handle. */
export declare const testing: Testing
/** {@link Han.coordinator} of the default handle. */
export declare const coordinator: Coordinator
/** {@link Han.watcher} of the default handle. */
export declare const watcher: Watcher
/** {@link Han.sessions} of the default handle. */
export declare const sessions: Sessions
/** {@link Han.messages} of the default handle. */
export declare const messages: Messages
/** {@link Han.vectors} of the default handle. */
export declare const vectors: Vectors
/** {@link Han.files} of the default handle. */
export declare const files: Files
/** {@link Han.toolCalls} of the default handle. */
export declare const toolCalls: ToolCalls
/** {@link Han.todos} of the default handle. */
export declare const todos: Todos
/** {@link Han.tasks} of the default handle. */
export declare const tasks: Tasks
/** {@link Han.fileChanges} of the default handle. */
export declare const fileChanges: FileChanges
/** {@link Han.hookExecutions} of the default handle. */
export declare const hookExecutions: HookExecutions
/** {@link Han.summaries} of the default handle. */
export declare const summaries: Summaries
/** {@link Han.usage} of the default handle. */
export declare const usage: Usage

/** When something was done. What has no time is left out. */
export interface Activity {
  /** The time zone of the days, as an IANA name. */
  timeZone: string
  /** The requested first day, such as `2026-01-31`; `null` if there is no beginning. */
  since: string | null
  /** The requested last day; `null` if there is no end. */
  until: string | null
  /** Days on which something was done, the earliest first. */
  days: Array<DayActivity>
  /** The 24 hours of the clock, summed up over those days. */
  hours: Array<HourActivity>
}

/** Whose messages to list, besides the main file's. */
export type AgentSelection =
  /** The session's main file only. */
  | 'none'
  /** The main file and every agent, merged by (effective time, path, line). */
  | 'all'

/** What to look at. The days are whole days of the requested time zone. */
export interface AnalyticsFilter {
  /** From this day on: a date such as `2026-01-31`, or an instant, which counts as the whole day that it lies in. */
  since?: string | null
  /** Up to and including this day: a date, or an instant, which counts as the day that the last moment before it lies in. */
  until?: string | null
  /** Whose days and hours, as an IANA name; those of the database's own time zone by default. */
  timeZone?: string | null
  /** Only this project. */
  projectId?: string | null
}

/** A content block of a message. */
export type Block =
  /** Words of a person, of the model, or of the agent program. */
  | {
      type: 'text'
      /** The text, cut as requested. */
      text: string
      /** How many bytes the whole text has, in UTF-8. */
      bytes: number
      /** Whether the text was cut. */
      isTruncated: boolean
    }
  /** Thoughts of the model. */
  | {
      type: 'thinking'
      /** The text, cut as requested. */
      text: string
      /** How many bytes the whole text has, in UTF-8. */
      bytes: number
      /** Whether the text was cut. */
      isTruncated: boolean
    }
  /** A tool call. */
  | {
      type: 'toolCall'
      /** The id by which its result names it. */
      toolUseId: string | null
      /** The tool's name. */
      name: string | null
      /**
       * What the call is about, in one line: the most informative part of the input, such as a command or a path, else the
       * input itself. It is cut as the input is.
       */
      summary: string
      /** The input as JSON, as the record has it, cut as requested; empty if the record has none. */
      input: string
      /** How many bytes the whole input has. */
      bytes: number
      /** Whether the input was cut. */
      isTruncated: boolean
    }
  /** The result of a call. */
  | {
      type: 'toolResult'
      /** The id of the call. */
      toolUseId: string | null
      /** Whether the tool failed. */
      isError: boolean
      /**
       * The output, its texts joined by line ends, with `[image]` for an image and without control sequences, cut as
       * requested.
       */
      text: string
      /** How many bytes the whole text has, in UTF-8. */
      bytes: number
      /** Whether the text was cut. */
      isTruncated: boolean
      /** The file in the session's `tool-results/` that has the whole output, if the record has only a part of it. */
      spill: string | null
    }
  /** An image. */
  | {
      type: 'image'
      /** The call in whose result it is; `null` for an image of the message itself. */
      toolUseId: string | null
      /** Its media type, such as `image/png`; `null` if the record does not say it. */
      mediaType: string | null
      /** How many bytes the image has; 0 if the record does not have its data. */
      bytes: number
    }
  /** Anything else: a block of another type, or the text of a record that carries no API message. */
  | {
      type: 'other'
      /**
       * The type of the content block, such as `document`, or `unknown` if it has none. Where the record carries no API
       * message, the type of the record.
       */
      kind: string
      /** The text, cut as requested; empty if there is none. */
      text: string
      /** How many bytes the whole text has, in UTF-8. Of a record that carries no API message at most 1 MiB are looked at. */
      bytes: number
      /** Whether the text was cut. */
      isTruncated: boolean
    }

/** How much {@link Messages.blocks} returns of each text. */
export interface BlockOptions {
  /** Each text is cut after this many bytes, at the end of a character; 1 to 2^30, 65,536 by default. */
  maxBytes?: number | null
}

/** One item of the change feed. Distinguished by the field `type`: `change` or `gap`. */
export type Change =
  /** Something was committed. */
  | {
      /** How many messages, if items are not expanded and the topic is one of messages. */
      count: number | null
      /** The place of the item in the feed: a subscription with it as `since` starts exactly after it. */
      cursor: string
      /** The first of these messages; `null` if all of them are gone, copies or superseded by now. */
      firstMessageId: MessageId | null
      /** The last of them. */
      lastMessageId: MessageId | null
      /** The message, if items are expanded and the topic is one of messages. */
      messageId: MessageId | null
      /** The session that it happened to; `null` for `leader:...`. */
      sessionId: string | null
      /** When it was committed. */
      time: Timestamp
      /** What happened, such as `session:message:added`. */
      topic: string
      type: 'change'
    }
  /** Changes after the subscriber's position are no longer kept; what comes next is after them. */
  | {
      /** The cursor after the gap. */
      cursor: string
      /** The cursor that the subscriber had reached: the gap begins after it. */
      from: string
      /** The cursor of the last change that is no longer kept. */
      to: string
      type: 'gap'
    }

/** Something that is wrong with who writes. */
export interface CoordinatorIssue {
  /** The code of the error that writes fail with: `HAN_WRITER_STALLED`. */
  code: string
  /** What happened, and what to do. */
  message: string
}

/** Who writes the database. */
export interface CoordinatorStatus {
  /** Whether this handle leads. */
  isCoordinator: boolean
  /** Whether any handle leads, in this process or another. */
  coordinatorRunning: boolean
  /** Raised with every change of the writer; 0 before the first write. */
  epoch: number
  /** The process that leads. */
  pid: number | null
  /** When the leader last showed a sign of life, by its own clock. */
  heartbeat: Timestamp | null
  /** The version of the library that leads. */
  version: string | null
  /** What is wrong; empty if nothing is. */
  issues: Array<CoordinatorIssue>
}

/**
 * What was done on some days. Copies written by a resume, a fork or a compaction count nowhere; each API message counts
 * once, in the session and at the time of its first line. What has no time counts only if no day bounds the query.
 */
export interface Dashboard {
  /** The time zone of the days, as an IANA name. */
  timeZone: string
  /** The requested first day, such as `2026-01-31`; `null` if there is no beginning. */
  since: string | null
  /** The requested last day; `null` if there is no end. */
  until: string | null
  /** Sessions with a user or assistant line. */
  sessions: number
  /** Messages of every record type, those of agents included. */
  messages: number
  /** Prompts that a person typed. */
  prompts: number
  /** Assistant lines; one API message may have several. */
  assistantLines: number
  /** API messages: answers that were paid for. */
  apiMessages: number
  /**
   * Requests within them, whose own tokens leave them out: advice, compactions, attempts that were refused after they had
   * begun to answer.
   */
  iterations: number
  /** Web searches that the API made. */
  webSearches: number
  /** The tokens of all of these. */
  tokens: TokenUsage
  /**
   * What all of it cost, in US dollars, as far as prices are known: tokens at the rates that the answers name, and web
   * searches. What no answer shows is not in it; see `reported`.
   */
  cost: number
  /** API messages whose price is not known: they are not in the cost. */
  unpricedApiMessages: number
  /** Requests within API messages whose price is not known. */
  unpricedIterations: number
  /** What these are, by model and rate, the most tokens first. */
  unpricedModels: Array<UnpricedModel>
  /**
   * What the agent program itself says about these sessions; `null` if it says nothing, and if days bound the query, since
   * it says nothing of days.
   */
  reported: ReportedCosts | null
  /** Where the prices are from. */
  prices: PriceList
  /** Lines that successful tool calls added to files. */
  linesAdded: number
  /** Lines that they removed. */
  linesRemoved: number
  /** Tool calls. */
  toolCalls: number
  /** Tool results that are errors. */
  toolErrors: number
  /** The ten tools called most. */
  tools: Array<ToolActivity>
  /** Hook executions. */
  hooks: number
  /** Those of them that failed. */
  hookErrors: number
  /** Compactions of a context. */
  compactions: number
  /** Agents that began, one for each agent file that is not a mere copy. */
  subagents: number
  /** Models that answered, the costliest first. */
  models: Array<ModelActivity>
  /** Projects, the costliest first. */
  projects: Array<ProjectActivity>
  /** The ten sessions that cost most in these days. */
  topSessionsByCost: Array<SessionActivity>
  /** The ten that cost least, of those that asked a model and whose models all have a price. */
  bottomSessionsByCost: Array<SessionActivity>
  /** The ten with the most messages in these days. */
  topSessionsByMessages: Array<SessionActivity>
  /** The ten with the fewest. */
  bottomSessionsByMessages: Array<SessionActivity>
}

/** What was done on one day. */
export interface DayActivity {
  /** The local day, such as `2026-01-31`. */
  date: string
  /** Sessions with a user or assistant line on it. */
  sessions: number
  /** Messages. */
  messages: number
  /** Prompts. */
  prompts: number
  /** Tool calls. */
  toolCalls: number
  /** Lines added to files. */
  linesAdded: number
  /** Lines removed from files. */
  linesRemoved: number
  /** API messages. */
  apiMessages: number
  /** Their tokens. */
  tokens: TokenUsage
  /** What all of it cost, in US dollars, as far as prices are known. */
  cost: number
  /** API messages whose price is not known: they are not in the cost. */
  unpricedApiMessages: number
}

/** One finding of `doctor`. */
export interface DoctorIssue {
  /** What kind of finding, such as `search_index_damaged`. */
  code: string
  /** What was found, and what to do. */
  message: string
  /** The file it is about, if any. */
  path: string | null
  /** Whether this call fixed it. */
  isFixed: boolean
}

/** What {@link Han.doctor} does. */
export interface DoctorOptions {
  /** Also fixes what can be fixed from the stored bytes. */
  fix?: boolean | null
}

/** What `doctor` found. */
export interface DoctorReport {
  /** Whether nothing is wrong, or everything wrong was fixed. */
  isHealthy: boolean
  /** Files whose stored bytes were checked. */
  filesChecked: number
  /** The findings. */
  issues: Array<DoctorIssue>
  /**
   * What makes the database slower than it could be, for example how SQLite was built. A database with warnings is
   * healthy.
   */
  warnings: Array<DoctorWarning>
}

/** What `doctor` advises against, though nothing is wrong with the database. */
export interface DoctorWarning {
  /** What kind of warning, such as `shared_page_cache`. */
  code: string
  /** What was found, and what to do. */
  message: string
}

/** A document that other languages get as text, not as JSON. */
export type Document = string

/** How much to embed; see {@link Vectors.embedPending}. */
export interface EmbedOptions extends Reporting<EmbedProgress>, Cancellable {
  /** How many messages at most, 1 or more; if `null`, all. */
  limit?: number | null
}

/** How far embedding has come. */
export interface EmbedProgress {
  /** Messages that were embedded. */
  messages: number
  /** Vectors that were stored for them. */
  vectors: number
}

/** What embedding did. */
export interface EmbedReport {
  /** Messages that were embedded. */
  messages: number
  /** Vectors that were stored for them. */
  vectors: number
  /** Whether messages are left that need vectors, because of the limit. */
  hasMore: boolean
}

/** An embedder that was loaded. */
export interface EmbedderInfo {
  /** The model that it serves. */
  model: string
  /** How many numbers each of its vectors has. */
  dimensions: number
}

/** The format of an exported session. */
export type ExportFormat =
  /** Markdown to read and to paste. */
  | 'markdown'
  /** One JSON object; see `SessionExport`. */
  | 'json'
  /** One HTML page that needs no other file and runs no script. */
  | 'html'

/** What is exported of a session. */
export interface ExportOptions {
  /** The subagents' messages as well; true by default. */
  includeAgents?: boolean | null
  /** What the model thought; true by default. Does not affect raw records. */
  includeThinking?: boolean | null
  /** Also copies written by a resume, a fork or a compaction. */
  includeReplays?: boolean | null
  /** In JSON, also each record as it was written. */
  includeRaw?: boolean | null
  /**
   * Cuts each text, tool input and tool result that is longer than this many bytes, and says so in its place; nothing is
   * cut by default. At least 1. Does not affect raw records.
   */
  maxTextBytes?: number | null
}

/** A change to a file that a tool made. */
export interface FileChange {
  /** The session. */
  sessionId: string
  /** The agent that made it. */
  agentId: string | null
  /** The message that reports it. */
  messageId: MessageId
  /** When it was made. */
  timestamp: Timestamp | null
  /** The path of the changed file, as the tool reported it. */
  path: string
  /** `create`, `update` or `delete`. */
  action: string
  /** Lines that are new. */
  linesAdded: number
  /** Lines that are gone. */
  linesRemoved: number
  /** The tool's name. */
  tool: string
}

/** What `forget` removed. */
export interface ForgetReport {
  /** Sessions removed. */
  sessions: number
  /** Their files. */
  files: number
  /** Their messages. */
  messages: number
}

/** What is removed: one of these. */
export type ForgetTarget =
  /** One session, with its agents. */
  | {
      sessionId: string
      projectId?: null
      before?: null
    }
  /** Every session of a project. */
  | {
      projectId: string
      sessionId?: null
      before?: null
    }
  /** Every session whose last activity is before this instant. */
  | {
      before: Timestamp
      sessionId?: null
      projectId?: null
    }

/** A hook that was run. */
export interface HookExecution {
  /** The session. */
  sessionId: string
  /** The agent that it was run for. */
  agentId: string | null
  /** The message that reports it. */
  messageId: MessageId
  /** When it was run. */
  timestamp: Timestamp | null
  /** The event that it was run at, such as `PreToolUse` or `Stop`. */
  event: string
  /** The hook's name, such as `PreToolUse:Bash`. */
  name: string | null
  /** The command that was run. */
  command: string | null
  /** How long it took. */
  durationMs: number | null
  /** How its command ended. */
  exitCode: number | null
  /** Whether it failed, or blocked what it was run at. */
  isError: boolean
}

/** What was done in one hour of the clock, on whichever day. An hour that daylight saving repeats has both of its turns. */
export interface HourActivity {
  /** The local hour, 0 to 23. */
  hour: number
  /** Messages. */
  messages: number
  /** Prompts. */
  prompts: number
  /** Tool calls. */
  toolCalls: number
  /** Lines added to files. */
  linesAdded: number
  /** Lines removed from files. */
  linesRemoved: number
  /** API messages. */
  apiMessages: number
  /** Their tokens. */
  tokens: TokenUsage
  /** What all of it cost, in US dollars, as far as prices are known. */
  cost: number
  /** API messages whose price is not known: they are not in the cost. */
  unpricedApiMessages: number
}

/** An image, without its data. */
export interface ImageBlock {
  /** The call in whose result it is; `null` for an image of the message itself. */
  toolUseId: string | null
  /** Its media type, such as `image/png`; `null` if the record does not say it. */
  mediaType: string | null
  /** How many bytes the image has; 0 if the record does not have its data. */
  bytes: number
}

/** What indexing one file did. */
export interface IndexResult {
  /** The session of the file. */
  sessionId: string
  /** Messages that this call inserted; 0 if nothing was new. */
  messagesIndexed: number
  /** Messages of the session's main file, without replays and the request log. */
  totalMessages: number
  /** Whether the session was unknown before. */
  isNewSession: boolean
  /** Lines read by this call that became no message. */
  problems: number
  /** Notes on messages read by this call. */
  notes: number
}

/** What indexing vectors did. */
export interface IndexVectorsReport {
  /** Messages that have vectors of this call. */
  messages: number
  /** Vectors that were stored. */
  vectors: number
  /** Message ids that are unknown, each once, in the order of the items; their vectors were not stored. */
  unknown: Array<string>
}

/** How to load an embedder. */
export interface LoadEmbedderOptions {
  /** The model that it serves; if `null`, it is called like the folder. */
  model?: string | null
}

/** A match inside a snippet, in UTF-16 code units: `snippet.slice(start, end)` in JavaScript. */
export interface MatchRange {
  /** The first code unit of the match. */
  start: number
  /** The code unit after the match. */
  end: number
}

/** By what a message was found. */
export type MatchedBy =
  /** Its words. */
  | 'text'
  /** Its vector. */
  | 'vector'
  /** Both. */
  | 'both'

/** One record of a transcript: a line, or a part of a line on which records are glued together. */
export interface Message {
  /** The identity, the same in every database. */
  id: MessageId
  /** The session of the file that the line is in. */
  sessionId: string
  /** The session id that the record itself names, if it differs (resumed and forked files). */
  recordSessionId: string | null
  /** The record's `uuid`; not an identity, since resumed files repeat it. */
  uuid: string | null
  /** The record's `parentUuid`. */
  parentUuid: string | null
  /** The record's `type`, such as `user` or `assistant`; known or not. */
  type: string
  /** The second level of the type: of `system`, `progress` and `attachment` records. */
  subtype: string | null
  /** `user` or `assistant`, if the record carries an API message. */
  role: string | null
  /** The agent that wrote it, for lines of subagents. */
  agentId: string | null
  /** The tool that is called, or whose result this is. */
  toolName: string | null
  /** The id of that tool call. */
  toolUseId: string | null
  /** The model that answered. */
  model: string | null
  /** The API's message id, shared by the lines of one streamed answer. */
  apiMessageId: string | null
  /** A short plain text of what the record says, at most 128 characters. */
  preview: string
  /** The record's own time. */
  timestamp: Timestamp | null
  /** Its own time, else that of the last earlier line that has one. */
  effectiveTimestamp: Timestamp | null
  /** The path of the file below its config dir. */
  path: string
  /** The line, counted from 1, blank ones included. */
  lineNumber: number
  /** 0, or the position of a record glued after the first one of its line. */
  part: number
  /** Whether the record is marked as a sidechain. */
  isSidechain: boolean
  /** Whether the record was put in by the agent program, not typed. */
  isMeta: boolean
  /** Whether it is a failed tool result or an API error. */
  isError: boolean
  /** Whether it is a prompt that a person typed. */
  isPrompt: boolean
  /** Whether it is a prompt that was taken back: a later one continues from before it. */
  isRewound: boolean
  /** The original, if this is a copy written by a resume, a fork or a compaction. */
  replayOf: MessageId | null
  /** Whether it belongs to an older generation of its file. */
  isSuperseded: boolean
  /** Whether its line has no end yet and may still grow. */
  isProvisional: boolean
  /** The tokens that this very line states; not to be summed, see `Session.tokens`. */
  tokens: TokenUsage | null
}

/** What a message says, block by block. */
export interface MessageBlocks {
  /** What the message is in a conversation. */
  turn: Turn
  /**
   * Whether it is bookkeeping of the agent program, such as progress, snapshots and titles, which a reader of the
   * conversation does not need.
   */
  isBookkeeping: boolean
  /**
   * The content blocks, in the order of the record; images within a tool's result follow it. What the agent program put
   * around the text of a prompt is left out. A record that carries no API message has one block `other` for each of its
   * texts, or for its preview.
   */
  blocks: Array<Block>
  /** Whether the record has more content blocks than the first 10,000, which are read. */
  hasMoreBlocks: boolean
}

/**
 * The identity of a message, the same in every database and language: `<16 hex digits>:<line>:<part>`, followed by
 * `~<generation>` if it belongs to a superseded generation.
 */
export type MessageId = string

/** Which messages to list: those of one session, in the order of the file. */
export interface MessageQuery {
  /** The session. Required. */
  sessionId: string
  /** How many items from the start, 1 to 10,000; 50 if neither `first` nor `last` is given. */
  first?: number | null
  /** Only items after this cursor. */
  after?: string | null
  /** How many items from the end, 1 to 10,000. Not together with `first`. */
  last?: number | null
  /** Only items before this cursor. */
  before?: string | null
  /** Only this agent's file. */
  agentId?: string | null
  /** `all` merges the main file and every agent. */
  agents?: AgentSelection | null
  /**
   * Only messages of these record types, as `Message.type` has them; if left out or empty, every one but the request log:
   * what the agent program noted of its requests to the API (`api-request`, `api-request-blob`, `api-request-shape`, and
   * of `attachment` the subtype `prompt_snapshot`).
   */
  types?: ReadonlyArray<string> | null
  /** Only messages of this role. */
  role?: MessageRole | null
  /** Only calls of this tool, and results of such calls. */
  tool?: string | null
  /** Only messages whose effective time is at or after this instant. */
  since?: Timestamp | null
  /** Only messages whose effective time is before this instant. */
  until?: Timestamp | null
  /** Only failed tool results and API errors. */
  onlyErrors?: boolean | null
  /** Also copies written by a resume, a fork or a compaction. */
  includeReplays?: boolean | null
  /** Also older generations of the file, after the current one. */
  includeSuperseded?: boolean | null
  /** Also count the whole list, whatever the page: `totalCount`. */
  withTotal?: boolean | null
}

/** Who speaks in a message. */
export type MessageRole =
  /** A person, or a tool that answers. */
  | 'user'
  /** The model. */
  | 'assistant'

/** When the messages of a session were written. */
export interface MessageTimestamps {
  /** The session. */
  sessionId: string
  /** How many messages its main file has, copies and the request log left out. */
  count: number
  /**
   * The earliest time in its main file. Copies count: what a resume or a fork continues started when the copied session
   * did.
   */
  first: Timestamp | null
  /** The latest time in its main file. Neither is one of the request log. */
  last: Timestamp | null
}

/** What one model did. */
export interface ModelActivity {
  /** Its name; `null` for answers that name no model. */
  model: string | null
  /** API messages of it. */
  apiMessages: number
  /**
   * Requests of it within API messages, whose own tokens leave them out: advice, compactions, attempts that were refused
   * after they had begun to answer.
   */
  iterations: number
  /** Web searches that the API made for it. */
  webSearches: number
  /** The tokens of all of these. */
  tokens: TokenUsage
  /** What they cost, in US dollars; `null` if no price is known. */
  cost: number | null
  /** The same by the rate at which they were charged, the usual one first. */
  rates: Array<ModelRate>
}

/** What one model did at one rate. */
export interface ModelRate {
  /**
   * `standard`, or what sets the price apart: the mode (`fast`), the place of inference (`us`), the service tier
   * (`batch`), `refused` for what was declined before any output and is free; several are words of one text.
   */
  rate: string
  /** API messages. */
  apiMessages: number
  /** Requests within API messages, whose own tokens leave them out. */
  iterations: number
  /** Web searches. */
  webSearches: number
  /** The tokens of all of these. */
  tokens: TokenUsage
  /** What they cost, in US dollars; `null` if no price is known. */
  cost: number | null
}

/** A task of a session, as it is after everything that happened to it. */
export interface NativeTask {
  /** The session. */
  sessionId: string
  /** The task's id, unique within its session. */
  id: string
  /** What it is, in short. */
  subject: string | null
  /** What it is, in full. */
  description: string | null
  /** What it is called while it is being done. */
  activeForm: string | null
  /** As the agent program names it, such as `pending`, `in_progress` or `completed`. */
  status: string | null
  /** Who does it. */
  owner: string | null
  /** The ids of the tasks that have to be done before. */
  blockedBy: Array<string>
  /** When it was created. */
  createdAt: Timestamp | null
  /** When it was last changed. */
  updatedAt: Timestamp | null
}

/** How to open a database; see `open`. */
export interface OpenOptions extends Logging {
  /** The folder of the database and its lock; if `null`, `HAN_DATA_DIR`, else `~/.han`. */
  dataDir?: string | null
  /** The database itself; if `null`, `han.db` in the data folder. */
  dbPath?: string | null
  /**
   * The folders whose `projects/` are scanned; if `null`, those of `CLAUDE_CONFIG_DIR` (a comma list), else `~/.claude`
   * and `~/.config/claude`, and those of the sessions that the desktop application runs. An empty list means none.
   */
  configDirs?: ReadonlyArray<string> | null
  /** Opens an existing database for reading only: nothing is created, migrated or written. */
  readOnly?: boolean | null
  /** Keeps the database in memory, for as long as the handle lives. */
  inMemory?: boolean | null
  /** How long a write waits for another process; 5 s by default. `lockTimeoutMs` in JSON. */
  lockTimeoutMs?: number | null
  /**
   * The time between two heartbeats of an idle coordinator, and of a call that writes for long; 5 s by default.
   * `heartbeatIntervalMs` in JSON.
   */
  heartbeatIntervalMs?: number | null
  /**
   * How long a coordinator may go without a heartbeat before another one takes over, at least twice the interval; 30 s by
   * default. The same for every handle of a database. `staleAfterMs` in JSON.
   */
  staleAfterMs?: number | null
  /** Globs of paths, below a config dir, that are not indexed. */
  exclude?: ReadonlyArray<string> | null
  /**
   * The time zone of the database's local days, as an IANA name; if `null`, the one it has, which is the system's at its
   * creation. If it differs from the one it has, the sums of its days are computed again; with `readOnly` it is ignored.
   */
  timeZone?: string | null
  /**
   * A list of prices, as JSON with the field names of the public LiteLLM list, that replace the published ones of the same
   * models; if `null`, `HAN_PRICE_FILE`.
   */
  priceFile?: string | null
  /** How the watcher watches. */
  watch?: WatchOptions | null
}

/** A block without a type of its own here. */
export interface OtherBlock {
  /**
   * The type of the content block, such as `document`, or `unknown` if it has none. Where the record carries no API
   * message, the type of the record.
   */
  kind: string
  /** The text, cut as requested; empty if there is none. */
  text: string
  /** How many bytes the whole text has, in UTF-8. Of a record that carries no API message at most 1 MiB are looked at. */
  bytes: number
  /** Whether the text was cut. */
  isTruncated: boolean
}

/** A piece of a message's text, to be embedded. */
export interface PendingChunk {
  /** Its number, from 0. */
  chunk: number
  /** The field that it is a piece of. */
  field: SearchField
  /** Where it begins in the text of the field, in UTF-16 code units. */
  start: number
  /** Where it ends there. */
  end: number
  /** The piece itself. */
  text: string
}

/** A message that has text, and no vector of it. */
export interface PendingMessage {
  /** The message. */
  messageId: string
  /** Identifies its text; to be passed back with the vectors. */
  textHash: string
  /** Its text in pieces of up to 2,000 characters, at most 64 of them: the rest is not embedded. */
  chunks: Array<PendingChunk>
}

/** Which messages need vectors. */
export interface PendingQuery {
  /** The model, which need not have vectors yet. Required. */
  model: string
  /** How many messages, 1 to 1,000; 50 by default. */
  first?: number | null
  /** Only messages after this cursor. */
  after?: string | null
}

/** Where prices are from. */
export interface PriceList {
  /** What the prices that come with the library are. */
  source: string
  /** The day as of which they are those, such as `2026-01-31`. */
  date: string | null
  /** The file whose prices replace those of the same models. */
  ownFile: string | null
}

/** A line that became no message, or a note on one that did. */
export interface Problem {
  /** The place: the id that the line's message has or would have. */
  id: MessageId
  /** What it is. */
  kind: ProblemKind
  /** Whether it annotates a message (a note), rather than representing a line. */
  isNote: boolean
  /** The session of the file. */
  sessionId: string
  /** The file's absolute path. */
  path: string
  /** The line, counted from 1, blank ones included. */
  lineNumber: number
  /** 0, or the position of the record on its line. */
  part: number
  /** Where the line starts in the file, in bytes. */
  offset: number
  /** How long the line is, in bytes, without its end. */
  length: number
  /** What is wrong, in words. */
  detail: string
}

/** Which problems to list, in the order of (path, line, part). */
export interface ProblemFilter {
  /** Only this session's. */
  sessionId?: string | null
  /** Only those of this file. */
  path?: string | null
  /** Only these kinds. */
  kinds?: ReadonlyArray<ProblemKind> | null
  /** Only notes, or only problems that are not notes. */
  notes?: boolean | null
  /** Also those of older generations of a file. */
  includeSuperseded?: boolean | null
  /** How many items from the start, 1 to 10,000; 50 if neither `first` nor `last` is given. */
  first?: number | null
  /** Only items after this cursor. */
  after?: string | null
  /** How many items from the end, 1 to 10,000. Not together with `first`. */
  last?: number | null
  /** Only items before this cursor. */
  before?: string | null
}

/** What is wrong with a line, or worth a note. */
export type ProblemKind =
  /** The line is not JSON. */
  | 'invalid_json'
  /** The line is JSON, but not an object. */
  | 'not_object'
  /** The line is longer than 64 MiB. */
  | 'oversize_line'
  /** The file ends inside a line that is not yet a JSON object. */
  | 'torn_tail'
  /** A note: records are glued together on the line; each was taken. */
  | 'glued_records'
  /** A note: the text was cut at the limit of what is searchable. */
  | 'text_truncated'
  /** A note: the spilled tool result is not there. */
  | 'spill_missing'
  /** A note: the spilled tool result is larger than 64 MiB. */
  | 'spill_too_large'

/** What was done in one project. */
export interface ProjectActivity {
  /** The id of the project. */
  projectId: string
  /** Its true path, from the records. */
  projectPath: string | null
  /** The path of its repository. */
  repositoryPath: string | null
  /** Sessions with a user or assistant line. */
  sessions: number
  /** Messages. */
  messages: number
  /** Prompts. */
  prompts: number
  /** Tool calls. */
  toolCalls: number
  /** Lines added to files. */
  linesAdded: number
  /** Lines removed from files. */
  linesRemoved: number
  /** API messages. */
  apiMessages: number
  /** Their tokens. */
  tokens: TokenUsage
  /** What all of it cost, in US dollars, as far as prices are known. */
  cost: number
  /** API messages whose price is not known: they are not in the cost. */
  unpricedApiMessages: number
}

/** What a re-derivation did. */
export interface RederiveReport {
  /** Files derived again. */
  files: number
  /** Their messages. */
  messages: number
}

/** What removing a model removed. */
export interface RemoveVectorsReport {
  /** Vectors that were removed. */
  vectors: number
}

/**
 * What the agent program itself says that a session cost, as of the last time it said so, compared with the sum of its
 * answers. It alone knows of requests that no line of a transcript shows. What a fork took over from its original is
 * taken off.
 */
export interface ReportedCost {
  /** What it says, in US dollars. */
  cost: number
  /** How much more that is than the cost of the answers; less than 0 if it is less. */
  difference: number
  /** By model, the greatest difference first. */
  byModel: Array<ReportedModel>
  /** When it said so: the time of the record before. */
  reportedAt: Timestamp | null
}

/**
 * What the agent program itself says about all the sessions in which it says something, compared with the sum of their
 * answers.
 */
export interface ReportedCosts {
  /** In how many sessions it says something. */
  sessions: number
  /** What it says that they cost, in US dollars. */
  cost: number
  /** How much more that is than the cost of the answers in these sessions. */
  difference: number
  /** By model, the greatest difference first. */
  byModel: Array<ReportedModel>
}

/** The part of one model in what the agent program says. */
export interface ReportedModel {
  /** The model that was requested; another one may have answered. */
  model: string
  /** What the agent program says that it cost, in US dollars. */
  cost: number
  /** What the answers of this model cost. */
  answersCost: number
  /** The first minus the second. */
  difference: number
  /** The tokens that the agent program counted. */
  tokens: TokenUsage
  /** The web searches that it counted. */
  webSearches: number
}

/** A file that a scan could not read. */
export interface ScanError {
  /** The file or folder. */
  path: string
  /** A `HAN_...` code. */
  code: string
  /** What happened, and what to do. */
  message: string
}

/** What {@link Han.scan} scans. */
export interface ScanOptions extends Reporting<ScanProgress>, Cancellable {
  /**
   * Files and folders; if `null`, every config dir of the handle. A file is indexed as itself, a folder that has a
   * `projects` folder as a config dir, any other folder recursively.
   */
  paths?: ReadonlyArray<string> | null
}

/** How far a scan is. */
export interface ScanProgress {
  /** Files finished. */
  filesDone: number
  /** Files that have something new. */
  filesTotal: number
  /** Bytes committed. */
  bytesDone: number
  /** Bytes to read. */
  bytesTotal: number
  /** Messages inserted. */
  messagesIndexed: number
  /** The file that was committed last. */
  path: string | null
}

/** What a scan did. */
export interface ScanReport {
  /** Transcripts found. */
  files: number
  /** Those of them that had something new. */
  filesChanged: number
  /** Non-blank lines read. */
  lines: number
  /** Bytes read. */
  bytes: number
  /** Messages inserted. */
  messagesIndexed: number
  /** Lines that became no message. */
  problems: number
  /** Notes on messages. */
  notes: number
  /** Files that could not be read; the scan continued without them. */
  errors: Array<ScanError>
  /** How long it took, in milliseconds. */
  durationMs: number
}

/** A kind of searchable text. */
export type SearchField =
  /** Prompts and queued prompts. */
  | 'user'
  /** What the assistant wrote. */
  | 'assistant'
  /** What it thought. */
  | 'thinking'
  /** The input of its tool calls. */
  | 'toolInput'
  /** Their results, spilled ones included. */
  | 'toolOutput'
  /** Session titles and summaries of a session. */
  | 'title'
  /** System lines, compaction summaries, attachments, the texts of unknown records. */
  | 'other'

/** One message that matches. */
export interface SearchHit {
  /** The message. */
  message: Message
  /** The project of its session. */
  projectId: string
  /** The title of its session. */
  sessionTitle: string | null
  /** The field that the snippet was cut from: the one with the most matches. */
  field: SearchField
  /** A piece of the text around the matches, with `…` where it was cut. */
  snippet: string
  /** Where the matches are in the snippet. */
  matches: Array<MatchRange>
  /**
   * Greater is better: the BM25 score, comparable within one query only; in the mode `vector`, 1 - `distance`; in the mode
   * `hybrid` the sum of `1 / (60 + rank)`.
   */
  score: number
  /** By what the message was found. */
  matchedBy: MatchedBy
  /** Its place among the matches of the text, from 1; in the mode `hybrid` only. */
  textRank: number | null
  /** Its place among the nearest vectors, from 1; in the mode `hybrid` only. */
  vectorRank: number | null
  /** The cosine distance of its nearest vector from the query's, 0 to 2; `null` if the message was not found by it. */
  distance: number | null
  /** Which of the message's vectors that is; `null` as above. */
  chunk: number | null
  /** True if the query matched more than 20,000 messages and only the newest of them were ranked. */
  isPartial: boolean
}

/** By what messages are searched. */
export type SearchMode =
  /** By their words. */
  | 'text'
  /** By the nearness of their vectors to that of the query. */
  | 'vector'
  /** By both: the best 200 of each, joined by reciprocal rank fusion, `1 / (60 + rank)` summed over the two ranks. */
  | 'hybrid'

/** How hits are ordered. */
export type SearchOrder =
  /** The best match first (BM25). */
  | 'relevance'
  /** The latest first. */
  | 'newest'

/** What to search for. */
export interface SearchQuery {
  /**
   * Words are ANDed, "quotes" are phrases, the last word and words with `*` match as prefixes. Required; in the modes
   * `vector` and `hybrid` it is also what is embedded if there is no `vector`.
   */
  query: string
  /** `text` by default. */
  mode?: SearchMode | null
  /**
   * Whose vectors are searched, in the modes `vector` and `hybrid`; by default the only model that an embedder is
   * registered for, else the only one with vectors.
   */
  model?: string | null
  /**
   * The vector of the query, in the modes `vector` and `hybrid`. Without one, an embedder of the model has to be
   * registered.
   */
  vector?: Float32Array | ReadonlyArray<number> | null
  /**
   * Only these fields; every one if left out or empty. A vector belongs to the field that it was stored with; one without
   * represents the whole text and belongs to every field.
   */
  fields?: ReadonlyArray<SearchField> | null
  /** Only this session. */
  sessionId?: string | null
  /** Only this project. */
  projectId?: string | null
  /** Only this agent's messages. */
  agentId?: string | null
  /** Only messages at or after this instant. */
  since?: Timestamp | null
  /** Only messages before this instant. */
  until?: Timestamp | null
  /** `relevance` by default; `newest` in the mode `text` only. */
  order?: SearchOrder | null
  /** `plain` by default. */
  syntax?: SearchSyntax | null
  /** Also copies written by a resume, a fork or a compaction. */
  includeReplays?: boolean | null
  /** Also older generations of a file. */
  includeSuperseded?: boolean | null
  /** How many hits, 1 to 1,000; 20 by default. */
  first?: number | null
  /** Only hits after this cursor. */
  after?: string | null
}

/** How the query is read. */
export type SearchSyntax =
  /** Words and "phrases"; any input is safe. */
  | 'plain'
  /** An SQLite FTS5 expression over the columns `user assistant thinking tool_input tool_output title other`. */
  | 'fts5'

/** A session: its main file, the files of its agents, and what was derived from them. */
export interface Session {
  /** The session id: the stem of the main file. */
  id: string
  /** The id of its project: the folder's name below `projects/`, an opaque key. */
  projectId: string
  /** The project's true path, from the records; never decoded from the folder's name. */
  projectPath: string | null
  /** The path of the repository; worktrees are folded into theirs. */
  repositoryPath: string | null
  /** The title by precedence: custom, agent name, generated, summary, first prompt. */
  title: string | null
  /** When its first record was written. */
  startedAt: Timestamp | null
  /** When its last record was written. */
  endedAt: Timestamp | null
  /** The model of its last answer. */
  model: string | null
  /** The git branch of its last record. */
  gitBranch: string | null
  /** The version of the agent program that wrote its last record. */
  version: string | null
  /** The working directory of its first record. */
  cwd: string | null
  /** Messages of the main file, of every record type but the request log, without replays. */
  messageCount: number
  /** Real prompts among them. */
  promptCount: number
  /** Assistant lines among them. */
  assistantCount: number
  /**
   * Records of the main file that are copies of another session's, which a fork or a resume wrote: they are in no other
   * count, and listed with `includeReplays`.
   */
  copiedCount: number
  /** The session that the last of these was copied from. */
  forkedFrom: string | null
  /** Files of subagents. */
  agentCount: number
  /** Tokens spent in it and its agents, each API message counted once. */
  tokens: TokenUsage
  /** What it and its agents cost, in US dollars, as far as prices are known; see `SessionUsage.cost`. */
  cost: number
  /** What has no known price, the most tokens first: it is not in the cost. */
  unpriced: Array<UnpricedModel>
  /** Whether every file of it has gone from the disk. */
  isMissing: boolean
}

/** What was done in one session, within the requested days. */
export interface SessionActivity {
  /** The session. */
  sessionId: string
  /** The id of its project. */
  projectId: string
  /** Its title. */
  title: string | null
  /** When it began. */
  startedAt: Timestamp | null
  /** When its last message was written. */
  endedAt: Timestamp | null
  /** Messages, those of its agents included. */
  messages: number
  /** Prompts. */
  prompts: number
  /** API messages. */
  apiMessages: number
  /** Their tokens. */
  tokens: TokenUsage
  /** What all of it cost, in US dollars, as far as prices are known. */
  cost: number
  /** API messages whose price is not known: they are not in the cost. */
  unpricedApiMessages: number
}

/**
 * A file of a session: a transcript, or a spilled tool result. The counts are those of its content as it is now; what an
 * older generation of it had is left out.
 */
export interface SessionFile {
  /** The identity: 16 hex digits, with which the ids of the file's messages start, too. */
  id: string
  /** The path below the config dir. */
  path: string
  /** The config dir; `null` for a file outside any, whose `path` is absolute. */
  configDir: string | null
  /** What it is to its session. */
  kind: SessionFileKind
  /** Its session. */
  sessionId: string
  /** The project whose folder it is in. */
  projectId: string
  /** The agent that writes it. */
  agentId: string | null
  /** The kind of that agent, as its session named it. */
  agentType: string | null
  /** What that agent was asked to do, in short. */
  agentDescription: string | null
  /** The workflow that the agent belongs to. */
  workflow: string | null
  /** Whether it has gone from the disk. */
  isMissing: boolean
  /** Its size in bytes, when it was last checked. */
  size: number
  /** When it was changed, as of then. */
  modifiedAt: Timestamp | null
  /** How many bytes of it are indexed. */
  indexedBytes: number
  /** 1, and one more for each time that it was cut, rewritten or replaced. */
  generation: number
  /** Lines that are not blank. */
  lineCount: number
  /** Messages, copies and the request log left out. */
  messageCount: number
  /** Messages that are copies written by a resume, a fork or a compaction. */
  replayCount: number
  /** Lines that became no message. */
  problemCount: number
  /** The earliest time in it, copies included. */
  firstMessageAt: Timestamp | null
  /** The latest time in it, copies included. */
  lastMessageAt: Timestamp | null
}

/** What a file is to its session. */
export type SessionFileKind =
  /** The session's own transcript. */
  | 'main'
  /** The transcript of a subagent. */
  | 'agent'
  /** Events that han itself wrote beside the transcript. */
  | 'events'
  /** A tool result that was written to a file of its own. */
  | 'spill'

/** Which sessions to find by the start of their ids. */
export interface SessionFind {
  /** What their ids start with. Required; every id starts with an empty one. */
  prefix: string
  /** How many sessions at most, 1 to 1,000; 10 by default. */
  limit?: number | null
}

/** How sessions are ordered. Those that are equal are in the descending order of their ids. */
export type SessionOrder =
  /** The last active first; sessions without a time come last. */
  | 'recent'
  /** The one with the most messages in its main file first: how long it was left open says little. */
  | 'longest'
  /** The one that spent the most tokens of every kind, its agents' included, first. */
  | 'mostTokens'
  /**
   * The one that cost the most, by the prices of the handle, first; what has no price costs nothing. Each page computes
   * the costs of all sessions again: it takes longer than the other orders.
   */
  | 'costliest'

/** Which sessions to list, and in which order. */
export interface SessionQuery {
  /** How many items from the start, 1 to 10,000; 50 if neither `first` nor `last` is given. */
  first?: number | null
  /** Only items after this cursor. */
  after?: string | null
  /** How many items from the end, 1 to 10,000. Not together with `first`. */
  last?: number | null
  /** Only items before this cursor. */
  before?: string | null
  /** `recent` by default. A cursor belongs to its order. */
  order?: SessionOrder | null
  /** Only sessions of this project. */
  projectId?: string | null
  /** Only sessions of this repository, as `Session.repositoryPath` has it. */
  repositoryPath?: string | null
  /** Only sessions whose `Session.gitBranch` is this one. */
  gitBranch?: string | null
  /** Only sessions whose `Session.model` is this one. */
  model?: string | null
  /** Only sessions that are active, or only others. Evaluated again for each page. */
  status?: SessionStatus | null
  /** How long after its last record a session still counts as active, in minutes, 1 to 525,600; 10 by default. */
  activeMinutes?: number | null
  /** Only sessions with subagents, or only those without. */
  hasAgents?: boolean | null
  /** Only sessions whose last record is at or after this instant. */
  since?: Timestamp | null
  /** Only sessions whose first record is before this instant. With `since`: those that were active in between. */
  until?: Timestamp | null
  /** Also sessions without a user or assistant line. */
  includeEmpty?: boolean | null
  /** Also count the whole list, whatever the page: `totalCount`. */
  withTotal?: boolean | null
}

/** Whether a session is active, as far as its files show. */
export type SessionStatus =
  /** Its last record was written within the last `activeMinutes`. */
  | 'active'
  /** It was written before, or has no time. */
  | 'ended'

/** A summary of a session. */
export interface SessionSummary {
  /** The session that is summed up. */
  sessionId: string
  /** The message that has the summary; of another session if that one continues this one. */
  messageId: MessageId
  /** When it was written. */
  timestamp: Timestamp | null
  /** `summary` (a title-like line), `compaction` (what replaced the history) or `away` (what happened meanwhile). */
  kind: string
  /** The last message that is summed up, as its `uuid`; of a `summary` only. */
  leafUuid: string | null
  /** The summary. */
  text: string
}

/** What a session and its agents spent, each API message counted once. */
export interface SessionUsage {
  /** The session. */
  sessionId: string
  /** How many API messages were counted. */
  apiMessages: number
  /** Requests within them, whose own tokens leave them out. */
  iterations: number
  /** Web searches that the API made. */
  webSearches: number
  /** The tokens of all of these. */
  tokens: TokenUsage
  /**
   * What all of it cost, in US dollars, as far as prices are known: tokens at the rates that the answers name, and web
   * searches. What no answer shows is not in it; see `reported`.
   */
  cost: number
  /** What has no known price, the most tokens first. */
  unpriced: Array<UnpricedModel>
  /** The same by model, the costliest first. */
  byModel: Array<ModelActivity>
  /** What the agent program itself says; `null` if it says nothing. */
  reported: ReportedCost | null
}

/** Bytes, in hexadecimal digits. */
export interface SqlBlob {
  /** Two digits per byte. */
  hex: string
}

/** A column of an `SqlResult`. */
export interface SqlColumn {
  /** The name: that of `AS`, else SQLite's. */
  name: string
  /** The type that the table's column was declared with, such as `INTEGER`; empty for an expression. */
  type: string | null
}

/** The bounds of an ad-hoc query; see {@link Han.query}. */
export interface SqlOptions extends Cancellable {
  /** How long it may take, from 1 ms to an hour; 5 s by default. `deadlineMs` in JSON. */
  deadlineMs?: number | null
  /** How many rows the answer has at most, 1 to 1,000,000; 10,000 by default. */
  maxRows?: number | null
  /** About how many bytes of memory the rows take at most, 1 to 2^30; 64 MiB by default. */
  maxBytes?: number | null
}

/**
 * The values of a statement's parameters: a list for `?`, an object for `:name`, `@name` and `$name` (written with or
 * without that first character).
 *
 * `null`, numbers and strings are bound as they are, `true` and `false` as 1 and 0. `{"hex": "00ff"}` is a blob. Any
 * other list or object is bound as its JSON text, so that `json_each(?1)` spreads it.
 */
export type SqlParameters = ReadonlyArray<unknown> | { readonly [name: string]: unknown }

/**
 * What a statement returned.
 *
 * Values are JSON: integers keep all of their 64 bits (a reader that knows doubles only, such as JavaScript, rounds
 * beyond 2^53; select such a column as text), infinite numbers are the strings `Infinity` and `-Infinity`, a blob is
 * `{"hex": "00ff"}`, and bytes of a text that are not UTF-8 become U+FFFD.
 */
export interface SqlResult {
  /** The columns, in the order of the values. */
  columns: Array<SqlColumn>
  /** The rows, each with one value per column. */
  rows: Array<Array<SqlValue>>
  /** Whether there were more rows than were requested, or than fit. */
  isTruncated: boolean
}

/**
 * A value of an ad-hoc query: `null`, a number, a text, or the bytes of a blob. JavaScript rounds integers beyond 2^53:
 * select such a column as text.
 */
export type SqlValue = null | number | string | SqlBlob

/** What is in the database. */
export interface Stats {
  /** The database's path; `:memory:` in memory. */
  path: string
  /** Its schema number. */
  schemaVersion: number
  /** Bytes of the database file. */
  databaseBytes: number
  /** Bytes of its write-ahead log. */
  walBytes: number
  /** Bytes of the transcripts that it holds. */
  transcriptBytes: number
  /** Bytes of their compressed copies within the database. */
  rawBytes: number
  /** Projects. */
  projects: number
  /** Sessions. */
  sessions: number
  /** Transcripts. */
  files: number
  /** Those of them that have gone from the disk. */
  filesMissing: number
  /** Non-blank lines. */
  lines: number
  /** Messages, replays included, superseded generations and the request log not. */
  messages: number
  /**
   * Lines of the request log: what the agent program noted of its requests to the API. They are kept, and counted nowhere
   * else.
   */
  requestLog: number
  /** Copies written by a resume, a fork or a compaction. */
  replays: number
  /** Lines that became no message. */
  problems: number
  /** Notes on messages. */
  notes: number
  /** Tokens spent, each API message counted once. */
  tokens: TokenUsage
}

/** What to subscribe to, and from where on; see `subscribe`. */
export interface SubscribeOptions extends Cancellable {
  /**
   * Patterns of topics; every topic if empty. Inside a pattern `*` is exactly one segment between colons, `**` at its end
   * is the rest, and `*` alone is everything: `session:*`, `session:*:changed`, `tool:**`.
   */
  topics?: ReadonlyArray<string> | null
  /**
   * The cursor of an item: the subscription starts exactly after it. `0` is the beginning of what is kept. If `null`, it
   * starts after the newest change that is committed at the time of the call. A cursor that is ahead of the database,
   * whose last commits a power failure has undone, counts as that of its newest change.
   */
  since?: string | null
  /** One item for each message, instead of one for all that a transaction did to a session under a topic. */
  expand?: boolean | null
}

/** A message for a test. It needs at least a `text`, a `thinking` or a `tool`; everything else may be left out. */
export interface TestMessage {
  /** Who speaks; by default the assistant if there is a `thinking` or a `tool`, else the user. */
  role?: MessageRole | null
  /** What is said. */
  text?: string | null
  /** What the assistant thinks before. */
  thinking?: string | null
  /** The tool that the assistant calls, and what came of it. */
  tool?: TestTool | null
  /** When; by default one second after the message before, the first one on 2026-01-01 at 10:00 UTC. */
  at?: Timestamp | null
  /** The model of the assistant; `claude-sonnet-4-5` by default. */
  model?: string | null
  /** The tokens that the assistant read; with `outputTokens`, 0 each by default. */
  inputTokens?: number | null
  /** The tokens that the assistant wrote. */
  outputTokens?: number | null
}

/** A session for a test; see {@link Testing.session}. Everything may be left out. */
export interface TestSession {
  /**
   * Its id, of letters, digits, `-`, `_` and `.`; `test-session-1`, `test-session-2` and so on by default. An id that was
   * used before continues that session.
   */
  id?: string | null
  /** The absolute path of the folder that the session ran in; `/code/app` by default. */
  project?: string | null
  /** What was said, in order. */
  messages?: ReadonlyArray<TestMessage> | null
}

/** What {@link Testing.session} made. */
export interface TestSessionReport {
  /** The session. */
  sessionId: string
  /** Its project. */
  projectId: string
  /** The message of each entry of `messages`, in their order. */
  messageIds: Array<MessageId>
  /** The tool calls, in their order. */
  toolCalls: Array<TestToolCall>
  /** Messages that this call inserted: one for each entry, and one for each output of a tool. */
  messagesIndexed: number
}

/** A tool call for a test. */
export interface TestTool {
  /** Its name, such as `Bash`. Required. */
  name: string
  /** The input, an object; `{}` by default. */
  input?: unknown
  /** What the tool answered, which is a message of its own; if left out, the call has no result. */
  output?: string | null
  /** Whether it failed. */
  isError?: boolean | null
}

/** A tool call that {@link Testing.session} made. */
export interface TestToolCall {
  /** Its id. */
  toolUseId: string
  /** The message that calls. */
  messageId: MessageId
  /** The message with the result; `null` for a call without output. */
  resultId: MessageId | null
}

/** A text, or the start of it. */
export interface TextBlock {
  /** The text, cut as requested. */
  text: string
  /** How many bytes the whole text has, in UTF-8. */
  bytes: number
  /** Whether the text was cut. */
  isTruncated: boolean
}

/**
 * An instant, ISO 8601 in UTC: `2026-01-31T08:15:00.250Z`. As an input also a date (its midnight in UTC) or a time
 * without an offset (UTC).
 */
export type Timestamp = string

/** One item of a todo list. */
export interface Todo {
  /** What is to be done. */
  content: string | null
  /** As the agent program names it, such as `pending`, `in_progress` or `completed`. */
  status: string | null
  /** What it is called while it is being done. */
  activeForm: string | null
}

/** A session's todo list, as it was written last, by itself or an agent. */
export interface TodoList {
  /** The session. */
  sessionId: string
  /** The message that wrote the list. */
  messageId: MessageId
  /** When it was written. */
  updatedAt: Timestamp | null
  /** What is to be done, in the order of the list. */
  items: Array<Todo>
}

/**
 * Tokens of one API message, or a sum of them. Cache writes of 5 minutes and 1 hour are apart; both are part of
 * `cacheCreationTokens`.
 */
export interface TokenUsage {
  /** Uncached input tokens. */
  inputTokens: number
  /** Output tokens, thinking included. */
  outputTokens: number
  /** Tokens read from the cache. */
  cacheReadTokens: number
  /** Tokens written to the cache, of both lifetimes. */
  cacheCreationTokens: number
  /** Those of them that live five minutes. */
  cacheCreation5mTokens: number
  /** Those of them that live one hour. */
  cacheCreation1hTokens: number
}

/** How often a tool was called. */
export interface ToolActivity {
  /** Its name. */
  name: string
  /** Calls of it. */
  calls: number
}

/** A tool call, with its result. */
export interface ToolCall {
  /** The id of the call, by which its result names it. */
  id: string
  /** The tool's name. */
  name: string
  /** The session that called it, itself or through an agent. */
  sessionId: string
  /** The agent that called it. */
  agentId: string | null
  /** The message that calls it. */
  messageId: MessageId
  /** When it was called. */
  timestamp: Timestamp | null
  /** The input, as JSON text; `null` if it was not asked for, or if the record has none. */
  input: string | null
  /** The result; `null` while there is none. */
  result: ToolResult | null
}

/** A tool call. */
export interface ToolCallBlock {
  /** The id by which its result names it. */
  toolUseId: string | null
  /** The tool's name. */
  name: string | null
  /**
   * What the call is about, in one line: the most informative part of the input, such as a command or a path, else the
   * input itself. It is cut as the input is.
   */
  summary: string
  /** The input as JSON, as the record has it, cut as requested; empty if the record has none. */
  input: string
  /** How many bytes the whole input has. */
  bytes: number
  /** Whether the input was cut. */
  isTruncated: boolean
}

/** How much of each tool call is returned. */
export interface ToolCallOptions {
  /** Also `input` and `output`, which are read from the stored records. */
  includeText?: boolean | null
}

/** The result of a call. */
export interface ToolResult {
  /** The message that contains it. */
  messageId: MessageId
  /** When it arrived. */
  timestamp: Timestamp | null
  /** Whether the tool failed. */
  isError: boolean
  /** The file in the session's `tool-results/` that has the whole output, if the record has only a part of it. */
  spill: string | null
  /**
   * The output as the record has it, its texts joined by line ends, with `[image]` for an image; `null` if it was not
   * asked for.
   */
  output: string | null
}

/** The result of a call. */
export interface ToolResultBlock {
  /** The id of the call. */
  toolUseId: string | null
  /** Whether the tool failed. */
  isError: boolean
  /**
   * The output, its texts joined by line ends, with `[image]` for an image and without control sequences, cut as
   * requested.
   */
  text: string
  /** How many bytes the whole text has, in UTF-8. */
  bytes: number
  /** Whether the text was cut. */
  isTruncated: boolean
  /** The file in the session's `tool-results/` that has the whole output, if the record has only a part of it. */
  spill: string | null
}

/** What a message is in a conversation. */
export type Turn =
  /** A prompt that a person typed. */
  | 'prompt'
  /** A part of the model's answer: words, thoughts or tool calls. */
  | 'answer'
  /** Anything else: a tool's result, or a text of the agent program. */
  | 'event'

/** What has no known price: it is in no cost. */
export interface UnpricedModel {
  /** The model, spelled as the transcripts do; `null` for answers that name no model. */
  model: string | null
  /** The rate of it that has no price, such as `priority`; `null` if the model has none at all. */
  rate: string | null
  /** API messages of it. */
  apiMessages: number
  /** Requests of it within API messages, whose own tokens leave them out. */
  iterations: number
  /** Web searches. */
  webSearches: number
  /** The tokens of all of these. */
  tokens: TokenUsage
}

/** What is stored of one model. */
export interface VectorModel {
  /** Its name. */
  name: string
  /** How many numbers each of its vectors has. */
  dimensions: number
  /** Messages that have vectors of it. */
  messages: number
  /** Its vectors. */
  vectors: number
  /** Those of them whose messages have another text by now. */
  stale: number
}

/** What a vector represents. */
export interface VectorPlace {
  /** The message. Required. */
  messageId: string
  /** Distinguishes the vectors of one message; 0 by default. */
  chunk?: number | null
  /** The field of the searchable text that it represents; all of them by default. */
  field?: SearchField | null
  /**
   * Where its piece begins, in UTF-16 code units of the text of `field`, or of all fields joined by line ends; from the
   * beginning by default.
   */
  start?: number | null
  /** Where its piece ends; at the end of the text by default. */
  end?: number | null
  /**
   * What `vectors.pending` returned for the text that was embedded: if the message has another text by now, the vector is
   * stale at once. By default the vector is that of the text that the message has now.
   */
  textHash?: string | null
}

/** Which vectors to search for. */
export interface VectorQuery {
  /** The vector of the query. Required. */
  vector?: Float32Array | ReadonlyArray<number> | null
  /** Whose vectors are searched; the only model with vectors by default. */
  model?: string | null
  /** Only vectors of these fields; every one if left out or empty. A vector without a field is of every field. */
  fields?: ReadonlyArray<SearchField> | null
  /** Only this session. */
  sessionId?: string | null
  /** Only this project. */
  projectId?: string | null
  /** Only this agent's messages. */
  agentId?: string | null
  /** Only messages at or after this instant. */
  since?: Timestamp | null
  /** Only messages before this instant. */
  until?: Timestamp | null
  /** Also copies written by a resume, a fork or a compaction. */
  includeReplays?: boolean | null
  /** Also older generations of a file. */
  includeSuperseded?: boolean | null
  /** How many hits, 1 to 1,000; 20 by default. */
  first?: number | null
  /** Only hits after this cursor. */
  after?: string | null
}

/** The versions of what is in this library: for bug reports. */
export interface Versions {
  /** The version of han-native, such as `0.1.0`. */
  library: string
  /** The version of SQLite, such as `3.51.0`. */
  sqlite: string
  /** The number of the newest database schema that this version knows, and writes. */
  schema: number
}

/** How changes of transcripts are noticed. */
export type WatchMode =
  /** The operating system reports them as they happen. */
  | 'native'
  /** Every file is checked periodically. */
  | 'poll'

/** How `watcher` watches. */
export interface WatchOptions {
  /** If `null`, `HAN_WATCH_MODE` (`native` or `poll`), else native. */
  mode?: WatchMode | null
  /** The time between two full scans; 30 s by default. `scanIntervalMs` in JSON. */
  scanIntervalMs?: number | null
  /** The time between two looks at what is not watched natively; 5 s by default. `pollIntervalMs` in JSON. */
  pollIntervalMs?: number | null
  /** The time between two attempts to watch natively while that fails; 60 s by default. `nativeRetryMs` in JSON. */
  nativeRetryMs?: number | null
}

/** What the watcher does. */
export interface WatcherStatus {
  /** Whether it watches. */
  running: boolean
  /** How it watches, watched last, or would watch. */
  mode: WatchMode
  /** Why it cannot write at the moment, polls, polls in part, or stopped by itself; `null` if nothing is wrong. */
  reason: string | null
  /** The config dirs. */
  paths: Array<string>
}
