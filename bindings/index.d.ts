// Generated from surface.d.ts and the Rust sources by `npm run generate`. Do not edit.

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

/** Whose messages to list, beside the main file's. */
export type AgentSelection =
  /** The session's main file only. */
  | 'none'
  /** The main file and every agent, merged by (effective time, path, line). */
  | 'all'

/** One finding of `doctor`. */
export interface DoctorIssue {
  /** What kind of finding, such as `search_index_damaged`. */
  code: string
  /** What was found, and what to do. */
  message: string
  /** The file it is about, if one. */
  path: string | null
  /** Whether this call mended it. */
  isFixed: boolean
}

/** What `doctor` found. */
export interface DoctorReport {
  /** Whether nothing is wrong, or everything wrong was mended. */
  isHealthy: boolean
  /** Files whose stored bytes were checked. */
  filesChecked: number
  /** The findings. */
  issues: Array<DoctorIssue>
}

/** What `forget` removed. */
export interface ForgetReport {
  /** Sessions removed. */
  sessions: number
  /** Files of theirs. */
  files: number
  /** Messages of theirs. */
  messages: number
}

/** What indexing one file did. */
export interface IndexResult {
  /** The session of the file. */
  sessionId: string
  /** Messages that this call inserted; 0 where nothing was new. */
  messagesIndexed: number
  /** Messages of the session's main file, without replays. */
  totalMessages: number
  /** Whether the session was unknown before. */
  isNewSession: boolean
  /** Lines read by this call that became no message. */
  problems: number
  /** Notes on messages read by this call. */
  notes: number
}

/** One entry of the log. */
export interface LogRecord {
  /** How serious it is: `warning`, `info` or `debug`. */
  level: 'warning' | 'info' | 'debug'
  /** What happened, to what. */
  message: string
}

/** A match inside a snippet, in UTF-16 code units: `snippet.slice(start, end)` in JavaScript. */
export interface MatchRange {
  /** The first code unit of the match. */
  start: number
  /** The code unit behind the match. */
  end: number
}

/** One record of a transcript: a line, or a part of a line on which records are glued together. */
export interface Message {
  /** The identity, the same in every database. */
  id: MessageId
  /** The session of the file that the line stands in. */
  sessionId: string
  /** The session id that the record itself names, where it differs (resumed and forked files). */
  recordSessionId: string | null
  /** The record's `uuid`; no identity, since resumed files repeat it. */
  uuid: string | null
  /** The record's `parentUuid`. */
  parentUuid: string | null
  /** The record's `type`, such as `user` or `assistant`; known or not. */
  type: string
  /** The second level of the type: of `system`, `progress` and `attachment` records. */
  subtype: string | null
  /** `user` or `assistant`, where the record carries an API message. */
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
  /** A short plain text of what the record says, at most 160 characters. */
  preview: string
  /** The record's own time. */
  timestamp: Timestamp | null
  /** Its own time, else that of the last earlier line that has one. */
  effectiveTimestamp: Timestamp | null
  /** The path of the file below its config dir. */
  path: string
  /** The line, counted from 1, blank ones included. */
  lineNumber: number
  /** 0, or the position of a record glued behind the first one of its line. */
  part: number
  /** Whether the record is marked as a sidechain. */
  isSidechain: boolean
  /** Whether the record was put in by the agent program, not typed. */
  isMeta: boolean
  /** Whether it is a failed tool result or an API error. */
  isError: boolean
  /** Whether it is a prompt that a person typed. */
  isPrompt: boolean
  /** The original, where this is a copy written by a resume, a fork or a compaction. */
  replayOf: MessageId | null
  /** Whether it belongs to an older generation of its file. */
  isSuperseded: boolean
  /** Whether its line has no end yet and may still grow. */
  isProvisional: boolean
  /** The tokens that this very line states; not to be summed, see `Session.tokens`. */
  tokens: TokenUsage | null
}

