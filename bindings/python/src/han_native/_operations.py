"""The operations and their shapes. Generated from the table of operations by `make generate`; do not edit."""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import os
from typing import Any, Callable, Dict, List, Literal, Mapping, Optional, Sequence, TypedDict, Union

from ._calls import Calls
from ._library import Cancellation, call_static

__all__ = [
    "Activity",
    "AgentSelection",
    "AnalyticsFilter",
    "Block",
    "BlockImage",
    "BlockOptions",
    "BlockOther",
    "BlockText",
    "BlockThinking",
    "BlockToolCall",
    "BlockToolResult",
    "Change",
    "ChangeGap",
    "ChangeItem",
    "Coordinator",
    "CoordinatorIssue",
    "CoordinatorStatus",
    "Dashboard",
    "DayActivity",
    "DoctorIssue",
    "DoctorOptions",
    "DoctorReport",
    "DoctorWarning",
    "Document",
    "EmbedOptions",
    "EmbedProgress",
    "EmbedReport",
    "EmbedderInfo",
    "ExportFormat",
    "ExportOptions",
    "FileChange",
    "FileChanges",
    "Files",
    "ForgetReport",
    "ForgetTarget",
    "ForgetTargetBefore",
    "ForgetTargetProjectId",
    "ForgetTargetSessionId",
    "HookExecution",
    "HookExecutions",
    "HourActivity",
    "ImageBlock",
    "IndexResult",
    "IndexVectorsReport",
    "LoadEmbedderOptions",
    "MatchRange",
    "MatchedBy",
    "Message",
    "MessageBlocks",
    "MessageId",
    "MessagePage",
    "MessageQuery",
    "MessageRole",
    "MessageTimestamps",
    "Messages",
    "ModelActivity",
    "ModelRate",
    "NativeTask",
    "OpenOptions",
    "Operations",
    "OtherBlock",
    "PendingChunk",
    "PendingMessage",
    "PendingMessagePage",
    "PendingQuery",
    "PriceList",
    "Problem",
    "ProblemFilter",
    "ProblemKind",
    "ProblemPage",
    "ProjectActivity",
    "RederiveReport",
    "RemoveVectorsReport",
    "ReportedCost",
    "ReportedCosts",
    "ReportedModel",
    "ScanError",
    "ScanOptions",
    "ScanProgress",
    "ScanReport",
    "SearchField",
    "SearchHit",
    "SearchHitPage",
    "SearchMode",
    "SearchOrder",
    "SearchQuery",
    "SearchSyntax",
    "Session",
    "SessionActivity",
    "SessionFile",
    "SessionFileKind",
    "SessionFind",
    "SessionOrder",
    "SessionPage",
    "SessionQuery",
    "SessionStatus",
    "SessionSummary",
    "SessionUsage",
    "Sessions",
    "SqlBlob",
    "SqlColumn",
    "SqlOptions",
    "SqlParameters",
    "SqlResult",
    "SqlValue",
    "Stats",
    "SubscribeOptions",
    "Summaries",
    "Tasks",
    "TestMessage",
    "TestSession",
    "TestSessionReport",
    "TestTool",
    "TestToolCall",
    "Testing",
    "TextBlock",
    "Timestamp",
    "Todo",
    "TodoList",
    "Todos",
    "TokenUsage",
    "ToolActivity",
    "ToolCall",
    "ToolCallBlock",
    "ToolCallOptions",
    "ToolCalls",
    "ToolResult",
    "ToolResultBlock",
    "Turn",
    "UnpricedModel",
    "Usage",
    "VectorModel",
    "VectorPlace",
    "VectorQuery",
    "Vectors",
    "Versions",
    "WatchMode",
    "WatchOptions",
    "Watcher",
    "WatcherStatus",
    "versions",
]

Path = Union[str, "os.PathLike[str]"]


# Whose messages to list, besides the main file's.
AgentSelection = Literal[
    # The session's main file only.
    "none",
    # The main file and every agent, merged by (effective time, path, line).
    "all",
]


# A document that other languages get as text, not as JSON.
Document = str


# The format of an exported session.
ExportFormat = Literal[
    # Markdown to read and to paste.
    "markdown",
    # One JSON object; see `SessionExport`.
    "json",
    # One HTML page that needs no other file and runs no script.
    "html",
]


# By what a message was found.
MatchedBy = Literal[
    # Its words.
    "text",
    # Its vector.
    "vector",
    # Both.
    "both",
]


# The identity of a message, the same in every database and language: `<16 hex digits>:<line>:<part>`,
# followed by `~<generation>` if it belongs to a superseded generation.
MessageId = str


# Who speaks in a message.
MessageRole = Literal[
    # A person, or a tool that answers.
    "user",
    # The model.
    "assistant",
]


# What is wrong with a line, or worth a note.
ProblemKind = Literal[
    # The line is not JSON.
    "invalid_json",
    # The line is JSON, but not an object.
    "not_object",
    # The line is longer than 64 MiB.
    "oversize_line",
    # The file ends inside a line that is not yet a JSON object.
    "torn_tail",
    # A note: records are glued together on the line; each was taken.
    "glued_records",
    # A note: the text was cut at the limit of what is searchable.
    "text_truncated",
    # A note: the spilled tool result is not there.
    "spill_missing",
    # A note: the spilled tool result is larger than 64 MiB.
    "spill_too_large",
]


# A kind of searchable text.
SearchField = Literal[
    # Prompts and queued prompts.
    "user",
    # What the assistant wrote.
    "assistant",
    # What it thought.
    "thinking",
    # The input of its tool calls.
    "toolInput",
    # Their results, spilled ones included.
    "toolOutput",
    # Session titles and summaries of a session.
    "title",
    # System lines, compaction summaries, attachments, the texts of unknown records.
    "other",
]


# By what messages are searched.
SearchMode = Literal[
    # By their words.
    "text",
    # By the nearness of their vectors to that of the query.
    "vector",
    # By both: the best 200 of each, joined by reciprocal rank fusion, `1 / (60 + rank)` summed over the two
    # ranks.
    "hybrid",
]


# How hits are ordered.
SearchOrder = Literal[
    # The best match first (BM25).
    "relevance",
    # The latest first.
    "newest",
]


# How the query is read.
SearchSyntax = Literal[
    # Words and "phrases"; any input is safe.
    "plain",
    # An SQLite FTS5 expression over the columns `user assistant thinking tool_input tool_output title other`.
    "fts5",
]


# What a file is to its session.
SessionFileKind = Literal[
    # The session's own transcript.
    "main",
    # The transcript of a subagent.
    "agent",
    # Events that han itself wrote beside the transcript.
    "events",
    # A tool result that was written to a file of its own.
    "spill",
]


# How sessions are ordered. Those that are equal are in the descending order of their ids.
SessionOrder = Literal[
    # The last active first; sessions without a time come last.
    "recent",
    # The one with the most messages in its main file first: how long it was left open says little.
    "longest",
    # The one that spent the most tokens of every kind, its agents' included, first.
    "mostTokens",
    # The one that cost the most, by the prices of the handle, first; what has no price costs nothing. Each
    # page computes the costs of all sessions again: it takes longer than the other orders.
    "costliest",
]


# Whether a session is active, as far as its files show.
SessionStatus = Literal[
    # Its last record was written within the last `activeMinutes`.
    "active",
    # It was written before, or has no time.
    "ended",
]


# The values of a statement's parameters: a list for `?`, an object for `:name`, `@name` and `$name`
# (written with or without that first character).
#
# None, numbers and strings are bound as they are, True and False as 1 and 0. `{"hex": "00ff"}` is a blob.
# Any other list or object is bound as its JSON text, so that `json_each(?1)` spreads it.
SqlParameters = Union[List[Any], Dict[str, Any]]


# A value of an ad-hoc query: None, a number, a text, or the bytes of a blob. JavaScript rounds integers
# beyond 2^53: select such a column as text.
SqlValue = Optional[Union[float, str, "SqlBlob"]]


# An instant, ISO 8601 in UTC: `2026-01-31T08:15:00.250Z`. As an input also a date (its midnight in UTC)
# or a time without an offset (UTC).
Timestamp = str


# What a message is in a conversation.
Turn = Literal[
    # A prompt that a person typed.
    "prompt",
    # A part of the model's answer: words, thoughts or tool calls.
    "answer",
    # Anything else: a tool's result, or a text of the agent program.
    "event",
]


# How changes of transcripts are noticed.
WatchMode = Literal[
    # The operating system reports them as they happen.
    "native",
    # Every file is checked periodically.
    "poll",
]


class Activity(TypedDict):
    """When something was done. What has no time is left out."""

    # The time zone of the days, as an IANA name.
    timeZone: str
    # The requested first day, such as `2026-01-31`; None if there is no beginning.
    since: Optional[str]
    # The requested last day; None if there is no end.
    until: Optional[str]
    # Days on which something was done, the earliest first.
    days: List[DayActivity]
    # The 24 hours of the clock, summed up over those days.
    hours: List[HourActivity]


class AnalyticsFilter(TypedDict, total=False):
    """What to look at. The days are whole days of the requested time zone."""

    # From this day on: a date such as `2026-01-31`, or an instant, which counts as the whole day that it lies
    # in.
    since: Optional[str]
    # Up to and including this day: a date, or an instant, which counts as the day that the last moment before
    # it lies in.
    until: Optional[str]
    # Whose days and hours, as an IANA name; those of the database's own time zone by default.
    timeZone: Optional[str]
    # Only this project.
    projectId: Optional[str]


class BlockOptions(TypedDict, total=False):
    """How much `messages.blocks` returns of each text."""

    # Each text is cut after this many bytes, at the end of a character; 1 to 2^30, 65,536 by default.
    maxBytes: Optional[int]


class CoordinatorIssue(TypedDict):
    """Something that is wrong with who writes."""

    # The code of the error that writes fail with: `HAN_WRITER_STALLED`.
    code: str
    # What happened, and what to do.
    message: str


class CoordinatorStatus(TypedDict):
    """Who writes the database."""

    # Whether this handle leads.
    isCoordinator: bool
    # Whether any handle leads, in this process or another.
    coordinatorRunning: bool
    # Raised with every change of the writer; 0 before the first write.
    epoch: int
    # The process that leads.
    pid: Optional[int]
    # When the leader last showed a sign of life, by its own clock.
    heartbeat: Optional[Timestamp]
    # The version of the library that leads.
    version: Optional[str]
    # What is wrong; empty if nothing is.
    issues: List[CoordinatorIssue]


