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

  /** Like {@link Han.indexSessionFile}, on the calling thread: for tests and scripts. */
  indexSessionFileSync(path: string): IndexResult

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

  /** Closes the database: waits for running calls; every further one fails with `HAN_CLOSED`. Idempotent. */
  close(): Promise<void>

  /** {@link Han.close}, for `await using han = Han.open()`. */
  [Symbol.asyncDispose](): Promise<void>
