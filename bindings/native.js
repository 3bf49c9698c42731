'use strict';

// Loads the addon that was built for this platform and is next to this file.

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { names } = require('./platform.js');

const built = names.map((name) => join(__dirname, name)).find(existsSync);
if (built === undefined) {
  const platform = `${process.platform}-${process.arch}`;
  throw new Error(
    names.length === 0
      ? `han-native does not support ${platform}`
      : `han-native is not built for ${platform}: ${names.join(' or ')} is missing in ${__dirname}; run: npm run build. ` +
        "If a bundler has put this file there, name 'han-native' in its setting `external`: it loads its addon from beside itself.",
  );
}
module.exports = require(built);
