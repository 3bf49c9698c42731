'use strict';

// Vectors: passed as Float32Arrays, or made by an embedder that is written in JavaScript.

const assert = require('node:assert/strict');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const test = require('node:test');
const { Han } = require('han-native');
const { SESSION, configDir, inFolder } = require('./fixtures.cjs');

/** Runs `body` with a handle over a scanned config dir, and the ids of its longest session. */
const withMessages = (body) =>
  inFolder(async (folder) => {
    const files = configDir(folder);
    const han = Han.open({ dataDir: join(folder, 'data'), configDirs: [files.path] });
    try {
      await han.scan();
      const { items } = await han.messages.list({ sessionId: SESSION });
      await body(han, items.map(({ id }) => id));
    } finally {
      await han.close();
    }
  });

/** Counts letters. */
const letters = (text) => {
  const counts = new Float32Array(26).fill(0.125);
  for (const letter of text) if (/^[a-z]$/.test(letter)) counts[letter.codePointAt(0) - 97] += 1;
  return counts;
};

const embedder = (change = {}) => ({ model: 'letters', dimensions: 26, embed: async (texts) => texts.map(letters), ...change });

const refused = (code, message) => (error) => error.code === code && message.test(error.message);

test('vectors are stored, found, counted and removed', () =>
  withMessages(async (han, ids) => {
    const report = await han.indexVectors({
      model: 'm',
      items: [
        { messageId: ids[0], vector: Float32Array.of(1, 0) },
        { messageId: ids[1], chunk: 2, vector: [0, 1] },
        { messageId: 'nonsense', vector: [1, 1] },
      ],
    });
    assert.deepEqual(report, { messages: 2, vectors: 2, unknown: ['nonsense'] });
    const page = await han.searchVectors({ vector: Float32Array.of(0.1, 1) });
    assert.deepEqual(page.items.map(({ message, chunk, matchedBy }) => [message.id, chunk, matchedBy]), [
      [ids[1], 2, 'vector'],
      [ids[0], 0, 'vector'],
    ]);
    assert.ok(page.items[0].distance < page.items[1].distance);
    assert.deepEqual(await han.vectors.models(), [{ name: 'm', dimensions: 2, messages: 2, vectors: 2, stale: 0 }]);
    assert.deepEqual(await han.vectors.remove('m'), { vectors: 2 });
    await assert.rejects(han.searchVectors({ vector: [1, 0] }), { code: 'HAN_NOT_FOUND' });
  }));

test('the numbers are taken when the call is made', () =>
  withMessages(async (han, ids) => {
    const vector = Float32Array.of(1, 0);
    const storing = han.indexVectors({ model: 'm', items: [{ messageId: ids[0], vector }] });
    vector.fill(NaN);
    await storing;
    const { items } = await han.searchVectors({ vector: [1, 0] });
    assert.equal(items[0].distance, 0);
  }));

test('a part of a larger buffer is a vector of its own', () =>
  withMessages(async (han, ids) => {
    const all = Float32Array.of(9, 9, 1, 0, 9);
    await han.indexVectors({ model: 'm', items: [{ messageId: ids[0], vector: all.subarray(2, 4) }] });
    assert.equal((await han.searchVectors({ vector: all.subarray(2, 4) })).items[0].distance, 0);
  }));

test('bad vectors are refused by name', () =>
  withMessages(async (han, ids) => {
    const store = (vector) => han.indexVectors({ model: 'm', items: [{ messageId: ids[0], vector }] });
    for (const vector of [undefined, null, 'text', new Float64Array(2), [1, 'x'], { 0: 1 }]) {
      await assert.rejects(store(vector), refused('HAN_INVALID_ARGUMENT', /items\[0\]\.vector/));
    }
    await assert.rejects(store(Float32Array.of(NaN, 1)), refused('HAN_INVALID_ARGUMENT', /NaN at position 0/));
    await assert.rejects(store([0, 0]), refused('HAN_INVALID_ARGUMENT', /zeros/));
    await assert.rejects(han.indexVectors({ model: 'm', items: 'none' }), refused('HAN_INVALID_ARGUMENT', /items/));
    await assert.rejects(han.indexVectors(), refused('HAN_INVALID_ARGUMENT', /items/));
    await assert.rejects(han.indexVectors({ model: 'm', items: [], bogus: 1 }), refused('HAN_INVALID_ARGUMENT', /bogus/));
    await assert.rejects(han.searchVectors({ vector: [NaN] }), refused('HAN_INVALID_ARGUMENT', /finite/));
    assert.deepEqual(await han.vectors.models(), []);
  }));