class Dashboard(TypedDict):
    """What was done on some days. Copies written by a resume, a fork or a compaction count nowhere; each API
    message counts once, in the session and at the time of its first line. What has no time counts only if
    no day bounds the query.
    """

    # The time zone of the days, as an IANA name.
    timeZone: str
    # The requested first day, such as `2026-01-31`; None if there is no beginning.
    since: Optional[str]
    # The requested last day; None if there is no end.
    until: Optional[str]
    # Sessions with a user or assistant line.
    sessions: int
    # Messages of every record type, those of agents included.
    messages: int
    # Prompts that a person typed.
    prompts: int
    # Assistant lines; one API message may have several.
    assistantLines: int
    # API messages: answers that were paid for.
    apiMessages: int
    # Requests within them, whose own tokens leave them out: advice, compactions, attempts that were refused
    # after they had begun to answer.
    iterations: int
    # Web searches that the API made.
    webSearches: int
    # The tokens of all of these.
    tokens: TokenUsage
    # What all of it cost, in US dollars, as far as prices are known: tokens at the rates that the answers
    # name, and web searches. What no answer shows is not in it; see `reported`.
    cost: float
    # API messages whose price is not known: they are not in the cost.
    unpricedApiMessages: int
    # Requests within API messages whose price is not known.
    unpricedIterations: int
    # What these are, by model and rate, the most tokens first.
    unpricedModels: List[UnpricedModel]
    # What the agent program itself says about these sessions; None if it says nothing, and if days bound the
    # query, since it says nothing of days.
    reported: Optional[ReportedCosts]
    # Where the prices are from.
    prices: PriceList
    # Lines that successful tool calls added to files.
    linesAdded: int
    # Lines that they removed.
    linesRemoved: int
    # Tool calls.
    toolCalls: int
    # Tool results that are errors.
    toolErrors: int
    # The ten tools called most.
    tools: List[ToolActivity]
    # Hook executions.
    hooks: int
    # Those of them that failed.
    hookErrors: int
    # Compactions of a context.
    compactions: int
    # Agents that began, one for each agent file that is not a mere copy.
    subagents: int
    # Models that answered, the costliest first.
    models: List[ModelActivity]
    # Projects, the costliest first.
    projects: List[ProjectActivity]
    # The ten sessions that cost most in these days.
    topSessionsByCost: List[SessionActivity]
    # The ten that cost least, of those that asked a model and whose models all have a price.
    bottomSessionsByCost: List[SessionActivity]
    # The ten with the most messages in these days.
    topSessionsByMessages: List[SessionActivity]
    # The ten with the fewest.
    bottomSessionsByMessages: List[SessionActivity]


class DayActivity(TypedDict):
    """What was done on one day."""

    # The local day, such as `2026-01-31`.
    date: str
    # Sessions with a user or assistant line on it.
    sessions: int
    # Messages.
    messages: int
    # Prompts.
    prompts: int
    # Tool calls.
    toolCalls: int
    # Lines added to files.
    linesAdded: int
    # Lines removed from files.
    linesRemoved: int
    # API messages.
    apiMessages: int
    # Their tokens.
    tokens: TokenUsage
    # What all of it cost, in US dollars, as far as prices are known.
    cost: float
    # API messages whose price is not known: they are not in the cost.
    unpricedApiMessages: int


class DoctorIssue(TypedDict):
    """One finding of `doctor`."""

    # What kind of finding, such as `search_index_damaged`.
    code: str
    # What was found, and what to do.
    message: str
    # The file it is about, if any.
    path: Optional[str]
    # Whether this call fixed it.
    isFixed: bool


class DoctorOptions(TypedDict, total=False):
    """What `doctor` does."""

    # Also fixes what can be fixed from the stored bytes.
    fix: bool


class DoctorReport(TypedDict):
    """What `doctor` found."""

    # Whether nothing is wrong, or everything wrong was fixed.
    isHealthy: bool
    # Files whose stored bytes were checked.
    filesChecked: int
    # The findings.
    issues: List[DoctorIssue]
    # What makes the database slower than it could be, for example how SQLite was built. A database with
    # warnings is healthy.
    warnings: List[DoctorWarning]


class DoctorWarning(TypedDict):
    """What `doctor` advises against, though nothing is wrong with the database."""

    # What kind of warning, such as `shared_page_cache`.
    code: str
    # What was found, and what to do.
    message: str


class EmbedOptions(TypedDict, total=False):
    """How much to embed; see `vectors.embed_pending`."""

    # How many messages at most, 1 or more; if None, all.
    limit: Optional[int]


class EmbedProgress(TypedDict):
    """How far embedding has come."""

    # Messages that were embedded.
    messages: int
    # Vectors that were stored for them.
    vectors: int


class EmbedReport(TypedDict):
    """What embedding did."""

    # Messages that were embedded.
    messages: int
    # Vectors that were stored for them.
    vectors: int
    # Whether messages are left that need vectors, because of the limit.
    hasMore: bool


class EmbedderInfo(TypedDict):
    """An embedder that was loaded."""

    # The model that it serves.
    model: str
    # How many numbers each of its vectors has.
    dimensions: int


class ExportOptions(TypedDict, total=False):
    """What is exported of a session."""

    # The subagents' messages as well; true by default.
    includeAgents: bool
    # What the model thought; true by default. Does not affect raw records.
    includeThinking: bool
    # Also copies written by a resume, a fork or a compaction.
    includeReplays: bool
    # In JSON, also each record as it was written.
    includeRaw: bool
    # Cuts each text, tool input and tool result that is longer than this many bytes, and says so in its
    # place; nothing is cut by default. At least 1. Does not affect raw records.
    maxTextBytes: Optional[int]


class FileChange(TypedDict):
    """A change to a file that a tool made."""

    # The session.
    sessionId: str
    # The agent that made it.
    agentId: Optional[str]
    # The message that reports it.
    messageId: MessageId
    # When it was made.
    timestamp: Optional[Timestamp]
    # The path of the changed file, as the tool reported it.
    path: str
    # `create`, `update` or `delete`.
    action: str
    # Lines that are new.
    linesAdded: int
    # Lines that are gone.
    linesRemoved: int
    # The tool's name.
    tool: str


class ForgetReport(TypedDict):
    """What `forget` removed."""

    # Sessions removed.
    sessions: int
    # Their files.
    files: int
    # Their messages.
    messages: int


class HookExecution(TypedDict):
    """A hook that was run."""

    # The session.
    sessionId: str
    # The agent that it was run for.
    agentId: Optional[str]
    # The message that reports it.
    messageId: MessageId
    # When it was run.
    timestamp: Optional[Timestamp]
    # The event that it was run at, such as `PreToolUse` or `Stop`.
    event: str
    # The hook's name, such as `PreToolUse:Bash`.
    name: Optional[str]
    # The command that was run.
    command: Optional[str]
    # How long it took.
    durationMs: Optional[int]
    # How its command ended.
    exitCode: Optional[int]
    # Whether it failed, or blocked what it was run at.
    isError: bool


class HourActivity(TypedDict):
    """What was done in one hour of the clock, on whichever day. An hour that daylight saving repeats has both
    of its turns.
    """

    # The local hour, 0 to 23.
    hour: int
    # Messages.
    messages: int
    # Prompts.
    prompts: int
    # Tool calls.
    toolCalls: int
    # Lines added to files.
    linesAdded: int
    # Lines removed from files.
    linesRemoved: int
    # API messages.
    apiMessages: int
    # Their tokens.
    tokens: TokenUsage
    # What all of it cost, in US dollars, as far as prices are known.
    cost: float
    # API messages whose price is not known: they are not in the cost.
    unpricedApiMessages: int


class ImageBlock(TypedDict):
    """An image, without its data."""

    # The call in whose result it is; None for an image of the message itself.
    toolUseId: Optional[str]
    # Its media type, such as `image/png`; None if the record does not say it.
    mediaType: Optional[str]
    # How many bytes the image has; 0 if the record does not have its data.
    bytes: int


class IndexResult(TypedDict):
    """What indexing one file did."""

    # The session of the file.
    sessionId: str
    # Messages that this call inserted; 0 if nothing was new.
    messagesIndexed: int
    # Messages of the session's main file, without replays and the request log.
    totalMessages: int
    # Whether the session was unknown before.
    isNewSession: bool
    # Lines read by this call that became no message.
    problems: int
    # Notes on messages read by this call.
    notes: int


class IndexVectorsReport(TypedDict):
    """What indexing vectors did."""

    # Messages that have vectors of this call.
    messages: int
    # Vectors that were stored.
    vectors: int
    # Message ids that are unknown, each once, in the order of the items; their vectors were not stored.
    unknown: List[str]


class LoadEmbedderOptions(TypedDict, total=False):
    """How to load an embedder."""

    # The model that it serves; if None, it is called like the folder.
    model: Optional[str]


class MatchRange(TypedDict):
    """A match inside a snippet, in UTF-16 code units: `snippet.slice(start, end)` in JavaScript."""

    # The first code unit of the match.
    start: int
    # The code unit after the match.
    end: int


class Message(TypedDict):
    """One record of a transcript: a line, or a part of a line on which records are glued together."""

    # The identity, the same in every database.
    id: MessageId
    # The session of the file that the line is in.
    sessionId: str
    # The session id that the record itself names, if it differs (resumed and forked files).
    recordSessionId: Optional[str]
    # The record's `uuid`; not an identity, since resumed files repeat it.
    uuid: Optional[str]
    # The record's `parentUuid`.
    parentUuid: Optional[str]
    # The record's `type`, such as `user` or `assistant`; known or not.
    type: str
    # The second level of the type: of `system`, `progress` and `attachment` records.
    subtype: Optional[str]
    # `user` or `assistant`, if the record carries an API message.
    role: Optional[str]
    # The agent that wrote it, for lines of subagents.
    agentId: Optional[str]
    # The tool that is called, or whose result this is.
    toolName: Optional[str]
    # The id of that tool call.
    toolUseId: Optional[str]
    # The model that answered.
    model: Optional[str]
    # The API's message id, shared by the lines of one streamed answer.
    apiMessageId: Optional[str]
    # A short plain text of what the record says, at most 128 characters.
    preview: str
    # The record's own time.
    timestamp: Optional[Timestamp]
    # Its own time, else that of the last earlier line that has one.
    effectiveTimestamp: Optional[Timestamp]
    # The path of the file below its config dir.
    path: str
    # The line, counted from 1, blank ones included.
    lineNumber: int
    # 0, or the position of a record glued after the first one of its line.
    part: int
    # Whether the record is marked as a sidechain.
    isSidechain: bool
    # Whether the record was put in by the agent program, not typed.
    isMeta: bool
    # Whether it is a failed tool result or an API error.
    isError: bool
    # Whether it is a prompt that a person typed.
    isPrompt: bool
    # Whether it is a prompt that was taken back: a later one continues from before it.
    isRewound: bool
    # The original, if this is a copy written by a resume, a fork or a compaction.
    replayOf: Optional[MessageId]
    # Whether it belongs to an older generation of its file.
    isSuperseded: bool
    # Whether its line has no end yet and may still grow.
    isProvisional: bool
    # The tokens that this very line states; not to be summed, see `Session.tokens`.
    tokens: Optional[TokenUsage]


