/**
 * A database of sessions. Several handles may be open in one process.
 *
 * Promises settle on the event loop and the work is done on other threads. A pending promise keeps the process alive, but for
 * those of a {@link Subscription}; an open handle does not. A handle that leads or watches goes on until it is closed, though
 * nobody holds it. Every error is a {@link HanError}; after {@link Han.close} each call fails with `HAN_CLOSED`.
 */
export declare class Han {
  private constructor()

  /**
   * Opens the database, and creates or migrates it where it is missing or old (never with `readOnly`).
   *
   * Throws `HAN_INSECURE_PERMISSIONS`, `HAN_FOREIGN_DATABASE`, `HAN_SCHEMA_TOO_NEW`, `HAN_SCHEMA_TOO_OLD`,
   * `HAN_NETWORK_FILESYSTEM`, `HAN_CORRUPT`, `HAN_READ_ONLY`, `HAN_PERMISSION`, `HAN_DISK_FULL`, `HAN_INVALID_ARGUMENT`;
   * `HAN_NOT_FOUND` for a missing database with `readOnly`.
   */
  static open(options?: OpenOptions | null): Han

  /** Sessions. */
  readonly sessions: Sessions

  /** Messages. */
  readonly messages: Messages

  /** Files. */
  readonly files: Files

  /** Tool calls, with their results. */
  readonly toolCalls: ToolCalls

  /** Todo lists. */
  readonly todos: Todos

  /** Tasks. */
  readonly tasks: Tasks

  /** Changes to files. */
  readonly fileChanges: FileChanges

  /** Hooks. */
  readonly hookExecutions: HookExecutions

  /** Summaries. */
  readonly summaries: Summaries

  /** Sums of tokens. */
  readonly usage: Usage

  /** Vectors. */
  readonly vectors: Vectors

  /** Who writes. */
  readonly coordinator: Coordinator

  /** Indexing as it happens. */
  readonly watcher: Watcher

  /**
   * Indexes what is new in one session file, an unterminated last line included.
   *
   * Rejects with `HAN_NOT_FOUND`, `HAN_IS_DIRECTORY`, `HAN_PERMISSION`, `HAN_LOCKED`, `HAN_DISK_FULL`, `HAN_READ_ONLY`, and
   * `HAN_INVALID_ARGUMENT` for a file that is no transcript.
   */
  indexSessionFile(path: string): Promise<IndexResult>

  /** Like {@link Han.indexSessionFile}, on the calling thread: for tests and scripts. */
  indexSessionFileSync(path: string): IndexResult

  /**
   * Indexes what is new in every transcript, the newest file first. Files that cannot be read are listed in the report.
   *
   * Rejects with `HAN_CANCELLED`, `HAN_LOCKED`, `HAN_DISK_FULL`, `HAN_READ_ONLY`; `HAN_NOT_FOUND` for a path that was named and
   * does not exist.
   */
  scan(options?: ScanOptions | null): Promise<ScanReport>

  /**
   * Follows what is committed to the database. It begins with this call, not with the first `next()`. While a handle on disk is
   * followed, a thread looks every 10 ms whether another process committed.
   *
   * Throws `HAN_INVALID_ARGUMENT` for a pattern or a cursor that is none.
   */
  subscribe(options?: SubscribeOptions | null): Subscription

  /**
   * Calls `callback` with each item of {@link Han.subscribe}, until the object that it returns is closed, the handle is closed or
   * the signal is aborted; never again after that. It does not keep the process alive. What `callback` throws is an uncaught
   * exception, as of a listener of an `EventEmitter`, and ends nothing by itself; an error of reading is one too, and ends it.
   *
   * Throws as {@link Han.subscribe}.
   */
  onChange(options: SubscribeOptions | null | undefined, callback: (change: Change) => void): { close(): void }

  /**
   * Searches messages by their words, by the nearness of their vectors, or by both. Whatever the mode, filters apply before anything
   * is ranked, and each message is found once: by vectors it is ranked by its nearest one. In the modes `vector` and `hybrid` a query
   * without a vector is embedded by the embedder of the model.
   *
   * Rejects with `HAN_INVALID_ARGUMENT`, also for a vector of other dimensions than the model's, and where neither a vector nor an
   * embedder is at hand; `HAN_NOT_FOUND` for a model without vectors; `HAN_EMBEDDER`; `HAN_QUERY_SYNTAX` for `syntax: 'fts5'` only.
   */
  search(query: SearchQuery): Promise<Page<SearchHit>>

  /** Searches messages by the nearness of their vectors to one: {@link Han.search} in the mode `vector`, without a text. */
  searchVectors(query: VectorQuery): Promise<Page<SearchHit>>

  /**
   * Stores vectors of messages under the name of the model that they come from. All of a call are committed together.
   *
   * Whatever vectors of this model a named message had before goes: all vectors of a message belong into one call. Vectors of other
   * models, and of other messages, stay. The first call fixes how many dimensions the model has. The numbers are copied once on
   * their way to the worker. Where several config dirs have a message of this id, all those with the embedded text get the vector.
   * An empty list stores nothing, and notes which messages need no look any more, so that {@link Vectors.pending} is quick again.
   *
   * Rejects with `HAN_INVALID_ARGUMENT` for a vector of other dimensions than the model's, one that is not finite or has no
   * direction, or two of one message and chunk; then nothing is stored. Unknown messages are no error: the report names them.
   */
  indexVectors(vectors: VectorItems): Promise<IndexVectorsReport>

