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
  | 'HAN_EMBEDDER'

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
  /** How many items the whole list has; `null` where it was not asked for. */
  totalCount: number | null
}
