/** What this package uses of an `AbortSignal`, so that its types need neither those of Node nor of the DOM. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** What every function throws or rejects with: an `Error` whose message says what happened and where. */
export interface HanError extends Error {
  code: ErrorCode
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

/** Options of what can be ended early. */
export interface Cancellable {
  /**
   * Ends it early: it rejects with an `AbortError` whose code is `HAN_CANCELLED` and whose cause is the signal's reason. What is
   * committed stays.
   */
  signal?: AbortSignalLike | null
}

/** Options of what reports its progress. */
export interface Reporting<T> {
  /**
   * Called as it goes on; a busy event loop gets fewer, newer values. Never called after the promise is settled. If it throws, the
   * operation is cancelled and rejects with what was thrown.
   */
  onProgress?: ((progress: T) => void) | null
}

/** One entry of the log. */
export interface LogRecord {
  /** How serious it is. */
  level: 'warning' | 'info' | 'debug'
  /** What happened, to what. */
  message: string
}

/** Options of what writes a log. */
export interface Logging {
  /** Called with what the library does. It does not keep the process alive; what it throws is an uncaught exception. */
  log?: ((record: LogRecord) => void) | null
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

/** A vector of a message, and what it stands for. */
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
  /** The name under which the vectors are kept. Vectors of one name must come from one way of embedding. */
  readonly model: string
  /** How many numbers each vector has, 1 to 8,192. */
  readonly dimensions: number
  /** A vector for each text, in their order. */
  embed(texts: ReadonlyArray<string>): Promise<ReadonlyArray<Float32Array | ReadonlyArray<number>>>
}
