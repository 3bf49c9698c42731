'use strict';

// The file names that the addon may have on this platform.

const PLATFORMS = {
  'linux-x64': ['linux-x64-gnu', 'linux-x64-musl'],
  'linux-arm64': ['linux-arm64-gnu', 'linux-arm64-musl'],
  'darwin-x64': ['darwin-x64'],
  'darwin-arm64': ['darwin-arm64'],
  'win32-x64': ['win32-x64-msvc'],
  'win32-arm64': ['win32-arm64-msvc'],
};

const suffixes = PLATFORMS[`${process.platform}-${process.arch}`] ?? [];

module.exports = { names: suffixes.map((suffix) => `han-native.${suffix}.node`) };
