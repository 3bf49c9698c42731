// Runs a script of operations and prints one line of JSON for each, with sorted keys, so that the same script can be run in
// another language and the outputs be compared.
//
//   node parity.mjs SCRIPT.json      {"open": {...}, "steps": [{"op": "sessions.list", "args": {...}}, ...]}

import { readFileSync } from 'node:fs';
import { Han } from 'han-native';
import { LIVE_OPERATIONS } from './parity-live.mjs';
import { VECTOR_OPERATIONS } from './parity-vectors.mjs';

/** The operations of the table, with the names of their positional parameters. */
const TABLE = new Map(
  JSON.parse(readFileSync(new URL('../../han-ffi/src/operations.json', import.meta.url), 'utf8')).operations.map((one) => [one.name, one]),
);

/** What is written by hand. */
const BY_HAND = { close: (han) => han.close(), ...LIVE_OPERATIONS, ...VECTOR_OPERATIONS };

/** Calls an operation of the table as a program would: positional parameters, then an object of options. */
async function call(han, { name, leading, kind, form }, args) {
  const values = leading.map((key) => args[key]);
  const rest = Object.entries(args).filter(([key]) => !leading.includes(key));
  if (rest.length > 0) values.push(Object.fromEntries(rest));
  const [group, member] = name.includes('.') ? name.split('.') : [undefined, name];
  const target = kind === 'static' ? Han : group === undefined ? han : han[group];
  if (kind === 'stream') {
    const chunks = [];
    values.splice(leading.length, 0, (chunk) => void chunks.push(Buffer.from(chunk)));
    await target[member](...values);
    return Buffer.concat(chunks).toString('utf8');
  }
  const result = await target[member](...values);
  return form === 'bytes' ? result.map((bytes) => bytes && Buffer.from(bytes).toString('base64')) : result;
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value ?? null;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

const script = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const han = Han.open(script.open);
for (const { op, args } of script.steps) {
  if (!(op in BY_HAND) && !TABLE.has(op)) throw new Error(`unknown operation: ${op}`);
  let line;
  try {
    line = { ok: sorted(await (BY_HAND[op] ? BY_HAND[op](han, args ?? {}) : call(han, TABLE.get(op), args ?? {}))) };
  } catch (error) {
    if (error.code === undefined) throw error;
    line = { error: { code: error.code } };
  }
  console.log(JSON.stringify(line));
}
await han.close();
