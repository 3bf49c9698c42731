'use strict';

// Processes and workers: what keeps one alive, what lets it end, and that the addon crashes none.

const assert = require('node:assert/strict');
const { join } = require('node:path');
const test = require('node:test');
const { Worker } = require('node:worker_threads');
const { bulk, configDir, inFolder } = require('./fixtures.cjs');
const { run } = require('./processes.cjs');

const WORKER = join(__dirname, 'worker.cjs');

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

test('exiting in the middle of a scan is not a crash', () =>
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

test('the live functions over the default handle do what those of a handle do', () =>
  inFolder(async (folder) => {
    const { path } = configDir(folder);
    const out = await run(
      `process.env.HAN_DATA_DIR = values[0]; process.env.CLAUDE_CONFIG_DIR = values[1];
       (async () => {
         const { coordinator, watcher } = flat;
         const answers = [coordinator.tryAcquire(), coordinator.isCoordinator(), coordinator.status().isCoordinator];
         const changes = flat.subscribe({ topics: ['session:added'] });
         let called = 0;
         const closed = new Promise((resolve) => {
           const { close } = flat.onChange({ topics: ['session:added'] }, () => { called += 1; close(); resolve(); });
         });
         await watcher.start();
         const [first, second] = [await changes.next(), await changes.next()];
         await closed;
         answers.push(watcher.status().running, first.value.topic, second.value.topic, called);
         watcher.addPath(values[0]);
         watcher.removePath(values[0]);
         await watcher.stop();
         const found = await Promise.all([flat.dashboard(), flat.queryDashboardAggregates()]);
         answers.push(...found.map(({ sessions }) => sessions), (await flat.activity()).days.length);
         const ids = [first.value.sessionId];
         const groups = [flat.files.bySession, flat.tasks.get, flat.fileChanges.get, flat.hookExecutions.get, flat.summaries.get,
           flat.usage.bySession, flat.sessions.get];
         for (const look of groups) if ((await look(ids))[0] === null) throw new Error('unknown');
         for (const look of [flat.files.get, flat.toolCalls.get, flat.todos.get]) answers.push((await look(['none']))[0]);
         answers.push((await flat.query('SELECT 7')).rows[0][0], (await flat.exportSession(ids[0])).startsWith('# '));
         answers.push(watcher.status().running, coordinator.release());
         await flat.close();
         console.log(JSON.stringify([...answers, (await changes.next()).done]));
         clearTimeout(late);
       })();
       const late = setTimeout(() => { throw new Error('too late'); }, 30_000);`,
      join(folder, 'data'),
      path,
    );
    const running = [true, true, true, true, 'session:added', 'session:added', 1];
    const asked = [2, 2, 1, null, null, null, 7, true];
    assert.deepEqual(JSON.parse(out), [...running, ...asked, false, true, true]);
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

test('following, leading and watching do not keep the process alive', () =>
  inFolder(async (folder) => {
    const { path, main } = configDir(folder);
    const out = await run(
      `(async () => {
         const han = Han.open({ dataDir: values[0], configDirs: [values[1]] });
         han.coordinator.tryAcquire();
         await han.watcher.start();
         han.onChange({ topics: ['leader:*'] }, () => {});
         let count = 0;
         process.on('exit', () => console.log(count > 0));
         for await (const change of han.subscribe({ since: '0' })) count += 1;
       })();
       // The event loop turns once, so that something is received.
       const timer = setInterval(() => clearInterval(timer), 500);`,
      join(folder, 'data'),
      path,
    );
    assert.equal(out, 'true');
    // The lock is free again.
    assert.equal(
      await run(
        `console.log(Han.open({ dataDir: values[0], configDirs: [] }).indexSessionFileSync(values[1]).messagesIndexed);`,
        join(folder, 'data'),
        main,
      ),
      '0',
    );
  }));

test('what a callback throws is an uncaught exception, and a program that handles it receives the next item', () =>
  inFolder(async (folder) => {
    const { main, second } = configDir(folder);
    const follow = `
      const han = Han.open({ inMemory: true, configDirs: [] });
      const heard = [];
      const late = setTimeout(() => process.exit(3), 30_000);
      han.onChange({ topics: ['session:message:added'] }, ({ sessionId }) => {
        heard.push(sessionId);
        if (heard.length === 2) { console.log('heard', heard.length); clearTimeout(late); return; }
        throw new Error('thrown by the callback');
      });
      han.indexSessionFileSync(values[0]);
      han.indexSessionFileSync(values[1]);`;
    await assert.rejects(run(follow, main, second), ({ status, stderr }) => {
      assert.equal(status, 1);
      assert.match(stderr, /thrown by the callback/);
      return true;
    });
    const out = await run(`process.on('uncaughtException', ({ message }) => console.log(message));${follow}`, main, second);
    assert.equal(out, 'thrown by the callback\nheard 2');
  }));

test('a handle that leads stays open even if nothing references it', () =>
  inFolder(async (folder) => {
    const out = await run(
      `const collect = globalThis.Bun ? () => Bun.gc(true)
         : (require('node:v8').setFlagsFromString('--expose-gc'), require('node:vm').runInNewContext('gc'));
       const open = () => Han.open({ dataDir: values[0], configDirs: [] });
       (() => open().coordinator.tryAcquire())();
       (async () => {
         for (let round = 0; round < 5; round += 1) {
           collect();
           await new Promise(setImmediate);
         }
         console.log(open().coordinator.status().coordinatorRunning);
       })();`,
      join(folder, 'data'),
    );
    assert.equal(out, 'true');
  }));

/** What the scripts below begin with: a collection, and how many threads with a name the process has; none if that cannot be determined. */
const COLLECT = `
  const collect = globalThis.Bun ? () => Bun.gc(true)
    : (require('node:v8').setFlagsFromString('--expose-gc'), require('node:vm').runInNewContext('gc'));
  const fs = require('node:fs');
  const threads = (name) => {
    let count = 0;
    for (const id of fs.readdirSync('/proc/self/task')) {
      try { if (fs.readFileSync('/proc/self/task/' + id + '/comm', 'utf8').trim() === name) count += 1; } catch {}
    }
    return count;
  };
  const none = async (name) => {
    const late = Date.now() + 30_000;
    while (threads(name) > 0) {
      if (Date.now() > late) throw new Error(threads(name) + ' threads are left');
      collect();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const reach = async (name, count) => {
    const late = Date.now() + 30_000;
    while (threads(name) < count) {
      if (Date.now() > late) throw new Error(threads(name) + ' threads only');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };`;

const isLinux = process.platform === 'linux';

test('subscriptions that are aborted, or that nobody ends, leave no threads', { skip: !isLinux }, () =>
  inFolder(async (folder) => {
    const out = await run(
      `${COLLECT}
       (async () => {
         // Subscriptions keep no process alive.
         const alive = setInterval(() => {}, 1_000);
         const han = Han.open({ dataDir: values[0], configDirs: [] });
         const lasting = new AbortController();
         for (let round = 0; round < 10; round += 1) {
           const controller = new AbortController();
           const ends = Array.from({ length: 100 }, () =>
             han.subscribe({ signal: controller.signal }).next().catch((error) => error.code));
           if (round === 0) await reach('han-next', 100);
           controller.abort();
           const codes = new Set(await Promise.all(ends));
           if (codes.size !== 1 || !codes.has('HAN_CANCELLED')) throw new Error([...codes].join());
         }
         await none('han-next');
         // These are never ended, and their signal lives on.
         await (async () => {
           const open = Array.from({ length: 100 }, () => han.subscribe({ signal: lasting.signal }));
           await reach('han-next', open.length);
         })();
         await none('han-next');
         await none('han-feed');
         lasting.abort();
         clearInterval(alive);
         console.log('ended');
       })();`,
      join(folder, 'data'),
    );
    assert.equal(out, 'ended');
  }));

test('a process with subscriptions that nobody ends ends at once', () =>
  inFolder(async (folder) => {
    const out = await run(
      `const han = Han.open({ dataDir: values[0], configDirs: [] });
       const open = Array.from({ length: 200 }, () => han.subscribe());
       open.forEach((changes) => void changes.next());
       let start;
       process.on('exit', () => console.log(performance.now() - start < 5_000));
       start = performance.now();`,
      join(folder, 'data'),
    );
    assert.equal(out, 'true');
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

test('a worker that is terminated while it follows, leads and watches takes nothing down', () =>
  inFolder(async (folder) => {
    const { path } = configDir(folder);
    for (let round = 0; round < 3; round += 1) {
      const worker = new Worker(WORKER, { workerData: { follow: path, dataDir: join(folder, 'data') } });
      assert.equal(await answer(worker), 'leads');
      await worker.terminate();
    }
  }));
