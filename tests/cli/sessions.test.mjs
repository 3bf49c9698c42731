import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anyEscape, filledHome, han, sessionIds, temporaryHome, terminal, writeTranscript } from './support.mjs';

async function indexedHome(t) {
  const home = filledHome(t);
  writeTranscript(home, 'project-tools', 'only-a-summary', [{ type: 'summary', summary: 'Something', leafUuid: 'x' }]);
  assert.equal((await han(home, ['index'])).code, 0);
  return home;
}

test('sessions lists the last active first, whole in a pipe', async (t) => {
  const home = await indexedHome(t);
  const { code, stdout } = await han(home, ['sessions']);
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, anyEscape);
  const [titles, first, second, ...rest] = stdout.trimEnd().split('\n');
  assert.match(titles, /^LAST ACTIVE +MESSAGES +COST +SESSION +PROJECT +TITLE$/);
  assert.match(
    first,
    new RegExp(
      `^2026-01-31 \\d\\d:\\d\\d +2  +no price  ${sessionIds.parser}  tools +Why does the parser refuse an empty line\\?$`,
    ),
  );
  assert.match(
    second,
    new RegExp(`^2026-01-31 \\d\\d:\\d\\d +7  +no price  ${sessionIds.login}  shop +Mend the login form$`),
  );
  assert.deepEqual(rest, []);
});

test('sessions narrows by project, pages, and lists the empty ones on request', async (t) => {
  const home = await indexedHome(t);
  const list = async (...args) => JSON.parse((await han(home, ['sessions', '--json', ...args])).stdout);
  assert.deepEqual(
    (await list('--project', 'project-shop')).items.map((session) => session.id),
    [sessionIds.login],
  );
  const page = await list('--limit', '1');
  assert.equal(page.hasNextPage, true);
  assert.equal((await list('--limit', '1', '--after', page.endCursor)).items[0].id, sessionIds.login);
  assert.equal((await list('--all')).items.length, 3);
  const text = await han(home, ['sessions', '--limit', '1']);
  assert.match(text.stderr, /^There are more: raise --limit.*\n$/);
});

test('a project may be named by its folder', async (t) => {
  const home = filledHome(t);
  writeTranscript(home, home.replace(/[^A-Za-z0-9]/g, '-'), 'here', [
    { type: 'user', sessionId: 'here', cwd: home, message: { role: 'user', content: 'hello' } },
  ]);
  await han(home, ['index']);
  const page = JSON.parse((await han(home, ['sessions', '--project', '.', '--json'])).stdout);
  assert.deepEqual(
    page.items.map((session) => session.id),
    ['here'],
  );
  const dashed = await han(home, ['sessions', '--project', home.replace(/[^A-Za-z0-9]/g, '-'), '--json']);
  assert.equal(JSON.parse(dashed.stdout).items.length, 1);
});

test('a project is called by its last folder, whichever system its path is of', async (t) => {
  const home = temporaryHome(t);
  const folders = {
    one: ['C--code-shop', 'c:\\code\\shop'],
    two: ['D--work-app', 'D:/work/app'],
    three: ['-srv-b-c', '/srv/b\\c'],
  };
  for (const [id, [folder, cwd]] of Object.entries(folders)) {
    writeTranscript(home, folder, id, [
      { type: 'user', sessionId: id, cwd, message: { role: 'user', content: 'hello' } },
    ]);
  }
  await han(home, ['index']);
  const lines = (await han(home, ['sessions'])).stdout.trimEnd().split('\n').slice(1);
  const named = lines.map((line) => line.trim().split(/ {2,}/).slice(-3, -1));
  assert.deepEqual(Object.fromEntries(named), { one: 'shop', two: 'app', three: 'b\\c' });
});

test('a terminal gets short ids, colours, and lines that fit', async (t) => {
  const home = await indexedHome(t);
  writeTranscript(home, 'project-shop', 'long-title', [
    { type: 'user', sessionId: 'long-title', message: { role: 'user', content: '漢字 and words '.repeat(40) } },
  ]);
  await han(home, ['index']);
  const { stdout } = await terminal(home, ['sessions']);
  assert.match(stdout, /\u001b\[36m22222222\u001b\[39m/);
  assert.ok(!stdout.includes(sessionIds.login));
  const lines = stdout
    .replaceAll(/\u001b\[\d+m/g, '')
    .trimEnd()
    .split('\r\n');
  const long = lines.find((line) => line.includes('漢字'));
  assert.match(long, /…$/);
  const width = [...long].reduce((sum, character) => sum + (/[漢字]/.test(character) ? 2 : 1), 0);
  assert.ok(width <= 100, `${width} columns`);
});

test('stats says what is in the database', async (t) => {
  const home = await indexedHome(t);
  const { code, stdout } = await han(home, ['stats']);
  assert.equal(code, 0);
  assert.match(stdout, /^Database +~\/\.han\/han\.db \(schema \d+\)$/m);
  assert.match(stdout, /^Sessions +3 in 2 projects$/m);
  assert.match(stdout, /^Files +4$/m);
  assert.match(stdout, /^Messages +12$/m);
  assert.match(stdout, /^Problems +1 line that became no message, 0 notes$/m);
  const stats = JSON.parse((await han(home, ['stats', '--json'])).stdout);
  assert.equal(stats.messages, 12);
  assert.equal(stats.tokens.outputTokens, 20 * 6);
});

test('problems names the place and the reason, and filters', async (t) => {
  const home = await indexedHome(t);
  const { code, stdout } = await han(home, ['problems']);
  assert.equal(code, 0);
  assert.match(
    stdout,
    new RegExp(`^~/\\.claude/projects/project-tools/${sessionIds.parser}\\.jsonl:3: invalid_json: .+\\n$`),
  );
  const page = JSON.parse((await han(home, ['problems', '--json'])).stdout);
  assert.equal(page.items[0].lineNumber, 3);
  assert.equal((await han(home, ['problems', '--session', '1111'])).stdout, '');
  for (const kind of [
    'invalid_json',
    'not_object',
    'oversize_line',
    'torn_tail',
    'glued_records',
    'text_truncated',
    'spill_missing',
    'spill_too_large',
  ]) {
    const filtered = await han(home, ['problems', '--kind', kind, '--json']);
    assert.equal(filtered.code, 0, filtered.stderr);
    assert.equal(JSON.parse(filtered.stdout).items.length, kind === 'invalid_json' ? 1 : 0);
  }
  assert.equal((await han(home, ['problems', '--kind', 'other'])).code, 2);
});