class MessageBlocks(TypedDict):
    """What a message says, block by block."""

    # What the message is in a conversation.
    turn: Turn
    # Whether it is bookkeeping of the agent program, such as progress, snapshots and titles, which a reader
    # of the conversation does not need.
    isBookkeeping: bool
    # The content blocks, in the order of the record; images within a tool's result follow it. What the agent
    # program put around the text of a prompt is left out. A record that carries no API message has one block
    # `other` for each of its texts, or for its preview.
    blocks: List[Block]
    # Whether the record has more content blocks than the first 10,000, which are read.
    hasMoreBlocks: bool


class _MessageQuery(TypedDict):
    # The session. Required.
    sessionId: str


class MessageQuery(_MessageQuery, total=False):
    """Which messages to list: those of one session, in the order of the file."""

    # How many items from the start, 1 to 10,000; 50 if neither `first` nor `last` is given.
    first: Optional[int]
    # Only items after this cursor.
    after: Optional[str]
    # How many items from the end, 1 to 10,000. Not together with `first`.
    last: Optional[int]
    # Only items before this cursor.
    before: Optional[str]
    # Only this agent's file.
    agentId: Optional[str]
    # `all` merges the main file and every agent.
    agents: Optional[AgentSelection]
    # Only messages of these record types, as `Message.type` has them; if left out or empty, every one but the
    # request log: what the agent program noted of its requests to the API (`api-request`, `api-request-blob`,
    # `api-request-shape`, and of `attachment` the subtype `prompt_snapshot`).
    types: Optional[Sequence[str]]
    # Only messages of this role.
    role: Optional[MessageRole]
    # Only calls of this tool, and results of such calls.
    tool: Optional[str]
    # Only messages whose effective time is at or after this instant.
    since: Optional[Timestamp]
    # Only messages whose effective time is before this instant.
    until: Optional[Timestamp]
    # Only failed tool results and API errors.
    onlyErrors: bool
    # Also copies written by a resume, a fork or a compaction.
    includeReplays: bool
    # Also older generations of the file, after the current one.
    includeSuperseded: bool
    # Also count the whole list, whatever the page: `totalCount`.
    withTotal: bool


class MessageTimestamps(TypedDict):
    """When the messages of a session were written."""

    # The session.
    sessionId: str
    # How many messages its main file has, copies and the request log left out.
    count: int
    # The earliest time in its main file. Copies count: what a resume or a fork continues started when the
    # copied session did.
    first: Optional[Timestamp]
    # The latest time in its main file. Neither is one of the request log.
    last: Optional[Timestamp]


class ModelActivity(TypedDict):
    """What one model did."""

    # Its name; None for answers that name no model.
    model: Optional[str]
    # API messages of it.
    apiMessages: int
    # Requests of it within API messages, whose own tokens leave them out: advice, compactions, attempts that
    # were refused after they had begun to answer.
    iterations: int
    # Web searches that the API made for it.
    webSearches: int
    # The tokens of all of these.
    tokens: TokenUsage
    # What they cost, in US dollars; None if no price is known.
    cost: Optional[float]
    # The same by the rate at which they were charged, the usual one first.
    rates: List[ModelRate]


class ModelRate(TypedDict):
    """What one model did at one rate."""

    # `standard`, or what sets the price apart: the mode (`fast`), the place of inference (`us`), the service
    # tier (`batch`), `refused` for what was declined before any output and is free; several are words of one
    # text.
    rate: str
    # API messages.
    apiMessages: int
    # Requests within API messages, whose own tokens leave them out.
    iterations: int
    # Web searches.
    webSearches: int
    # The tokens of all of these.
    tokens: TokenUsage
    # What they cost, in US dollars; None if no price is known.
    cost: Optional[float]


class NativeTask(TypedDict):
    """A task of a session, as it is after everything that happened to it."""

    # The session.
    sessionId: str
    # The task's id, unique within its session.
    id: str
    # What it is, in short.
    subject: Optional[str]
    # What it is, in full.
    description: Optional[str]
    # What it is called while it is being done.
    activeForm: Optional[str]
    # As the agent program names it, such as `pending`, `in_progress` or `completed`.
    status: Optional[str]
    # Who does it.
    owner: Optional[str]
    # The ids of the tasks that have to be done before.
    blockedBy: List[str]
    # When it was created.
    createdAt: Optional[Timestamp]
    # When it was last changed.
    updatedAt: Optional[Timestamp]


class OpenOptions(TypedDict, total=False):
    """How to open a database; see `open`."""

    # The folder of the database and its lock; if None, `HAN_DATA_DIR`, else `~/.han`.
    dataDir: Optional[str]
    # The database itself; if None, `han.db` in the data folder.
    dbPath: Optional[str]
    # The folders whose `projects/` are scanned; if None, those of `CLAUDE_CONFIG_DIR` (a comma list), else
    # `~/.claude` and `~/.config/claude`, and those of the sessions that the desktop application runs. An
    # empty list means none.
    configDirs: Optional[Sequence[str]]
    # Opens an existing database for reading only: nothing is created, migrated or written.
    readOnly: bool
    # Keeps the database in memory, for as long as the handle lives.
    inMemory: bool
    # How long a write waits for another process; 5 s by default. `lockTimeoutMs` in JSON.
    lockTimeoutMs: int
    # The time between two heartbeats of an idle coordinator, and of a call that writes for long; 5 s by
    # default. `heartbeatIntervalMs` in JSON.
    heartbeatIntervalMs: int
    # How long a coordinator may go without a heartbeat before another one takes over, at least twice the
    # interval; 30 s by default. The same for every handle of a database. `staleAfterMs` in JSON.
    staleAfterMs: int
    # Globs of paths, below a config dir, that are not indexed.
    exclude: Sequence[str]
    # The time zone of the database's local days, as an IANA name; if None, the one it has, which is the
    # system's at its creation. If it differs from the one it has, the sums of its days are computed again;
    # with `readOnly` it is ignored.
    timeZone: Optional[str]
    # A list of prices, as JSON with the field names of the public LiteLLM list, that replace the published
    # ones of the same models; if None, `HAN_PRICE_FILE`.
    priceFile: Optional[str]
    # How the watcher watches.
    watch: WatchOptions


class OtherBlock(TypedDict):
    """A block without a type of its own here."""

    # The type of the content block, such as `document`, or `unknown` if it has none. Where the record carries
    # no API message, the type of the record.
    kind: str
    # The text, cut as requested; empty if there is none.
    text: str
    # How many bytes the whole text has, in UTF-8. Of a record that carries no API message at most 1 MiB are
    # looked at.
    bytes: int
    # Whether the text was cut.
    isTruncated: bool


class PendingChunk(TypedDict):
    """A piece of a message's text, to be embedded."""

    # Its number, from 0.
    chunk: int
    # The field that it is a piece of.
    field: SearchField
    # Where it begins in the text of the field, in UTF-16 code units.
    start: int
    # Where it ends there.
    end: int
    # The piece itself.
    text: str


class PendingMessage(TypedDict):
    """A message that has text, and no vector of it."""

    # The message.
    messageId: str
    # Identifies its text; to be passed back with the vectors.
    textHash: str
    # Its text in pieces of up to 2,000 characters, at most 64 of them: the rest is not embedded.
    chunks: List[PendingChunk]


class _PendingQuery(TypedDict):
    # The model, which need not have vectors yet. Required.
    model: str


class PendingQuery(_PendingQuery, total=False):
    """Which messages need vectors."""

    # How many messages, 1 to 1,000; 50 by default.
    first: Optional[int]
    # Only messages after this cursor.
    after: Optional[str]


class PriceList(TypedDict):
    """Where prices are from."""

    # What the prices that come with the library are.
    source: str
    # The day as of which they are those, such as `2026-01-31`.
    date: Optional[str]
    # The file whose prices replace those of the same models.
    ownFile: Optional[str]


class Problem(TypedDict):
    """A line that became no message, or a note on one that did."""

    # The place: the id that the line's message has or would have.
    id: MessageId
    # What it is.
    kind: ProblemKind
    # Whether it annotates a message (a note), rather than representing a line.
    isNote: bool
    # The session of the file.
    sessionId: str
    # The file's absolute path.
    path: str
    # The line, counted from 1, blank ones included.
    lineNumber: int
    # 0, or the position of the record on its line.
    part: int
    # Where the line starts in the file, in bytes.
    offset: int
    # How long the line is, in bytes, without its end.
    length: int
    # What is wrong, in words.
    detail: str


class ProblemFilter(TypedDict, total=False):
    """Which problems to list, in the order of (path, line, part)."""

    # Only this session's.
    sessionId: Optional[str]
    # Only those of this file.
    path: Optional[str]
    # Only these kinds.
    kinds: Optional[Sequence[ProblemKind]]
    # Only notes, or only problems that are not notes.
    notes: Optional[bool]
    # Also those of older generations of a file.
    includeSuperseded: bool
    # How many items from the start, 1 to 10,000; 50 if neither `first` nor `last` is given.
    first: Optional[int]
    # Only items after this cursor.
    after: Optional[str]
    # How many items from the end, 1 to 10,000. Not together with `first`.
    last: Optional[int]
    # Only items before this cursor.
    before: Optional[str]


class ProjectActivity(TypedDict):
    """What was done in one project."""

    # The id of the project.
    projectId: str
    # Its true path, from the records.
    projectPath: Optional[str]
    # The path of its repository.
    repositoryPath: Optional[str]
    # Sessions with a user or assistant line.
    sessions: int
    # Messages.
    messages: int
    # Prompts.
    prompts: int
    # Tool calls.
    toolCalls: int
    # Lines added to files.
    linesAdded: int
    # Lines removed from files.
    linesRemoved: int
    # API messages.
    apiMessages: int
    # Their tokens.
    tokens: TokenUsage
    # What all of it cost, in US dollars, as far as prices are known.
    cost: float
    # API messages whose price is not known: they are not in the cost.
    unpricedApiMessages: int


