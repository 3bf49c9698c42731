import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { largeHome } from './large-home.mjs';
import {
  answer,
  anyEscape,
  envelope,
  filledHome,
  han,
  prompt,
  sessionIds,
  shell,
  temporaryHome,
  terminal,
  toolResult,
  transcriptPath,
  writeTranscript,
} from './support.mjs';

async function indexedHome(t) {
  const home = filledHome(t);
  assert.equal((await han(home, ['index'])).code, 0);
  return home;
}

test('show reads like a conversation', async (t) => {
  const home = await indexedHome(t);
  const { code, stdout } = await han(home, ['show', '1111']);
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, anyEscape);
  const lines = stdout.split('\n');
  assert.equal(lines[0], 'Mend the login form');
  assert.equal(lines[1], sessionIds.login);
  assert.match(
    lines[2],
    /^\/srv\/shop {2}main {2}model-large {2}2026-01-31 \d\d:\d\d to 2026-01-31 \d\d:\d\d {2}7 records {2}1 agent$/,
  );
  assert.match(stdout, /\nyou \d\d:\d\d\n {2}Please mend the login form of the shop\n/);
  assert.match(stdout, /\nassistant \d\d:\d\d\n {2}The validator is the likely culprit\.\n\n {2}I run the tests/);
  assert.match(stdout, /\n\n {2}→ Bash npm test -- login\n {2}← result line 1\n {4}result line 2\n/);
  assert.match(stdout, /\n {4}result line 8\n {4}… 22 more lines\n/);
  assert.doesNotMatch(stdout, /validator, in forms\.js/);
});

test('show marks a prompt that was taken back', async (t) => {
  const home = temporaryHome(t);
  const id = sessionIds.login;
  writeTranscript(home, 'project-shop', id, [
    prompt(id, 'first', { uuid: 'u1', parentUuid: null }),
    answer(id, [{ type: 'text', text: 'done' }], { uuid: 'u2', parentUuid: 'u1' }),
    prompt(id, 'second', { uuid: 'u3', parentUuid: 'u2' }),
    prompt(id, 'third', { uuid: 'u4', parentUuid: 'u2' }),
  ]);
  await han(home, ['index']);
  const { stdout } = await han(home, ['show', id]);
  assert.match(stdout, /\nyou rewound \d\d:\d\d\n {2}second\n/);
  assert.equal(stdout.match(/rewound/g).length, 1);
});

test('show leaves out bookkeeping, and labels everything else', async (t) => {
  const home = temporaryHome(t);
  const id = sessionIds.login;
  const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } };
  writeTranscript(home, 'project-shop', id, [
    prompt(id, [picture, { type: 'text', text: 'What is on this picture?' }]),
    { type: 'mode', mode: 'plan', sessionId: id },
    envelope(id, { type: 'system', subtype: 'turn_duration', durationMs: 1000 }),
    envelope(id, { type: 'system', subtype: 'informational', content: 'a remark' }),
    answer(id, [{ type: 'tool_use', id: 'toolu_1', name: 'Grep', input: { path: '/srv', pattern: 'coin\n  s' } }]),
    toolResult(id, 'toolu_1', [picture, { type: 'text', text: 'a coin' }]),
    answer(id, [{ type: 'tool_use', id: 'toolu_2', name: 'Wait', input: { seconds: 5 } }]),
    answer(id, [{ type: 'server_tool_use', id: 'toolu_3', name: 'web_search', input: { query: 'coins' } }]),
    answer(id, [{ type: 'mystery' }]),
    prompt(id, 'put in by the program', { isMeta: true }),
  ]);
  assert.equal((await han(home, ['index'])).code, 0);
  const { stdout } = await han(home, ['show', '1111']);
  const shown = stdout
    .split('\n')
    .slice(3)
    .map((line) => line.trim().replace(/ \d\d:\d\d$/, ''))
    .filter((line) => line !== '' && !line.startsWith('──'));
  assert.deepEqual(shown, [
    '· [image]',
    'you',
    'What is on this picture?',
    '· informational: a remark',
    'assistant',
    '→ Grep coin s',
    '← [image]',
    'a coin',
    '→ Wait {"seconds":5}',
    '→ web_search coins',
    '· [mystery]',
    '· put in by the program',
  ]);
});