  /**
   * Has an embedder serve its model, in the place of one that did so before: {@link Vectors.embedPending} and {@link Han.search} use it.
   *
   * Throws `HAN_INVALID_ARGUMENT` for what is no embedder.
   */
  registerEmbedder(embedder: Embedder): void

  /**
   * Loads static embeddings in the format of model2vec (`tokenizer.json`, `model.safetensors`, `config.json`) from a local folder, and has
   * them serve as an embedder. Nothing is downloaded. They are held in memory, and work on other threads.
   *
   * Rejects with `HAN_NOT_FOUND` for a file that is missing, `HAN_INVALID_ARGUMENT` for a folder that has no such model.
   */
  loadEmbedder(folder: string, options?: LoadEmbedderOptions | null): Promise<EmbedderInfo>

  /**
   * What was done in some days: sessions, messages, tokens, cost, changed lines, tools, hooks, agents; by model, by project, and
   * the sessions that stand out. Read from sums: the time it takes depends on the days, not on the messages.
   *
   * Rejects with `HAN_INVALID_ARGUMENT` for a bad day or time zone, or an end before the beginning. An unknown project is an empty
   * answer.
   */
  dashboard(filter?: AnalyticsFilter | null): Promise<Dashboard>

  /** When something was done: by local day, and by hour of the clock. Rejects as {@link Han.dashboard}. */
  activity(filter?: AnalyticsFilter | null): Promise<Activity>

  /** The {@link Han.dashboard} of all projects from a day on, in the database's own time zone; of all time without one. */
  queryDashboardAggregates(since?: string | null): Promise<Dashboard>

  /**
   * Answers one SQL statement that only reads: a `SELECT`, a `WITH` or a `VALUES`, or an `EXPLAIN` of one. It sees one snapshot
   * and changes nothing. Made for the views whose names begin with `v_`, such as `v_sessions`, `v_messages`, `v_usage` and
   * `v_tool_calls`: their names and columns stay, those of the tables below them do not.
   *
   * Rejects with `HAN_QUERY_SYNTAX` with what SQLite says of the statement; `HAN_INVALID_ARGUMENT` for a statement that does not
   * only read, for parameters that do not fit, for limits out of range, and when the deadline has passed; `HAN_CANCELLED`.
   */
  query(sql: string, parameters?: SqlParameters | null, options?: SqlOptions | null): Promise<SqlResult>

  /**
   * A whole session as a document: one that is read (`markdown`, `html`), or `json`; Markdown where no format is given. It is held in
   * memory; see {@link Han.exportSessionToFile} for large ones.
   *
   * Rejects with `HAN_NOT_FOUND` for an unknown session, `HAN_INVALID_ARGUMENT` for options out of range.
   */
  exportSession(id: string, format?: ExportFormat | null, options?: ExportOptions | null): Promise<string>

  /**
   * {@link Han.exportSession}, written to a file that must not exist: it stands there whole, for its owner only, or not at all. Takes
   * bounded memory, however large the session is.
   *
   * Rejects as {@link Han.exportSession}, and with `HAN_INVALID_ARGUMENT` for an existing target, `HAN_NOT_FOUND` for a folder that is
   * missing, `HAN_DISK_FULL`, `HAN_PERMISSION`.
   */
  exportSessionToFile(
    id: string,
    format: ExportFormat,
    targetPath: string,
    options?: ExportOptions | null,
  ): Promise<void>

  /** Lines that became no message, and notes on messages. Rejects with `HAN_INVALID_ARGUMENT` for a bad page or cursor. */
  problems(filter?: ProblemFilter | null): Promise<Page<Problem>>

  /**
   * Writes a transcript back, byte for byte as it was last indexed. `sourcePath` is the path it was indexed from, absolute or
   * below its config dir; `<path>~<generation>` names an older generation. The target must not exist.
   *
   * Rejects with `HAN_NOT_FOUND` for an unknown source, `HAN_INVALID_ARGUMENT` for an existing target, `HAN_DISK_FULL`,
   * `HAN_PERMISSION`.
   */
  restore(sourcePath: string, targetPath: string): Promise<void>

  /** What is in the database. */
  stats(): Promise<Stats>

  /**
   * Checks the database, its search index, its sums and the stored bytes, and mends them where asked to. Damage is a finding,
   * no error. Rejects with `HAN_LOCKED` with `fix` only.
   */
  doctor(options?: DoctorOptions | null): Promise<DoctorReport>

  /** Derives anew, from the stored bytes, what older rules derived; does nothing where there is none. */
  rederive(): Promise<RederiveReport>

  /**
   * Removes sessions for good: their rows, bytes and search entries are overwritten, and no scan brings them back.
   *
   * Rejects with `HAN_NOT_FOUND` for an unknown session or project, `HAN_LOCKED`.
   */
  forget(target: ForgetTarget): Promise<ForgetReport>

  /**
   * Writes a consistent copy of the database, while it is in use. The target must not exist.
   *
   * Rejects with `HAN_INVALID_ARGUMENT` for an existing target, `HAN_DISK_FULL`, `HAN_PERMISSION`.
   */
  backup(path: string): Promise<void>

  /** Closes the database: waits for running calls; every further one fails with `HAN_CLOSED`. Idempotent. */
  close(): Promise<void>
}
