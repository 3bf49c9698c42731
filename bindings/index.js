'use strict';

// The class `Han` and the functions over a default handle. Everything asynchronous is an `async` function, so that what the
// addon throws at once, such as a bad argument, is a rejection too. Documented in index.d.ts.

const { NativeHan, NativeScan } = require('./native.js');
const { failure, invalid, json, split, withEnvironment } = require('./input.js');

class Han {
  #native;

  constructor(native) {
    if (!(native instanceof NativeHan)) throw invalid('a handle is made by Han.open(options)');
    this.#native = native;
    this.sessions = Object.freeze({
      list: async (query) => native.sessionsList(json('options', query)),
      get: async (ids) => native.sessionsGet(json('ids', ids)),
    });
    this.messages = Object.freeze({
      list: async (query) => native.messagesList(json('options', query)),
      get: async (ids) => native.messagesGet(json('ids', ids)),
      raw: async (ids) => native.messagesRaw(json('ids', ids)),
      rawBytes: async (ids) => native.messagesRawBytes(json('ids', ids)),
      countBatch: async (sessionIds) => native.messagesCountBatch(json('sessionIds', sessionIds)),
    });
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

  async search(query) {
    return this.#native.search(json('options', query));
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
    await this.#native.close();
  }
}

let shared;

/** The default handle: opened at the first use, and again at the first use after `close()`. */
const handle = () => (shared ??= Han.open());

/** The same functions over the default handle. */
const over = (target, names) =>
  Object.fromEntries(names.map((name) => [name, async (...values) => target()[name](...values)]));

const { indexSessionFile, scan, search, problems, restore, stats, doctor, rederive, forget, backup } = over(handle, [
  ...['indexSessionFile', 'scan', 'search', 'problems', 'restore', 'stats', 'doctor', 'rederive', 'forget', 'backup'],
]);
const indexSessionFileSync = (path) => handle().indexSessionFileSync(path);
const sessions = Object.freeze(over(() => handle().sessions, ['list', 'get']));
const messages = Object.freeze(over(() => handle().messages, ['list', 'get', 'raw', 'rawBytes', 'countBatch']));

async function close() {
  const closing = shared;
  shared = undefined;
  await closing?.close();
}

// prettier-ignore
module.exports = {
  Han, indexSessionFile, indexSessionFileSync, scan, sessions, messages, search, problems, restore, stats, doctor, rederive,
  forget, backup, close,
};
