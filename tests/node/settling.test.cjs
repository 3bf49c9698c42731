'use strict';

// A wait for a change settles when the subscription ends, in a process that nothing else keeps alive: each script runs in a
// process of its own, without a timer or a helper that would keep it alive.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const test = require('node:test');
const { promisify } = require('node:util');
const { inFolder } = require('./fixtures.cjs');

/** What an ES module prints; an unsettled top-level await ends Node with 13. */
const prints = (body) =>
  inFolder(async (folder) => {
    const script = join(folder, 'script.mjs');
    const addon = pathToFileURL(require.resolve('han-native')).href;
    writeFileSync(script, `import { Han } from ${JSON.stringify(addon)};\n${body}`);
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 60_000 });
    return stdout.trim();
  });

const OPEN = `const han = Han.open({ inMemory: true, configDirs: [] });`;

test('a loop ends when the handle is closed', async () => {
  const body = `${OPEN} const changes = han.subscribe(); queueMicrotask(() => han.close());
    for await (const change of changes) console.log(change.topic);
    console.log('after the loop');`;
  assert.equal(await prints(body), 'after the loop');
});

test('a waiting next() settles when return() is called', async () => {
  const body = `${OPEN} const changes = han.subscribe(); const waiting = changes.next();
    setImmediate(() => changes.return());
    console.log(JSON.stringify(await waiting));`;
  assert.equal(await prints(body), '{"done":true}');
});

test('a waiting next() rejects when its signal is aborted', async () => {
  const body = `${OPEN} const controller = new AbortController();
    const changes = han.subscribe({ signal: controller.signal });
    setImmediate(() => controller.abort(new Error('enough')));
    try { for await (const change of changes) console.log(change.topic); }
    catch ({ name, code, cause }) { console.log(name, code, cause.message); }`;
  assert.equal(await prints(body), 'AbortError HAN_CANCELLED enough');
});

test('a handle and a subscription close at the end of their block', async () => {
  const body = `${OPEN} const changes = han.subscribe(); const waiting = changes.next();
    setImmediate(async () => { await changes[Symbol.asyncDispose](); await han[Symbol.asyncDispose](); });
    console.log(JSON.stringify(await waiting));
    await han.stats().catch(({ code }) => console.log(code));`;
  assert.equal(await prints(body), '{"done":true}\nHAN_CLOSED');
});

test('whatever is aborted rejects alike', async () => {
  const body = `${OPEN}
    const aborted = AbortSignal.abort(new Error('enough'));
    const calls = [han.scan({ signal: aborted }), han.query('SELECT 1', [], { signal: aborted }),
      han.vectors.embedPending('none', { signal: aborted }), han.subscribe({ signal: aborted }).next()];
    for (const { reason } of await Promise.allSettled(calls)) console.log(reason.name, reason.code, reason.cause.message);`;
  assert.equal(await prints(body), Array(4).fill('AbortError HAN_CANCELLED enough').join('\n'));
});
