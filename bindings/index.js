'use strict';

// What the package exports: the class `Han`, and the same functions over a default handle. Documented in index.d.ts.

const { Han } = require('./han.js');

let shared;

/** The default handle: opened at the first use, and again at the first use after `close()`. */
const handle = () => (shared ??= Han.open());

/** Functions over the default handle, or over a group of its operations. */
const over = (target, names) => Object.fromEntries(names.map((name) => [name, (...values) => target()[name](...values)]));

/** The same for functions that promise: what `Han.open` throws is a rejection, too. */
const asyncOver = (target, names) =>
  Object.fromEntries(names.map((name) => [name, async (...values) => target()[name](...values)]));

const group = (name, functions) => Object.freeze(asyncOver(() => handle()[name], functions));

const { indexSessionFile, scan, search, query, dashboard, activity, queryDashboardAggregates } = asyncOver(handle, [
  ...['indexSessionFile', 'scan', 'search', 'query', 'dashboard', 'activity', 'queryDashboardAggregates'],
]);
const { indexVectors, searchVectors, loadEmbedder } = asyncOver(handle, [
  ...['indexVectors', 'searchVectors', 'loadEmbedder'],
]);
const { exportSession, exportSessionToFile, problems, restore, stats, doctor, rederive, forget, backup } = asyncOver(handle, [
  ...['exportSession', 'exportSessionToFile', 'problems', 'restore', 'stats', 'doctor', 'rederive', 'forget', 'backup'],
]);
const { indexSessionFileSync, subscribe, onChange, registerEmbedder } = over(handle, [
  ...['indexSessionFileSync', 'subscribe', 'onChange', 'registerEmbedder'],
]);

const sessions = group('sessions', ['list', 'get']);
const messages = group('messages', ['list', 'get', 'raw', 'rawBytes', 'countBatch', 'timestampsBatch']);
const files = group('files', ['get', 'bySession']);
const toolCalls = group('toolCalls', ['get']);
const todos = group('todos', ['get']);
const tasks = group('tasks', ['get']);
const fileChanges = group('fileChanges', ['get']);
const hookExecutions = group('hookExecutions', ['get']);
const summaries = group('summaries', ['get']);
const usage = group('usage', ['bySession']);
const vectors = group('vectors', ['models', 'remove', 'pending', 'embedPending']);
const coordinator = Object.freeze(
  over(() => handle().coordinator, ['tryAcquire', 'release', 'isCoordinator', 'status']),
);
const watcher = Object.freeze({
  ...asyncOver(() => handle().watcher, ['start', 'stop']),
  ...over(() => handle().watcher, ['addPath', 'removePath', 'status']),
});

async function close() {
  const closing = shared;
  shared = undefined;
  await closing?.close();
}

// prettier-ignore
module.exports = {
  Han, indexSessionFile, indexSessionFileSync, scan, sessions, messages, files, toolCalls, todos, tasks, fileChanges,
  hookExecutions, summaries, usage, vectors, coordinator, watcher, subscribe, onChange, search, indexVectors, searchVectors,
  registerEmbedder, loadEmbedder, query, dashboard, activity, queryDashboardAggregates, exportSession, exportSessionToFile,
  problems, restore, stats, doctor, rederive, forget, backup, close,
};
