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
  /** How many messages each session has, and when the first and the last was written; `null` for an unknown one. */
  timestampsBatch(sessionIds: ReadonlyArray<string>): Promise<Array<MessageTimestamps | null>>
}

// The operations below look up what belongs to many ids at once, at most 10,000 a call. There is one answer for each id, in the
// order of the ids; `null` for an unknown one.

/** The operations on files: transcripts, and tool results that were spilled. */
export interface Files {
  /** The files of these ids. Of two config dirs that hold the same path, the one whose file is still on the disk is meant. */
  get(ids: ReadonlyArray<string>): Promise<Array<SessionFile | null>>
  /** The files of each session: the main file first, then by path. */
  bySession(sessionIds: ReadonlyArray<string>): Promise<Array<Array<SessionFile> | null>>
}

/** The operations on tool calls. */
export interface ToolCalls {
  /**
   * The calls of these tool use ids, each with its result. With `includeText` every record is read as well, which costs more than
   * all the rest.
   */
  get(ids: ReadonlyArray<string>, options?: ToolCallOptions | null): Promise<Array<ToolCall | null>>
}

/** The operations on todo lists. */
export interface Todos {
  /** The list of each session as it was written last; `null` also where none was ever written. */
  get(sessionIds: ReadonlyArray<string>): Promise<Array<TodoList | null>>
}

/** The operations on tasks. */
export interface Tasks {
  /** The tasks of each session, by their ids. */
  get(sessionIds: ReadonlyArray<string>): Promise<Array<Array<NativeTask> | null>>
}

/** The operations on the changes to files that sessions made. */
export interface FileChanges {
  /** Every change that each session and its agents made, in the order in which they were made. */
  get(sessionIds: ReadonlyArray<string>): Promise<Array<Array<FileChange> | null>>
}

/** The operations on hooks. */
export interface HookExecutions {
  /** Every hook that was run for each session and its agents, in the order of the records that tell of it. */
  get(sessionIds: ReadonlyArray<string>): Promise<Array<Array<HookExecution> | null>>
}

/** The operations on summaries. */
export interface Summaries {
  /**
   * The summaries of each session, in the order in which they were written. One that names the last message that it sums up is a
   * summary of each session that has this message, in whichever file it stands.
   */
  get(sessionIds: ReadonlyArray<string>): Promise<Array<Array<SessionSummary> | null>>
}

/** The operations on token sums. */
export interface Usage {
  /** The tokens that each session and its agents spent, in all and by model. */
  bySession(sessionIds: ReadonlyArray<string>): Promise<Array<SessionUsage | null>>
}
