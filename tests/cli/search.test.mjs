import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anyEscape, filledHome, han, sessionIds, temporaryHome, terminal } from './support.mjs';

async function indexedHome(t) {
  const home = filledHome(t);
  assert.equal((await han(home, ['index'])).code, 0);
  return home;
}

test('search shows title, snippet, time, field and ids', async (t) => {
  const home = await indexedHome(t);
  const { code, stdout, stderr } = await han(home, ['search', 'validator', 'culprit']);
  assert.equal(code, 0, stderr);
  const [title, snippet, facts] = stdout.split('\n');
  assert.equal(title, 'Mend the login form');
  assert.match(snippet, /^ {2}The validator is the likely culprit\.$/);
  assert.match(facts, new RegExp(`^  2026-01-31 \\d\\d:\\d\\d  thinking  ${sessionIds.login}  [0-9a-f]{16}:2:0$`));
  assert.doesNotMatch(stdout, anyEscape);
});

test('search --json is the page', async (t) => {
  const home = await indexedHome(t);
  const page = JSON.parse((await han(home, ['search', '--json', '日本語'])).stdout);
  assert.deepEqual(Object.keys(page).sort(), [
    'endCursor',
    'hasNextPage',
    'hasPreviousPage',
    'items',
    'startCursor',
    'totalCount',
  ]);
  const [hit] = page.items;
  assert.equal(hit.field, 'assistant');
  assert.equal(hit.snippet.slice(hit.matches[0].start, hit.matches[0].end), '日本語');
  assert.equal(hit.message.sessionId, sessionIds.login);
});

test('matches are painted on a terminal, and without colour on request', async (t) => {
  const home = await indexedHome(t);
  const coloured = await terminal(home, ['search', 'culprit']);
  assert.match(coloured.stdout, /likely \u001b\[1m\u001b\[33mculprit\u001b\[39m\u001b\[22m\./);
  for (const [args, env] of [
    [['search', 'culprit', '--no-color'], {}],
    [['search', 'culprit'], { NO_COLOR: '1' }],
    [['search', 'culprit'], { NO_COLOR: '1', FORCE_COLOR: '1' }],
    [['search', 'culprit'], { TERM: 'dumb' }],
  ]) {
    const plain = await terminal(home, args, { env });
    assert.match(plain.stdout, /likely culprit\./);
    assert.doesNotMatch(plain.stdout, /\u001b/);
  }
  const forced = await han(home, ['search', 'culprit'], { env: { FORCE_COLOR: '1' } });
  assert.match(forced.stdout, /\u001b\[33mculprit/);
});

test('search narrows by session, project, field, time, and is ordered and limited', async (t) => {
  const home = await indexedHome(t);
  const hits = async (...args) => JSON.parse((await han(home, ['search', '--json', ...args])).stdout).items;
  assert.ok((await hits('form')).length >= 3);
  assert.equal((await hits('form', '--session', '2222')).length, 0);
  assert.ok((await hits('parser', '--session', '2222')).length > 0);
  assert.ok((await hits('form', '--project', 'project-shop')).length >= 3);
  assert.equal((await hits('form', '--project', 'project-tools')).length, 0);
  assert.ok((await hits('form', '--field', 'user')).every((hit) => hit.field === 'user'));
  assert.equal((await hits('form', '--since', '2099-01-01')).length, 0);
  assert.equal((await hits('form', '--until', '2026-01-31')).length, 0);
  assert.ok((await hits('form', '--since', '2026-01-31')).length >= 3);
  const newest = await hits('form', '--order', 'newest');
  const times = newest.map((hit) => hit.message.effectiveTimestamp);
  assert.deepEqual(times, times.toSorted().reverse());
  assert.equal((await hits('form', '--limit', '1')).length, 1);
  const first = JSON.parse((await han(home, ['search', 'form', '--json', '--limit', '1'])).stdout);
  const [second] = await hits('form', '--limit', '1', '--after', first.endCursor);
  assert.notEqual(second.message.id, first.items[0].message.id);
});

test('every field is one that the library knows', async (t) => {
  const home = await indexedHome(t);
  for (const field of ['user', 'assistant', 'thinking', 'toolInput', 'toolOutput', 'title', 'other', 'tool-output']) {
    const { code, stderr } = await han(home, ['search', 'form', '--field', field]);
    assert.equal(code, 0, `${field}: ${stderr}`);
  }
});

test('any query is safe; a bad expression with --fts5 is a usage error that names the option', async (t) => {
  const home = await indexedHome(t);
  for (const query of ['"', "'", '(((', 'AND OR NOT', '*', 'a"b', '-', 'col:x', '\u0001', 'NEAR(']) {
    const { code, stderr } = await han(home, ['search', '--json', '--', query]);
    assert.equal(code, 0, `${JSON.stringify(query)}: ${stderr}`);
  }
  const { code, stderr } = await han(home, ['search', '--fts5', '(((']);
  assert.equal(code, 2);
  assert.match(stderr, /^han: the search expression does not parse.*leave out --fts5.*\n$/);
  const found = await han(home, ['search', '--fts5', 'thinking:culprit NOT user:shop', '--json']);
  assert.equal(JSON.parse(found.stdout).items.length, 1);
});

test('no hit is not a failure, and is noted beside the result', async (t) => {
  const home = await indexedHome(t);
  const { code, stdout, stderr } = await han(home, ['search', 'zzzzqqqq']);
  assert.equal(code, 0);
  assert.equal(stdout, '');
  assert.equal(stderr, 'No message matches.\n');
});

test('before the first index every reading command names it', async (t) => {
  const home = temporaryHome(t);
  for (const args of [
    ['search', 'x'],
    ['sessions'],
    ['show', 'x'],
    ['stats'],
    ['problems'],
    ['doctor'],
    ['restore', 'x', '--to', 'y'],
  ]) {
    const { code, stdout, stderr } = await han(home, args);
    assert.equal(code, 1, args.join(' '));
    assert.equal(stdout, '');
    assert.equal(stderr, 'han: nothing has been indexed yet; run `han index` first\n');
  }
  await han(home, ['index']);
  for (const args of [['search', 'x'], ['sessions']]) {
    const { code, stderr } = await han(home, args);
    assert.equal(code, 0);
    assert.equal(stderr, 'Nothing has been indexed yet; run `han index` first.\n');
  }
  assert.match((await han(home, ['show', 'x'])).stderr, /^han: nothing has been indexed yet/);
});
