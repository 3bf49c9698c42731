'use strict';

// Transcripts made for the tests, in folders that are removed after the test.

const { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');

const PROJECT = '-srv-example-webshop';
const SESSION = '4be1f4a6-9d0c-4a54-8a64-1f0e6f3a7b01';
const SECOND_SESSION = '9c1d2e3f-0a1b-4c2d-8e3f-4a5b6c7d8e02';

/** Runs `body` with a fresh folder that only the user may enter. */
async function inFolder(body) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'han-node-')));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const uuid = (session, number) => `${session.slice(0, 24)}${number.toString(16).padStart(12, '0')}`;
const time = (number) => new Date(Date.UTC(2026, 2, 14, 9, 30) + number * 1000).toISOString();

/** The keys that every record of a conversation has. */
function envelope(session, number, rest) {
  return {
    parentUuid: number === 1 ? null : uuid(session, number - 1),
    isSidechain: false,
    userType: 'external',
    cwd: '/srv/example/webshop',
    sessionId: session,
    version: '2.1.30',
    gitBranch: 'main',
    uuid: uuid(session, number),
    timestamp: time(number),
    ...rest,
  };
}

const user = (session, number, content, rest = {}) =>
  envelope(session, number, { type: 'user', message: { role: 'user', content }, ...rest });

const assistant = (session, number, block, outputTokens, rest = {}) =>
  envelope(session, number, {
    type: 'assistant',
    requestId: `req_${session.slice(0, 8)}_${number}`,
    message: {
      id: `msg_${session.slice(0, 8)}_${number}`,
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5',
      content: [block],
      stop_reason: null,
      usage: { input_tokens: 10, output_tokens: outputTokens, cache_read_input_tokens: 100, cache_creation_input_tokens: 0 },
    },
    ...rest,
  });

const jsonl = (records) => records.map((record) => `${typeof record === 'string' ? record : JSON.stringify(record)}\n`).join('');

/** Six messages (a prompt, an answer, a tool call, its result, a title, an answer) and one line that is not JSON. */
function conversation(session) {
  return [
    user(session, 1, 'Why does the checkout_total test fail for 日本語 names?'),
    assistant(session, 2, { type: 'text', text: 'I will run the checkout_total test first.' }, 12),
    assistant(session, 3, { type: 'tool_use', id: 'toolu_01', name: 'Bash', input: { command: 'npm test -- checkout' } }, 40),
    user(session, 4, [{ type: 'tool_result', tool_use_id: 'toolu_01', content: 'AssertionError: rounding', is_error: true }], {
      toolUseResult: { stdout: 'AssertionError: rounding', stderr: '', interrupted: false, isImage: false },
    }),
    { type: 'custom-title', customTitle: 'Checkout rounding', sessionId: session },
    '{"type":"user","message":',
    assistant(session, 5, { type: 'text', text: 'The rounding happens twice; I removed one of them.' }, 25),
  ];
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** A config dir with two sessions, the first of them with an agent. */
function configDir(folder) {
  const projects = join(folder, 'claude', 'projects', PROJECT);
  const agent = { isSidechain: true, agentId: 'a1b2c3d' };
  return {
    path: join(folder, 'claude'),
    main: write(join(projects, `${SESSION}.jsonl`), jsonl(conversation(SESSION))),
    second: write(join(projects, `${SECOND_SESSION}.jsonl`), jsonl([user(SECOND_SESSION, 1, 'Add a changelog entry')])),
    agent: write(
      join(projects, SESSION, 'subagents', 'agent-a1b2c3d.jsonl'),
      jsonl([
        user(SESSION, 101, 'Look for other callers', agent),
        assistant(SESSION, 102, { type: 'text', text: 'Two callers in billing.' }, 7, agent),
      ]),
    ),
  };
}

/** A config dir with `files` sessions of `lines` lines, for scans that take a while. Returns its path. */
function bulk(folder, files, lines) {
  const text = 'The order service keeps its totals in cents and rounds once at the very end. '.repeat(10);
  for (let file = 0; file < files; file += 1) {
    const session = `${file.toString(16).padStart(8, '0')}-1111-4222-8333-444455556666`;
    const records = [];
    for (let line = 1; line <= lines; line += 1) {
      const said = `${text} Step ${line} of file ${file}.`;
      records.push(line % 2 ? user(session, line, said) : assistant(session, line, { type: 'text', text: said }, line));
    }
    write(join(folder, 'bulk', 'projects', PROJECT, `${session}.jsonl`), jsonl(records));
  }
  return join(folder, 'bulk');
}

/** Waits for a promise, and keeps the process alive meanwhile; a promise that does not settle fails the test. */
async function soon(promise, what = 'it') {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited 30 s for ${what}`)), 30_000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The next items of a subscription. */
const take = (subscription, count) =>
  soon(
    (async () => {
      const items = [];
      while (items.length < count) {
        const { done, value } = await subscription.next();
        if (done) throw new Error(`ended after ${items.length} of ${count} items`);
        items.push(value);
      }
      return items;
    })(),
    `${count} items`,
  );

/** Waits until a condition holds. */
async function until(condition, what) {
  const end = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited 30 s until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Appends messages of a user to a session's file. */
function append(path, session, from, count) {
  const records = Array.from({ length: count }, (_, index) => user(session, from + index, `Step ${from + index}`));
  appendFileSync(path, jsonl(records));
}

// prettier-ignore
module.exports = {
  PROJECT, SESSION, SECOND_SESSION, append, assistant, bulk, configDir, envelope, inFolder, jsonl, soon, take, until, user,
};
