'use strict';

// What is written is indexed, and reported, without a call.

const assert = require('node:assert/strict');
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const test = require('node:test');
const { Han } = require('han-native');
const { PROJECT, SECOND_SESSION, SESSION, append, bulk, configDir, inFolder, soon, take, until } = require('./fixtures.cjs');
const { run } = require('./processes.cjs');

/** Runs `body` with a handle whose watcher runs. */
const watching = (watch, body) =>
  inFolder(async (folder) => {
    const files = configDir(folder);
    const han = Han.open({ dataDir: join(folder, 'data'), configDirs: [files.path], watch });
    try {
      assert.equal(await han.watcher.start(), undefined);
      await body(han, files, folder);
    } finally {
      await han.close();
    }
  });

for (const watch of [{ mode: 'native' }, { mode: 'poll', pollIntervalMs: 20, scanIntervalMs: 60_000 }]) {
  test(`an appended line becomes a message and a change (${watch.mode})`, () =>
    watching(watch, async (han, { main, path }) => {
      const { reason, ...status } = han.watcher.status();
      assert.deepEqual(status, { running: true, mode: watch.mode, paths: [path] });
      assert.equal(typeof reason, watch.mode === 'poll' ? 'string' : 'object');
      assert.equal((await han.messages.countBatch([SESSION]))[SESSION], 6);
      const changes = han.subscribe({ topics: ['session:message:added'], expand: true });
      append(main, SESSION, 20, 1);
      const [change] = await take(changes, 1);
      assert.equal(change.sessionId, SESSION);
      const [message] = await han.messages.get([change.messageId]);
      assert.equal(message.preview, 'Step 20');
      assert.equal(message.lineNumber, 8);
    }));
}

test('starting and stopping may be repeated, and nothing is indexed after the stop', () =>
  watching(undefined, async (han, { main }) => {
    await han.watcher.start();
    await Promise.all([han.watcher.stop(), han.watcher.stop()]);
    await han.watcher.stop();
    assert.equal(han.watcher.status().running, false);
    append(main, SESSION, 20, 1);
    const changes = han.subscribe({ topics: ['session:message:added'] });
    await han.watcher.start();
    const [change] = await take(changes, 1);
    assert.deepEqual([change.sessionId, change.count], [SESSION, 1]);
  }));

test('config dirs come and go', () =>
  watching(undefined, async (han, { path }, folder) => {
    const added = join(folder, 'later');
    han.watcher.addPath(added);
    han.watcher.addPath(added);
    assert.deepEqual(han.watcher.status().paths, [path, added]);
    const session = SECOND_SESSION.replace('9c', '9d');
    const changes = han.subscribe({ topics: ['session:added'] });
    const project = join(added, 'projects', PROJECT);
    mkdirSync(project, { recursive: true });
    append(join(project, `${session}.jsonl`), session, 1, 3);
    assert.equal((await take(changes, 1))[0].sessionId, session);
    await until(async () => (await han.messages.countBatch([session]))[session] === 3, 'three messages');

    han.watcher.removePath(added);
    assert.deepEqual(han.watcher.status().paths, [path]);
    assert.throws(() => han.watcher.removePath(added), { code: 'HAN_NOT_FOUND', message: /later/ });
    const file = join(folder, 'file');
    writeFileSync(file, '');
    assert.throws(() => han.watcher.addPath(file), { code: 'HAN_INVALID_ARGUMENT', message: /file/ });
    assert.equal((await han.messages.countBatch([session]))[session], 3);
  }));

test('the event loop turns while the watcher starts', () =>
  inFolder(async (folder) => {
    const han = Han.open({ inMemory: true, configDirs: [bulk(folder, 30, 400)] });
    let turns = 0;
    let isRunning = true;
    const turn = () => {
      turns += 1;
      if (isRunning) setImmediate(turn);
    };
    setImmediate(turn);
    await han.watcher.start();
    isRunning = false;
    assert.equal((await han.stats()).messages, 30 * 400);
    assert.ok(turns >= 20, `${turns} turns`);
    await han.close();
  }));

test('a start that is stopped rejects, and closing ends the watcher', () =>
  inFolder(async (folder) => {
    const han = Han.open({ dataDir: join(folder, 'data'), configDirs: [bulk(folder, 30, 400)] });
    const starting = han.watcher.start().then(() => 'started', (error) => error.code);
    await until(() => han.watcher.status().running, 'it runs');
    await han.watcher.stop();
    // It may have finished before the stop.
    assert.ok(['HAN_CANCELLED', 'started'].includes(await soon(starting)));
    assert.equal(han.watcher.status().running, false);
    await han.watcher.start();
    await han.close();
    await assert.rejects(han.watcher.start(), { code: 'HAN_CLOSED' });
  }));

test('HAN_WATCH_MODE decides if the options do not', () =>
  inFolder(async (folder) => {
    const { path } = configDir(folder);
    const modes = await run(
      `(async () => {
         const mode = async (watch) => {
           const han = Han.open({ inMemory: true, configDirs: [values[0]], watch });
           await han.watcher.start();
           const { mode } = han.watcher.status();
           await han.close();
           return mode;
         };
         process.env.HAN_WATCH_MODE = 'poll';
         console.log(await mode(), await mode({ mode: 'native' }));
       })();`,
      path,
    );
    assert.equal(modes, 'poll native');
  }));
