'use strict';

// A scan leaves the event loop free, reports its progress and can be cancelled.

const assert = require('node:assert/strict');
const test = require('node:test');
const { Han } = require('han-native');
const { bulk, inFolder } = require('./fixtures.cjs');

const FILES = 30;
const LINES = 400;

/** Runs `body` with a handle whose scan has some 12,000 lines to read. */
const withBulk = (body) =>
  inFolder(async (folder) => {
    const han = Han.open({ inMemory: true, configDirs: [bulk(folder, FILES, LINES)] });
    try {
      await body(han);
    } finally {
      await han.close();
    }
  });

test('the event loop turns while a scan runs', () =>
  withBulk(async (han) => {
    let turns = 0;
    let isRunning = true;
    const turn = () => {
      turns += 1;
      if (isRunning) setImmediate(turn);
    };
    const scan = han.scan();
    setImmediate(turn);
    const report = await scan;
    isRunning = false;
    assert.equal(report.messagesIndexed, FILES * LINES);
    assert.ok(turns >= 20, `${turns} turns`);
  }));

test('progress only grows, ends complete, and comes before the result', () =>
  withBulk(async (han) => {
    const seen = [];
    let isSettled = false;
    await han.scan({
      onProgress: (progress) => {
        assert.equal(isSettled, false);
        seen.push(progress);
      },
    });
    isSettled = true;
    assert.ok(seen.length > 0);
    for (let index = 1; index < seen.length; index += 1) {
      assert.ok(seen[index].bytesDone >= seen[index - 1].bytesDone);
      assert.ok(seen[index].filesDone >= seen[index - 1].filesDone);
    }
    const last = seen.at(-1);
    assert.deepEqual([last.filesDone, last.bytesDone, last.messagesIndexed], [FILES, last.bytesTotal, FILES * LINES]);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }));

test('a progress function that throws ends the scan with what it threw', () =>
  withBulk(async (han) => {
    const mine = new Error('mine');
    await assert.rejects(han.scan({ onProgress: () => { throw mine; } }), (error) => error === mine);
  }));

/** A signal that has a handler of its own and counts the listeners that others add. */
function countedSignal(ownHandler) {
  const controller = new AbortController();
  const { signal } = controller;
  signal.onabort = ownHandler;
  const counts = { added: 0, removed: 0 };
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...values) => { counts.added += 1; add(...values); };
  signal.removeEventListener = (...values) => { counts.removed += 1; remove(...values); };
  return { controller, signal, counts };
}

test('an aborted scan keeps what it committed, and the next one continues', () =>
  withBulk(async (han) => {
    let isHandled = false;
    const { controller, signal, counts } = countedSignal(() => { isHandled = true; });
    const scan = han.scan({ signal });
    controller.abort();
    await assert.rejects(scan, { code: 'HAN_CANCELLED' });
    assert.deepEqual(counts, { added: 1, removed: 1 });
    assert.ok(isHandled, 'the handler of the signal was called');
    const before = (await han.stats()).messages;
    const report = await han.scan();
    assert.equal(before + report.messagesIndexed, FILES * LINES);
  }));

test('a signal that was aborted before is refused at once, and one that is never aborted is released', () =>
  withBulk(async (han) => {
    await assert.rejects(han.scan({ signal: AbortSignal.abort() }), { code: 'HAN_CANCELLED' });
    assert.equal((await han.stats()).messages, 0);
    const { signal, counts } = countedSignal(null);
    await han.scan({ signal });
    assert.deepEqual(counts, { added: 1, removed: 1 });
  }));

test('reads are answered while a scan of an on-disk database runs', () =>
  inFolder(async (folder) => {
    const han = Han.open({ dataDir: `${folder}/data`, configDirs: [bulk(folder, FILES, LINES)] });
    let isRunning = true;
    const scan = han.scan().finally(() => { isRunning = false; });
    let answers = 0;
    while (isRunning) {
      await han.stats();
      answers += 1;
    }
    await scan;
    assert.ok(answers >= 2, `${answers} answers`);
    await han.close();
  }));
