'use strict';

// The feed of changes: its items, where it starts, several subscribers, and how it ends.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { readFile } = require('node:fs/promises');
const { join } = require('node:path');
const test = require('node:test');
const { Han } = require('han-native');
const { SECOND_SESSION, SESSION, append, configDir, inFolder, soon, take, until } = require('./fixtures.cjs');
const { run } = require('./processes.cjs');

const MESSAGES = { topics: ['session:message:added'] };

/** Runs `body` with a handle on disk over a config dir that is not scanned yet. */
const withHandle = (body) =>
  inFolder(async (folder) => {
    const files = configDir(folder);
    const han = Han.open({ dataDir: join(folder, 'data'), configDirs: [files.path] });
    try {
      await body(han, files, folder);
    } finally {
      await han.close();
    }
  });

test('what is committed after the call is received, in the order of the commits', () =>
  withHandle(async (han, { main, second }) => {
    han.indexSessionFileSync(second);
    const changes = han.subscribe();
    assert.equal(changes[Symbol.asyncIterator](), changes);
    han.indexSessionFileSync(main);
    const items = await take(changes, 4);
    const added = items.find(({ topic }) => topic === 'session:message:added');
    const { items: messages } = await han.messages.list({ sessionId: SESSION });
    const { cursor, time, ...rest } = added;
    assert.deepEqual(rest, {
      type: 'change',
      topic: 'session:message:added',
      sessionId: SESSION,
      messageId: null,
      count: 6,
      firstMessageId: messages[0].id,
      lastMessageId: messages.at(-1).id,
    });
    assert.match(cursor, /^\d+$/);
    assert.ok(!Number.isNaN(Date.parse(time)));
    assert.equal(items[0].topic, 'session:added');
    const cursors = items.map((item) => Number(item.cursor));
    assert.deepEqual(cursors, [...cursors].sort((left, right) => left - right));
    assert.ok(items.every(({ sessionId }) => sessionId === SESSION));
  }));

test('since continues exactly after a cursor, also inside a change that is expanded', () =>
  withHandle(async (han, { main }) => {
    han.indexSessionFileSync(main);
    append(main, SESSION, 20, 2);
    han.indexSessionFileSync(main);
    const options = { ...MESSAGES, since: '0', expand: true };
    const all = await take(han.subscribe(options), 8);
    const { items: messages } = await han.messages.list({ sessionId: SESSION });
    assert.deepEqual(all.map(({ messageId }) => messageId), messages.map(({ id }) => id));
    assert.ok(all.every(({ count, firstMessageId }) => count === null && firstMessageId === null));
    for (const after of [1, 5, 6]) {
      const rest = await take(han.subscribe({ ...options, since: all[after - 1].cursor }), 8 - after);
      assert.deepEqual(rest, all.slice(after));
    }
    const [first, last] = await take(han.subscribe({ ...MESSAGES, since: '0' }), 2);
    assert.deepEqual([first.count, last.count], [6, 2]);
    assert.deepEqual(await take(han.subscribe({ ...MESSAGES, since: first.cursor }), 1), [last]);
  }));

test('patterns choose topics', () =>
  withHandle(async (han) => {
    await han.scan();
    const everything = han.subscribe({ since: '0' });
    const all = [];
    while (all.filter(({ topic }) => topic === 'session:message:added').length < 2) all.push(...(await take(everything, 1)));
    const expected = (pattern) => all.filter(({ topic }) => pattern.test(topic));
    const patterns = [
      [['*'], /^/],
      [[], /^/],
      [['session:*'], /^session:[a-z]+$/],
      [['session:**'], /^session:/],
      [['session:message:*'], /^session:message:/],
      [['*:message:added', 'tool:**'], /^session:message:added$|^tool:/],
      [['session:added'], /^session:added$/],
    ];
    for (const [topics, pattern] of patterns) {
      const wanted = expected(pattern);
      assert.ok(wanted.length > 0, `${pattern}`);
      assert.deepEqual(await take(han.subscribe({ topics, since: '0' }), wanted.length), wanted, topics.join());
    }
  }));