test('an embedder embeds what is pending, and queries', () =>
  withMessages(async (han) => {
    const asked = [];
    han.registerEmbedder(embedder({ embed: async (texts) => (asked.push(...texts), texts.map(letters)) }));
    const pending = (await han.vectors.pending({ model: 'letters', first: 1000 })).items;
    const told = [];
    const limited = await han.vectors.embedPending('letters', { limit: 2, onProgress: (progress) => told.push(progress) });
    assert.deepEqual([limited.messages, limited.hasMore], [2, true]);
    assert.deepEqual(told, [{ messages: limited.messages, vectors: limited.vectors }]);
    const rest = await han.vectors.embedPending('letters');
    assert.deepEqual([rest.messages, rest.hasMore], [pending.length - 2, false]);
    assert.deepEqual(asked, pending.flatMap(({ chunks }) => chunks.map(({ text }) => text)));
    assert.deepEqual((await han.vectors.pending({ model: 'letters' })).items, []);
    const query = asked[0];
    for (const mode of ['vector', 'hybrid']) {
      const [hit] = (await han.search({ query, mode })).items;
      assert.equal(hit.message.id, pending[0].messageId);
    }
    await assert.rejects(han.search({ query: ' ', mode: 'vector' }), { code: 'HAN_INVALID_ARGUMENT' });
  }));

test('a failing embedder is an error with its text, and loses nothing', () =>
  withMessages(async (han) => {
    const cause = new Error('no such luck');
    const failing = [
      [async () => { throw cause; }, /letters failed: no such luck/],
      [async () => [], /returned 0 vectors/],
      [async () => undefined, /returned no vectors/],
      [async (texts) => texts.map(() => Float32Array.of(1)), /1 dimensions/],
      [async (texts) => texts.map(() => 'vector'), /not a Float32Array/],
      [async (texts) => texts.map(() => Array(26).fill(1e200)), /finite/],
      [async (texts) => texts.map(() => Array(26).fill(1e-30)), /out of range/],
      [async (texts) => texts.map(() => Array(26).fill(-0)), /zeros/],
    ];
    for (const [embed, message] of failing) {
      han.registerEmbedder(embedder({ embed }));
      await assert.rejects(han.vectors.embedPending('letters'), refused('HAN_EMBEDDER', message));
    }
    han.registerEmbedder(embedder({ embed: failing[0][0] }));
    await assert.rejects(han.vectors.embedPending('letters'), (error) => error.cause === cause);
    assert.deepEqual(await han.vectors.models(), []);
    await assert.rejects(han.vectors.embedPending('unknown'), { code: 'HAN_NOT_FOUND' });
    const aborted = AbortSignal.abort();
    await assert.rejects(han.vectors.embedPending('letters', { signal: aborted }), { code: 'HAN_CANCELLED' });
    await assert.rejects(han.vectors.embedPending('letters', { limit: 0 }), { code: 'HAN_INVALID_ARGUMENT' });
    await assert.rejects(han.vectors.embedPending('letters', { bogus: 1 }), refused('HAN_INVALID_ARGUMENT', /bogus/));
  }));

test('an embedder may return the same memory each time', () =>
  inFolder(async (folder) => {
    // More pieces of one page than an embedder gets at once.
    const content = (word) => `${word} `.repeat(32_000);
    const lines = ['aaa', 'bbb', 'ccc'].map((word) => JSON.stringify({ type: 'user', message: { role: 'user', content: content(word) } }));
    const place = join(folder, 'long.jsonl');
    writeFileSync(place, `${lines.join('\n')}\n`);
    const han = Han.open({ dataDir: join(folder, 'data'), configDirs: [] });
    await han.indexSessionFile(place);
    const memory = new Float32Array(26 * 128);
    const calls = [];
    const embed = async (texts) => {
      calls.push(texts.length);
      return texts.map((text, at) => {
        const vector = memory.subarray(at * 26, (at + 1) * 26);
        vector.set(letters(text));
        return vector;
      });
    };
    han.registerEmbedder(embedder({ embed }));
    const { items } = await han.vectors.pending({ model: 'letters' });
    assert.equal((await han.vectors.embedPending('letters')).messages, 3);
    assert.deepEqual(calls, [128, 64]);
    for (const { messageId, chunks } of items) {
      const [hit] = (await han.searchVectors({ vector: letters(chunks[0].text) })).items;
      assert.deepEqual([hit.message.id, Math.abs(hit.distance) < 1e-6], [messageId, true]);
    }
    await han.close();
  }));

