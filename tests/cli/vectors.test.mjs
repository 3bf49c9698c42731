import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeModel } from './model.mjs';
import { filledHome, han, sessionIds } from './support.mjs';

async function embeddedHome(t) {
  const home = filledHome(t);
  assert.equal((await han(home, ['index'])).code, 0);
  const folder = writeModel(join(home, 'models', 'tiny'));
  return { home, folder };
}

test('embed embeds what is new, once', async (t) => {
  const { home, folder } = await embeddedHome(t);
  const first = await han(home, ['embed', '--model-folder', folder, '--limit', '2']);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^2 messages embedded, 2 vectors of tiny\n$/);
  assert.match(first.stderr, /More messages are left/);
  const rest = JSON.parse((await han(home, ['embed', '--model-folder', folder, '--json'])).stdout);
  assert.deepEqual([rest.model, rest.hasMore], ['tiny', false]);
  assert.ok(rest.messages > 2);
  const again = await han(home, ['embed'], { env: { HAN_MODEL_FOLDER: folder } });
  assert.match(again.stdout, /^0 messages embedded/);
});

test('search finds by meaning, and by words and meaning together', async (t) => {
  const { home, folder } = await embeddedHome(t);
  assert.equal((await han(home, ['embed', '--model-folder', folder])).code, 0);
  const hits = async (...args) =>
    JSON.parse((await han(home, ['search', '--json', '--model-folder', folder, ...args])).stdout).items;
  const [near] = await hits('--mode', 'vector', 'grammar');
  assert.deepEqual([near.matchedBy, near.message.sessionId], ['vector', sessionIds.parser]);
  assert.ok(near.distance < 0.1);
  const both = await hits('--mode', 'hybrid', 'checker', 'validator');
  assert.equal(both[0].message.sessionId, sessionIds.login);
  assert.deepEqual(await hits('grammar'), [], 'no message has the word');
  const within = await hits('--mode', 'vector', '--session', sessionIds.login, 'grammar');
  assert.ok(within.length > 0 && within.every(({ message }) => message.sessionId === sessionIds.login));
  const plain = await han(home, ['search', '--mode', 'vector', '--model-folder', folder, 'grammar']);
  assert.match(plain.stdout, /parse/);
});

test('what is missing is said in one line', async (t) => {
  const { home, folder } = await embeddedHome(t);
  const fails = async (args, code, message) => {
    const ended = await han(home, args);
    assert.equal(ended.code, code, ended.stderr);
    assert.match(ended.stderr, message);
    assert.equal(ended.stderr.trim().split('\n').length, 1);
  };
  await fails(['embed'], 2, /--model-folder/);
  await fails(['search', '--mode', 'vector', 'x'], 2, /--model-folder/);
  await fails(['search', '--model', 'tiny', 'x'], 2, /model is of use in the modes vector and hybrid only/);
  await fails(['search', '--mode', 'sideways', 'x'], 2, /Allowed choices are text, vector, hybrid/);
  await fails(['embed', '--model-folder', join(home, 'nowhere')], 1, /does not exist: .*tokenizer\.json/);
  await fails(
    ['search', '--mode', 'vector', '--model-folder', folder, 'x'],
    1,
    /model with vectors does not exist: tiny/,
  );
  writeFileSync(join(folder, 'model.safetensors'), 'no tensors');
  await fails(['embed', '--model-folder', folder], 2, /model\.safetensors/);
});