class RederiveReport(TypedDict):
    """What a re-derivation did."""

    # Files derived again.
    files: int
    # Their messages.
    messages: int


class RemoveVectorsReport(TypedDict):
    """What removing a model removed."""

    # Vectors that were removed.
    vectors: int


class ReportedCost(TypedDict):
    """What the agent program itself says that a session cost, as of the last time it said so, compared with
    the sum of its answers. It alone knows of requests that no line of a transcript shows. What a fork took
    over from its original is taken off.
    """

    # What it says, in US dollars.
    cost: float
    # How much more that is than the cost of the answers; less than 0 if it is less.
    difference: float
    # By model, the greatest difference first.
    byModel: List[ReportedModel]
    # When it said so: the time of the record before.
    reportedAt: Optional[Timestamp]


class ReportedCosts(TypedDict):
    """What the agent program itself says about all the sessions in which it says something, compared with the
    sum of their answers.
    """

    # In how many sessions it says something.
    sessions: int
    # What it says that they cost, in US dollars.
    cost: float
    # How much more that is than the cost of the answers in these sessions.
    difference: float
    # By model, the greatest difference first.
    byModel: List[ReportedModel]


class ReportedModel(TypedDict):
    """The part of one model in what the agent program says."""

    # The model that was requested; another one may have answered.
    model: str
    # What the agent program says that it cost, in US dollars.
    cost: float
    # What the answers of this model cost.
    answersCost: float
    # The first minus the second.
    difference: float
    # The tokens that the agent program counted.
    tokens: TokenUsage
    # The web searches that it counted.
    webSearches: int


class ScanError(TypedDict):
    """A file that a scan could not read."""

    # The file or folder.
    path: str
    # A `HAN_...` code.
    code: str
    # What happened, and what to do.
    message: str


class ScanOptions(TypedDict, total=False):
    """What `scan` scans."""

    # Files and folders; if None, every config dir of the handle. A file is indexed as itself, a folder that
    # has a `projects` folder as a config dir, any other folder recursively.
    paths: Optional[Sequence[str]]


class ScanProgress(TypedDict):
    """How far a scan is."""

    # Files finished.
    filesDone: int
    # Files that have something new.
    filesTotal: int
    # Bytes committed.
    bytesDone: int
    # Bytes to read.
    bytesTotal: int
    # Messages inserted.
    messagesIndexed: int
    # The file that was committed last.
    path: Optional[str]


class ScanReport(TypedDict):
    """What a scan did."""

    # Transcripts found.
    files: int
    # Those of them that had something new.
    filesChanged: int
    # Non-blank lines read.
    lines: int
    # Bytes read.
    bytes: int
    # Messages inserted.
    messagesIndexed: int
    # Lines that became no message.
    problems: int
    # Notes on messages.
    notes: int
    # Files that could not be read; the scan continued without them.
    errors: List[ScanError]
    # How long it took, in milliseconds.
    durationMs: int


class SearchHit(TypedDict):
    """One message that matches."""

    # The message.
    message: Message
    # The project of its session.
    projectId: str
    # The title of its session.
    sessionTitle: Optional[str]
    # The field that the snippet was cut from: the one with the most matches.
    field: SearchField
    # A piece of the text around the matches, with `…` where it was cut.
    snippet: str
    # Where the matches are in the snippet.
    matches: List[MatchRange]
    # Greater is better: the BM25 score, comparable within one query only; in the mode `vector`, 1 -
    # `distance`; in the mode `hybrid` the sum of `1 / (60 + rank)`.
    score: float
    # By what the message was found.
    matchedBy: MatchedBy
    # Its place among the matches of the text, from 1; in the mode `hybrid` only.
    textRank: Optional[int]
    # Its place among the nearest vectors, from 1; in the mode `hybrid` only.
    vectorRank: Optional[int]
    # The cosine distance of its nearest vector from the query's, 0 to 2; None if the message was not found by
    # it.
    distance: Optional[float]
    # Which of the message's vectors that is; None as above.
    chunk: Optional[int]
    # True if the query matched more than 20,000 messages and only the newest of them were ranked.
    isPartial: bool


class _SearchQuery(TypedDict):
    # Words are ANDed, "quotes" are phrases, the last word and words with `*` match as prefixes. Required; in
    # the modes `vector` and `hybrid` it is also what is embedded if there is no `vector`.
    query: str


class SearchQuery(_SearchQuery, total=False):
    """What to search for."""

    # `text` by default.
    mode: Optional[SearchMode]
    # Whose vectors are searched, in the modes `vector` and `hybrid`; by default the only model that an
    # embedder is registered for, else the only one with vectors.
    model: Optional[str]
    # The vector of the query, in the modes `vector` and `hybrid`. Without one, an embedder of the model has
    # to be registered.
    vector: Optional[Sequence[float]]
    # Only these fields; every one if left out or empty. A vector belongs to the field that it was stored
    # with; one without represents the whole text and belongs to every field.
    fields: Optional[Sequence[SearchField]]
    # Only this session.
    sessionId: Optional[str]
    # Only this project.
    projectId: Optional[str]
    # Only this agent's messages.
    agentId: Optional[str]
    # Only messages at or after this instant.
    since: Optional[Timestamp]
    # Only messages before this instant.
    until: Optional[Timestamp]
    # `relevance` by default; `newest` in the mode `text` only.
    order: Optional[SearchOrder]
    # `plain` by default.
    syntax: Optional[SearchSyntax]
    # Also copies written by a resume, a fork or a compaction.
    includeReplays: bool
    # Also older generations of a file.
    includeSuperseded: bool
    # How many hits, 1 to 1,000; 20 by default.
    first: Optional[int]
    # Only hits after this cursor.
    after: Optional[str]


class Session(TypedDict):
    """A session: its main file, the files of its agents, and what was derived from them."""

    # The session id: the stem of the main file.
    id: str
    # The id of its project: the folder's name below `projects/`, an opaque key.
    projectId: str
    # The project's true path, from the records; never decoded from the folder's name.
    projectPath: Optional[str]
    # The path of the repository; worktrees are folded into theirs.
    repositoryPath: Optional[str]
    # The title by precedence: custom, agent name, generated, summary, first prompt.
    title: Optional[str]
    # When its first record was written.
    startedAt: Optional[Timestamp]
    # When its last record was written.
    endedAt: Optional[Timestamp]
    # The model of its last answer.
    model: Optional[str]
    # The git branch of its last record.
    gitBranch: Optional[str]
    # The version of the agent program that wrote its last record.
    version: Optional[str]
    # The working directory of its first record.
    cwd: Optional[str]
    # Messages of the main file, of every record type but the request log, without replays.
    messageCount: int
    # Real prompts among them.
    promptCount: int
    # Assistant lines among them.
    assistantCount: int
    # Records of the main file that are copies of another session's, which a fork or a resume wrote: they are
    # in no other count, and listed with `includeReplays`.
    copiedCount: int
    # The session that the last of these was copied from.
    forkedFrom: Optional[str]
    # Files of subagents.
    agentCount: int
    # Tokens spent in it and its agents, each API message counted once.
    tokens: TokenUsage
    # What it and its agents cost, in US dollars, as far as prices are known; see `SessionUsage.cost`.
    cost: float
    # What has no known price, the most tokens first: it is not in the cost.
    unpriced: List[UnpricedModel]
    # Whether every file of it has gone from the disk.
    isMissing: bool


class SessionActivity(TypedDict):
    """What was done in one session, within the requested days."""

    # The session.
    sessionId: str
    # The id of its project.
    projectId: str
    # Its title.
    title: Optional[str]
    # When it began.
    startedAt: Optional[Timestamp]
    # When its last message was written.
    endedAt: Optional[Timestamp]
    # Messages, those of its agents included.
    messages: int
    # Prompts.
    prompts: int
    # API messages.
    apiMessages: int
    # Their tokens.
    tokens: TokenUsage
    # What all of it cost, in US dollars, as far as prices are known.
    cost: float
    # API messages whose price is not known: they are not in the cost.
    unpricedApiMessages: int


class SessionFile(TypedDict):
    """A file of a session: a transcript, or a spilled tool result. The counts are those of its content as it
    is now; what an older generation of it had is left out.
    """

    # The identity: 16 hex digits, with which the ids of the file's messages start, too.
    id: str
    # The path below the config dir.
    path: str
    # The config dir; None for a file outside any, whose `path` is absolute.
    configDir: Optional[str]
    # What it is to its session.
    kind: SessionFileKind
    # Its session.
    sessionId: str
    # The project whose folder it is in.
    projectId: str
    # The agent that writes it.
    agentId: Optional[str]
    # The kind of that agent, as its session named it.
    agentType: Optional[str]
    # What that agent was asked to do, in short.
    agentDescription: Optional[str]
    # The workflow that the agent belongs to.
    workflow: Optional[str]
    # Whether it has gone from the disk.
    isMissing: bool
    # Its size in bytes, when it was last checked.
    size: int
    # When it was changed, as of then.
    modifiedAt: Optional[Timestamp]
    # How many bytes of it are indexed.
    indexedBytes: int
    # 1, and one more for each time that it was cut, rewritten or replaced.
    generation: int
    # Lines that are not blank.
    lineCount: int
    # Messages, copies and the request log left out.
    messageCount: int
    # Messages that are copies written by a resume, a fork or a compaction.
    replayCount: int
    # Lines that became no message.
    problemCount: int
    # The earliest time in it, copies included.
    firstMessageAt: Optional[Timestamp]
    # The latest time in it, copies included.
    lastMessageAt: Optional[Timestamp]


class _SessionFind(TypedDict):
    # What their ids start with. Required; every id starts with an empty one.
    prefix: str


class SessionFind(_SessionFind, total=False):
    """Which sessions to find by the start of their ids."""

    # How many sessions at most, 1 to 1,000; 10 by default.
    limit: Optional[int]


