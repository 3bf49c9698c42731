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
  /** Between two signs of life of an idle coordinator, in milliseconds; 5,000 where not given. */
  heartbeatIntervalMs?: number | null
  /**
   * How long a coordinator may show no sign of life before another one takes over, in milliseconds, at least twice the interval;
   * 30,000 where not given. The same for every handle of a database.
   */
  staleAfterMs?: number | null
  /** Globs of paths, below a config dir, that are not indexed. */
  exclude?: Array<string> | null
  /** The time zone of the local days of the sums, as an IANA name; the system's at creation where not given. */
  timeZone?: string | null
  /**
   * A list of prices, as JSON with the field names of the public LiteLLM list, that stand in the place of the published ones of
   * the same models; `HAN_PRICE_FILE` where not given.
   */
  priceFile?: string | null
  /** How the watcher watches. */
  watch?: WatchOptions | null
  /** Told what the library does. It does not keep the process alive; what it throws is an uncaught exception. */
  log?: ((record: LogRecord) => void) | null
}

/** How {@link Watcher} watches. */
export interface WatchOptions {
  /** `HAN_WATCH_MODE`, else `native`, where not given. */
  mode?: WatchMode | null
  /** Between two full scans, in milliseconds; 30,000 where not given. */
  scanIntervalMs?: number | null
  /** Between two looks at what is not watched natively, in milliseconds; 5,000 where not given. */
  pollIntervalMs?: number | null
  /** Between two tries to watch natively while that fails, in milliseconds; 60,000 where not given. */
  nativeRetryMs?: number | null
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

/** What to follow, and from where on. */
export interface SubscribeOptions {
  /**
   * Patterns of topics; every topic where not given or empty. Inside a pattern `*` is exactly one segment between colons, `**`
   * at its end is the rest, and `*` alone is everything: `session:*`, `session:*:changed`, `tool:**`.
   *
   * The topics are `session:added`, `session:updated`, `session:reindexed`, `session:message:added`, `session:todos:changed`,
   * `session:tasks:changed`, `session:files:changed`, `session:hooks:changed`, `tool:result:added`, `hook:result:added`,
   * `leader:acquired` and `leader:lost`.
   */
  topics?: ReadonlyArray<string> | null
  /**
   * The cursor of an item: it goes on exactly behind it. `0` is the beginning of what is kept. Where not given it starts behind
   * the newest change that is committed at the time of the call.
   */
  since?: string | null
  /** One item a message, instead of one for all that a transaction did to a session under a topic. */
  expand?: boolean | null
  /** Ends it, also while it waits. */
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
