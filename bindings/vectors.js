'use strict';

// Vectors as numbers, and embedders that are written in JavaScript. Documented in index.d.ts.

const { invalid, json } = require('./input.js');

/** The numbers of a vector as the addon takes them; undefined if it is not a vector. */
function numbers(vector) {
  if (vector instanceof Float32Array) return vector;
  if (Array.isArray(vector) && vector.every((number) => typeof number === 'number')) return Float32Array.from(vector);
  return undefined;
}

/** Stores vectors; each item has its own. */
async function indexVectors(native, request) {
  const { items, ...rest } = request ?? {};
  if (!Array.isArray(items)) throw invalid('items must be an array');
  const vectors = items.map((item, at) => {
    const vector = numbers(item?.vector);
    if (vector === undefined) throw invalid(`items[${at}].vector must be a Float32Array or an array of numbers`);
    return vector;
  });
  const places = items.map(({ vector, ...place }) => place);
  return native.indexVectors(json('options', { ...rest, items: places }), vectors);
}

/** The embedders of one handle. */
class Embedders {
  /** What an embedder threw last, of which the core knows only the text. */
  #thrown;

  register(native, embedder) {
    const { model, dimensions, embed } = embedder ?? {};
    if (typeof model !== 'string' || model === '') throw invalid('embedder.model must be a name');
    if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > 0xffffffff) {
      throw invalid('embedder.dimensions must be a whole number from 1 on');
    }
    if (typeof embed !== 'function') throw invalid('embedder.embed must be a function');
    native.registerEmbedder(model, dimensions, (request) => void this.#answer(embedder, request));
  }

  /** Answers a request of the addon. */
  async #answer(embedder, request) {
    try {
      const vectors = await embedder.embed(request.texts());
      if (!Array.isArray(vectors)) throw new Error('it returned no vectors');
      request.resolve(
        vectors.map((vector) => {
          const taken = numbers(vector);
          if (taken === undefined) throw new Error('it returned a vector that is not a Float32Array');
          return taken;
        }),
      );
    } catch (error) {
      this.#thrown = error;
      request.reject(error instanceof Error ? error.message : String(error));
    }
  }

  /** An error of the addon, with what an embedder threw as its cause. */
  explain(error) {
    const thrown = this.#thrown;
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    if (error.code === 'HAN_EMBEDDER' && thrown !== undefined && error.message.includes(text)) error.cause = thrown;
    return error;
  }
}

module.exports = { Embedders, indexVectors };