class SessionQuery(TypedDict, total=False):
    """Which sessions to list, and in which order."""

    # How many items from the start, 1 to 10,000; 50 if neither `first` nor `last` is given.
    first: Optional[int]
    # Only items after this cursor.
    after: Optional[str]
    # How many items from the end, 1 to 10,000. Not together with `first`.
    last: Optional[int]
    # Only items before this cursor.
    before: Optional[str]
    # `recent` by default. A cursor belongs to its order.
    order: Optional[SessionOrder]
    # Only sessions of this project.
    projectId: Optional[str]
    # Only sessions of this repository, as `Session.repositoryPath` has it.
    repositoryPath: Optional[str]
    # Only sessions whose `Session.gitBranch` is this one.
    gitBranch: Optional[str]
    # Only sessions whose `Session.model` is this one.
    model: Optional[str]
    # Only sessions that are active, or only others. Evaluated again for each page.
    status: Optional[SessionStatus]
    # How long after its last record a session still counts as active, in minutes, 1 to 525,600; 10 by
    # default.
    activeMinutes: Optional[int]
    # Only sessions with subagents, or only those without.
    hasAgents: Optional[bool]
    # Only sessions whose last record is at or after this instant.
    since: Optional[Timestamp]
    # Only sessions whose first record is before this instant. With `since`: those that were active in
    # between.
    until: Optional[Timestamp]
    # Also sessions without a user or assistant line.
    includeEmpty: bool
    # Also count the whole list, whatever the page: `totalCount`.
    withTotal: bool


class SessionSummary(TypedDict):
    """A summary of a session."""

    # The session that is summed up.
    sessionId: str
    # The message that has the summary; of another session if that one continues this one.
    messageId: MessageId
    # When it was written.
    timestamp: Optional[Timestamp]
    # `summary` (a title-like line), `compaction` (what replaced the history) or `away` (what happened
    # meanwhile).
    kind: str
    # The last message that is summed up, as its `uuid`; of a `summary` only.
    leafUuid: Optional[str]
    # The summary.
    text: str


class SessionUsage(TypedDict):
    """What a session and its agents spent, each API message counted once."""

    # The session.
    sessionId: str
    # How many API messages were counted.
    apiMessages: int
    # Requests within them, whose own tokens leave them out.
    iterations: int
    # Web searches that the API made.
    webSearches: int
    # The tokens of all of these.
    tokens: TokenUsage
    # What all of it cost, in US dollars, as far as prices are known: tokens at the rates that the answers
    # name, and web searches. What no answer shows is not in it; see `reported`.
    cost: float
    # What has no known price, the most tokens first.
    unpriced: List[UnpricedModel]
    # The same by model, the costliest first.
    byModel: List[ModelActivity]
    # What the agent program itself says; None if it says nothing.
    reported: Optional[ReportedCost]


class SqlBlob(TypedDict):
    """Bytes, in hexadecimal digits."""

    # Two digits per byte.
    hex: str


class SqlColumn(TypedDict):
    """A column of an `SqlResult`."""

    # The name: that of `AS`, else SQLite's.
    name: str
    # The type that the table's column was declared with, such as `INTEGER`; empty for an expression.
    type: Optional[str]


class SqlOptions(TypedDict, total=False):
    """The bounds of an ad-hoc query; see `query`."""

    # How long it may take, from 1 ms to an hour; 5 s by default. `deadlineMs` in JSON.
    deadlineMs: int
    # How many rows the answer has at most, 1 to 1,000,000; 10,000 by default.
    maxRows: int
    # About how many bytes of memory the rows take at most, 1 to 2^30; 64 MiB by default.
    maxBytes: int


class SqlResult(TypedDict):
    """What a statement returned.

    Values are JSON: integers keep all of their 64 bits (a reader that knows doubles only, such as
    JavaScript, rounds beyond 2^53; select such a column as text), infinite numbers are the strings
    `Infinity` and `-Infinity`, a blob is `{"hex": "00ff"}`, and bytes of a text that are not UTF-8 become
    U+FFFD.
    """

    # The columns, in the order of the values.
    columns: List[SqlColumn]
    # The rows, each with one value per column.
    rows: List[List[SqlValue]]
    # Whether there were more rows than were requested, or than fit.
    isTruncated: bool


class Stats(TypedDict):
    """What is in the database."""

    # The database's path; `:memory:` in memory.
    path: str
    # Its schema number.
    schemaVersion: int
    # Bytes of the database file.
    databaseBytes: int
    # Bytes of its write-ahead log.
    walBytes: int
    # Bytes of the transcripts that it holds.
    transcriptBytes: int
    # Bytes of their compressed copies within the database.
    rawBytes: int
    # Projects.
    projects: int
    # Sessions.
    sessions: int
    # Transcripts.
    files: int
    # Those of them that have gone from the disk.
    filesMissing: int
    # Non-blank lines.
    lines: int
    # Messages, replays included, superseded generations and the request log not.
    messages: int
    # Lines of the request log: what the agent program noted of its requests to the API. They are kept, and
    # counted nowhere else.
    requestLog: int
    # Copies written by a resume, a fork or a compaction.
    replays: int
    # Lines that became no message.
    problems: int
    # Notes on messages.
    notes: int
    # Tokens spent, each API message counted once.
    tokens: TokenUsage


class SubscribeOptions(TypedDict, total=False):
    """What to subscribe to, and from where on; see `subscribe`."""

    # Patterns of topics; every topic if empty. Inside a pattern `*` is exactly one segment between colons,
    # `**` at its end is the rest, and `*` alone is everything: `session:*`, `session:*:changed`, `tool:**`.
    topics: Sequence[str]
    # The cursor of an item: the subscription starts exactly after it. `0` is the beginning of what is kept.
    # If None, it starts after the newest change that is committed at the time of the call. A cursor that is
    # ahead of the database, whose last commits a power failure has undone, counts as that of its newest
    # change.
    since: Optional[str]
    # One item for each message, instead of one for all that a transaction did to a session under a topic.
    expand: bool


class TestMessage(TypedDict, total=False):
    """A message for a test. It needs at least a `text`, a `thinking` or a `tool`; everything else may be left
    out.
    """

    # Who speaks; by default the assistant if there is a `thinking` or a `tool`, else the user.
    role: Optional[MessageRole]
    # What is said.
    text: Optional[str]
    # What the assistant thinks before.
    thinking: Optional[str]
    # The tool that the assistant calls, and what came of it.
    tool: Optional[TestTool]
    # When; by default one second after the message before, the first one on 2026-01-01 at 10:00 UTC.
    at: Optional[Timestamp]
    # The model of the assistant; `claude-sonnet-4-5` by default.
    model: Optional[str]
    # The tokens that the assistant read; with `outputTokens`, 0 each by default.
    inputTokens: Optional[int]
    # The tokens that the assistant wrote.
    outputTokens: Optional[int]


class TestSession(TypedDict, total=False):
    """A session for a test; see `testing.session`. Everything may be left out."""

    # Its id, of letters, digits, `-`, `_` and `.`; `test-session-1`, `test-session-2` and so on by default.
    # An id that was used before continues that session.
    id: Optional[str]
    # The absolute path of the folder that the session ran in; `/code/app` by default.
    project: Optional[str]
    # What was said, in order.
    messages: Sequence[TestMessage]


class TestSessionReport(TypedDict):
    """What `testing.session` made."""

    # The session.
    sessionId: str
    # Its project.
    projectId: str
    # The message of each entry of `messages`, in their order.
    messageIds: List[MessageId]
    # The tool calls, in their order.
    toolCalls: List[TestToolCall]
    # Messages that this call inserted: one for each entry, and one for each output of a tool.
    messagesIndexed: int


class _TestTool(TypedDict):
    # Its name, such as `Bash`. Required.
    name: str


class TestTool(_TestTool, total=False):
    """A tool call for a test."""

    # The input, an object; `{}` by default.
    input: Any
    # What the tool answered, which is a message of its own; if left out, the call has no result.
    output: Optional[str]
    # Whether it failed.
    isError: bool


class TestToolCall(TypedDict):
    """A tool call that `testing.session` made."""

    # Its id.
    toolUseId: str
    # The message that calls.
    messageId: MessageId
    # The message with the result; None for a call without output.
    resultId: Optional[MessageId]


class TextBlock(TypedDict):
    """A text, or the start of it."""

    # The text, cut as requested.
    text: str
    # How many bytes the whole text has, in UTF-8.
    bytes: int
    # Whether the text was cut.
    isTruncated: bool


class Todo(TypedDict):
    """One item of a todo list."""

    # What is to be done.
    content: Optional[str]
    # As the agent program names it, such as `pending`, `in_progress` or `completed`.
    status: Optional[str]
    # What it is called while it is being done.
    activeForm: Optional[str]


class TodoList(TypedDict):
    """A session's todo list, as it was written last, by itself or an agent."""

    # The session.
    sessionId: str
    # The message that wrote the list.
    messageId: MessageId
    # When it was written.
    updatedAt: Optional[Timestamp]
    # What is to be done, in the order of the list.
    items: List[Todo]


class TokenUsage(TypedDict):
    """Tokens of one API message, or a sum of them. Cache writes of 5 minutes and 1 hour are apart; both are
    part of `cacheCreationTokens`.
    """

    # Uncached input tokens.
    inputTokens: int
    # Output tokens, thinking included.
    outputTokens: int
    # Tokens read from the cache.
    cacheReadTokens: int
    # Tokens written to the cache, of both lifetimes.
    cacheCreationTokens: int
    # Those of them that live five minutes.
    cacheCreation5mTokens: int
    # Those of them that live one hour.
    cacheCreation1hTokens: int


class ToolActivity(TypedDict):
    """How often a tool was called."""

    # Its name.
    name: str
    # Calls of it.
    calls: int


class ToolCall(TypedDict):
    """A tool call, with its result."""

    # The id of the call, by which its result names it.
    id: str
    # The tool's name.
    name: str
    # The session that called it, itself or through an agent.
    sessionId: str
    # The agent that called it.
    agentId: Optional[str]
    # The message that calls it.
    messageId: MessageId
    # When it was called.
    timestamp: Optional[Timestamp]
    # The input, as JSON text; None if it was not asked for, or if the record has none.
    input: Optional[str]
    # The result; None while there is none.
    result: Optional[ToolResult]


class ToolCallBlock(TypedDict):
    """A tool call."""

    # The id by which its result names it.
    toolUseId: Optional[str]
    # The tool's name.
    name: Optional[str]
    # What the call is about, in one line: the most informative part of the input, such as a command or a
    # path, else the input itself. It is cut as the input is.
    summary: str
    # The input as JSON, as the record has it, cut as requested; empty if the record has none.
    input: str
    # How many bytes the whole input has.
    bytes: int
    # Whether the input was cut.
    isTruncated: bool


class ToolCallOptions(TypedDict, total=False):
    """How much of each tool call is returned."""

    # Also `input` and `output`, which are read from the stored records.
    includeText: bool


