'use strict';

// Lookups by many ids, sums, ad-hoc SQL and exports.

const assert = require('node:assert/strict');
const { appendFileSync, readFileSync, readdirSync, statSync } = require('node:fs');
const { join } = require('node:path');
const test = require('node:test');
const { Han } = require('han-native');
const fixtures = require('./fixtures.cjs');
const { PROJECT, SECOND_SESSION, SESSION, assistant, configDir, envelope, inFolder, jsonl, soon, user } = fixtures;

const IDS = [SESSION, 'unknown', SECOND_SESSION, SESSION];

const result = (session, number, id, toolUseResult) =>
  user(session, number, [{ type: 'tool_result', tool_use_id: id, content: 'done' }], { toolUseResult });

/** A todo list, a task, a new file, a hook and a summary. */
const WORK = [
  assistant(SESSION, 10, { type: 'tool_use', id: 'toolu_10', name: 'TodoWrite', input: {
    todos: [{ content: 'Round once', status: 'in_progress', activeForm: 'Rounding once' }],
  } }, 5),
  assistant(SESSION, 11, { type: 'tool_use', id: 'toolu_11', name: 'TaskCreate', input: {
    subject: 'Release', description: 'Tag it', activeForm: 'Releasing',
  } }, 6),
  result(SESSION, 12, 'toolu_11', { task: { id: '1', subject: 'Release' } }),
  assistant(SESSION, 13, { type: 'tool_use', id: 'toolu_13', name: 'Write', input: { file_path: '/srv/a.md', content: 'a\nb\n' } }, 7),
  result(SESSION, 14, 'toolu_13', { type: 'create', filePath: '/srv/a.md', content: 'a\nb\n', structuredPatch: [] }),
  envelope(SESSION, 15, { type: 'system', subtype: 'stop_hook_summary', hookInfos: [{ command: 'lint', durationMs: 12 }] }),
  { type: 'summary', summary: 'Rounding is fixed', leafUuid: `${SESSION.slice(0, 24)}${(15).toString(16).padStart(12, '0')}` },
];

/** Runs `body` with a handle over a scanned config dir in which something was done. */
const withWork = (body) =>
  inFolder(async (folder) => {
    const files = configDir(folder);
    appendFileSync(files.main, jsonl(WORK));
    const han = Han.open({ dataDir: join(folder, 'data'), configDirs: [files.path], timeZone: 'UTC' });
    try {
      await han.scan();
      await body(han, files, folder);
    } finally {
      await han.close();
    }
  });

test('each group answers each id in its place, and null for an unknown one', () =>
  withWork(async (han) => {
    const groups = [
      han.files.bySession, han.tasks.get, han.fileChanges.get, han.hookExecutions.get, han.summaries.get, han.usage.bySession,
    ];
    for (const look of groups) {
      const [first, unknown, other, again] = await look(IDS);
      assert.deepEqual(again, first);
      assert.equal(unknown, null);
      assert.notEqual(other, null);
      assert.deepEqual(await look([]), []);
      await assert.rejects(look(Array(10_001).fill('x')), { code: 'HAN_INVALID_ARGUMENT' });
    }
    assert.deepEqual((await han.todos.get(IDS)).map((list) => list && list.items.length), [1, null, null, 1]);
  }));

test('files, tool calls and state are returned', () =>
  withWork(async (han, { main }) => {
    const [files] = await han.files.bySession([SESSION]);
    assert.deepEqual(files.map(({ kind, agentId }) => [kind, agentId]), [['main', null], ['agent', 'a1b2c3d']]);
    const got = await han.files.get([files[1].id, 'unknown', files[0].id]);
    assert.deepEqual(got, [files[1], null, files[0]]);
    assert.equal(files[0].size, readFileSync(main).length);

    const calls = await han.toolCalls.get(['toolu_01', 'unknown', 'toolu_10']);
    assert.deepEqual(calls.map((call) => call && [call.name, call.input, call.result?.isError]), [
      ['Bash', null, true], null, ['TodoWrite', null, undefined],
    ]);
    const [call] = await han.toolCalls.get(['toolu_01'], { includeText: true });
    assert.deepEqual(JSON.parse(call.input), { command: 'npm test -- checkout' });
    assert.equal(call.result.output, 'AssertionError: rounding');

    const [todos] = await han.todos.get([SESSION]);
    assert.deepEqual(todos.items, [{ content: 'Round once', status: 'in_progress', activeForm: 'Rounding once' }]);
    const [[task]] = await han.tasks.get([SESSION]);
    assert.deepEqual([task.id, task.subject, task.activeForm, task.blockedBy], ['1', 'Release', 'Releasing', []]);
    const [[change]] = await han.fileChanges.get([SESSION]);
    assert.deepEqual([change.path, change.action, change.linesAdded, change.tool], ['/srv/a.md', 'create', 2, 'Write']);
    const [[hook]] = await han.hookExecutions.get([SESSION]);
    assert.deepEqual([hook.event, hook.command, hook.durationMs, hook.isError], ['Stop', 'lint', 12, false]);
    const [[summary]] = await han.summaries.get([SESSION]);
    assert.equal(summary.text, 'Rounding is fixed');
    const [usage] = await han.usage.bySession([SESSION]);
    assert.equal(usage.tokens.outputTokens, 12 + 40 + 25 + 7 + 5 + 6 + 7);
    assert.deepEqual(usage.byModel.map(({ model }) => model), ['claude-sonnet-4-5']);
  }));

