'use strict';

// Arguments on their way to the addon: they cross as JSON text, and what JSON would silently drop or change is refused.

const failure = (code, message) => Object.assign(new Error(message), { code });
const invalid = (message) => failure('HAN_INVALID_ARGUMENT', message);

/** An argument as JSON text; `null` represents a missing value. */
function json(name, value) {
  function refuse(key, item) {
    const place = key === '' ? name : Array.isArray(this) ? `${name}[${key}]` : key;
    const type = typeof item;
    if (typeof this[key]?.toJSON === 'function') throw invalid(`${place} must be plain data, such as a string`);
    if (['function', 'symbol', 'bigint'].includes(type)) throw invalid(`${place} must not be a ${type}`);
    // JSON would write them as objects.
    if (item instanceof Float32Array) return Array.from(item);
    const tag = Object.prototype.toString.call(item).slice(8, -1);
    if (ArrayBuffer.isView(item) || ['ArrayBuffer', 'Map', 'Set'].includes(tag)) throw invalid(`${place} must not be a ${tag}`);
    if (type === 'number' && !Number.isFinite(item)) throw invalid(`${place} must be a finite number`);
    return type === 'string' ? item.toWellFormed() : item;
  }
  try {
    return JSON.stringify(value ?? null, refuse);
  } catch (error) {
    throw error.code === undefined ? invalid(`${name}: ${error.message}`) : error;
  }
}

/** What a call whose signal was aborted rejects with. */
const aborted = (signal) =>
  Object.assign(failure('HAN_CANCELLED', 'cancelled; the signal was aborted, and what was committed before stays'), {
    name: 'AbortError',
    cause: signal.reason,
  });

/** A copy of an options object. */
function object(options) {
  if (options !== undefined && options !== null && (typeof options !== 'object' || Array.isArray(options))) {
    throw invalid('options must be an object');
  }
  return { ...options };
}

/** Whether a variable is set, and to UTF-8: only the addon sees the bytes of any other. */
const isWhole = (variable) => Boolean(variable) && !variable.includes('\ufffd');

/** Options completed from the environment: Bun and workers have a `process.env` of their own, which the addon does not see. */
function withEnvironment(options) {
  const { HAN_DATA_DIR, CLAUDE_CONFIG_DIR, HAN_PRICE_FILE, HAN_WATCH_MODE } = process.env;
  const filled = object(options);
  if (isWhole(HAN_PRICE_FILE)) filled.priceFile ??= HAN_PRICE_FILE;
  // Any other mode is refused when the watcher starts.
  if (['native', 'poll'].includes(HAN_WATCH_MODE)) filled.watch = { mode: HAN_WATCH_MODE, ...filled.watch };
  if (isWhole(HAN_DATA_DIR)) filled.dataDir ??= HAN_DATA_DIR;
  if (isWhole(CLAUDE_CONFIG_DIR)) {
    filled.configDirs ??= CLAUDE_CONFIG_DIR.split(',').map((path) => path.trim()).filter(Boolean);
  }
  return filled;
}

/** Takes functions and signals out of an object of options: the rest, and then each of `names`; `false` represents a missing one. */
function split(options, ...names) {
  const rest = object(options);
  const taken = names.map((name) => {
    if (name === false) return undefined;
    const value = rest[name] ?? undefined;
    delete rest[name];
    if (value !== undefined && name !== 'signal' && typeof value !== 'function') {
      throw invalid(`${name} must be a function`);
    }
    if (value !== undefined && name === 'signal' && typeof value.addEventListener !== 'function') {
      throw invalid('signal must be an AbortSignal');
    }
    return value;
  });
  return [rest, ...taken];
}

module.exports = { aborted, failure, invalid, json, object, split, withEnvironment };
