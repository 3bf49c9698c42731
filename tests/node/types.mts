// The types of the whole surface, checked by the compiler alone; nothing here runs.

import han, {
  Han, activity, backup, close, coordinator, dashboard, doctor, exportSession, exportSessionToFile, fileChanges, files, forget,
  hookExecutions, indexSessionFile, indexSessionFileSync, indexVectors, loadEmbedder, messages, onChange, problems,
  query, queryDashboardAggregates, rederive, registerEmbedder, restore, scan, search, searchVectors, sessions, stats,
  subscribe, summaries, tasks, todos, toolCalls, usage, vectors, watcher,
} from 'han-native';
import type {
  Activity, AgentSelection, AnalyticsFilter, Change, Coordinator, CoordinatorIssue, CoordinatorStatus, Dashboard,
  DoctorIssue, DoctorReport, EmbedOptions, EmbedReport, Embedder, EmbedderInfo, ErrorCode, ExportFormat, ExportOptions, FileChange, FileChanges, Files, ForgetReport,
  ForgetTarget, HanError, HookExecution, HookExecutions, IndexResult, IndexVectorsReport, LogRecord, MatchRange, MatchedBy, Message, MessageId,
  MessageQuery, MessageTimestamps, Messages, NativeTask, OpenOptions, Page, PendingMessage, Problem, ProblemFilter, ProblemKind,
  RederiveReport, RemoveVectorsReport, ScanError, ScanOptions, ScanProgress, ScanReport, SearchField, SearchHit, SearchMode, SearchOrder, SearchQuery,
  SearchSyntax, Session, SessionFile, SessionOrder, SessionQuery, SessionSummary, SessionUsage, Sessions, SqlColumn,
  SqlOptions, SqlParameters, SqlResult, SqlValue, Stats, SubscribeOptions, Subscription, Summaries, Tasks, Timestamp,
  Todo, TodoList, Todos, TokenUsage, ToolCall, ToolCallOptions, ToolCalls, ToolResult, Usage, VectorItems, VectorModel, VectorQuery, Vectors, WatchMode, WatchOptions,
  Watcher, WatcherStatus,
} from 'han-native';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

const mode: WatchMode = 'poll';
const watch: WatchOptions = { mode, scanIntervalMs: 1, pollIntervalMs: 1, nativeRetryMs: null };
const options: OpenOptions = {
  heartbeatIntervalMs: 100, staleAfterMs: 1000, watch,
  dataDir: '/tmp/a', dbPath: null, configDirs: [], readOnly: false, inMemory: true, lockTimeoutMs: 100, exclude: ['**/x'],
  timeZone: 'UTC', priceFile: null, log: ({ level, message }: LogRecord) => console.log(level.toUpperCase(), message),
};
const handle: Han = Han.open(options);
Han.open();

const indexed: IndexResult = await handle.indexSessionFile('a');
holds<Equal<keyof IndexResult, 'sessionId' | 'messagesIndexed' | 'totalMessages' | 'isNewSession' | 'problems' | 'notes'>>();
const same: IndexResult = handle.indexSessionFileSync(indexed.sessionId);

const scanOptions: ScanOptions = {
  paths: ['a'], onProgress: (progress: ScanProgress) => progress.bytesDone / progress.bytesTotal,
  signal: new AbortController().signal,
};
const report: ScanReport = await handle.scan(scanOptions);
const errors: ScanError[] = report.errors;
await handle.scan();

const list: SessionQuery = { first: 1, after: null, last: null, before: 'x', projectId: 'p', includeEmpty: true };
const sessionPage: Page<Session> = await handle.sessions.list(list);
const found: (Session | null)[] = await handle.sessions.get(['a']);
holds<Equal<Session['title'], string | null>>();
holds<Equal<Session['startedAt'], Timestamp | null>>();

const agents: AgentSelection = 'all';
const messageQuery: MessageQuery = {
  sessionId: 's', first: 1, after: sessionPage.endCursor, agentId: 'a', agents, includeReplays: true, includeSuperseded: false,
};
const page: Page<Message> = await handle.messages.list(messageQuery);
const message: Message | null | undefined = (await handle.messages.get(['id']))[0];
holds<Equal<Message['id'], MessageId>>();
holds<Equal<Message['tokens'], TokenUsage | null>>();
holds<Equal<Message['type'], string>>();
const raw: (string | null)[] = await handle.messages.raw(page.items.map(({ id }) => id));
const bytes: (Uint8Array | null)[] = await handle.messages.rawBytes([]);
const counts: Record<string, number> = await handle.messages.countBatch(['s']);

