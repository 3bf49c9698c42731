'use strict';

// Processes and workers: what keeps one alive, what lets it end, and that none is torn down by us.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const test = require('node:test');
const { Worker } = require('node:worker_threads');
const { bulk, configDir, inFolder } = require('./fixtures.cjs');

const WORKER = join(__dirname, 'worker.cjs');

/** Runs a script in a process of its own, with the runtime of this one; it must end by itself, with success. */
const run = (script, ...values) =>
  new Promise((resolve, reject) => {
    const prelude = `const { Han, ...flat } = require(${JSON.stringify(require.resolve('han-native'))});
      const values = ${JSON.stringify(values)};
      process.on('unhandledRejection', (error) => { console.error('unhandled', error); process.exit(7); });`;
    // A home of its own, so that no mistake of ours reaches the user's.
    const options = { timeout: 60_000, cwd: __dirname, env: { ...process.env, HOME: join(tmpdir(), 'han-node-home') } };
    execFile(process.execPath, ['-e', prelude + script], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(stdout.trim());
    });
  });

test('an open handle, with a log function, does not keep the process alive', () =>
  inFolder(async (folder) => {
    const out = await run(
      `const han = Han.open({ dataDir: values[0], configDirs: [], log() {} });
       han.stats().then((stats) => console.log(stats.messages));`,
      join(folder, 'data'),
    );
    assert.equal(out, '0');
  }));

test('a pending promise does', () =>
  inFolder(async (folder) => {
    const out = await run(
      `Han.open({ inMemory: true, configDirs: [values[0]] }).scan().then((report) => console.log(report.messagesIndexed));`,
      bulk(folder, 10, 200),
    );
    assert.equal(out, '2000');
  }));

test('rejections that are handled leave no unhandled one behind', () =>
  inFolder(async (folder) => {
    const out = await run(
      `const han = Han.open({ inMemory: true, configDirs: [values[0]] });
       const controller = new AbortController();
       const calls = [han.search(), han.indexSessionFile('/no/such/file'), han.scan({ paths: ['/no/such'] }),
         han.scan({ signal: controller.signal }), han.forget({})];
       controller.abort();
       Promise.allSettled(calls).then(async (results) => {
         await han.close();
         console.log(results.map(({ reason }) => reason?.code).join());
       });`,
      bulk(folder, 10, 400),
    );
    const codes = ['INVALID_ARGUMENT', 'NOT_FOUND', 'NOT_FOUND', 'CANCELLED', 'INVALID_ARGUMENT'];
    assert.equal(out, codes.map((code) => `HAN_${code}`).join());
  }));

test('leaving in the middle of a scan is no crash', () =>
  inFolder(async (folder) => {
    const out = await run(
      `Han.open({ dataDir: values[0], configDirs: [values[1]] }).scan();
       setTimeout(() => { console.log('bye'); process.exit(0); }, 30);`,
      join(folder, 'data'),
      bulk(folder, 10, 400),
    );
    assert.equal(out, 'bye');
    assert.equal(
      await run(
        `Han.open({ dataDir: values[0], configDirs: [values[1]] }).scan()
          .then(async () => flat.close()).then(() => console.log('whole'));`,
        join(folder, 'data'),
        join(folder, 'bulk'),
      ),
      'whole',
    );
  }));

test('the functions over the default handle use HAN_DATA_DIR, and open again after close', () =>
  inFolder(async (folder) => {
    const { main, path } = configDir(folder);
    const out = await run(
      `process.env.HAN_DATA_DIR = values[0]; process.env.CLAUDE_CONFIG_DIR = values[2];
       (async () => {
         await flat.close();
         const { sessionId, messagesIndexed } = await flat.indexSessionFile(values[1]);
         await flat.close();
         const again = flat.indexSessionFileSync(values[1]).messagesIndexed;
         const scanned = (await flat.scan()).messagesIndexed;
         const page = await flat.messages.list({ sessionId });
         const counts = await flat.messages.countBatch([sessionId]);
         const [session] = await flat.sessions.get([sessionId]);
         const hits = (await flat.search({ query: 'checkout_total' })).items.length;
         const { path } = await flat.stats();
         const numbers = [page.items.length, counts[sessionId], session.messageCount, hits];
         console.log(JSON.stringify({ messagesIndexed, again, scanned, numbers, path }));
       })();`,
      join(folder, 'data'),
      main,
      path,
    );
    const { messagesIndexed, again, scanned, numbers, path: database } = JSON.parse(out);
    assert.deepEqual({ messagesIndexed, again, scanned, numbers }, {
      messagesIndexed: 6, again: 0, scanned: 3, numbers: [6, 6, 6, 2],
    });
    assert.equal(database, join(folder, 'data', 'han.db'));
  }));

/** The first message of a worker. */
const answer = (worker) =>
  new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });

test('workers use the addon side by side', () =>
  inFolder(async (folder) => {
    const { main } = configDir(folder);
    const workers = Array.from({ length: 3 }, () => new Worker(WORKER, { workerData: { path: main } }));
    const counts = await Promise.all(workers.map(answer));
    assert.deepEqual(counts, [6, 6, 6]);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }));

test('a worker that is terminated in the middle of a scan takes nothing down', () =>
  inFolder(async (folder) => {
    const path = bulk(folder, 20, 400);
    for (let round = 0; round < 3; round += 1) {
      const worker = new Worker(WORKER, { workerData: { scan: path } });
      assert.equal(await answer(worker), 'scanning');
      await worker.terminate();
    }
    assert.equal(await run(`console.log('alive')`), 'alive');
  }));
