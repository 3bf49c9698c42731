import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { filledHome, han, sessionIds, shell, transcriptPath } from './support.mjs';

const below = `projects/project-tools/${sessionIds.parser}.jsonl`;

async function indexedHome(t) {
  const home = filledHome(t);
  const path = transcriptPath(home, 'project-tools', sessionIds.parser);
  const bytes = readFileSync(path);
  assert.equal((await han(home, ['index'])).code, 0);
  return { home, path, bytes };
}

test('a transcript that is gone comes back where it was, with its folders', async (t) => {
  const { home, path, bytes } = await indexedHome(t);
  rmSync(join(home, '.claude'), { recursive: true });
  const { code, stdout, stderr } = await han(home, ['restore', path]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^Restored ~\/\.claude\/projects\/.*\.jsonl \(\d+ B\)\.\n$/);
  assert.deepEqual(readFileSync(path), bytes);
});

test('--to names another place, for a path below the config dir and a relative one too', async (t) => {
  const { home, path, bytes } = await indexedHome(t);
  for (const [source, target] of [
    [path, 'one'],
    [below, 'two'],
    [`.claude/${below}`, 'three'],
  ]) {
    const { code, stderr } = await han(home, ['restore', source, '--to', target]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(readFileSync(join(home, target)), bytes);
  }
  const json = JSON.parse((await han(home, ['restore', path, '-o', 'four', '--json'])).stdout);
  assert.deepEqual(json, { source: path, target: join(home, 'four'), bytes: bytes.length });
});

test('- is standard output, and nothing is left behind', async (t) => {
  const { home, path, bytes } = await indexedHome(t);
  const temporary = join(home, 'temporary');
  mkdirSync(temporary);
  const { code, stdout } = await han(home, ['restore', path, '--to', '-'], { env: { TMPDIR: temporary } });
  assert.equal(code, 0);
  assert.equal(stdout, bytes.toString());
  const early = await shell(home, `han restore '${path}' --to - | true; echo "\${PIPESTATUS[0]}"`, {
    TMPDIR: temporary,
  });
  assert.deepEqual([early.stdout, early.stderr], ['0\n', '']);
  assert.deepEqual(readdirSync(temporary), []);
  assert.equal((await han(home, ['restore', path, '--to', '-', '--json'])).code, 2);
});

test('nothing is ever overwritten', async (t) => {
  const { home, path } = await indexedHome(t);
  writeFileSync(join(home, 'kept'), 'mine');
  for (const args of [[path, '--to', 'kept'], [path], [path, '--to', '.']]) {
    const { code, stderr } = await han(home, ['restore', ...args]);
    assert.equal(code, 1);
    assert.match(stderr, /^han: .* exists already and is kept; name another place with --to\n$/);
  }
  assert.equal(readFileSync(join(home, 'kept'), 'utf8'), 'mine');
});

test('an unknown source leaves no folders', async (t) => {
  const { home } = await indexedHome(t);
  const unknown = join(home, 'no/such/file.jsonl');
  const { code, stderr } = await han(home, ['restore', unknown]);
  assert.equal(code, 1);
  assert.match(stderr, /^han: no such transcript was indexed: .*file\.jsonl; .*\n$/);
  assert.equal(existsSync(join(home, 'no')), false);
  assert.match(
    (await han(home, ['restore', 'nothing'])).stderr,
    /^han: no such transcript was indexed: nothing; .*\n$/,
  );
  const missing = await han(home, ['restore', below, '--to', 'not/there']);
  assert.match(missing.stderr, /^han: folder does not exist: .*not; make it first\n$/);
});

test('an older generation has its own name', async (t) => {
  const { home, path, bytes } = await indexedHome(t);
  renameSync(path, `${path}.old`);
  writeFileSync(path, '{"type":"user","message":{"role":"user","content":"all new"}}\n');
  assert.equal((await han(home, ['index'])).code, 0);
  const now = await han(home, ['restore', path, '--to', 'now']);
  assert.equal(now.code, 0, now.stderr);
  assert.equal(statSync(join(home, 'now')).size, statSync(path).size);
  for (const generation of ['~0', '~1']) await han(home, ['restore', path + generation, '--to', `old${generation}`]);
  const old = ['old~0', 'old~1']
    .filter((name) => existsSync(join(home, name)))
    .map((name) => readFileSync(join(home, name)));
  assert.ok(
    old.some((each) => each.equals(bytes)),
    'the older generation cannot be restored',
  );
});