test('a subscriber that requests what is no longer kept receives a gap', () =>
  inFolder(async (folder) => {
    const { main } = configDir(folder);
    const options = { dataDir: join(folder, 'data'), configDirs: [], heartbeatIntervalMs: 20, staleAfterMs: 2_000 };
    const before = Han.open(options);
    before.indexSessionFileSync(main);
    const [first] = await take(before.subscribe({ since: '0' }), 1);
    await before.close();
    // Changes are kept for a day: another program makes these older than that.
    const age = 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute("UPDATE changes SET time = 0"); c.commit()';
    execFileSync('python3', ['-c', age, join(folder, 'data', 'han.db')]);
    const han = Han.open(options);
    assert.equal(han.coordinator.tryAcquire(), true);
    let item;
    await until(async () => {
      const changes = han.subscribe({ ...MESSAGES, since: first.cursor });
      [item] = await take(changes, 1);
      await changes.return();
      return item.type === 'gap';
    }, 'there is a gap');
    assert.deepEqual(Object.keys(item).sort(), ['cursor', 'from', 'to', 'type']);
    assert.equal(item.from, first.cursor);
    assert.equal(item.cursor, item.to);
    const changes = han.subscribe({ ...MESSAGES, since: item.cursor });
    append(main, SESSION, 20, 1);
    han.indexSessionFileSync(main);
    assert.equal((await take(changes, 1))[0].count, 1);
    await han.close();
  }));

test('each of many subscribers gets everything once and in order, a late one too', () =>
  withHandle(async (han, { main }) => {
    append(main, SESSION, 20, 1_000);
    const options = { ...MESSAGES, expand: true };
    const late = han.subscribe(options);
    const prompt = Array.from({ length: 12 }, () => take(han.subscribe(options), 1_006));
    const never = han.subscribe(options);
    await han.indexSessionFile(main);
    const answers = await Promise.all(prompt);
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal(new Set(answers[0].map(({ messageId }) => messageId)).size, 1_006);
    assert.deepEqual(await take(late, 1_006), answers[0]);
    await never.return();
  }));

test('concurrent calls of next get their items in order', () =>
  withHandle(async (han, { main }) => {
    const changes = han.subscribe({ ...MESSAGES, expand: true });
    const asked = Array.from({ length: 6 }, () => changes.next());
    const beyond = changes.next();
    han.indexSessionFileSync(main);
    const items = (await soon(Promise.all(asked))).map(({ value }) => value);
    const { items: messages } = await han.messages.list({ sessionId: SESSION });
    assert.deepEqual(items.map(({ messageId }) => messageId), messages.map(({ id }) => id));
    assert.deepEqual(await changes.return(), { done: true, value: undefined });
    assert.deepEqual(await soon(beyond), { done: true, value: undefined });
    assert.deepEqual(await soon(changes.next()), { done: true, value: undefined });
  }));

test('a signal ends it with its reason, once', () =>
  withHandle(async (han, { main }) => {
    const controller = new AbortController();
    const counts = { added: 0, removed: 0 };
    const [add, remove] = ['addEventListener', 'removeEventListener'].map((name) => controller.signal[name].bind(controller.signal));
    controller.signal.addEventListener = (...values) => { counts.added += 1; add(...values); };
    controller.signal.removeEventListener = (...values) => { counts.removed += 1; remove(...values); };
    const { signal } = controller;
    const waiting = han.subscribe({ signal });
    const reading = han.subscribe({ ...MESSAGES, expand: true, signal });
    const left = han.subscribe({ signal });
    await left.return();
    han.indexSessionFileSync(main);
    await take(reading, 1);
    await take(waiting, 4);
    const pending = waiting.next();
    controller.abort(new Error('enough'));
    const isAborted = (error) => {
      assert.deepEqual([error.code, error.name, error.cause.message], ['HAN_CANCELLED', 'AbortError', 'enough']);
      return true;
    };
    await assert.rejects(soon(pending), isAborted);
    await assert.rejects(soon(reading.next()), isAborted);
    await assert.rejects(soon(han.subscribe({ signal }).next()), isAborted);
    for (const ended of [waiting, reading, left]) assert.equal((await soon(ended.next())).done, true);
    assert.deepEqual(counts, { added: 3, removed: 4 });
  }));

