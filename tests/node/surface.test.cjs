'use strict';

// Every operation, with the results that its documentation promises.

const assert = require('node:assert/strict');
const { appendFileSync, existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const test = require('node:test');
const { Han } = require('han-native');
const { PROJECT, SECOND_SESSION, SESSION, configDir, inFolder } = require('./fixtures.cjs');

/** Runs `body` with a handle over a scanned config dir. */
const withSessions = (body) =>
  inFolder(async (folder) => {
    const files = configDir(folder);
    const han = Han.open({ dataDir: join(folder, 'data'), configDirs: [files.path] });
    try {
      const report = await han.scan();
      await body(han, files, folder, report);
    } finally {
      await han.close();
    }
  });

test('a file is indexed once, and what is appended is indexed alone', () =>
  inFolder(async (folder) => {
    const { main } = configDir(folder);
    const han = Han.open({ inMemory: true, configDirs: [] });
    const first = await han.indexSessionFile(main);
    assert.deepEqual(first, {
      sessionId: SESSION,
      messagesIndexed: 6,
      totalMessages: 6,
      isNewSession: true,
      problems: 1,
      notes: 0,
    });
    assert.equal(han.indexSessionFileSync(main).messagesIndexed, 0);
    appendFileSync(main, `${JSON.stringify({ type: 'summary', summary: 'Fixed', leafUuid: 'x' })}\n`);
    const third = han.indexSessionFileSync(main);
    assert.deepEqual([third.messagesIndexed, third.totalMessages, third.isNewSession], [1, 7, false]);
    await han.close();
  }));

test('scan reports what it found', () =>
  withSessions(async (han, files, folder, report) => {
    const { files: found, lines, messagesIndexed, problems, notes, errors } = report;
    assert.deepEqual({ found, lines, messagesIndexed, problems, notes, errors }, {
      found: 3, lines: 10, messagesIndexed: 9, problems: 1, notes: 0, errors: [],
    });
    assert.equal(report.bytes, [files.main, files.second, files.agent].reduce((sum, path) => sum + readFileSync(path).length, 0));
    assert.equal((await han.scan()).messagesIndexed, 0);
    assert.equal((await han.scan({ paths: [files.second] })).files, 1);
  }));

test('sessions are listed and got', () =>
  withSessions(async (han) => {
    const page = await han.sessions.list({ first: 1 });
    assert.equal(page.items.length, 1);
    assert.equal(page.hasNextPage, true);
    assert.equal(page.hasPreviousPage, false);
    const rest = await han.sessions.list({ first: 10, after: page.endCursor, projectId: PROJECT });
    assert.deepEqual([...page.items, ...rest.items].map(({ id }) => id).sort(), [SESSION, SECOND_SESSION].sort());
    const [session, missing] = await han.sessions.get([SESSION, 'no-such-session']);
    assert.equal(missing, null);
    assert.equal(session.title, 'Checkout rounding');
    assert.equal(session.projectPath, '/srv/example/webshop');
    assert.equal(session.messageCount, 6);
    assert.equal(session.startedAt, '2026-03-14T09:30:01.000Z');
    assert.equal(session.tokens.outputTokens, 12 + 40 + 25 + 7);
  }));

test('messages are listed forwards and backwards, with everything a message has', () =>
  withSessions(async (han) => {
    const all = await han.messages.list({ sessionId: SESSION });
    assert.deepEqual(all.items.map(({ type }) => type), ['user', 'assistant', 'assistant', 'user', 'custom-title', 'assistant']);
    const first = await han.messages.list({ sessionId: SESSION, first: 4 });
    const second = await han.messages.list({ sessionId: SESSION, first: 4, after: first.endCursor });
    assert.deepEqual([...first.items, ...second.items], all.items);
    const last = await han.messages.list({ sessionId: SESSION, last: 2 });
    assert.deepEqual(last.items, all.items.slice(-2));
    assert.deepEqual([last.hasPreviousPage, last.hasNextPage], [true, false]);

    const [prompt, , call] = all.items;
    assert.match(prompt.id, /^[0-9a-f]{16}:1:0$/);
    assert.equal(prompt.sessionId, SESSION);
    assert.equal(prompt.parentUuid, null);
    assert.equal(prompt.role, 'user');
    assert.equal(prompt.agentId, null);
    assert.equal(prompt.toolName, null);
    assert.equal(prompt.tokens, null);
    assert.equal(prompt.timestamp, '2026-03-14T09:30:01.000Z');
    assert.equal(prompt.lineNumber, 1);
    assert.match(prompt.preview, /checkout_total/);
    assert.equal(call.toolName, 'Bash');
    assert.equal(call.tokens.outputTokens, 40);
    for (const [name, value] of Object.entries(call)) assert.notEqual(value, undefined, name);

    const agent = await han.messages.list({ sessionId: SESSION, agentId: 'a1b2c3d' });
    assert.deepEqual(agent.items.map(({ agentId }) => agentId), ['a1b2c3d', 'a1b2c3d']);
    assert.equal((await han.messages.list({ sessionId: SESSION, agents: 'all' })).items.length, 8);
    assert.deepEqual((await han.messages.list({ sessionId: 'no-such-session' })).items, []);
  }));

test('messages are got, raw and counted', () =>
  withSessions(async (han, { main }) => {
    const { items } = await han.messages.list({ sessionId: SESSION });
    const ids = [items[1].id, '0000000000000000:1:0', items[0].id];
    const got = await han.messages.get(ids);
    assert.deepEqual(got, [items[1], null, items[0]]);
    const lines = readFileSync(main, 'utf8').split('\n');
    assert.deepEqual(await han.messages.raw(ids), [lines[1], null, lines[0]]);
    const bytes = await han.messages.rawBytes(ids);
    assert.ok(Buffer.isBuffer(bytes[0]));
    assert.equal(bytes[1], null);
    assert.deepEqual(bytes[2], Buffer.from(lines[0]));
    assert.deepEqual(await han.messages.countBatch([SESSION, SECOND_SESSION, 'none']), {
      [SESSION]: 6, [SECOND_SESSION]: 1, none: 0,
    });
  }));

test('search finds words, identifiers and CJK, and its offsets fit the snippet', () =>
  withSessions(async (han) => {
    const { items } = await han.search({ query: 'checkout_total', fields: ['user'], sessionId: SESSION });
    assert.equal(items.length, 1);
    const [hit] = items;
    assert.equal(hit.field, 'user');
    assert.equal(hit.sessionTitle, 'Checkout rounding');
    assert.equal(hit.message.lineNumber, 1);
    assert.ok(hit.matches.length > 0);
    for (const { start, end } of hit.matches) assert.match(hit.snippet.slice(start, end), /checkout|total/i);
    assert.equal((await han.search({ query: '日本' })).items.length, 1);
    assert.equal((await han.search({ query: 'checkout_total', since: '2027-01-01' })).items.length, 0);
    assert.equal((await han.search({ query: 'rounding', order: 'newest', first: 1 })).hasNextPage, true);
    // Any text is safe, half a surrogate pair included.
    for (const query of ['"', 'a AND', 'NEAR(', '\ud800', '*', '-', 'col:x']) await han.search({ query });
    assert.ok((await han.search({ query: 'rounding AND twice', syntax: 'fts5' })).items.length > 0);
  }));

test('problems, stats and doctor report the state', () =>
  withSessions(async (han, { main }) => {
    const { items } = await han.problems();
    assert.deepEqual(items.map(({ kind, path, lineNumber, isNote }) => ({ kind, path, lineNumber, isNote })), [
      { kind: 'invalid_json', path: main, lineNumber: 6, isNote: false },
    ]);
    assert.deepEqual((await han.problems({ notes: true })).items, []);
    const stats = await han.stats();
    assert.deepEqual([stats.sessions, stats.files, stats.lines, stats.messages, stats.problems], [2, 3, 10, 9, 1]);
    assert.deepEqual(await han.doctor(), { isHealthy: true, filesChecked: 3, issues: [], warnings: [] });
    assert.equal((await han.doctor({ fix: true })).isHealthy, true);
    assert.deepEqual(await han.rederive(), { files: 0, messages: 0 });
  }));

test('restore writes a file back byte for byte, and backup a database that opens', () =>
  withSessions(async (han, { main }, folder) => {
    const restored = join(folder, 'restored.jsonl');
    assert.equal(await han.restore(main, restored), undefined);
    assert.deepEqual(readFileSync(restored), readFileSync(main));
    const copy = join(folder, 'copy.db');
    assert.equal(await han.backup(copy), undefined);
    const second = Han.open({ dbPath: copy, configDirs: [], readOnly: true });
    assert.equal((await second.stats()).messages, 9);
    await second.close();
  }));

test('forget removes a session, and no scan brings it back', () =>
  withSessions(async (han) => {
    const report = await han.forget({ sessionId: SESSION });
    assert.deepEqual(report, { sessions: 1, files: 2, messages: 8 });
    assert.equal((await han.scan()).messagesIndexed, 0);
    assert.deepEqual(await han.sessions.get([SESSION]), [null]);
    assert.equal((await han.forget({ before: '2027-01-01T00:00:00Z' })).sessions, 1);
    assert.deepEqual((await han.sessions.list()).items, []);
  }));

test('the log function is called during a scan', () =>
  inFolder(async (folder) => {
    const files = configDir(folder);
    const records = [];
    const han = Han.open({ inMemory: true, configDirs: [files.path], log: (record) => records.push(record) });
    await han.scan();
    await han.close();
    for (let turn = 0; records.length === 0 && turn < 1000; turn += 1) await new Promise(setImmediate);
    assert.ok(records.length > 0);
    for (const { level, message } of records) {
      assert.ok(['warning', 'info', 'debug'].includes(level));
      assert.ok(message.length > 0);
    }
  }));

test('several handles work side by side', () =>
  inFolder(async (folder) => {
    const { main, second } = configDir(folder);
    const handles = [
      Han.open({ inMemory: true, configDirs: [] }),
      Han.open({ inMemory: true, configDirs: [] }),
      Han.open({ dataDir: join(folder, 'data'), configDirs: [] }),
    ];
    const results = await Promise.all(handles.map((han, index) => han.indexSessionFile(index === 1 ? second : main)));
    assert.deepEqual(results.map(({ messagesIndexed }) => messagesIndexed), [6, 1, 6]);
    await handles[0].close();
    assert.equal((await handles[1].stats()).messages, 1);
    await Promise.all(handles.map((han) => han.close()));
    assert.ok(existsSync(join(folder, 'data', 'han.db')));
  }));