test('lists are filtered and counted', () =>
  withWork(async (han) => {
    const page = await han.sessions.list({ first: 1, withTotal: true, gitBranch: 'main', order: 'longest' });
    assert.deepEqual([page.items[0].id, page.totalCount], [SESSION, 2]);
    assert.equal((await han.sessions.list({ first: 1 })).totalCount, null);
    assert.equal((await han.sessions.list({ model: 'claude-sonnet-4-5' })).items.length, 1);
    assert.equal((await han.sessions.list({ gitBranch: 'other' })).items.length, 0);
    await assert.rejects(han.sessions.list({ order: 'shortest' }), { code: 'HAN_INVALID_ARGUMENT', message: /order/ });
  }));

test('the dashboard and the activity sum up days', () =>
  withWork(async (han) => {
    const dashboard = await han.dashboard({ since: '2026-03-14', until: '2026-03-14', projectId: PROJECT });
    assert.deepEqual([dashboard.timeZone, dashboard.sessions, dashboard.linesAdded, dashboard.hooks], ['UTC', 2, 2, 1]);
    assert.deepEqual([dashboard.tokens.outputTokens, dashboard.toolCalls, dashboard.subagents], [102, 4, 1]);
    assert.ok(dashboard.cost > 0);
    assert.deepEqual(await han.queryDashboardAggregates('2026-03-14'), await han.dashboard({ since: '2026-03-14' }));
    assert.deepEqual(await han.queryDashboardAggregates(), await han.dashboard());
    assert.equal((await han.dashboard({ since: '2026-03-15' })).messages, 0);
    const { days, hours } = await han.activity({ timeZone: 'UTC' });
    assert.deepEqual(days.map(({ date }) => date), ['2026-03-14']);
    assert.equal(hours.length, 24);
    for (const filter of [{ since: 'yesterday' }, { timeZone: 'Mars/Olympus' }, { since: '2026-03-15', until: '2026-03-14' }]) {
      await assert.rejects(han.dashboard(filter), { code: 'HAN_INVALID_ARGUMENT' });
      await assert.rejects(han.activity(filter), { code: 'HAN_INVALID_ARGUMENT' });
    }
    await assert.rejects(han.queryDashboardAggregates(5), { code: 'HAN_INVALID_ARGUMENT', message: /since/ });
  }));

test('SQL reads, with parameters by place and by name, and numbers are numbers', () =>
  withWork(async (han) => {
    const sql = "SELECT ?1, 1700000000000 AS millis, -5, 1.5, 'x', x'00ff', NULL";
    assert.deepEqual(await han.query(sql, [true]), {
      columns: ['?1', 'millis', '-5', '1.5', "'x'", "x'00ff'", 'NULL'].map((name) => ({ name, type: null })),
      rows: [[1, 1_700_000_000_000, -5, 1.5, 'x', { hex: '00ff' }, null]],
      isTruncated: false,
    });
    const named = await han.query('SELECT id, started_at_ms FROM v_sessions WHERE id = :id', { id: SESSION });
    assert.deepEqual(named.rows, [[SESSION, Date.parse('2026-03-14T09:30:01Z')]]);
    const cut = await han.query('SELECT id FROM v_messages', null, { maxRows: 2 });
    assert.deepEqual([cut.rows.length, cut.isTruncated], [2, true]);
    const refusals = [
      [() => han.query(), 'HAN_INVALID_ARGUMENT', /sql/],
      [() => han.query('SELECT 1', 5), 'HAN_INVALID_ARGUMENT', /parameters/],
      [() => han.query('SELECT ?1', []), 'HAN_INVALID_ARGUMENT', /./],
      [() => han.query('SELECT 1', [], { rows: 1 }), 'HAN_INVALID_ARGUMENT', /rows/],
      [() => han.query('SELEC 1'), 'HAN_QUERY_SYNTAX', /SELEC/],
      [() => han.query('DELETE FROM messages'), 'HAN_INVALID_ARGUMENT', /./],
      [() => han.query("ATTACH 'x' AS y"), 'HAN_INVALID_ARGUMENT', /./],
    ];
    for (const [call, code, message] of refusals) await assert.rejects(call(), { code, message }, call.toString());
  }));

