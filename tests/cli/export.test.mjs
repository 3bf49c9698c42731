import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { largeHome } from './large-home.mjs';
import { anyEscape, filledHome, han, prompt, sessionIds, shell, temporaryHome, writeTranscript } from './support.mjs';

async function indexedHome(t) {
  const home = filledHome(t);
  assert.equal((await han(home, ['index'])).code, 0);
  return home;
}

/** Each format by its options, and what its document contains. */
const formats = [
  ['markdown', [], /^# Mend the login form\n.*^Look for validators$/ms],
  ['markdown', ['--format', 'markdown'], /^# Mend the login form\n/],
  ['html', ['--format', 'html'], /^<!doctype html>.*Mend the login form.*Look for validators.*<\/html>\s*$/is],
  ['json', ['--format', 'json'], /^\{.*"Look for validators".*\}\n$/s],
];

test('standard output gets the document, in each format', async (t) => {
  const home = await indexedHome(t);
  for (const [format, options, expected] of formats) {
    const { code, stdout, stderr } = await han(home, ['export', '1111', ...options]);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, expected);
    assert.doesNotMatch(stdout, anyEscape);
    if (format === 'json') assert.equal(JSON.parse(stdout).session.id, sessionIds.login);
  }
  const json = await han(home, ['export', sessionIds.login, '--format', 'json']);
  assert.equal((await han(home, ['export', '1111', '--json'])).stdout, json.stdout);
  assert.equal((await han(home, ['export', '1111', '--format', 'json', '--output', '-'])).stdout, json.stdout);
  assert.equal(existsSync(join(home, '-')), false);
});

test('a file gets the same document, for its owner alone', async (t) => {
  const home = await indexedHome(t);
  for (const [index, [, options]] of formats.entries()) {
    const name = `document-${index}`;
    const { code, stdout, stderr } = await shell(
      home,
      `umask 000; han export 1111 ${options.join(' ')} --output ${name}`,
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`^Exported ~/${name} \\(.* k?B\\)\\.\\n$`));
    assert.equal(statSync(join(home, name)).mode & 0o777, 0o600);
    const printed = await han(home, ['export', '1111', ...options]);
    assert.equal(readFileSync(join(home, name), 'utf8').trimEnd(), printed.stdout.trimEnd());
  }
  const report = JSON.parse((await han(home, ['export', '1111', '--format', 'html', '-o', 'page', '--json'])).stdout);
  const target = join(home, 'page');
  assert.deepEqual(report, { sessionId: sessionIds.login, format: 'html', target, bytes: statSync(target).size });
});

test('nothing is ever overwritten', async (t) => {
  const home = await indexedHome(t);
  writeFileSync(join(home, 'kept'), 'mine');
  symlinkSync('nowhere', join(home, 'link'));
  for (const target of ['kept', '.', 'link']) {
    const { code, stdout, stderr } = await han(home, ['export', '1111', '--output', target]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^han: .* exists already and is kept; name another place with --output\n$/);
  }
  assert.equal(readFileSync(join(home, 'kept'), 'utf8'), 'mine');
  assert.equal(existsSync(join(home, 'nowhere')), false);
  const missing = await han(home, ['export', '1111', '--output', 'not/there']);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /^han: folder does not exist: .*not; make it first\n$/);
});

test('a disk that is full leaves nothing half written', async (t) => {
  const home = temporaryHome(t);
  writeTranscript(home, 'project-large', 'large', [prompt('large', 'word '.repeat(100_000))]);
  assert.equal((await han(home, ['index'])).code, 0);
  const before = readdirSync(home);
  // A limit on the size of files simulates the full disk; the files that SQLite needs to read stay below it.
  const full = await shell(home, 'trap "" XFSZ; ulimit -f 100; han export large --output page');
  assert.equal(full.code, 1);
  assert.match(full.stderr, /^han: .*page.*too large.*\n$/i);
  assert.deepEqual(readdirSync(home), before);
});

test('an unknown session is one line that says what to do', async (t) => {
  const home = await indexedHome(t);
  for (const args of [['nothing'], ['nothing', '--output', 'page']]) {
    const { code, stdout, stderr } = await han(home, ['export', ...args]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^han: session does not exist: nothing; `han sessions --all` lists them\n$/);
  }
  assert.equal(existsSync(join(home, 'page')), false);
});

test('a reader that stops early is fine', async (t) => {
  const home = largeHome(t, 1);
  assert.equal((await han(home, ['index'])).code, 0);
  const { stdout, stderr } = await shell(home, `han export 3333 | head -c 100 > /dev/null; echo "\${PIPESTATUS[0]}"`);
  assert.deepEqual([stdout, stderr], ['0\n', '']);
});

test('a standard output that cannot be written is one line', async (t) => {
  const home = await indexedHome(t);
  for (const args of ['sessions', 'show 1111', 'show 1111 --raw', 'export 1111', 'stats', '--help']) {
    const { code, stderr } = await shell(home, `han ${args} > /dev/full`);
    assert.equal(code, 1, args);
    assert.match(stderr, /^han: standard output cannot be written: .*ENOSPC[^\n]*\n$/, args);
  }
  const { stderr } = await shell(home, 'han sessions --json > /dev/full');
  assert.equal(JSON.parse(stderr).error.code, 'HAN_IO');
});
