/** A value of an ad-hoc query. Integers beyond 2^53 are rounded: select such a column as text. */
export type SqlValue = null | number | string | { hex: string }

/**
 * The values of a statement's parameters: a list for `?`, an object for `:name`, `@name` and `$name`, written with or without
 * that first character.
 *
 * `null`, numbers and strings stand for themselves, `true` and `false` for 1 and 0. `{ hex: '00ff' }` is a blob. Any other list or
 * object is given as its JSON text, so that `json_each(?1)` spreads it.
 */
export type SqlParameters = ReadonlyArray<unknown> | { readonly [name: string]: unknown }

/** The bounds of an ad-hoc query. */
export interface SqlOptions {
  /** How long it may take, in milliseconds, 1 to 3,600,000; 5,000 where not given. */
  deadlineMs?: number | null
  /** How many rows the answer has at most, 1 to 1,000,000; 10,000 where not given. */
  maxRows?: number | null
  /** About how many bytes of memory the rows take at most, 1 to 2^30; 64 MiB where not given. */
  maxBytes?: number | null
  /** Ends the query early, with `HAN_CANCELLED`. */
  signal?: AbortSignal | null
}

/** What a statement answered. Infinite numbers are the strings `Infinity` and `-Infinity`, a blob is `{ hex: '00ff' }`. */
export interface SqlResult {
  /** The columns, in the order of the values. */
  columns: Array<SqlColumn>
  /** The rows, each with one value a column. */
  rows: Array<Array<SqlValue>>
  /** Whether there were more rows than were asked for, or than fit. */
  isTruncated: boolean
}
