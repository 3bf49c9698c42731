'use strict';

// Vectors, and embedders that are written in JavaScript. Documented in index.d.ts.

const { failure, invalid, json, split } = require('./input.js');

/** Messages that are embedded between two commits. */
const AT_ONCE = 64;
/** Texts that an embedder gets at once. */
const TEXTS_AT_ONCE = 128;
/** The square of a vector's length, between which a cosine can be reckoned in 32 bits. */
const [LEAST_SQUARE, GREATEST_SQUARE] = [1e-30, 1e30];

/** The numbers of a vector as the addon takes them. */
function numbers(name, vector) {
  if (vector instanceof Float32Array) return vector;
  if (Array.isArray(vector) && vector.every((number) => typeof number === 'number')) return Float32Array.from(vector);
  throw invalid(`${name} must be a Float32Array or an array of numbers`);
}

/** Stores vectors; each item has its own. */
async function indexVectors(native, request) {
  const { model, items, ...unknown } = request ?? {};
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw invalid(`unknown field \`${name}\`, expected \`model\` or \`items\``);
  if (!Array.isArray(items)) throw invalid('items must be an array');
  const vectors = items.map((item, at) => numbers(`items[${at}].vector`, item?.vector));
  const places = items.map(({ vector, ...place }) => place);
  return native.indexVectors(json('model', model), json('items', places), vectors);
}

/** Refuses what is no embedder. */
function checked(embedder) {
  const { model, dimensions, embed } = embedder ?? {};
  if (typeof model !== 'string' || model === '') throw invalid('embedder.model must be a name');
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > 8192) {
    throw invalid('embedder.dimensions must be a number from 1 to 8192');
  }
  if (typeof embed !== 'function') throw invalid('embedder.embed must be a function');
  return embedder;
}

/** What is wrong with a vector that an embedder gave; nothing where it is one. */
function flaw(vector, dimensions) {
  const isVector = vector instanceof Float32Array || Array.isArray(vector);
  if (!isVector || !vector.every((number) => typeof number === 'number')) return 'it gave a vector that is no Float32Array';
  if (vector.length !== dimensions) {
    return `it gave a vector of ${vector.length} dimensions, and says that it has ${dimensions}`;
  }
  if (!vector.every(Number.isFinite)) return 'it gave a vector with a number that is not finite';
  if (!vector.some((number) => number !== 0)) return 'it gave a vector of zeros, which has no direction';
  const square = Float32Array.from(vector).reduce((sum, number) => sum + number * number, 0);
  const isReckonable = square >= LEAST_SQUARE && square <= GREATEST_SQUARE;
  return isReckonable ? undefined : 'it gave a vector that is too long or too short to reckon with; scale it to the length 1';
}

/** The vectors of texts, as the embedder promised them. */
async function embedded(embedder, texts) {
  const { model, dimensions } = embedder;
  const failed = (reason, cause) =>
    Object.assign(failure('HAN_EMBEDDER', `the embedder of the model ${model} failed: ${reason}; what was stored before stays`), { cause });
  let vectors;
  try {
    vectors = await embedder.embed(texts);
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error), error);
  }
  if (!Array.isArray(vectors) || vectors.length !== texts.length) {
    throw failed(`it gave ${Array.isArray(vectors) ? vectors.length : 'no'} vectors for ${texts.length} texts`);
  }
  const reason = vectors.map((vector) => flaw(vector, dimensions)).find((found) => found !== undefined);
  if (reason !== undefined) throw failed(reason);
  // An embedder may give the same memory each time.
  return vectors.map((vector) => Float32Array.from(vector));
}

/** The embedders of one handle. */
class Embedders {
  #byModel = new Map();
  /** The models of those that the addon has loaded, and asks by itself. */
  #loaded = new Set();

  register(embedder) {
    const { model } = checked(embedder);
    this.#byModel.set(model, embedder);
    this.#loaded.delete(model);
  }

  async load(native, folder, options) {
    const [rest] = split(options);
    const info = await native.loadEmbedder(json('folder', folder), rest);
    this.#loaded.add(info.model);
    this.#byModel.delete(info.model);
    return info;
  }

  /** A query with the vector of its text, where an embedder can give it. */
  async complete(query) {
    if (!['vector', 'hybrid'].includes(query?.mode)) return query;
    const hasVector = (query.vector ?? undefined) !== undefined;
    const models = [...this.#byModel.keys(), ...this.#loaded].sort();
    if ((query.model ?? undefined) === undefined && models.length > 1 && !hasVector) {
      throw invalid(`model is missing; there are embedders of ${models.join(', ')}`);
    }
    const model = query.model ?? (models.length === 1 ? models[0] : null);
    const embedder = this.#byModel.get(model);
    if (embedder === undefined || hasVector) return { ...query, model };
    if (typeof query.query !== 'string' || query.query.trim() === '') {
      throw invalid('query is empty; give a text to embed, or a vector');
    }
    const [vector] = await embedded(embedder, [query.query]);
    return { ...query, model, vector };
  }

  /** Embeds what is pending for a model, page by page. */
  async embedPending(native, model, options) {
    const [rest, onProgress, signal] = split(options, 'onProgress', 'signal');
    const { limit = null, ...unknown } = JSON.parse(rest);
    const [name] = Object.keys(unknown);
    if (name !== undefined) throw invalid(`unknown field \`${name}\`, expected \`limit\`, \`onProgress\` or \`signal\``);
    if (limit !== null && !(Number.isInteger(limit) && limit >= 1)) throw invalid('limit must be a number from 1 on');
    const done = { messages: 0, vectors: 0 };
    const add = ({ messages, vectors }) => {
      done.messages += messages;
      done.vectors += vectors;
      if (messages > 0) onProgress?.({ ...done });
    };
    const next = () => {
      if (signal?.aborted) throw failure('HAN_CANCELLED', 'cancelled; what was committed before stays');
      return limit === null ? AT_ONCE : limit - done.messages;
    };
    const embedder = this.#byModel.get(model);
    if (embedder === undefined) return this.#embedNatively(native, model, next, add, done);
    for (let after = null; ; ) {
      const left = next();
      const first = Math.max(1, Math.min(left, AT_ONCE));
      const page = await native.vectorsPending(json('options', { model, first, after }));
      if (page.items.length === 0 || left <= 0) return { ...done, hasMore: page.items.length > 0 };
      // Whoever may not write hears it before the embedder has worked for nothing.
      if (after === null) await indexVectors(native, { model, items: [] });
      const chunks = page.items.flatMap(({ messageId, textHash, chunks }) =>
        chunks.map(({ text, ...chunk }) => ({ text, place: { messageId, textHash, ...chunk } })),
      );
      const vectors = [];
      while (vectors.length < chunks.length) {
        next();
        const some = chunks.slice(vectors.length, vectors.length + TEXTS_AT_ONCE);
        vectors.push(...(await embedded(embedder, some.map(({ text }) => text))));
      }
      const items = chunks.map(({ place }, at) => ({ ...place, vector: vectors[at] }));
      add(await indexVectors(native, { model, items }));
      // A message that changes all the time is embedded once by this call.
      after = page.endCursor;
    }
  }

  /** The same by an embedder of the addon, or its refusal; page by page as well, so that it can be followed and ended. */
  async #embedNatively(native, model, next, add, done) {
    for (;;) {
      const left = next();
      const report = await native.vectorsEmbedPending(json('model', model), json('options', { limit: Math.min(left, AT_ONCE) }));
      add(report);
      if (!report.hasMore || left <= report.messages) return { ...done, hasMore: report.hasMore };
    }
  }
}

module.exports = { Embedders, indexVectors };
