'use strict';

// The class `Han`. Everything that promises is an `async` function, so that what the addon throws at once, such as a bad
// argument, is a rejection too. Documented in index.d.ts.

const { NativeCancellation, NativeHan, NativeScan } = require('./native.js');
const { failure, invalid, json, split, withEnvironment } = require('./input.js');
const { operations, release } = require('./operations.js');
const { Subscription, call } = require('./subscription.js');
const { Embedders, indexVectors } = require('./vectors.js');

class Han {
  #native;
  #embedders = new Embedders();

  constructor(native) {
    if (!(native instanceof NativeHan)) throw invalid('a handle is made by Han.open(options)');
    this.#native = native;
    Object.assign(this, operations(native, this.#embedders));
  }

  static open(options) {
    const [rest, log] = split(withEnvironment(options), 'log');
    return new Han(NativeHan.open(rest, log));
  }

  indexSessionFileSync(path) {
    return this.#native.indexSessionFileSync(json('path', path));
  }

  async indexSessionFile(path) {
    return this.#native.indexSessionFile(json('path', path));
  }

  async scan(options) {
    const [rest, onProgress, signal] = split(options, 'onProgress', 'signal');
    if (signal?.aborted) throw failure('HAN_CANCELLED', 'cancelled; the signal was aborted before the scan began');
    const scan = new NativeScan();
    const cancel = () => scan.cancel();
    let thrown;
    const report = () => {
      const progress = thrown === undefined ? scan.takeProgress() : null;
      try {
        if (progress !== null) onProgress(progress);
      } catch (error) {
        thrown = { error };
        cancel();
      }
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await this.#native.scan(rest, scan, onProgress && report);
    } finally {
      signal?.removeEventListener('abort', cancel);
      // The last progress may still be on its way when the result is there.
      if (onProgress) report();
      if (thrown !== undefined) throw thrown.error;
    }
  }

  subscribe(options) {
    const [rest, signal] = split(options, 'signal');
    return new Subscription(this.#native, rest, signal);
  }

  onChange(options, callback) {
    if (typeof callback !== 'function') throw invalid('callback must be a function');
    return call(callback, this.subscribe(options));
  }

  async search(query) {
    return this.#native.search(json('options', await this.#embedders.complete(query)));
  }

  async indexVectors(request) {
    return indexVectors(this.#native, request);
  }

  async searchVectors(query) {
    return this.#native.searchVectors(json('options', query));
  }

  registerEmbedder(embedder) {
    this.#embedders.register(embedder);
  }

  async loadEmbedder(folder, options) {
    return this.#embedders.load(this.#native, folder, options);
  }

  async query(sql, parameters, options) {
    const [rest, signal] = split(options, 'signal');
    if (signal?.aborted) throw failure('HAN_CANCELLED', 'cancelled; the signal was aborted before the query began');
    const cancellation = new NativeCancellation();
    const cancel = () => cancellation.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await this.#native.query(json('sql', sql), json('parameters', parameters), rest, cancellation);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  async dashboard(filter) {
    return this.#native.dashboard(json('options', filter));
  }

  async activity(filter) {
    return this.#native.activity(json('options', filter));
  }

  async queryDashboardAggregates(since) {
    return this.#native.queryDashboardAggregates(json('since', since));
  }

  async exportSession(id, format, options) {
    return this.#native.exportSession(json('id', id), json('format', format), json('options', options));
  }

  async exportSessionToFile(id, format, targetPath, options) {
    const target = json('targetPath', targetPath);
    await this.#native.exportSessionToFile(json('id', id), json('format', format), target, json('options', options));
  }

  async problems(filter) {
    return this.#native.problems(json('options', filter));
  }

  async restore(sourcePath, targetPath) {
    await this.#native.restore(json('sourcePath', sourcePath), json('targetPath', targetPath));
  }

  async stats() {
    return this.#native.stats();
  }

  async doctor(options) {
    return this.#native.doctor(json('options', options));
  }

  async rederive() {
    return this.#native.rederive();
  }

  async forget(target) {
    return this.#native.forget(json('options', target));
  }

  async backup(path) {
    await this.#native.backup(json('path', path));
  }

  async close() {
    release(this.#native);
    await this.#native.close();
  }
}

module.exports = { Han };