test('closing the handle ends it normally', () =>
  withHandle(async (han, { main }) => {
    const heard = [];
    const loop = (async () => {
      for await (const { topic } of han.subscribe(MESSAGES)) heard.push(topic);
      return 'ended';
    })();
    han.indexSessionFileSync(main);
    await soon(until(() => heard.length > 0, 'it heard something'));
    await han.close();
    assert.equal(await soon(loop), 'ended');
    assert.throws(() => han.subscribe(), { code: 'HAN_CLOSED' });
    assert.throws(() => han.onChange({}, () => {}), { code: 'HAN_CLOSED' });
  }));

// In a process of its own: subscriptions left open by other tests are collected at any time.
test('leaving the loop ends its threads at once', { skip: process.platform !== 'linux' }, () =>
  withHandle(async (han, { main }, folder) => {
    await han.close();
    const out = await run(
      `const { readFile, readdir } = require('node:fs/promises');
       const comm = (id) => readFile('/proc/self/task/' + id + '/comm', 'utf8').catch(() => '');
       const threads = async () => {
         const names = await Promise.all((await readdir('/proc/self/task')).map(comm));
         return names.filter((name) => /^han-(next|feed)\\n/.test(name)).length;
       };
       const until = async (count) => { while ((await threads()) !== count); console.log(count); };
       (async () => {
         const han = Han.open({ dataDir: values[0], configDirs: [] });
         await until(0);
         const changes = han.subscribe({ topics: ['session:message:added'] });
         await until(2);
         han.indexSessionFileSync(values[1]);
         for await (const { count } of changes) break;
         await until(0);
         clearTimeout(late);
       })();
       const late = setTimeout(() => { throw new Error('late'); }, 30_000);`,
      join(folder, 'data'),
      main,
    );
    assert.equal(out, '0\n2\n0');
  }));

test('waiting takes no thread from the engine, and the event loop stays free', () =>
  withHandle(async (han, { main }) => {
    const waiting = Array.from({ length: 16 }, () => han.subscribe(MESSAGES).next());
    let turns = 0;
    for (let index = 0; index < 50; index += 1) {
      await new Promise(setImmediate);
      turns += (await readFile(__filename)).length > 0 ? 1 : 0;
    }
    assert.equal(turns, 50);
    han.indexSessionFileSync(main);
    for (const { value } of await soon(Promise.all(waiting))) assert.equal(value.count, 6);
  }));

test('a callback receives each item until it is closed', () =>
  withHandle(async (han, { main, second }) => {
    const [all, some] = [[], []];
    const follower = han.onChange({ ...MESSAGES, expand: true }, (change) => all.push(change));
    const leaver = han.onChange({ ...MESSAGES, expand: true }, (change) => {
      some.push(change);
      if (some.length === 3) leaver.close();
    });
    const controller = new AbortController();
    let aborted = 0;
    han.onChange({ ...MESSAGES, signal: controller.signal }, () => { aborted += 1; });
    controller.abort();
    han.indexSessionFileSync(main);
    await until(() => all.length === 6 && some.length === 3, 'both have received');
    han.indexSessionFileSync(second);
    await until(() => all.length === 7, 'the one that continues has received');
    assert.equal(all[6].sessionId, SECOND_SESSION);
    follower.close();
    follower.close();
    append(main, SESSION, 20, 1);
    const changes = han.subscribe(MESSAGES);
    han.indexSessionFileSync(main);
    await take(changes, 1);
    assert.deepEqual([all.length, some.length, aborted], [7, 3, 0]);
  }));
