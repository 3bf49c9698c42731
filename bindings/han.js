'use strict';

// The class `Han`: the operations of the table, and the hand-written parts: opening, closing, following, vectors. Documented in
// index.d.ts.

const { NativeHan } = require('./native.js');
const { invalid, json, split, withEnvironment } = require('./input.js');
const { alone, bind, release } = require('./operations.js');
const { Subscription, call } = require('./subscription.js');
const { Embedders, indexVectors } = require('./vectors.js');

class Han {
  #native;
  #embedders = new Embedders();

  constructor(native) {
    if (!(native instanceof NativeHan)) throw invalid('a handle is made by Han.open(options)');
    this.#native = native;
    Object.assign(this, bind(native, (error) => this.#embedders.explain(error)));
  }

  static open(options) {
    const [rest, log] = split(withEnvironment(options), 'log');
    return new Han(NativeHan.open(json('options', rest), log));
  }

  indexSessionFileSync(path) {
    return this.#native.callNow('indexSessionFile', json('path', { path }));
  }

  subscribe(options) {
    const [rest, signal] = split(options, 'signal');
    return new Subscription(this.#native, json('options', rest), signal);
  }

  onChange(options, callback) {
    if (typeof callback !== 'function') throw invalid('callback must be a function');
    return call(callback, this.subscribe(options));
  }

  async indexVectors(request) {
    return indexVectors(this.#native, request);
  }

  registerEmbedder(embedder) {
    this.#embedders.register(this.#native, embedder);
  }

  async close() {
    release(this.#native);
    await this.#native.close();
    Subscription.endAll(this.#native);
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }
}

Object.assign(Han, alone());

module.exports = { Han };