const [field, order, syntax]: [SearchField, SearchOrder, SearchSyntax] = ['toolOutput', 'newest', 'fts5'];
const searching: SearchQuery = { query: 'q', fields: [field, 'user'], order, syntax, since: '2026-01-01', until: null, first: 5 };
const hits: Page<SearchHit> = await handle.search(searching);
const searchMode: SearchMode = 'hybrid';
const near: VectorQuery = { vector: Float32Array.of(1, 2), model: null, fields: [field], first: 3 };
await handle.search({ query: 'q', mode: searchMode, model: 'm', vector: [1, 2] });
await handle.searchVectors(near);
holds<Equal<SearchHit['matchedBy'], MatchedBy>>();
holds<Equal<SearchHit['distance'], number | null>>();
const items: VectorItems = { model: 'm', items: [{ messageId: 'a', vector: Float32Array.of(1) }, { messageId: 'b', chunk: 1, field, vector: [1] }] };
const stored: IndexVectorsReport = await handle.indexVectors(items);
const embedder: Embedder = { model: 'm', dimensions: 1, embed: async (texts) => texts.map(() => Float32Array.of(1)) };
handle.registerEmbedder(embedder);
const loaded: EmbedderInfo = await handle.loadEmbedder('folder', { model: null });
const vectorGroup: Vectors = handle.vectors;
const models: VectorModel[] = await vectorGroup.models();
const removed: RemoveVectorsReport = await vectorGroup.remove('m');
const waiting: Page<PendingMessage> = await vectorGroup.pending({ model: 'm' });
const embedding: EmbedOptions = { limit: 1, onProgress: ({ messages, vectors }) => messages + vectors, signal: null };
const embedded: EmbedReport = await vectorGroup.embedPending('m', embedding);
const ranges: MatchRange[] | undefined = hits.items[0]?.matches;

const kind: ProblemKind = 'torn_tail';
const filter: ProblemFilter = { kinds: [kind], notes: false, path: 'p', sessionId: 's' };
const problemPage: Page<Problem> = await handle.problems(filter);
const nothing: void = await handle.restore('a', 'b');
const numbers: Stats = await handle.stats();
const health: DoctorReport = await handle.doctor({ fix: true });
const issues: DoctorIssue[] = health.issues;
const rederived: RederiveReport = await handle.rederive();
const target: ForgetTarget = { before: '2026-01-01' };
const forgotten: ForgetReport = await handle.forget(target);
await handle.backup('copy');

const orderOfSessions: SessionOrder = 'longest';
const total: number | null = (await handle.sessions.list({ order: orderOfSessions, withTotal: true })).totalCount;
declare const times: MessageTimestamps;
const someFiles: (SessionFile | null)[] = await handle.files.get(['f']);
const filesOf: (SessionFile[] | null)[] = await handle.files.bySession(['s']);
const withText: ToolCallOptions = { includeText: true };
const calls: (ToolCall | null)[] = await handle.toolCalls.get(['t'], withText);
holds<Equal<ToolCall['result'], ToolResult | null>>();
const lists: (TodoList | null)[] = await handle.todos.get(['s']);
holds<Equal<TodoList['items'], Todo[]>>();
const taskLists: (NativeTask[] | null)[] = await handle.tasks.get(['s']);
const edits: (FileChange[] | null)[] = await handle.fileChanges.get(['s']);
const hooks: (HookExecution[] | null)[] = await handle.hookExecutions.get(['s']);
const sums: (SessionSummary[] | null)[] = await handle.summaries.get(['s']);
const spent: (SessionUsage | null)[] = await handle.usage.bySession(['s']);
const days: AnalyticsFilter = { since: '2026-01-01', until: null, timeZone: 'UTC', projectId: 'p' };
const board: Dashboard = await handle.dashboard(days);
const sameBoard: Dashboard = await handle.queryDashboardAggregates('2026-01-01');
const active: Activity = await handle.activity();
const named: SqlParameters = { id: 's' };
const bounds: SqlOptions = { deadlineMs: 1, maxRows: 1, maxBytes: 1, signal: new AbortController().signal };
const answer: SqlResult = await handle.query('SELECT :id', named, bounds);
const cell: SqlValue | undefined = answer.rows[0]?.[0];
const columns: SqlColumn[] = answer.columns;
const format: ExportFormat = 'html';
const chosen: ExportOptions = { includeAgents: false, includeRaw: true, maxTextBytes: 100 };
const document: string = await handle.exportSession('s', format, chosen);
const exported: void = await handle.exportSessionToFile('s', format, 'path', chosen);