test('show --full does not cut, --limit stops, --agent and --agents take the others', async (t) => {
  const home = await indexedHome(t);
  assert.match((await han(home, ['show', '1111', '--full'])).stdout, /result line 30\n/);
  const limited = await han(home, ['show', '1111', '--limit', '1']);
  assert.match(limited.stdout, /Please mend/);
  assert.doesNotMatch(limited.stdout, /validator/);
  const agent = await han(home, ['show', '1111', '--agent', 'a1b2c3d']);
  assert.match(agent.stdout, /There is one validator, in forms\.js\./);
  assert.doesNotMatch(agent.stdout, /Please mend/);
  const all = await han(home, ['show', '1111', '--agents']);
  assert.match(all.stdout, /Please mend/);
  assert.match(all.stdout, /\nassistant agent a1b2c3d \d\d:\d\d\n {2}There is one validator/);
  const unknown = await han(home, ['show', '1111', '--agent', 'nobody']);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /^han: agent does not exist in session .*nobody.*\n$/);
});

test('show --json is one page with every message', async (t) => {
  const home = await indexedHome(t);
  const page = JSON.parse((await han(home, ['show', sessionIds.login, '--json'])).stdout);
  assert.equal(page.items.length, 7);
  assert.equal(page.hasNextPage, false);
  assert.equal(page.hasPreviousPage, false);
  assert.equal(page.items[0].preview, 'Please mend the login form of the shop');
  const limited = JSON.parse((await han(home, ['show', sessionIds.login, '--json', '--limit', '2'])).stdout);
  assert.equal(limited.items.length, 2);
  assert.equal(limited.hasNextPage, true);
  const fields = ['items', 'hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor', 'totalCount'];
  assert.deepEqual(Object.keys(page), fields);
  assert.deepEqual([page.totalCount, limited.totalCount], [7, 7]);
  for (const [options, count] of [
    [['--agent', 'a1b2c3d'], 2],
    [['--agents', '--limit', '3'], 9],
  ]) {
    const { totalCount } = JSON.parse((await han(home, ['show', sessionIds.login, '--json', ...options])).stdout);
    assert.equal(totalCount, count);
  }
  const large = largeHome(t, 1);
  await han(large, ['index']);
  const paged = JSON.parse((await han(large, ['show', '3333', '--json'])).stdout);
  assert.deepEqual([paged.items.length, paged.totalCount], [1_000, 1_000]);
  assert.deepEqual(
    paged.items.map((message) => message.lineNumber),
    Array.from({ length: 1_000 }, (_, line) => line + 1),
  );
});

test('show --raw prints the records as they are', async (t) => {
  const home = await indexedHome(t);
  const { stdout } = await han(home, ['show', '1111', '--raw']);
  assert.equal(stdout, readFileSync(transcriptPath(home, 'project-shop', sessionIds.login), 'utf8'));
});

test('a reader that leaves early is not an error', async (t) => {
  const home = largeHome(t, 1);
  await han(home, ['index']);
  for (const options of ['', '--json', '--raw', '--full']) {
    const { stdout, stderr } = await shell(
      home,
      `han show 3333 ${options} | head -c 100 > /dev/null; echo "\${PIPESTATUS[0]}"`,
    );
    assert.equal(stdout, '0\n');
    assert.equal(stderr, '');
  }
  const closed = await shell(home, `han sessions | true; echo "\${PIPESTATUS[0]}"`);
  assert.deepEqual([closed.stdout, closed.stderr], ['0\n', '']);
});

test('unknown and ambiguous ids say what to do', async (t) => {
  const home = largeHome(t, 3);
  await han(home, ['index']);
  const unknown = await han(home, ['show', 'nothing']);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /^han: session does not exist: nothing; `han sessions --all` lists them\n$/);
  const ambiguous = await han(home, ['show', '3333']);
  assert.equal(ambiguous.code, 2);
  assert.match(ambiguous.stderr, /^han: 3 sessions begin with 3333: .*write more of the id\n$/);
  assert.equal((await han(home, ['show', ''])).code, 1);
});

test('a terminal gets colours', async (t) => {
  const home = await indexedHome(t);
  const { stdout } = await terminal(home, ['show', '1111']);
  assert.match(stdout, /\u001b\[1m\u001b\[36myou\u001b\[39m\u001b\[22m/);
  assert.match(stdout, /\u001b\[1mBash\u001b\[22m/);
});
