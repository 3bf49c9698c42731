'use strict';

// One leader: within a process, between processes, and after one is killed.

const assert = require('node:assert/strict');
const { join } = require('node:path');
const test = require('node:test');
const { Han } = require('han-native');
const { configDir, inFolder, soon } = require('./fixtures.cjs');
const { start } = require('./processes.cjs');

/** A process that wants to lead the database in `dataDir`: it prints whether it does, and each change of that. */
const contender = (dataDir) =>
  start(
    `const han = Han.open({ dataDir: values[0], configDirs: [] });
     const say = (what) => console.log(JSON.stringify({ what, epoch: han.coordinator.status().epoch }));
     han.onChange({ topics: ['leader:*'] }, ({ topic }) => say(topic));
     say(han.coordinator.tryAcquire() ? 'leads' : 'follows');`,
    dataDir,
  );

const said = async (child) => JSON.parse(await child.line());

test('a handle leads until it releases, and says so', () =>
  inFolder(async (folder) => {
    const han = Han.open({ dataDir: join(folder, 'data'), configDirs: [], heartbeatIntervalMs: 100, staleAfterMs: 1000 });
    const { coordinator } = han;
    assert.deepEqual(coordinator.status(), {
      isCoordinator: false, coordinatorRunning: false, epoch: 0, pid: null, heartbeat: null, version: null, issues: [],
    });
    assert.equal(coordinator.release(), false);
    assert.equal(coordinator.isCoordinator(), false);
    assert.equal(coordinator.tryAcquire(), true);
    assert.equal(coordinator.tryAcquire(), true);
    assert.equal(coordinator.isCoordinator(), true);
    const status = coordinator.status();
    const { isCoordinator, coordinatorRunning, epoch, pid, issues } = status;
    assert.deepEqual({ isCoordinator, coordinatorRunning, epoch, pid, issues }, {
      isCoordinator: true, coordinatorRunning: true, epoch: 1, pid: process.pid, issues: [],
    });
    assert.match(status.heartbeat, /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.match(status.version, /^\d+\.\d+\.\d+/);

    const second = Han.open({ dataDir: join(folder, 'data'), configDirs: [] });
    assert.throws(() => second.coordinator.tryAcquire(), { code: 'HAN_ALREADY_LEADER_IN_PROCESS' });
    assert.equal(second.coordinator.isCoordinator(), false);
    assert.equal(coordinator.release(), true);
    assert.equal(coordinator.release(), false);
    assert.equal(second.coordinator.tryAcquire(), true);
    assert.ok(second.coordinator.status().epoch > 1);
    // Closing releases it, too.
    await second.close();
    assert.equal(coordinator.status().coordinatorRunning, false);
    await han.close();
  }));

test('a follower in another process takes over from one that is killed, and is notified', () =>
  inFolder(async (folder) => {
    const { main } = configDir(folder);
    const dataDir = join(folder, 'data');
    const leader = contender(dataDir);
    const children = [leader];
    try {
      assert.deepEqual(await said(leader), { what: 'leads', epoch: 1 });
      assert.deepEqual(await said(leader), { what: 'leader:acquired', epoch: 1 });
      const follower = contender(dataDir);
      children.push(follower);
      assert.deepEqual(await said(follower), { what: 'follows', epoch: 1 });

      const han = Han.open({ dataDir, configDirs: [] });
      const { isCoordinator, coordinatorRunning, pid } = han.coordinator.status();
      assert.deepEqual([isCoordinator, coordinatorRunning, pid], [false, true, leader.pid]);
      assert.equal(han.coordinator.tryAcquire(), false);
      assert.equal(han.coordinator.release(), false);
      await assert.rejects(han.indexSessionFile(main), { code: 'HAN_NOT_LEADER' });
      await assert.rejects(han.watcher.start(), { code: 'HAN_NOT_LEADER' });
      assert.equal(han.watcher.status().running, false);

      const changes = han.subscribe({ topics: ['leader:acquired'] });
      await leader.kill();
      const took = await said(follower);
      assert.equal(took.what, 'leader:acquired');
      assert.ok(took.epoch > 1);
      // A mere listener receives it, too.
      const { value } = await soon(changes.next(), 'the new leader');
      assert.deepEqual([value.type, value.topic, value.sessionId], ['change', 'leader:acquired', null]);
      assert.equal(han.coordinator.status().pid, follower.pid);
      await han.close();
    } finally {
      await Promise.all(children.map((child) => child.kill()));
    }
  }));

test('a handle that wanted to lead does so once the other process is gone', () =>
  inFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const leader = contender(dataDir);
    try {
      assert.equal((await said(leader)).what, 'leads');
      const han = Han.open({ dataDir, configDirs: [] });
      const changes = han.subscribe({ topics: ['leader:*'] });
      assert.equal(han.coordinator.tryAcquire(), false);
      await leader.kill();
      assert.equal((await soon(changes.next(), 'leading')).value.topic, 'leader:acquired');
      assert.equal(han.coordinator.isCoordinator(), true);
      assert.equal(han.coordinator.release(), true);
      await han.close();
    } finally {
      await leader.kill();
    }
  }));
