'use strict';

// Every function refuses bad input with an `Error` that has a code and names what is wrong; a closed handle refuses everything.

const assert = require('node:assert/strict');
const { chmodSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const test = require('node:test');
const { Han } = require('han-native');
const { SESSION, configDir, inFolder } = require('./fixtures.cjs');

/** Asserts that `call` throws or rejects with an error of this code whose message matches. */
async function refused(call, code, message = /./) {
  let result;
  try {
    result = await call();
  } catch (error) {
    assert.ok(error instanceof Error, `no Error: ${error}`);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return;
  }
  assert.fail(`was not refused: ${JSON.stringify(result)}`);
}

/** Runs `body` with a handle in memory. */
async function withHandle(body) {
  const han = Han.open({ inMemory: true, configDirs: [] });
  try {
    await body(han);
  } finally {
    await han.close();
  }
}

/** The operations that take a list of ids first. */
const BY_IDS = JSON.parse(readFileSync(join(__dirname, '../../han-ffi/src/operations.json'), 'utf8')).operations.filter(
  ({ leading }) => /^(sessionI|i)ds$/.test(leading[0]),
);
const at = (han, name) => name.split('.').reduce((target, member) => target[member], han);

// One call of each function with a bad argument, and what the message must name.
const BAD_CALLS = [
  ['indexSessionFile', (han) => han.indexSessionFile(), /path/],
  ['indexSessionFile', (han) => han.indexSessionFile(5), /path/],
  ['indexSessionFileSync', (han) => han.indexSessionFileSync({}), /path/],
  ['scan', (han) => han.scan('folder'), /options/],
  ['scan', (han) => han.scan({ path: '/tmp' }), /path/],
  ['scan', (han) => han.scan({ paths: '/tmp' }), /paths/],
  ['scan', (han) => han.scan({ onProgress: 5 }), /onProgress/],
  ['scan', (han) => han.scan({ signal: true }), /signal/],
  ['sessions.list', (han) => han.sessions.list({ first: 'ten' }), /first/],
  ['sessions.list', (han) => han.sessions.list({ first: 1.5 }), /first/],
  ['sessions.list', (han) => han.sessions.list({ first: Infinity }), /first/],
  ['sessions.list', (han) => han.sessions.list({ first: 0 }), /first/],
  ['sessions.list', (han) => han.sessions.list({ last: 10_001 }), /last/],
  ['sessions.list', (han) => han.sessions.list({ first: 1, last: 1 }), /first|last/],
  ['sessions.list', (han) => han.sessions.list({ after: 'no cursor' }), /after|cursor/],
  ['sessions.list', (han) => han.sessions.list({ project: 'x' }), /project/],
  ['sessions.get', (han) => han.sessions.get('id'), /ids/],
  ['sessions.get', (han) => han.sessions.get(Array(10_001).fill('x')), /ids/],
  ['messages.list', (han) => han.messages.list(), /sessionId/],
  ['messages.list', (han) => han.messages.list({ sessionId: 7 }), /sessionId/],
  ['messages.list', (han) => han.messages.list({ sessionId: SESSION, agents: 'some' }), /agents/],
  ['messages.get', (han) => han.messages.get(['a', 5]), /ids\[1\]/],
  ['messages.raw', (han) => han.messages.raw(), /ids/],
  ['messages.rawBytes', (han) => han.messages.rawBytes([null]), /ids\[0\]/],
  ['messages.countBatch', (han) => han.messages.countBatch({}), /sessionIds/],
  ...BY_IDS.map(({ name, leading: [ids] }) => [name, (han) => at(han, name)([1]), new RegExp(`${ids}\\[0\\]`)]),
  ['files.get', (han) => han.files.get('id'), /ids/],
  ['files.bySession', (han) => han.files.bySession(), /sessionIds/],
  ['toolCalls.get', (han) => han.toolCalls.get({}), /ids/],
  ['toolCalls.get', (han) => han.toolCalls.get([], { text: true }), /text/],
  ['todos.get', (han) => han.todos.get('id'), /sessionIds/],
  ['tasks.get', (han) => han.tasks.get([{}]), /sessionIds\[0\]/],
  ['fileChanges.get', (han) => han.fileChanges.get(5), /sessionIds/],
  ['hookExecutions.get', (han) => han.hookExecutions.get(null), /sessionIds/],
  ['summaries.get', (han) => han.summaries.get(['a', 5]), /sessionIds\[1\]/],
  ['usage.bySession', (han) => han.usage.bySession(true), /sessionIds/],
  ['dashboard', (han) => han.dashboard({ from: '2026-01-01' }), /from/],
  ['activity', (han) => han.activity('2026-01-01'), /options/],
  ['exportSession', (han) => han.exportSession(), /id/],
  ['exportSessionToFile', (han) => han.exportSessionToFile('id', 'html'), /targetPath/],
  ['search', (han) => han.search(), /query/],
  ['search', (han) => han.search({ query: ['a'] }), /query/],
  ['search', (han) => han.search({ query: 'a', fields: ['user', 'body'] }), /fields\[1\].*body/],
  ['search', (han) => han.search({ query: 'a', order: 'oldest' }), /order/],
  ['search', (han) => han.search({ query: 'a', since: 'yesterday' }), /since.*yesterday/],
  ['search', (han) => han.search({ query: 'a', until: new Date() }), /until/],
  ['search', (han) => han.search({ query: 'a', first: 10n }), /first/],
  ['search', (han) => han.search({ query: 'a', first: 1001 }), /first/],
  ['problems', (han) => han.problems({ kinds: ['bad'] }), /kinds\[0\]/],
  ['problems', (han) => han.problems({ notes: 'yes' }), /notes/],
  ['restore', (han) => han.restore('source'), /targetPath/],
  ['restore', (han) => han.restore(undefined, 'target'), /sourcePath/],
  ['doctor', (han) => han.doctor({ fix: 1 }), /fix/],
  ['doctor', (han) => han.doctor({ repair: true }), /repair/],
  ['forget', (han) => han.forget(), /exactly one/],
  ['forget', (han) => han.forget({ sessionId: 'a', projectId: 'b' }), /exactly one/],
  ['forget', (han) => han.forget({ before: 'soon' }), /before.*soon/],
  ['backup', (han) => han.backup(), /path/],
  ['open', () => Han.open('folder'), /options/],
  ['open', () => Han.open({ datadir: '/tmp' }), /datadir/],
  ['open', () => Han.open({ readOnly: 'no' }), /readOnly/],
  ['subscribe', (han) => han.subscribe('topics'), /options/],
  ['subscribe', (han) => han.subscribe({ topic: 'x' }), /topic/],
  ['subscribe', (han) => han.subscribe({ topics: 'session:*' }), /topics/],
  ['subscribe', (han) => han.subscribe({ topics: ['session:**:added'] }), /session:\*\*:added/],
  ['subscribe', (han) => han.subscribe({ since: 5 }), /since/],
  ['subscribe', (han) => han.subscribe({ since: 'yesterday' }), /yesterday/],
  ['subscribe', (han) => han.subscribe({ expand: 'yes' }), /expand/],
  ['subscribe', (han) => han.subscribe({ signal: {} }), /signal/],
  ['onChange', (han) => han.onChange({}), /callback/],
  ['onChange', (han) => han.onChange(() => {}), /callback/],
  ['onChange', (han) => han.onChange({ topics: [''] }, () => {}), /topics/],
  ['watcher.addPath', (han) => han.watcher.addPath(), /configDir/],
  ['watcher.addPath', (han) => han.watcher.addPath(7), /configDir/],
  ['watcher.removePath', (han) => han.watcher.removePath([]), /configDir/],
  ['open', () => Han.open({ watch: 'poll' }), /watch/],
  ['open', () => Han.open({ watch: { mode: 'often' } }), /watch\.mode.*often/],
  ['open', () => Han.open({ watch: { interval: 5 } }), /watch.*interval/],
  ['open', () => Han.open({ inMemory: true, heartbeatIntervalMs: 0 }), /heartbeatIntervalMs/],
  ['open', () => Han.open({ inMemory: true, heartbeatIntervalMs: 100, staleAfterMs: 150 }), /staleAfterMs/],
  ['open', () => Han.open({ log: {} }), /log/],
  ['open', () => Han.open({ inMemory: true, timeZone: 'Mars/Olympus' }), /timeZone|Mars/],
  ['new', () => new Han({}), /Han\.open/],
];

for (const [name, call, message] of BAD_CALLS) {
  test(`${name} refuses ${call.toString().replace(/^.*?=> /, '')}`, () =>
    withHandle((han) => refused(() => call(han), 'HAN_INVALID_ARGUMENT', message)));
}

test('a cyclic argument is refused', () =>
  withHandle(async (han) => {
    const query = { query: 'a' };
    query.self = query;
    await refused(() => han.search(query), 'HAN_INVALID_ARGUMENT');
  }));

test('what does not exist is HAN_NOT_FOUND', () =>
  inFolder((folder) =>
    withHandle(async (han) => {
      const missing = join(folder, 'missing');
      await refused(() => han.indexSessionFile(missing), 'HAN_NOT_FOUND', /missing/);
      await refused(() => han.indexSessionFileSync(missing), 'HAN_NOT_FOUND', /missing/);
      await refused(() => han.scan({ paths: [missing] }), 'HAN_NOT_FOUND', /missing/);
      await refused(() => han.restore(missing, join(folder, 'target')), 'HAN_NOT_FOUND', /missing/);
      await refused(() => han.forget({ sessionId: 'none' }), 'HAN_NOT_FOUND', /none/);
      await refused(() => han.forget({ projectId: 'none' }), 'HAN_NOT_FOUND', /none/);
      await refused(() => Han.open({ dbPath: missing, readOnly: true }), 'HAN_NOT_FOUND', /missing/);
    })));

test('a folder for a file, a taken target, a bad expression and a foreign file have their codes', () =>
  inFolder((folder) =>
    withHandle(async (han) => {
      const { main } = configDir(folder);
      await refused(() => han.indexSessionFile(folder), 'HAN_IS_DIRECTORY');
      await han.indexSessionFile(main);
      await refused(() => han.restore(main, main), 'HAN_INVALID_ARGUMENT');
      await refused(() => han.backup(main), 'HAN_INVALID_ARGUMENT');
      await refused(() => han.search({ query: 'AND AND', syntax: 'fts5' }), 'HAN_QUERY_SYNTAX');
      const foreign = join(folder, 'foreign.db');
      writeFileSync(foreign, 'this is no database at all\n'.repeat(100), { mode: 0o600 });
      await refused(() => Han.open({ dbPath: foreign }), 'HAN_FOREIGN_DATABASE', /foreign\.db/);
      assert.ok(readFileSync(foreign, 'utf8').startsWith('this is no database'));
    })));

test('a data folder that others may write to is refused with the fix', () =>
  inFolder(async (folder) => {
    const dataDir = join(folder, 'open');
    mkdirSync(dataDir);
    chmodSync(dataDir, 0o777);
    await refused(() => Han.open({ dataDir, configDirs: [] }), 'HAN_INSECURE_PERMISSIONS', /chmod/);
  }));

test('a read-only handle refuses to write', () =>
  inFolder(async (folder) => {
    const { main } = configDir(folder);
    const dataDir = join(folder, 'data');
    await Han.open({ dataDir, configDirs: [] }).close();
    const han = Han.open({ dataDir, configDirs: [], readOnly: true });
    await refused(() => han.indexSessionFile(main), 'HAN_READ_ONLY');
    await refused(() => han.scan({ paths: [main] }), 'HAN_READ_ONLY');
    await refused(() => han.coordinator.tryAcquire(), 'HAN_READ_ONLY');
    await refused(() => han.watcher.start(), 'HAN_READ_ONLY');
    await han.subscribe().return();
    await han.close();
  }));

test('an error states what is wrong, and its advice says what a program in JavaScript can do', async () => {
  const han = Han.open({ inMemory: true, configDirs: [] });
  const caught = async (call) => {
    try {
      await call();
    } catch (error) {
      return error;
    }
    assert.fail('it was not refused');
  };
  const syntax = await caught(() => han.search({ query: '"', syntax: 'fts5' }));
  assert.equal(syntax.code, 'HAN_QUERY_SYNTAX');
  assert.match(syntax.advice, /syntax: 'fts5'/);
  await han.close();
  for (const closed of [await caught(() => han.stats()), await caught(() => han.indexSessionFileSync('x'))]) {
    assert.match(closed.advice, /Han\.open/);
    assert.doesNotMatch(closed.message, /Han\.open/);
  }
});

test('after close everything is HAN_CLOSED, at once, and close may be called again', async () => {
  const han = Han.open({ inMemory: true, configDirs: [] });
  const closing = han.close();
  const calls = [
    () => han.indexSessionFile('x'),
    () => han.indexSessionFileSync('x'),
    () => han.scan(),
    () => han.sessions.list(),
    () => han.sessions.get([]),
    () => han.messages.list({ sessionId: 'x' }),
    () => han.messages.get([]),
    () => han.messages.raw([]),
    () => han.messages.rawBytes([]),
    () => han.messages.countBatch([]),
    () => han.search({ query: 'x' }),
    () => han.problems(),
    () => han.restore('a', 'b'),
    () => han.stats(),
    () => han.doctor(),
    () => han.rederive(),
    () => han.forget({ sessionId: 'x' }),
    () => han.backup('x'),
    ...BY_IDS.map(({ name }) => () => at(han, name)([])),
    () => han.files.get([]),
    () => han.files.bySession([]),
    () => han.toolCalls.get([]),
    () => han.todos.get([]),
    () => han.tasks.get([]),
    () => han.fileChanges.get([]),
    () => han.hookExecutions.get([]),
    () => han.summaries.get([]),
    () => han.usage.bySession([]),
    () => han.dashboard(),
    () => han.activity(),
    () => han.queryDashboardAggregates(),
    () => han.query('SELECT 1'),
    () => han.exportSession('x'),
    () => han.coordinator.tryAcquire(),
    () => han.coordinator.release(),
    () => han.coordinator.isCoordinator(),
    () => han.coordinator.status(),
    () => han.watcher.start(),
    () => han.watcher.stop(),
    () => han.watcher.addPath('x'),
    () => han.watcher.removePath('x'),
    () => han.watcher.status(),
    () => han.subscribe(),
    () => han.onChange({}, () => {}),
  ];
  for (const call of calls) await refused(call, 'HAN_CLOSED');
  await closing;
  for (const call of calls) await refused(call, 'HAN_CLOSED');
  await han.close();
});

test('the codes in index.d.ts are those of the core', () => {
  const codes = (path) => readFileSync(join(__dirname, path), 'utf8').match(/(?<=['"])HAN_[A-Z_]+(?=['"])/g).sort();
  const core = codes('../../han-native/src/error.rs');
  assert.deepEqual([...new Set(codes('../../bindings/index.d.ts'))], core);
});
