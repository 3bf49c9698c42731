/**
 * Who writes, where several handles and processes may. While a handle leads, no other may write the database; without a leader
 * each call that writes takes a lock for itself.
 *
 * These functions work on the calling thread. They wait for no other process, but for half a second at most where it is in the
 * middle of a commit.
 */
export interface Coordinator {
  /**
   * Has this handle lead. `true`: it does, from now on or already. `false`: another process leads; this handle follows it, takes
   * over by itself as soon as that one releases, dies or stops, and then tells its subscribers `leader:acquired`. A leader that
   * was stopped for so long that another one took over is told `leader:lost`, and follows.
   *
   * It ends with {@link Coordinator.release}, with {@link Han.close} and with the process, which it does not keep alive. Throws
   * `HAN_ALREADY_LEADER_IN_PROCESS` where another handle of this process leads, `HAN_READ_ONLY`, `HAN_PERMISSION`,
   * `HAN_DISK_FULL`.
   */
  tryAcquire(): boolean
  /** Stops leading, and wanting to; whether it led until now. */
  release(): boolean
  /** Whether this handle leads. */
  isCoordinator(): boolean
  /** Who leads. `HAN_WRITER_STALLED` is an issue once a handle that follows has noticed it. */
  status(): CoordinatorStatus
}

/**
 * Indexes transcripts as they are written, on a thread of its own, until it is stopped or the handle is closed. It does not keep
 * the process alive.
 */
export interface Watcher {
  /**
   * Starts to watch; resolved once what was there is indexed and nothing that is written from now on can be missed. Idempotent.
   *
   * A last line without an end is left until it has its end, or until two full scans found it the same. Files that cannot be read
   * are told to the log. Where nothing can be written for a while, as on a full disk, it tries again by itself, and loses nothing;
   * the status says why.
   *
   * Where another process begins to lead it stops, and the status says so: at once where this handle has led until then, else when
   * it has something to write. It goes on by itself once this handle leads, or when it is started again.
   *
   * Rejects with `HAN_NOT_LEADER` where another process coordinates, `HAN_LOCKED`, `HAN_READ_ONLY`, `HAN_DISK_FULL`;
   * `HAN_CANCELLED` where it was stopped meanwhile; `HAN_INVALID_ARGUMENT` for a bad `HAN_WATCH_MODE` and for an interval of 0.
   */
  start(): Promise<void>
  /** Stops to watch; resolved once nothing is written any more. Idempotent. */
  stop(): Promise<void>
  /**
   * Adds a config dir, which need not exist yet, to those of the handle: for the watcher, running or not, and for scans. One that
   * is there already counts once. Throws `HAN_INVALID_ARGUMENT` for what is no directory.
   */
  addPath(configDir: string): void
  /**
   * Takes a config dir away from those of the handle; what was indexed of it stays. Throws `HAN_NOT_FOUND` for one that the handle
   * does not have.
   */
  removePath(configDir: string): void
  /** Whether it watches, and how. */
  status(): WatcherStatus
}

/**
 * A place in the feed of changes that moves on, for `for await`. What was committed, by this process or another, comes in the
 * order of the commits, nothing twice. A slow reader costs nobody anything: nothing is read ahead of it, and one that falls
 * behind what is kept gets one `gap` and goes on behind that.
 *
 * Waiting for the next item does not keep the process alive. It ends normally with {@link Han.close}, with `return()` and with
 * the loop that is left. It rejects, and has ended then, when its signal is aborted, with an `AbortError` whose code is
 * `HAN_CANCELLED` and whose cause is the signal's reason; and where reading fails, with the code of that error: subscribe again
 * `since` the last cursor.
 */
export interface Subscription extends AsyncIterableIterator<Change, undefined, undefined> {
  /** The next item. May be called again before it is resolved: the items come in the order of the calls. */
  next(): Promise<IteratorResult<Change, undefined>>
  /** Ends it at once, and the calls of `next` that wait. */
  return(): Promise<IteratorResult<Change, undefined>>
}
