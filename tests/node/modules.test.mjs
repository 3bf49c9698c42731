// The package as an ES module: named and default imports are the same as in CommonJS.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import han, { Han } from 'han-native';
import * as named from 'han-native';

const required = createRequire(import.meta.url)('han-native');

test('every name can be imported, and nothing else is exported', () => {
  // What every CommonJS module has as an ES module.
  const { default: whole, 'module.exports': _, ...names } = named;
  assert.equal(whole, required);
  assert.deepEqual(Object.keys(names).sort(), Object.keys(required).sort());
  for (const [name, value] of Object.entries(names)) {
    assert.equal(value, required[name], name);
    assert.equal(han[name], value, name);
  }
});

test('a handle from an import works', async () => {
  const handle = Han.open({ inMemory: true, configDirs: [] });
  assert.equal((await handle.stats()).messages, 0);
  await handle.close();
});
