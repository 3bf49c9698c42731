'use strict';

// The operations of the addon's table as functions: `han.search(...)`, `han.sessions.list(...)`. Documented in index.d.ts.

const { NativeCall, NativeHan } = require('./native.js');
const { aborted, invalid, json, object, split } = require('./input.js');

const OPERATIONS = NativeHan.operations();

/** Handles that lead or watch: they continue until they are closed, even if nothing references them. */
const kept = new Set();
const KEEPING = ['coordinator.tryAcquire', 'watcher.start'];

/** Releases a closed handle. */
const release = (native) => kept.delete(native);

/** The parameters of a call as one JSON object: first the positional ones, each refused by its own name, then an object of options. */
function parameters({ leading }, values, options = {}) {
  const members = leading.map((name, at) => {
    if (name in options) throw invalid(`parameters are refused: unknown field \`${name}\``);
    return `"${name}":${json(name, values[at])}`;
  });
  const rest = json('options', options).slice(1, -1);
  return `{${(rest === '' ? members : [...members, rest]).join(',')}}`;
}

/** Calls an operation that returns a promise. */
async function call(native, operation, values, explain) {
  const { name, leading, isCancellable, hasProgress } = operation;
  const [rest, onProgress, signal] = split(
    values[leading.length],
    hasProgress && 'onProgress',
    isCancellable && 'signal',
  );
  const text = parameters(operation, values, rest);
  if (signal?.aborted) throw aborted(signal);
  const running = onProgress || signal ? new NativeCall() : undefined;
  const cancel = () => running.cancel();
  let thrown;
  const report = () => {
    const progress = thrown === undefined ? running.takeProgress() : null;
    try {
      if (progress !== null) onProgress(JSON.parse(progress));
    } catch (error) {
      thrown = { error };
      cancel();
    }
  };
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const result = await native.call(name, text, running, onProgress && report);
    if (KEEPING.includes(name)) kept.add(native);
    return result ?? undefined;
  } catch (error) {
    throw signal?.aborted && error.code === 'HAN_CANCELLED' ? aborted(signal) : explain(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
    // The last progress may still be on its way when the result is there.
    if (onProgress) report();
    if (thrown !== undefined) throw thrown.error;
  }
}

/** Calls an operation that returns at once. */
function callNow(native, operation, values) {
  const result = native.callNow(operation.name, parameters(operation, values, object(values[operation.leading.length])));
  if (KEEPING.includes(operation.name)) kept.add(native);
  return result ?? undefined;
}

/** Calls an operation that writes pieces of bytes: `write`, which may be asynchronous, follows the positional parameters. */
async function callTo(native, operation, values) {
  const { leading } = operation;
  const write = values[leading.length];
  if (typeof write !== 'function') throw invalid('write must be a function');
  const text = parameters(operation, values, object(values[leading.length + 1]));
  let thrown;
  const take = async (piece) => {
    try {
      await write(piece.bytes());
      piece.done();
    } catch (error) {
      thrown = { error };
      piece.done('write failed');
    }
  };
  try {
    await native.callTo(operation.name, text, take);
  } catch (error) {
    throw thrown === undefined ? error : thrown.error;
  }
}

const WAYS = { promise: call, now: callNow, stream: callTo };

/** Defines a function at its dotted name. */
function place(target, name, run) {
  const [group, member] = name.includes('.') ? name.split('.') : [undefined, name];
  Object.defineProperty(run, 'name', { value: member });
  if (group === undefined) {
    target[member] = run;
    return;
  }
  target[group] ??= {};
  target[group][member] = run;
}

/** Groups of functions cannot be changed. */
function frozen(target) {
  for (const group of Object.values(target)) if (typeof group === 'object') Object.freeze(group);
  return target;
}

/** The operations of a handle of the addon. `explain` may add details to an error. */
function bind(native, explain) {
  const bound = {};
  for (const operation of OPERATIONS) {
    const run = WAYS[operation.way];
    if (run !== undefined) place(bound, operation.name, (...values) => run(native, operation, values, explain));
  }
  return frozen(bound);
}

/** The same for a handle that is opened on first use. */
function bindLater(open) {
  const bound = {};
  for (const { name, way } of OPERATIONS) {
    if (way === 'static') continue;
    const [group, member] = name.includes('.') ? name.split('.') : [undefined, name];
    const run = (values) => (group === undefined ? open() : open()[group])[member](...values);
    // An error on opening is a rejection, too.
    place(bound, name, way === 'now' ? (...values) => run(values) : async (...values) => run(values));
  }
  return frozen(bound);
}

/** The operations that need no handle. */
function alone() {
  const bound = {};
  for (const operation of OPERATIONS) {
    if (operation.way !== 'static') continue;
    const run = (...values) =>
      NativeHan.callStatic(operation.name, parameters(operation, values, object(values[operation.leading.length]))) ?? undefined;
    place(bound, operation.name, run);
  }
  return frozen(bound);
}

module.exports = { alone, bind, bindLater, release };
