import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { anyEscape, filledHome, han, sessionIds, shell, terminal } from './support.mjs';

const sessionsQuery = 'SELECT id, title, message_count FROM v_sessions ORDER BY id';
const endless = 'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t)';

async function indexedHome(t) {
  const home = filledHome(t);
  assert.equal((await han(home, ['index'])).code, 0);
  return home;
}

test('a pipe gets the names of the columns and one line per row', async (t) => {
  const home = await indexedHome(t);
  const { code, stdout, stderr } = await han(home, ['sql', sessionsQuery]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.deepEqual(stdout.split('\n'), [
    'id\ttitle\tmessage_count',
    `${sessionIds.login}\tMend the login form\t7`,
    `${sessionIds.parser}\tWhy does the parser refuse an empty line?\t2`,
    '',
  ]);
});

test('--json is the answer of the library', async (t) => {
  const home = await indexedHome(t);
  const { code, stdout } = await han(home, ['sql', "SELECT 1 AS n, 'a\tb' AS s, NULL AS none, x'00ff' AS b", '--json']);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), {
    columns: ['n', 's', 'none', 'b'].map((name) => ({ name, type: null })),
    rows: [[1, 'a\tb', null, { hex: '00ff' }]],
    isTruncated: false,
  });
});

test('a terminal gets a table that fits, with colours', async (t) => {
  const home = await indexedHome(t);
  const { code, stdout } = await terminal(home, ['sql', 'SELECT id, session_id, row_id, raw FROM v_messages']);
  assert.equal(code, 0);
  assert.match(stdout, /\u001b\[1mid *\u001b\[22m/);
  const plain = stdout.replaceAll(/\u001b\[\d+m/g, '');
  assert.doesNotMatch(plain.replaceAll('\r\n', '\n'), anyEscape);
  const lines = plain.trimEnd().split('\r\n');
  assert.equal(lines.length, 12);
  assert.match(lines[1], /^\S+:1:0 {2}\S+ +\d+ {2}\{.*…$/);
  for (const line of lines) assert.ok(line.length <= 100, line);
  const bare = await terminal(home, ['sql', sessionsQuery, '--no-color']);
  assert.doesNotMatch(bare.stdout.replaceAll('\r\n', '\n'), anyEscape);
});

test('--param passes values in their order, as numbers or texts', async (t) => {
  const home = await indexedHome(t);
  for (const [value, expected] of [
    ['main', 'text\tmain'],
    ['5', 'integer\t5'],
    ['-1.5', 'real\t-1.5'],
    ['"5"', 'text\t5'],
    ['007', 'text\t007'],
    ['', 'text\t'],
    ['9007199254740993x', 'text\t9007199254740993x'],
    ["'; DROP TABLE x", "text\t'; DROP TABLE x"],
  ]) {
    const { code, stdout, stderr } = await han(home, ['sql', 'SELECT typeof(?1), ?1', `--param=${value}`]);
    assert.equal(code, 0, stderr);
    assert.equal(stdout.split('\n')[1], expected);
  }
  const two = await han(home, ['sql', 'SELECT ?, ?', '--param', 'a', '--param', 'b']);
  assert.equal(two.stdout.split('\n')[1], 'a\tb');
  const found = await han(home, ['sql', 'SELECT id FROM v_sessions WHERE message_count > ?', '--param', '5']);
  assert.equal(found.stdout, `id\n${sessionIds.login}\n`);
});

test('it says when rows were cut, beside the result', async (t) => {
  const home = await indexedHome(t);
  const values = 'VALUES (1), (2), (3)';
  for (const [limit, rows, note] of [
    ['2', 2, 'Only the first 2 rows: there are more; raise --limit.\n'],
    ['1', 1, 'Only the first 1 row: there are more; raise --limit.\n'],
    ['3', 3, ''],
  ]) {
    const { code, stdout, stderr } = await han(home, ['sql', values, '--limit', limit]);
    assert.equal(code, 0);
    assert.equal(stdout.trimEnd().split('\n').length, 1 + rows);
    assert.equal(stderr, note);
  }
  const json = await han(home, ['sql', values, '--limit', '2', '--json']);
  assert.deepEqual([JSON.parse(json.stdout).isTruncated, json.stderr], [true, '']);
  const byDefault = await shell(home, `han sql '${endless} SELECT n FROM t' | tail -n 1`);
  assert.deepEqual(
    [byDefault.stdout, byDefault.stderr],
    ['10000\n', 'Only the first 10,000 rows: there are more; raise --limit.\n'],
  );
  const large = `${endless} SELECT hex(zeroblob(10000000)) FROM t`;
  const byBytes = await shell(home, `han sql '${large}' > rows; wc -l < rows`);
  assert.match(byBytes.stderr, /^Only the first 3 rows: more do not fit into memory; select .*\n$/);
  assert.equal(byBytes.stdout.trim(), '4');
});

test('what cannot be answered is one line that says why', async (t) => {
  const home = await indexedHome(t);
  const wide = 'SELECT hex(zeroblob(20000000)), hex(zeroblob(20000000))';
  for (const [args, exitCode, expected] of [
    [['selec'], 2, /cannot be run: near "selec": syntax error/],
    [['SELECT * FROM v_nothing'], 2, /no such table: v_nothing/],
    [[''], 2, /^han: the query is not a statement that reads; write one SELECT\n/],
    [['SELECT 1; SELECT 2'], 2, /^han: the query holds several statements; pass one\n/],
    [['DELETE FROM sessions'], 2, /^han: the query may only read .*deleting from sessions is not allowed\n/],
    [['PRAGMA user_version = 7'], 2, /^han: the query may only read .*PRAGMA user_version is not allowed\n/],
    [["ATTACH 'other.db' AS other"], 2, /^han: the query may only read .*not allowed\n/],
    [['SELECT ?'], 2, /^han: --param was passed 0 times, .*\n/],
    [['SELECT 1', '--param', 'x'], 2, /^han: --param was passed 1 times, .*\n/],
    [[wide], 2, /^han: the \d+ bytes that an answer may take are less than the first row has \(\d+\); select less\n/],
    [[`${endless} SELECT count(*) FROM t`, '--timeout', '1'], 1, /^han: --timeout of 1 s passed .* or raise it\n/],
  ]) {
    const { code, stdout, stderr } = await han(home, ['sql', ...args]);
    assert.equal(code, exitCode, `${args.join(' ')}: ${stderr}`);
    assert.equal(stdout, '');
    assert.match(stderr, /^han: [^\n]+\n$/);
    assert.match(stderr, expected);
  }
  const { stderr } = await han(home, ['sql', 'selec', '--json']);
  assert.equal(JSON.parse(stderr).error.code, 'HAN_QUERY_SYNTAX');
  assert.match((await han(home, ['sql', sessionsQuery])).stdout, /Mend the login form/);
});

test('the help lists every view, and each can be queried', async (t) => {
  const home = await indexedHome(t);
  const { stdout } = await han(home, ['sql', '--help']);
  const listed = [...stdout.matchAll(/^ {2}(v_\w+) {2}/gm)].map(([, name]) => name);
  const source = readFileSync(new URL('../../han-native/src/query/adhoc/views.sql', import.meta.url), 'utf8');
  const defined = [...source.matchAll(/^CREATE TEMP VIEW (\w+)/gm)].map(([, name]) => name);
  assert.ok(defined.length > 0);
  assert.deepEqual(listed.toSorted(), defined.toSorted());
  const counts = listed.map((name) => `SELECT '${name}', count(*) FROM ${name}`).join(' UNION ALL ');
  const answer = await han(home, ['sql', counts]);
  assert.equal(answer.code, 0, answer.stderr);
  assert.equal(answer.stdout.trimEnd().split('\n').length, listed.length + 1);
});

test('a reader that stops early is fine', async (t) => {
  const home = await indexedHome(t);
  const query = `${endless} SELECT n FROM t LIMIT 200000`;
  const { stdout, stderr } = await shell(
    home,
    `han sql '${query}' --limit 300000 | head -n 1; echo "\${PIPESTATUS[0]}"`,
  );
  assert.deepEqual([stdout, stderr], ['n\n0\n', '']);
});