/** Which messages to list: those of one session, in the order of the file. */
export interface MessageQuery {
  /** The session. Required. */
  sessionId: string
  /** How many items from the start, 1 to 10,000; 50 where neither `first` nor `last` is given. */
  first?: number | null
  /** Only items behind this cursor. */
  after?: string | null
  /** How many items from the end, 1 to 10,000. Not together with `first`. */
  last?: number | null
  /** Only items before this cursor. */
  before?: string | null
  /** Only this agent's file. */
  agentId?: string | null
  /** `all` merges the main file and every agent. */
  agents?: AgentSelection | null
  /** Also copies written by a resume, a fork or a compaction. */
  includeReplays?: boolean | null
  /** Also older generations of the file, after the current one. */
  includeSuperseded?: boolean | null
}

/** A line that became no message, or a note on one that did. */
export interface Problem {
  /** The place: the id that the line's message has or would have. */
  id: MessageId
  /** What it is. */
  kind: ProblemKind
  /** Whether it annotates a message (a note), rather than standing for a line. */
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
  kinds?: Array<ProblemKind> | null
  /** Only notes, or only what is none. */
  notes?: boolean | null
  /** Also those of older generations of a file. */
  includeSuperseded?: boolean | null
  /** How many items from the start, 1 to 10,000; 50 where neither `first` nor `last` is given. */
  first?: number | null
  /** Only items behind this cursor. */
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
  /** The line is JSON, but no object. */
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

/** What a re-derivation did. */
export interface RederiveReport {
  /** Files derived anew. */
  files: number
  /** Messages of theirs. */
  messages: number
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
  /** Files that could not be read; the scan went on without them. */
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
  /** The BM25 score, greater is better; comparable within one query only. */
  score: number
  /** True where the query matched more than 20,000 messages and only the newest of them were ranked. */
  isPartial: boolean
}

/** How hits are ordered. */
export type SearchOrder =
  /** The best match first (BM25). */
  | 'relevance'
  /** The latest first. */
  | 'newest'

/** What to search for. */
export interface SearchQuery {
  /** Words are ANDed, "quotes" are phrases, the last word and words with `*` match as prefixes. Required. */
  query: string
  /** Only these fields; every one where not given or empty. */
  fields?: Array<SearchField> | null
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
  /** `relevance` where not given. */
  order?: SearchOrder | null
  /** `plain` where not given. */
  syntax?: SearchSyntax | null
  /** Also copies written by a resume, a fork or a compaction. */
  includeReplays?: boolean | null
  /** Also older generations of a file. */
  includeSuperseded?: boolean | null
  /** How many hits, 1 to 1,000; 20 where not given. */
  first?: number | null
  /** Only hits behind this cursor. */
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
  /** Messages of the main file, of every record type, without replays. */
  messageCount: number
  /** Real prompts among them. */
  promptCount: number
  /** Assistant lines among them. */
  assistantCount: number
  /** Files of subagents. */
  agentCount: number
  /** Tokens spent in it and its agents, each API message counted once. */
  tokens: TokenUsage
  /** Whether every file of it has gone from the disk. */
  isMissing: boolean
}

/** Which sessions to list: by last activity, the latest first. */
export interface SessionQuery {
  /** How many items from the start, 1 to 10,000; 50 where neither `first` nor `last` is given. */
  first?: number | null
  /** Only items behind this cursor. */
  after?: string | null
  /** How many items from the end, 1 to 10,000. Not together with `first`. */
  last?: number | null
  /** Only items before this cursor. */
  before?: string | null
  /** Only sessions of this project. */
  projectId?: string | null
  /** Also sessions without a user or assistant line. */
  includeEmpty?: boolean | null
}

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
  /** Messages, replays included, superseded generations not. */
  messages: number
  /** Copies written by a resume, a fork or a compaction. */
  replays: number
  /** Lines that became no message. */
  problems: number
  /** Notes on messages. */
  notes: number
  /** Tokens spent, each API message counted once. */
  tokens: TokenUsage
}

/**
 * Tokens of one API message, or a sum of such. Cache writes of 5 minutes and 1 hour are apart; both are part of
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