class ToolResult(TypedDict):
    """The result of a call."""

    # The message that contains it.
    messageId: MessageId
    # When it arrived.
    timestamp: Optional[Timestamp]
    # Whether the tool failed.
    isError: bool
    # The file in the session's `tool-results/` that has the whole output, if the record has only a part of
    # it.
    spill: Optional[str]
    # The output as the record has it, its texts joined by line ends, with `[image]` for an image; None if it
    # was not asked for.
    output: Optional[str]


class ToolResultBlock(TypedDict):
    """The result of a call."""

    # The id of the call.
    toolUseId: Optional[str]
    # Whether the tool failed.
    isError: bool
    # The output, its texts joined by line ends, with `[image]` for an image and without control sequences,
    # cut as requested.
    text: str
    # How many bytes the whole text has, in UTF-8.
    bytes: int
    # Whether the text was cut.
    isTruncated: bool
    # The file in the session's `tool-results/` that has the whole output, if the record has only a part of
    # it.
    spill: Optional[str]


class UnpricedModel(TypedDict):
    """What has no known price: it is in no cost."""

    # The model, spelled as the transcripts do; None for answers that name no model.
    model: Optional[str]
    # The rate of it that has no price, such as `priority`; None if the model has none at all.
    rate: Optional[str]
    # API messages of it.
    apiMessages: int
    # Requests of it within API messages, whose own tokens leave them out.
    iterations: int
    # Web searches.
    webSearches: int
    # The tokens of all of these.
    tokens: TokenUsage


class VectorModel(TypedDict):
    """What is stored of one model."""

    # Its name.
    name: str
    # How many numbers each of its vectors has.
    dimensions: int
    # Messages that have vectors of it.
    messages: int
    # Its vectors.
    vectors: int
    # Those of them whose messages have another text by now.
    stale: int


class _VectorPlace(TypedDict):
    # The message. Required.
    messageId: str


class VectorPlace(_VectorPlace, total=False):
    """What a vector represents."""

    # Distinguishes the vectors of one message; 0 by default.
    chunk: Optional[int]
    # The field of the searchable text that it represents; all of them by default.
    field: Optional[SearchField]
    # Where its piece begins, in UTF-16 code units of the text of `field`, or of all fields joined by line
    # ends; from the beginning by default.
    start: Optional[int]
    # Where its piece ends; at the end of the text by default.
    end: Optional[int]
    # What `vectors.pending` returned for the text that was embedded: if the message has another text by now,
    # the vector is stale at once. By default the vector is that of the text that the message has now.
    textHash: Optional[str]


class VectorQuery(TypedDict, total=False):
    """Which vectors to search for."""

    # The vector of the query. Required.
    vector: Sequence[float]
    # Whose vectors are searched; the only model with vectors by default.
    model: Optional[str]
    # Only vectors of these fields; every one if left out or empty. A vector without a field is of every
    # field.
    fields: Optional[Sequence[SearchField]]
    # Only this session.
    sessionId: Optional[str]
    # Only this project.
    projectId: Optional[str]
    # Only this agent's messages.
    agentId: Optional[str]
    # Only messages at or after this instant.
    since: Optional[Timestamp]
    # Only messages before this instant.
    until: Optional[Timestamp]
    # Also copies written by a resume, a fork or a compaction.
    includeReplays: bool
    # Also older generations of a file.
    includeSuperseded: bool
    # How many hits, 1 to 1,000; 20 by default.
    first: Optional[int]
    # Only hits after this cursor.
    after: Optional[str]


class Versions(TypedDict):
    """The versions of what is in this library: for bug reports."""

    # The version of han-native, such as `0.1.0`.
    library: str
    # The version of SQLite, such as `3.51.0`.
    sqlite: str
    # The number of the newest database schema that this version knows, and writes.
    schema: int


class WatchOptions(TypedDict, total=False):
    """How `watcher` watches."""

    # If None, `HAN_WATCH_MODE` (`native` or `poll`), else native.
    mode: Optional[WatchMode]
    # The time between two full scans; 30 s by default. `scanIntervalMs` in JSON.
    scanIntervalMs: int
    # The time between two looks at what is not watched natively; 5 s by default. `pollIntervalMs` in JSON.
    pollIntervalMs: int
    # The time between two attempts to watch natively while that fails; 60 s by default. `nativeRetryMs` in
    # JSON.
    nativeRetryMs: int


class WatcherStatus(TypedDict):
    """What the watcher does."""

    # Whether it watches.
    running: bool
    # How it watches, watched last, or would watch.
    mode: WatchMode
    # Why it cannot write at the moment, polls, polls in part, or stopped by itself; None if nothing is wrong.
    reason: Optional[str]
    # The config dirs.
    paths: List[str]


class BlockText(TypedDict):
    """Words of a person, of the model, or of the agent program."""

    type: Literal["text"]
    # The text, cut as requested.
    text: str
    # How many bytes the whole text has, in UTF-8.
    bytes: int
    # Whether the text was cut.
    isTruncated: bool


class BlockThinking(TypedDict):
    """Thoughts of the model."""

    type: Literal["thinking"]
    # The text, cut as requested.
    text: str
    # How many bytes the whole text has, in UTF-8.
    bytes: int
    # Whether the text was cut.
    isTruncated: bool


class BlockToolCall(TypedDict):
    """A tool call."""

    type: Literal["toolCall"]
    # The id by which its result names it.
    toolUseId: Optional[str]
    # The tool's name.
    name: Optional[str]
    # What the call is about, in one line: the most informative part of the input, such as a command or a
    # path, else the input itself. It is cut as the input is.
    summary: str
    # The input as JSON, as the record has it, cut as requested; empty if the record has none.
    input: str
    # How many bytes the whole input has.
    bytes: int
    # Whether the input was cut.
    isTruncated: bool


class BlockToolResult(TypedDict):
    """The result of a call."""

    type: Literal["toolResult"]
    # The id of the call.
    toolUseId: Optional[str]
    # Whether the tool failed.
    isError: bool
    # The output, its texts joined by line ends, with `[image]` for an image and without control sequences,
    # cut as requested.
    text: str
    # How many bytes the whole text has, in UTF-8.
    bytes: int
    # Whether the text was cut.
    isTruncated: bool
    # The file in the session's `tool-results/` that has the whole output, if the record has only a part of
    # it.
    spill: Optional[str]


class BlockImage(TypedDict):
    """An image."""

    type: Literal["image"]
    # The call in whose result it is; None for an image of the message itself.
    toolUseId: Optional[str]
    # Its media type, such as `image/png`; None if the record does not say it.
    mediaType: Optional[str]
    # How many bytes the image has; 0 if the record does not have its data.
    bytes: int


class BlockOther(TypedDict):
    """Anything else: a block of another type, or the text of a record that carries no API message."""

    type: Literal["other"]
    # The type of the content block, such as `document`, or `unknown` if it has none. Where the record carries
    # no API message, the type of the record.
    kind: str
    # The text, cut as requested; empty if there is none.
    text: str
    # How many bytes the whole text has, in UTF-8. Of a record that carries no API message at most 1 MiB are
    # looked at.
    bytes: int
    # Whether the text was cut.
    isTruncated: bool


# A content block of a message.
Block = Union[BlockText, BlockThinking, BlockToolCall, BlockToolResult, BlockImage, BlockOther]


class ChangeItem(TypedDict):
    """Something was committed."""

    # How many messages, if items are not expanded and the topic is one of messages.
    count: Optional[int]
    # The place of the item in the feed: a subscription with it as `since` starts exactly after it.
    cursor: str
    # The first of these messages; None if all of them are gone, copies or superseded by now.
    firstMessageId: Optional[MessageId]
    # The last of them.
    lastMessageId: Optional[MessageId]
    # The message, if items are expanded and the topic is one of messages.
    messageId: Optional[MessageId]
    # The session that it happened to; None for `leader:...`.
    sessionId: Optional[str]
    # When it was committed.
    time: Timestamp
    # What happened, such as `session:message:added`.
    topic: str
    type: Literal["change"]


# Changes after the subscriber's position are no longer kept; what comes next is after them.
ChangeGap = TypedDict(
    "ChangeGap",
    {
        # The cursor after the gap.
        "cursor": str,
        # The cursor that the subscriber had reached: the gap begins after it.
        "from": str,
        # The cursor of the last change that is no longer kept.
        "to": str,
        "type": Literal["gap"],
    },
)


# One item of the change feed. Distinguished by the field `type`: `change` or `gap`.
Change = Union[ChangeItem, ChangeGap]


class ForgetTargetSessionId(TypedDict):
    """One session, with its agents."""

    sessionId: str


class ForgetTargetProjectId(TypedDict):
    """Every session of a project."""

    projectId: str


class ForgetTargetBefore(TypedDict):
    """Every session whose last activity is before this instant."""

    before: Timestamp


# What is removed: one of these.
ForgetTarget = Union[ForgetTargetSessionId, ForgetTargetProjectId, ForgetTargetBefore]


class MessagePage(TypedDict):
    """One page of a list. Cursors are opaque and stay valid while the database lives."""

    # The items, in the order of the list whichever way it is paged.
    items: List[Message]
    # Whether the list goes on after the last item.
    hasNextPage: bool
    # Whether the list has items before the first one.
    hasPreviousPage: bool
    # The cursor of the first item; None on an empty page.
    startCursor: Optional[str]
    # The cursor of the last item; None on an empty page.
    endCursor: Optional[str]
    # How many items the whole list has; None if it was not asked for.
    totalCount: Optional[int]


class PendingMessagePage(TypedDict):
    """One page of a list. Cursors are opaque and stay valid while the database lives."""

    # The items, in the order of the list whichever way it is paged.
    items: List[PendingMessage]
    # Whether the list goes on after the last item.
    hasNextPage: bool
    # Whether the list has items before the first one.
    hasPreviousPage: bool
    # The cursor of the first item; None on an empty page.
    startCursor: Optional[str]
    # The cursor of the last item; None on an empty page.
    endCursor: Optional[str]
    # How many items the whole list has; None if it was not asked for.
    totalCount: Optional[int]


class ProblemPage(TypedDict):
    """One page of a list. Cursors are opaque and stay valid while the database lives."""

    # The items, in the order of the list whichever way it is paged.
    items: List[Problem]
    # Whether the list goes on after the last item.
    hasNextPage: bool
    # Whether the list has items before the first one.
    hasPreviousPage: bool
    # The cursor of the first item; None on an empty page.
    startCursor: Optional[str]
    # The cursor of the last item; None on an empty page.
    endCursor: Optional[str]
    # How many items the whole list has; None if it was not asked for.
    totalCount: Optional[int]


