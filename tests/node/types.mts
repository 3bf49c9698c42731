// The types of the whole surface, checked by the compiler alone; nothing of this runs.

import han, { Han, backup, close, doctor, forget, indexSessionFile, indexSessionFileSync, messages } from 'han-native';
import { problems, rederive, restore, scan, search, sessions, stats } from 'han-native';
import type {
  AgentSelection, DoctorIssue, DoctorReport, ErrorCode, ForgetReport, ForgetTarget, HanError, IndexResult, LogRecord,
  MatchRange, Message, MessageId, MessageQuery, Messages, OpenOptions, Page, Problem, ProblemFilter, ProblemKind,
  RederiveReport, ScanError, ScanOptions, ScanProgress, ScanReport, SearchField, SearchHit, SearchOrder, SearchQuery,
  SearchSyntax, Session, SessionQuery, Sessions, Stats, Timestamp, TokenUsage,
} from 'han-native';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

const options: OpenOptions = {
  dataDir: '/tmp/a', dbPath: null, configDirs: [], readOnly: false, inMemory: true, lockTimeoutMs: 100, exclude: ['**/x'],
  timeZone: 'UTC', log: ({ level, message }: LogRecord) => console.log(level.toUpperCase(), message),
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
const bytes: (Buffer | null)[] = await handle.messages.rawBytes([]);
const counts: Record<string, number> = await handle.messages.countBatch(['s']);

const [field, order, syntax]: [SearchField, SearchOrder, SearchSyntax] = ['toolOutput', 'newest', 'fts5'];
const query: SearchQuery = { query: 'q', fields: [field, 'user'], order, syntax, since: '2026-01-01', until: null, first: 5 };
const hits: Page<SearchHit> = await handle.search(query);
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
await handle.close();

const flat: [Sessions, Messages] = [sessions, messages];
await Promise.all([
  indexSessionFile('a'), scan(), search({ query: 'a' }), problems(), restore('a', 'b'), stats(), doctor(), rederive(),
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

export {
  same, errors, found, message, raw, bytes, counts, ranges, problemPage, nothing, numbers, issues, rederived, forgotten, flat,
  isClosed, code,
};
