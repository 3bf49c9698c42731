// The operations of a script that last: leading, watching, following, and the changes of files that are followed.

import { appendFileSync, renameSync, unlinkSync } from 'node:fs';

// Milliseconds: long enough for any machine; the test fails if it is not.
const PATIENCE = 60_000;

/** What a script holds between its steps: how to get the next item of each, and how to end it. */
const followed = new Map();

/** A callback's items, to be taken one by one. */
function listen(han, options) {
  const items = [];
  let wake = () => {};
  const { close } = han.onChange(options, (item) => {
    items.push(item);
    wake();
  });
  const next = async () => {
    if (items.length === 0) await new Promise((resolve) => (wake = resolve));
    return { value: items.shift() };
  };
  return { next, close };
}

function subscribe(han, options) {
  const iterator = han.subscribe(options)[Symbol.asyncIterator]();
  return { next: () => iterator.next(), close: () => iterator.return() };
}

async function collect({ name, until }) {
  const items = [];
  const alarm = setTimeout(() => {
    console.error(`${name}: ${JSON.stringify(until)} never came, only ${JSON.stringify(items)}`);
    process.exit(1);
  }, PATIENCE);
  try {
    for (;;) {
      const { done, value } = await followed.get(name).next();
      if (done) throw new Error(`${name} ended, and ${JSON.stringify(until)} never came`);
      items.push(value);
      if (Object.entries(until).every(([field, wanted]) => value[field] === wanted)) return items;
    }
  } finally {
    clearTimeout(alarm);
  }
}

export const LIVE_OPERATIONS = {
  subscribe: (han, { name, options }) => void followed.set(name, subscribe(han, options)),
  onChange: (han, { name, options }) => void followed.set(name, listen(han, options)),
  collect: (_, args) => collect(args),
  unsubscribe: async (_, { name }) => {
    await followed.get(name)?.close();
    return followed.delete(name);
  },
  // In one write, so that a watcher sees all of it or nothing.
  'file.append': (_, { path, text }) => appendFileSync(path, text),
  'file.rename': (_, { from, to }) => renameSync(from, to),
  'file.remove': (_, { path }) => unlinkSync(path),
};