class SearchHitPage(TypedDict):
    """One page of a list. Cursors are opaque and stay valid while the database lives."""

    # The items, in the order of the list whichever way it is paged.
    items: List[SearchHit]
    # Whether the list goes on after the last item.
    hasNextPage: bool
    # Whether the list has items before the first one.
    hasPreviousPage: bool
    # The cursor of the first item; None on an empty page.
    startCursor: Optional[str]
    # The cursor of the last item; None on an empty page.
    endCursor: Optional[str]
    # How many items the whole list has; None if it was not asked for.
    totalCount: Optional[int]


class SessionPage(TypedDict):
    """One page of a list. Cursors are opaque and stay valid while the database lives."""

    # The items, in the order of the list whichever way it is paged.
    items: List[Session]
    # Whether the list goes on after the last item.
    hasNextPage: bool
    # Whether the list has items before the first one.
    hasPreviousPage: bool
    # The cursor of the first item; None on an empty page.
    startCursor: Optional[str]
    # The cursor of the last item; None on an empty page.
    endCursor: Optional[str]
    # How many items the whole list has; None if it was not asked for.
    totalCount: Optional[int]


class Coordinator:
    """The operations on who writes."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def try_acquire(self) -> bool:
        """Makes this handle lead, now or as soon as it can; returns whether it leads now."""
        return self._calls.call("coordinator.tryAcquire", {}, None)

    def release(self) -> bool:
        """Stops leading, and wanting to; returns whether it led until now."""
        return self._calls.call("coordinator.release", {}, None)

    def is_coordinator(self) -> bool:
        """Whether this handle leads. Reads nothing.

        Raises HanError: `HAN_CLOSED`.
        """
        return self._calls.call("coordinator.isCoordinator", {}, None)

    def status(self) -> CoordinatorStatus:
        """Who writes. A leader that has stopped inside a transaction is an issue, once that was noticed by a
        handle that wants to lead.

        Raises HanError: those of reading.
        """
        return self._calls.call("coordinator.status", {}, None)


class FileChanges:
    """The operations on file changes."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def get(self, session_ids: Sequence[str]) -> List[Optional[List[FileChange]]]:
        """Every change that each session and its agents made, in the order in which they were made.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("fileChanges.get", {"sessionIds": session_ids}, None)


class Files:
    """The operations on files."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def get(self, ids: Sequence[str]) -> List[Optional[SessionFile]]:
        """The files of these ids. Of two config dirs that hold the same path, the one whose file is still on the
        disk is meant.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("files.get", {"ids": ids}, None)

    def by_session(self, session_ids: Sequence[str]) -> List[Optional[List[SessionFile]]]:
        """The files of each session: the main file first, then by path.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("files.bySession", {"sessionIds": session_ids}, None)


class HookExecutions:
    """The operations on hooks."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def get(self, session_ids: Sequence[str]) -> List[Optional[List[HookExecution]]]:
        """Every hook that was run for each session and its agents, in the order of the records that report it.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("hookExecutions.get", {"sessionIds": session_ids}, None)


class Messages:
    """The operations on messages."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(self, options: MessageQuery) -> MessagePage:
        """A page of a session's messages, in the order of the file.

        Raises HanError: `HAN_INVALID_ARGUMENT` for a bad page or cursor. An unknown session is an empty page.
        """
        return self._calls.call("messages.list", {}, options)

    def get(self, ids: Sequence[str]) -> List[Optional[Message]]:
        """The messages of these ids, in their order; None for an unknown one.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("messages.get", {"ids": ids}, None)

    def raw(self, ids: Sequence[str]) -> List[Optional[str]]:
        """The records of these messages as text, with invalid UTF-8 replaced by U+FFFD.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("messages.raw", {"ids": ids}, None)

    def raw_bytes(self, ids: Sequence[str]) -> List[Optional[bytes]]:
        """The records of these messages, byte for byte.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("messages.rawBytes", {"ids": ids}, None, form="bytes")

    def blocks(self, ids: Sequence[str], options: Optional[BlockOptions] = None) -> List[Optional[MessageBlocks]]:
        """What these messages say, as typed content blocks, in the order of the ids; None for an unknown one. Each
        text is cut as asked for; the answer as a whole is not bounded.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids, and for `maxBytes` out of its range.
        """
        return self._calls.call("messages.blocks", {"ids": ids}, options)

    def count_batch(self, session_ids: Sequence[str]) -> Dict[str, int]:
        """How many messages `messages.list` would return for each session; 0 for an unknown one.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("messages.countBatch", {"sessionIds": session_ids}, None)

    def timestamps_batch(self, session_ids: Sequence[str]) -> List[Optional[MessageTimestamps]]:
        """How many messages each session has, and when the first and the last was written, in the order of the
        ids; None for an unknown one. Costs the same however long the sessions are.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("messages.timestampsBatch", {"sessionIds": session_ids}, None)


class Sessions:
    """The operations on sessions."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(self, options: Optional[SessionQuery] = None) -> SessionPage:
        """A page of sessions, the last active first if no other order is requested.

        Raises HanError: `HAN_INVALID_ARGUMENT` for a bad page, a cursor of another order, or a filter out of its range.
        """
        return self._calls.call("sessions.list", {}, options)

    def find(self, options: SessionFind) -> List[Session]:
        """The sessions whose ids start with a prefix, in the order of their ids (by code points); also those
        without a user or assistant line. Costs the same however many sessions there are.

        Raises HanError: `HAN_INVALID_ARGUMENT` for a limit out of its range.
        """
        return self._calls.call("sessions.find", {}, options)

    def get(self, ids: Sequence[str]) -> List[Optional[Session]]:
        """The sessions of these ids, in their order; None for an unknown one.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("sessions.get", {"ids": ids}, None)


class Summaries:
    """The operations on summaries."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def get(self, session_ids: Sequence[str]) -> List[Optional[List[SessionSummary]]]:
        """The summaries of each session, in the order in which they were written. One that names the last message
        that it sums up is a summary of each session that has this message, in whichever file it is.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("summaries.get", {"sessionIds": session_ids}, None)


class Tasks:
    """The operations on tasks."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def get(self, session_ids: Sequence[str]) -> List[Optional[List[NativeTask]]]:
        """The tasks of each session, by their ids.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("tasks.get", {"sessionIds": session_ids}, None)


class Testing:
    """The operations for tests."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def session(self, options: Optional[TestSession] = None) -> TestSessionReport:
        """Makes a session of a few messages and indexes it, so that a test needs to know nothing about
        transcripts. Ids and times are the same on each run, and no file is left. A session that was made before
        is continued.

        Raises HanError: `HAN_INVALID_ARGUMENT` for a database that is not in memory, a message that says nothing or what its
        role cannot say, an id or project that cannot be a file name, another project of a session that is
        continued, and a session that was forgotten.
        """
        return self._calls.call("testing.session", {}, options)


class Todos:
    """The operations on todo lists."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def get(self, session_ids: Sequence[str]) -> List[Optional[TodoList]]:
        """The list of each session as it was written last; None also if none was ever written.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("todos.get", {"sessionIds": session_ids}, None)


class ToolCalls:
    """The operations on tool calls."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def get(self, ids: Sequence[str], options: Optional[ToolCallOptions] = None) -> List[Optional[ToolCall]]:
        """The calls of these tool use ids, each with its result. An id that only a result names is unknown. With
        `includeText`, every record is read as well, which costs more than all the rest.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("toolCalls.get", {"ids": ids}, options)


class Usage:
    """The operations on token sums."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def by_session(self, session_ids: Sequence[str]) -> List[Optional[SessionUsage]]:
        """What each session and its agents spent: tokens and cost, in total and by model, and what the agent
        program itself says about it.

        Raises HanError: `HAN_INVALID_ARGUMENT` for more than 10,000 ids.
        """
        return self._calls.call("usage.bySession", {"sessionIds": session_ids}, None)


class Vectors:
    """The operations on vectors."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def models(self) -> List[VectorModel]:
        """Every model that has vectors, by name.

        Raises HanError: only those of reading.
        """
        return self._calls.call("vectors.models", {}, None)

    def pending(self, options: PendingQuery) -> PendingMessagePage:
        """A page of messages that have text but no vector of it, those whose text has changed since first, with
        their texts in pieces that embedders take. Copies and older generations need no vectors. The time it
        takes depends on the messages that came since vectors were last stored, not on all.

        Raises HanError: `HAN_INVALID_ARGUMENT` for a bad name, page or cursor.
        """
        return self._calls.call("vectors.pending", {}, options)

    def remove(self, model: str) -> RemoveVectorsReport:
        """Removes a model with all of its vectors. An embedder stays registered.

        Raises HanError: `HAN_NOT_FOUND` for a model without vectors; `HAN_LOCKED` and those of writing.
        """
        return self._calls.call("vectors.remove", {"model": model}, None)

    def embed_pending(
        self,
        model: str,
        options: Optional[EmbedOptions] = None,
        on_progress: Optional[Callable[[EmbedProgress], Any]] = None,
        cancellation: Optional[Cancellation] = None,
    ) -> EmbedReport:
        """Embeds what is `vectors.pending` for a model, with its registered embedder. Blocks; nothing is locked
        while the embedder works, and what is done is committed every 64 messages. If nothing is pending,
        nothing is written.

        Raises HanError: `HAN_NOT_FOUND` if no embedder is registered for the model; `HAN_EMBEDDER` with what it says;
        `HAN_CANCELLED`; those of `index`. What is committed stays, and a later call continues from there.
        """
        return self._calls.long("vectors.embedPending", {"model": model}, options, on_progress, cancellation)


class Watcher:
    """The operations on the watcher."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def start(self) -> None:
        """Begins to index transcripts as they are written, on a thread of its own (`han-watch`), beside which the
        system's events may need another. Blocks until the watches are set and everything that is there is
        indexed. Idempotent.

        A last line without an end is left until it has its end, or until two full scans found it the same.
        Files that cannot be read are logged. If nothing can be written for a while, as on a full disk, it tries
        again by itself, and loses nothing; the status says why.

        If another process begins to lead, it stops, and the status says so: at once if this handle has led
        until then, else when it has something to write. It continues by itself once this handle leads, or when
        it is started again.

        Raises HanError: `HAN_NOT_LEADER` if another process coordinates, `HAN_LOCKED`, `HAN_READ_ONLY`, `HAN_DISK_FULL`,
        `HAN_CLOSED`; `HAN_CANCELLED` if it was stopped meanwhile; `HAN_INVALID_ARGUMENT` for a bad
        `HAN_WATCH_MODE` and for an interval of 0. Then it does not run, or, if it had only stopped for another
        leader, waits as before. From within the log hook it changes nothing.
        """
        self._calls.call("watcher.start", {}, None)

    def stop(self) -> None:
        """Ends the watching. Blocks until the thread has ended, which may be waiting for another process that
        writes, up to the lock timeout; nothing is written afterwards. Idempotent, and a no-op if it does not
        run. From within the log hook it only begins to end it.
        """
        self._calls.call("watcher.stop", {}, None)

    def add_path(self, config_dir: Path) -> None:
        """Adds a config dir, which need not exist yet, to those of the handle: for the watcher, running or not,
        and for scans. One that is there already, perhaps by another name, counts once.

        Raises HanError: `HAN_INVALID_ARGUMENT` for a path that is not a directory; `HAN_CLOSED`.
        """
        self._calls.call("watcher.addPath", {"configDir": config_dir}, None)

    def remove_path(self, config_dir: Path) -> None:
        """Removes a config dir from those of the handle. What was indexed of it stays.

        Raises HanError: `HAN_NOT_FOUND` for one that the handle does not have; `HAN_CLOSED`.
        """
        self._calls.call("watcher.removePath", {"configDir": config_dir}, None)

    def status(self) -> WatcherStatus:
        """Whether it watches, and how. Never blocks for long."""
        return self._calls.call("watcher.status", {}, None)