const leads: boolean = handle.coordinator.tryAcquire() && handle.coordinator.isCoordinator() && handle.coordinator.release();
const leading: CoordinatorStatus = handle.coordinator.status();
const leaderIssues: CoordinatorIssue[] = leading.issues;
holds<Equal<CoordinatorStatus['pid'], number | null>>();
const started: void = await handle.watcher.start();
handle.watcher.addPath('a');
handle.watcher.removePath('a');
const watched: WatcherStatus = handle.watcher.status();
holds<Equal<WatcherStatus['mode'], 'native' | 'poll'>>();
await handle.watcher.stop();

const follow: SubscribeOptions = { topics: ['session:*'], since: '0', expand: true, signal: new AbortController().signal };
const changes: AsyncIterable<Change> = handle.subscribe(follow);
for await (const change of changes) {
  if (change.type === 'gap') console.log(change.cursor, change.from, change.to);
  else console.log(change.cursor, change.topic, change.time, change.sessionId?.length, change.messageId?.length, change.count);
}
const subscription: Subscription = handle.subscribe();
const next: IteratorResult<Change, undefined> = await subscription.next();
await subscription.return();
handle.onChange(follow, (change: Change) => console.log(change.cursor)).close();
await handle.close();

const flat: [Sessions, Messages, Coordinator, Watcher] = [sessions, messages, coordinator, watcher];
const flatToo: [Files, ToolCalls, Todos, Tasks] = [files, toolCalls, todos, tasks];
const andThese: [FileChanges, HookExecutions, Summaries, Usage] = [fileChanges, hookExecutions, summaries, usage];
subscribe(follow);
onChange(null, () => {}).close();
await Promise.all([
  indexSessionFile('a'), scan(), search({ query: 'a' }), problems(), restore('a', 'b'), stats(), doctor(), rederive(),
  dashboard(), activity(), queryDashboardAggregates(), query('SELECT 1'), exportSession('s'),
  exportSessionToFile('s', 'json', 'path'),
  forget({ sessionId: 'a' }), backup('b'), close(), han.stats(),
]);
indexSessionFileSync('a');

const isClosed = (error: HanError): boolean => error.code === 'HAN_CLOSED';
const code: ErrorCode = 'HAN_IO';

// What must not compile.
// @ts-expect-error a handle is made by open
new Han();
// @ts-expect-error an unknown option
Han.open({ datadir: 'x' });
// @ts-expect-error the session is required
handle.messages.list({});
// @ts-expect-error an unknown field
handle.search({ query: 'a', fields: ['body'] });
// @ts-expect-error exactly one target
handle.forget({ sessionId: 'a', projectId: 'b' });
// @ts-expect-error a time is a string
handle.search({ query: 'a', since: new Date() });

// @ts-expect-error an unknown way to watch
Han.open({ watch: { mode: 'often' } });
// @ts-expect-error topics are a list
handle.subscribe({ topics: 'session:*' });
// @ts-expect-error a callback is required
handle.onChange({});

export {
  total, times, someFiles, filesOf, calls, lists, taskLists, edits, hooks, sums, spent, board, sameBoard, active, cell, columns,
  document, exported, flatToo, andThese,
  leads, leaderIssues, started, watched, next, same, errors, found, message, raw, bytes, counts, ranges, problemPage, nothing, numbers, issues, rederived, forgotten, flat,
  isClosed, code, stored, loaded, models, removed, waiting, embedded,
};
