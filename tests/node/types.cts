// CommonJS sees the same types.

import native = require('han-native');

const handle: native.Han = native.Han.open();
const indexed: Promise<native.IndexResult> = native.indexSessionFile('session.jsonl');
export = { handle, indexed };
