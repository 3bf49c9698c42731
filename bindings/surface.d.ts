/** An instant: an ISO 8601 string in UTC, such as `2026-01-31T08:15:00.250Z`. As input also a date alone, its midnight in UTC. */
export type Timestamp = string

/** The identity of a message, the same in every database and language: `<16 hex digits>:<line>:<part>`. */
export type MessageId = string

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

/** What every function throws or rejects with: an `Error` whose message says what happened, where, and what to do. */
export interface HanError extends Error {
  code: ErrorCode
}

/** One page of a list. Cursors are opaque and stay valid while the database lives. */
export interface Page<T> {
  /** The items, in the order of the list whichever way it is paged. */
  items: Array<T>
  /** Whether the list goes on behind the last item. */
  hasNextPage: boolean
  /** Whether the list has items before the first one. */
  hasPreviousPage: boolean
  /** The cursor of the first item; `null` on an empty page. */
  startCursor: string | null
  /** The cursor of the last item; `null` on an empty page. */
  endCursor: string | null
}

/** How to open a database. */
export interface OpenOptions {
  /** The folder of the database and its lock; `HAN_DATA_DIR`, else `~/.han`, where not given. */
  dataDir?: string | null
  /** The database itself; `han.db` in the data folder where not given. */
  dbPath?: string | null
  /**
   * Whose `projects/` folders are scanned; where not given those of `CLAUDE_CONFIG_DIR` (a comma list), else `~/.claude` and
   * `~/.config/claude`. An empty list means none.
   */
  configDirs?: Array<string> | null
  /** Opens an existing database for reading only: nothing is created, migrated or written. */
  readOnly?: boolean | null
  /** Keeps the database in memory, for as long as the handle lives. */
  inMemory?: boolean | null
  /** How long a write waits for another process, in milliseconds; 5,000 where not given. */
  lockTimeoutMs?: number | null
  /** Globs of paths, below a config dir, that are not indexed. */
  exclude?: Array<string> | null
  /** The time zone of the local days of the sums, as an IANA name; the system's at creation where not given. */
  timeZone?: string | null
  /** Told what the library does. It does not keep the process alive; what it throws is an uncaught exception. */
  log?: ((record: LogRecord) => void) | null
}

/** What to scan, and how. */
export interface ScanOptions {
  /**
   * Files and folders; every config dir of the handle where not given. A file is indexed as itself, a folder that has a
   * `projects` folder as a config dir, any other folder recursively.
   */
  paths?: Array<string> | null
  /**
   * Called as the scan goes on, at most every 50 ms; a busy event loop gets fewer, newer values. Never called after the promise
   * is settled. Where it throws, the scan is cancelled and rejects with what was thrown.
   */
  onProgress?: ((progress: ScanProgress) => void) | null
  /** Ends the scan early with `HAN_CANCELLED`; what is committed stays, and the next scan goes on from there. */
  signal?: AbortSignal | null
}

/** What `doctor` does. */
export interface DoctorOptions {
  /** Also mends what can be mended from the stored bytes. */
  fix?: boolean | null
}

/** What `forget` removes: exactly one of a session with its agents, a project, and all that was last active before an instant. */
export type ForgetTarget =
  | { sessionId: string; projectId?: null; before?: null }
  | { sessionId?: null; projectId: string; before?: null }
  | { sessionId?: null; projectId?: null; before: Timestamp }

/** The operations on sessions. */
export interface Sessions {
  /** A page of sessions, the last active first. Rejects with `HAN_INVALID_ARGUMENT` for a bad page or cursor. */
  list(query?: SessionQuery | null): Promise<Page<Session>>
  /** The sessions of these ids, in their order; `null` for an unknown one. At most 10,000 ids. */
  get(ids: ReadonlyArray<string>): Promise<Array<Session | null>>
}

/** The operations on messages. At most 10,000 ids a call. */
export interface Messages {
  /** A page of a session's messages, in the order of the file. An unknown session is an empty page. */
  list(query: MessageQuery): Promise<Page<Message>>
  /** The messages of these ids, in their order; `null` for an unknown one. */
  get(ids: ReadonlyArray<MessageId>): Promise<Array<Message | null>>
  /** The records of these messages as text, with invalid UTF-8 replaced by U+FFFD; `null` for an unknown one. */
  raw(ids: ReadonlyArray<MessageId>): Promise<Array<string | null>>
  /** The records of these messages, byte for byte; `null` for an unknown one. */
  rawBytes(ids: ReadonlyArray<MessageId>): Promise<Array<Buffer | null>>
  /** How many messages `list` would give for each session; 0 for an unknown one. */
  countBatch(sessionIds: ReadonlyArray<string>): Promise<Record<string, number>>
}

/**
 * A database of sessions. Several handles may be open in one process.
 *
 * Promises settle on the event loop and the work is done on other threads. A pending promise keeps the process alive, an open
 * handle does not. Every error is a {@link HanError}; after {@link Han.close} each call fails with `HAN_CLOSED`.
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

  /** Full-text search. Rejects with `HAN_INVALID_ARGUMENT`; with `HAN_QUERY_SYNTAX` for `syntax: 'fts5'` only. */
  search(query: SearchQuery): Promise<Page<SearchHit>>

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

// The functions below work on a default handle, opened at the first use in `HAN_DATA_DIR`, else in `~/.han`.

/** {@link Han.indexSessionFile} of the default handle. */
export declare const indexSessionFile: Han['indexSessionFile']
/** {@link Han.indexSessionFileSync} of the default handle. */
export declare const indexSessionFileSync: Han['indexSessionFileSync']
/** {@link Han.scan} of the default handle. */
export declare const scan: Han['scan']
/** {@link Han.sessions} of the default handle. */
export declare const sessions: Sessions
/** {@link Han.messages} of the default handle. */
export declare const messages: Messages
/** {@link Han.search} of the default handle. */
export declare const search: Han['search']
/** {@link Han.problems} of the default handle. */
export declare const problems: Han['problems']
/** {@link Han.restore} of the default handle. */
export declare const restore: Han['restore']
/** {@link Han.stats} of the default handle. */
export declare const stats: Han['stats']
/** {@link Han.doctor} of the default handle. */
export declare const doctor: Han['doctor']
/** {@link Han.rederive} of the default handle. */
export declare const rederive: Han['rederive']
/** {@link Han.forget} of the default handle. */
export declare const forget: Han['forget']
/** {@link Han.backup} of the default handle. */
export declare const backup: Han['backup']
/** Closes the default handle, if it is open; the next use opens it again. */
export declare const close: Han['close']