class Operations:
    """The operations of a handle."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.coordinator = Coordinator(calls)
        self.file_changes = FileChanges(calls)
        self.files = Files(calls)
        self.hook_executions = HookExecutions(calls)
        self.messages = Messages(calls)
        self.sessions = Sessions(calls)
        self.summaries = Summaries(calls)
        self.tasks = Tasks(calls)
        self.testing = Testing(calls)
        self.todos = Todos(calls)
        self.tool_calls = ToolCalls(calls)
        self.usage = Usage(calls)
        self.vectors = Vectors(calls)
        self.watcher = Watcher(calls)

    def index_session_file(self, path: Path) -> IndexResult:
        """Indexes what is new in one session file, an unterminated last line included.

        Raises HanError: `HAN_NOT_FOUND`, `HAN_IS_DIRECTORY`, `HAN_PERMISSION`, `HAN_LOCKED`, `HAN_DISK_FULL`, `HAN_READ_ONLY`,
        `HAN_INVALID_ARGUMENT` for a file that is not a transcript.
        """
        return self._calls.call("indexSessionFile", {"path": path}, None)

    def scan(
        self,
        options: Optional[ScanOptions] = None,
        on_progress: Optional[Callable[[ScanProgress], Any]] = None,
        cancellation: Optional[Cancellation] = None,
    ) -> ScanReport:
        """Indexes what is new in every transcript, the newest file first. Files that cannot be read are listed in
        the report.

        Raises HanError: `HAN_CANCELLED`, `HAN_LOCKED`, `HAN_DISK_FULL`, `HAN_READ_ONLY`; `HAN_NOT_FOUND` for a path that was
        named and does not exist.
        """
        return self._calls.long("scan", {}, options, on_progress, cancellation)

    def rederive(self) -> RederiveReport:
        """Derives again, from the stored bytes, what older rules derived; a no-op if there is nothing to derive.

        Raises HanError: `HAN_LOCKED` and those of writing.
        """
        return self._calls.call("rederive", {}, None)

    def search(self, options: SearchQuery) -> SearchHitPage:
        """Searches messages by their words, by the nearness of their vectors, or by both.

        Whatever the mode, filters apply before anything is ranked, and each message is found once: by vectors
        it is ranked by its nearest one. In the modes `vector` and `hybrid` a query without a vector is embedded
        by the embedder of the model.

        Raises HanError: `HAN_INVALID_ARGUMENT`, also for a vector of other dimensions than the model's, and if neither a vector
        nor an embedder is at hand; `HAN_NOT_FOUND` for a model without vectors; `HAN_EMBEDDER`;
        `HAN_QUERY_SYNTAX` with `syntax: Fts5` only.
        """
        return self._calls.call("search", {}, options)

    def load_embedder(self, folder: Path, options: Optional[LoadEmbedderOptions] = None) -> EmbedderInfo:
        """Loads static embeddings in the format of model2vec (`tokenizer.json`, `model.safetensors`,
        `config.json`) from a local folder, and registers them as the embedder of `model`; if None, of a model
        named like the folder. Nothing is downloaded. They are held in memory, and work on the thread that
        calls. Needs the feature `static-embeddings`.

        Raises HanError: `HAN_NOT_FOUND` for a file that is missing; `HAN_INVALID_ARGUMENT` for a folder that has no such model.
        """
        return self._calls.call("loadEmbedder", {"folder": folder}, options)

    def dashboard(self, options: Optional[AnalyticsFilter] = None) -> Dashboard:
        """What was done on some days: sessions, messages, tokens, cost, changed lines, tools, hooks, agents; by
        model, by project, and the first and last sessions by cost and by messages. Read from sums: the time it
        takes depends on the days, not on the messages.

        Raises HanError: `HAN_INVALID_ARGUMENT` for a bad day or time zone, or an end before the beginning. An unknown project is
        an empty answer.
        """
        return self._calls.call("dashboard", {}, options)

    def activity(self, options: Optional[AnalyticsFilter] = None) -> Activity:
        """When something was done: by local day, and by hour of the clock.

        Raises HanError: those of `dashboard`.
        """
        return self._calls.call("activity", {}, options)

    def query_dashboard_aggregates(self, since: Optional[str] = None) -> Dashboard:
        """The `dashboard` of all projects from a day on, in the database's own time zone; of all time if None is
        passed.

        Raises HanError: those of `dashboard`.
        """
        return self._calls.call("queryDashboardAggregates", {"since": since}, None)

    def query(
        self,
        sql: str,
        parameters: Optional[SqlParameters] = None,
        options: Optional[SqlOptions] = None,
        cancellation: Optional[Cancellation] = None,
    ) -> SqlResult:
        """Answers one SQL statement that only reads: a `SELECT`, a `WITH` or a `VALUES`, or an `EXPLAIN` of one.

        It runs on connections of its own, sees one snapshot, and changes nothing: no other statements, pragmas
        or files. It ends at its deadline, and the answer at the number of rows and bytes, which it says.
        Blocks; not held up by writes. A database in memory is copied for it.

        Raises HanError: `HAN_QUERY_SYNTAX` with what SQLite says about the statement; `HAN_INVALID_ARGUMENT` for a statement
        that does not only read, for parameters that do not fit, for limits out of range, and when the deadline
        has passed; `HAN_CANCELLED`.
        """
        return self._calls.long("query", {"sql": sql, "parameters": parameters}, options, None, cancellation)

    def export_session(
        self,
        id: str,
        format: Optional[ExportFormat] = None,
        options: Optional[ExportOptions] = None,
    ) -> str:
        """A whole session as a document: one to read (Markdown, HTML) or JSON. It is held in memory; see
        `export_session_to` and `export_session_to_file` for large ones.

        Raises HanError: `HAN_NOT_FOUND` for an unknown session; `HAN_INVALID_ARGUMENT` for options out of range.
        """
        return self._calls.call("exportSession", {"id": id, "format": format}, options, form="text")

    def export_session_to(
        self,
        id: str,
        format: Optional[ExportFormat],
        write: Callable[[bytes], Any],
        options: Optional[ExportOptions] = None,
    ) -> None:
        """As `export_session`, written piece by piece in bounded memory, from one snapshot. Leaves a document that
        is incomplete if it fails. `write` is called on this thread and must not use this handle; it is flushed.

        Raises HanError: as there; and those of `write`: `HAN_IO`, `HAN_DISK_FULL`.
        """
        self._calls.stream("exportSessionTo", {"id": id, "format": format}, options, write)

    def export_session_to_file(
        self,
        id: str,
        format: ExportFormat,
        target_path: Path,
        options: Optional[ExportOptions] = None,
    ) -> None:
        """As `export_session`, written to a file that must not exist: it is there in full, for its owner only, or
        not at all. Takes bounded memory.

        Raises HanError: as there; `HAN_INVALID_ARGUMENT` for an existing target, `HAN_NOT_FOUND` for a folder that is missing,
        `HAN_PERMISSION`, `HAN_DISK_FULL`, `HAN_IO`.
        """
        self._calls.call("exportSessionToFile", {"id": id, "format": format, "targetPath": target_path}, options)

    def problems(self, options: Optional[ProblemFilter] = None) -> ProblemPage:
        """Lines that became no message, and notes on messages.

        Raises HanError: `HAN_INVALID_ARGUMENT` for a bad page or cursor.
        """
        return self._calls.call("problems", {}, options)

    def restore(self, source_path: Path, target_path: Path) -> None:
        """Writes a transcript back, byte for byte as it was last indexed. `source` is the path it was indexed
        from, absolute or below its config dir; `<path>~<generation>` names an older generation. The target must
        not exist.

        Raises HanError: `HAN_NOT_FOUND` for an unknown source; `HAN_INVALID_ARGUMENT` for an existing target; `HAN_DISK_FULL`,
        `HAN_PERMISSION`.
        """
        self._calls.call("restore", {"sourcePath": source_path, "targetPath": target_path}, None)

    def stats(self) -> Stats:
        """What is in the database.

        Raises HanError: only those of reading.
        """
        return self._calls.call("stats", {}, None)

    def doctor(self, options: Optional[DoctorOptions] = None) -> DoctorReport:
        """Checks the database, its search index, its sums and the stored bytes, and fixes them with `fix`.

        Raises HanError: `HAN_LOCKED` and those of writing, with `fix` only. Damage is a finding, no error.
        """
        return self._calls.call("doctor", {}, options)

    def forget(self, options: ForgetTarget) -> ForgetReport:
        """Removes sessions for good: their rows, bytes and search entries are overwritten, and no scan brings them
        back.

        Raises HanError: `HAN_NOT_FOUND` for an unknown session or project; `HAN_LOCKED` and those of writing.
        """
        return self._calls.call("forget", {}, options)

    def backup(self, path: Path) -> None:
        """Writes a consistent copy of the database, while it is in use. The target must not exist.

        Raises HanError: `HAN_INVALID_ARGUMENT` for an existing target; `HAN_DISK_FULL`, `HAN_PERMISSION`.
        """
        self._calls.call("backup", {"path": path}, None)


def versions() -> Versions:
    """The versions of this library, of the SQLite inside it and of the database schema that it writes."""
    return call_static("versions", {}, None)
