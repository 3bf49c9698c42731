'use strict';

// The operations over a default handle, which is opened on first use. Documented in index.d.ts.

const { Han } = require('./han.js');
const { alone, bindLater } = require('./operations.js');

let shared;

/** The default handle: opened on first use, and again on the first use after `close()`. */
const handle = () => (shared ??= Han.open());

async function close() {
  const closing = shared;
  shared = undefined;
  await closing?.close();
}

module.exports = {
  ...alone(),
  ...bindLater(handle),
  indexSessionFileSync: (path) => handle().indexSessionFileSync(path),
  subscribe: (options) => handle().subscribe(options),
  onChange: (options, callback) => handle().onChange(options, callback),
  indexVectors: async (request) => handle().indexVectors(request),
  registerEmbedder: (embedder) => handle().registerEmbedder(embedder),
  close,
};