test('a query by a vector means the model of the only embedder', () =>
  withMessages(async (han, ids) => {
    for (const model of ['letters', 'other']) await han.indexVectors({ model, items: [{ messageId: ids[0], vector: letters('abc') }] });
    const vector = letters('abc');
    await assert.rejects(han.search({ query: '', mode: 'vector', vector }), refused('HAN_INVALID_ARGUMENT', /letters, other/));
    han.registerEmbedder(embedder());
    assert.equal((await han.search({ query: '', mode: 'vector', vector })).items.length, 1);
    assert.equal((await han.search({ query: '', mode: 'vector', vector, model: 'other' })).items.length, 1);
    // A search by vectors alone does not depend on the embedders.
    await assert.rejects(han.searchVectors({ vector }), refused('HAN_INVALID_ARGUMENT', /letters, other/));
  }));

test('a handle that may not write is refused before the embedder runs, and only if there is something to embed', () =>
  inFolder(async (folder) => {
    const files = configDir(folder);
    const place = { dataDir: join(folder, 'data'), configDirs: [files.path] };
    const han = Han.open(place);
    await han.scan();
    const reader = Han.open({ ...place, readOnly: true });
    let asked = 0;
    reader.registerEmbedder(embedder({ embed: async (texts) => ((asked += texts.length), texts.map(letters)) }));
    await assert.rejects(reader.vectors.embedPending('letters'), { code: 'HAN_READ_ONLY' });
    assert.equal(asked, 0);
    han.registerEmbedder(embedder());
    await han.vectors.embedPending('letters');
    assert.deepEqual(await reader.vectors.embedPending('letters'), { messages: 0, vectors: 0, hasMore: false });
    await reader.close();
    await han.close();
  }));

test('what is not an embedder is refused', () =>
  withMessages((han) => {
    const odd = [undefined, {}, embedder({ model: '' }), embedder({ dimensions: 0 }), embedder({ dimensions: 1.5 }), embedder({ embed: 'no' })];
    for (const one of odd) assert.throws(() => han.registerEmbedder(one), { code: 'HAN_INVALID_ARGUMENT' });
  }));

test('static embeddings from a folder are an embedder', () =>
  inFolder(async (folder) => {
    const { writeModel } = await import('../cli/model.mjs');
    const files = configDir(folder);
    const han = Han.open({ dataDir: join(folder, 'data'), configDirs: [files.path] });
    await han.scan();
    const place = writeModel(join(folder, 'tiny'));
    assert.deepEqual(await han.loadEmbedder(place), { model: 'tiny', dimensions: 3 });
    assert.deepEqual(await han.loadEmbedder(place, { model: 'named' }), { model: 'named', dimensions: 3 });
    const all = (await han.vectors.pending({ model: 'named', first: 1000 })).items.length;
    const told = [];
    const report = await han.vectors.embedPending('named', { onProgress: ({ messages }) => told.push(messages) });
    assert.deepEqual([report.messages, report.hasMore, told.at(-1)], [all, false, all]);
    assert.ok((await han.search({ query: 'login', mode: 'vector', model: 'named' })).items.length > 0);
    await assert.rejects(han.search({ query: 'login', mode: 'vector' }), refused('HAN_INVALID_ARGUMENT', /named, tiny/));
    await assert.rejects(han.vectors.embedPending('named', { signal: AbortSignal.abort() }), { code: 'HAN_CANCELLED' });
    await assert.rejects(han.loadEmbedder(join(folder, 'nowhere')), { code: 'HAN_NOT_FOUND' });
    await assert.rejects(han.loadEmbedder(place, { bogus: 1 }), refused('HAN_INVALID_ARGUMENT', /bogus/));
    han.registerEmbedder(embedder({ model: 'named', dimensions: 3, embed: async (texts) => texts.map(() => [1, 0, 0]) }));
    assert.equal((await han.search({ query: 'anything', mode: 'vector', model: 'named' })).items.length, Math.min(20, all));
    await han.close();
  }));
