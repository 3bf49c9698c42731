// Runs a script of operations and prints one line of JSON for each, with sorted keys, so that the same script can be run in
// another language and the outputs be compared.
//
//   node parity.mjs SCRIPT.json      {"open": {...}, "steps": [{"op": "sessions.list", "args": {...}}, ...]}

import { readFileSync } from 'node:fs';
import { Han } from 'han-native';
import { LIVE_OPERATIONS } from './parity-live.mjs';
import { VECTOR_OPERATIONS } from './parity-vectors.mjs';

const OPERATIONS = {
  indexSessionFile: (han, { path }) => han.indexSessionFile(path),
  scan: (han, args) => han.scan(args),
  'sessions.list': (han, args) => han.sessions.list(args),
  'sessions.get': (han, { ids }) => han.sessions.get(ids),
  'messages.list': (han, args) => han.messages.list(args),
  'messages.get': (han, { ids }) => han.messages.get(ids),
  'messages.raw': (han, { ids }) => han.messages.raw(ids),
  'messages.rawBytes': async (han, { ids }) => (await han.messages.rawBytes(ids)).map((bytes) => bytes && bytes.toString('hex')),
  'messages.countBatch': (han, { sessionIds }) => han.messages.countBatch(sessionIds),
  'messages.timestampsBatch': (han, { sessionIds }) => han.messages.timestampsBatch(sessionIds),
  'files.get': (han, { ids }) => han.files.get(ids),
  'files.bySession': (han, { sessionIds }) => han.files.bySession(sessionIds),
  'toolCalls.get': (han, { ids, options }) => han.toolCalls.get(ids, options),
  'todos.get': (han, { sessionIds }) => han.todos.get(sessionIds),
  'tasks.get': (han, { sessionIds }) => han.tasks.get(sessionIds),
  'fileChanges.get': (han, { sessionIds }) => han.fileChanges.get(sessionIds),
  'hookExecutions.get': (han, { sessionIds }) => han.hookExecutions.get(sessionIds),
  'summaries.get': (han, { sessionIds }) => han.summaries.get(sessionIds),
  'usage.bySession': (han, { sessionIds }) => han.usage.bySession(sessionIds),
  dashboard: (han, args) => han.dashboard(args),
  activity: (han, args) => han.activity(args),
  queryDashboardAggregates: (han, { since }) => han.queryDashboardAggregates(since),
  query: (han, { sql, parameters, options }) => han.query(sql, parameters, options),
  exportSession: (han, { id, format, options }) => han.exportSession(id, format, options),
  exportSessionToFile: (han, { id, format, targetPath, options }) => han.exportSessionToFile(id, format, targetPath, options),
  search: (han, args) => han.search(args),
  problems: (han, args) => han.problems(args),
  restore: (han, { sourcePath, targetPath }) => han.restore(sourcePath, targetPath),
  stats: (han) => han.stats(),
  doctor: (han, args) => han.doctor(args),
  rederive: (han) => han.rederive(),
  forget: (han, args) => han.forget(args),
  backup: (han, { path }) => han.backup(path),
  close: (han) => han.close(),
  ...LIVE_OPERATIONS,
  ...VECTOR_OPERATIONS,
};

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value ?? null;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

const script = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const han = Han.open(script.open);
for (const { op, args } of script.steps) {
  const operation = OPERATIONS[op];
  if (operation === undefined) throw new Error(`unknown operation: ${op}`);
  let line;
  try {
    line = { ok: sorted(await operation(han, args ?? {})) };
  } catch (error) {
    if (error.code === undefined) throw error;
    line = { error: { code: error.code } };
  }
  console.log(JSON.stringify(line));
}
await han.close();
