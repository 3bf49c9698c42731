// The package as an ES module: named and default imports are the same things as in CommonJS.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import han, {
  Han, activity, backup, close, coordinator, dashboard, doctor, exportSession, exportSessionToFile, fileChanges,
  files, forget, hookExecutions, indexSessionFile, indexSessionFileSync, indexVectors, loadEmbedder, messages, onChange, problems,
  query, queryDashboardAggregates, rederive, registerEmbedder, restore, scan, search, searchVectors, sessions, stats,
  subscribe, summaries, tasks, todos, toolCalls, usage, vectors, watcher,
} from 'han-native';

const required = createRequire(import.meta.url)('han-native');

test('every name can be imported, and nothing else is exported', () => {
  const named = {
    Han, activity, backup, close, coordinator, dashboard, doctor, exportSession, exportSessionToFile, fileChanges,
    files, forget, hookExecutions, indexSessionFile, indexSessionFileSync, indexVectors, loadEmbedder, messages, onChange, problems,
    query, queryDashboardAggregates, rederive, registerEmbedder, restore, scan, search, searchVectors, sessions, stats,
    subscribe, summaries, tasks, todos, toolCalls, usage, vectors, watcher,
  };
  assert.deepEqual(Object.keys(required).sort(), Object.keys(named).sort());
  for (const [name, value] of Object.entries(named)) {
    assert.equal(value, required[name], name);
    assert.equal(han[name], value, name);
  }
});

test('a handle from an import works', async () => {
  const handle = Han.open({ inMemory: true, configDirs: [] });
  assert.equal((await handle.stats()).messages, 0);
  await handle.close();
});