test('a query without an end is ended by its signal or its deadline', () =>
  withWork(async (han) => {
    const endless = 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c';
    const controller = new AbortController();
    // More of them than the limit of concurrent reads: they block nobody.
    const running = Array.from({ length: 6 }, () => han.query(endless, [], { signal: controller.signal, deadlineMs: 60_000 }));
    const ends = Promise.allSettled(running);
    assert.equal((await soon(han.stats())).sessions, 2);
    controller.abort();
    for (const { reason } of await soon(ends)) assert.equal(reason.code, 'HAN_CANCELLED');
    await assert.rejects(han.query('SELECT 1', [], { signal: controller.signal }), { code: 'HAN_CANCELLED' });
    await assert.rejects(soon(han.query(endless, [], { deadlineMs: 20 })), { code: 'HAN_INVALID_ARGUMENT', message: /20/ });
  }));

test('a session is exported in each format', () =>
  withWork(async (han) => {
    assert.match(await han.exportSession(SESSION), /^# Checkout rounding\n/);
    assert.match(await han.exportSession(SESSION, 'html', { includeThinking: false }), /^<!doctype html>/i);
    const { session, files } = JSON.parse(await han.exportSession(SESSION, 'json', { includeRaw: true }));
    assert.equal(session.id, SESSION);
    assert.deepEqual(files.map(({ messages }) => messages.length), [13, 2]);
    assert.ok(files[0].messages[0].raw.startsWith('{"parentUuid":null'));
    await assert.rejects(han.exportSession('unknown'), { code: 'HAN_NOT_FOUND', message: /unknown/ });
    await assert.rejects(han.exportSession(SESSION, 'pdf'), { code: 'HAN_INVALID_ARGUMENT', message: /format.*pdf/ });
    await assert.rejects(han.exportSession(SESSION, 'json', { maxTextBytes: 0 }), { code: 'HAN_INVALID_ARGUMENT' });
  }));

test('a session is exported to a file, whole or not at all', () =>
  withWork(async (han, files, folder) => {
    for (const [format, options] of [['markdown'], ['html', { includeThinking: false }], ['json', { includeRaw: true }]]) {
      const target = join(folder, `document.${format}`);
      assert.equal(await han.exportSessionToFile(SESSION, format, target, options), undefined);
      assert.equal(readFileSync(target, 'utf8'), await han.exportSession(SESSION, format, options));
      assert.equal(statSync(target).mode & 0o777, 0o600);
    }
    const before = readdirSync(folder);
    const taken = join(folder, 'document.html');
    const refusals = [
      [[SESSION, 'html', taken], 'HAN_INVALID_ARGUMENT', /document\.html/],
      [['unknown', 'html', join(folder, 'page')], 'HAN_NOT_FOUND', /unknown/],
      [[SESSION, 'html', join(folder, 'missing', 'page')], 'HAN_NOT_FOUND', /missing/],
      [[SESSION, 'pdf', join(folder, 'page')], 'HAN_INVALID_ARGUMENT', /format.*pdf/],
      [[SESSION, null, join(folder, 'page')], 'HAN_INVALID_ARGUMENT', /format/],
      [[SESSION, 'html'], 'HAN_INVALID_ARGUMENT', /targetPath/],
    ];
    for (const [args, code, message] of refusals) await assert.rejects(han.exportSessionToFile(...args), { code, message });
    assert.deepEqual(readdirSync(folder), before);
  }));

test('values that JSON would silently change are refused as parameters', () =>
  withWork(async (han) => {
    const values = [
      new Uint8Array([1, 2]), new Float64Array(1), new ArrayBuffer(2), new Map([[1, 2]]), new Set([1]), Buffer.from('a'),
      10n, Number.NaN, new Date(0), () => 1,
    ];
    for (const value of values) {
      await assert.rejects(han.query('SELECT ?', [value]), { code: 'HAN_INVALID_ARGUMENT', message: /parameters\[0\]|0/ });
      await assert.rejects(han.query('SELECT :a', { a: value }), { code: 'HAN_INVALID_ARGUMENT', message: /a / });
    }
    assert.deepEqual((await han.query('SELECT ?, ?', [{ hex: '0a' }, new Float32Array([1.5])])).rows, [[{ hex: '0a' }, '[1.5]']]);
  }));
