import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { filledHome, han, sessionIds, terminal, transcriptPath } from './support.mjs';

async function indexedHome(t) {
  const home = filledHome(t);
  assert.equal((await han(home, ['index'])).code, 0);
  return home;
}

async function sessionsOf(home) {
  const page = JSON.parse((await han(home, ['sessions', '--json'])).stdout);
  return page.items.map((session) => session.id).sort();
}

test('forget refuses to guess: without --yes in a pipe, and without exactly one target', async (t) => {
  const home = await indexedHome(t);
  const unasked = await han(home, ['forget', '--session', sessionIds.login]);
  assert.equal(unasked.code, 2);
  assert.match(unasked.stderr, /^han: .*add --yes to continue\n$/);
  assert.equal((await han(home, ['forget', '--yes'])).code, 2);
  assert.equal((await han(home, ['forget', '--session', 'x', '--before', '1d', '--yes'])).code, 2);
  assert.equal((await han(home, ['forget', '--session', 'x', '--yes'])).code, 1);
  assert.deepEqual(await sessionsOf(home), [sessionIds.login, sessionIds.parser]);
});

test('forget removes a session, its agents and its text, and no scan brings it back', async (t) => {
  const home = await indexedHome(t);
  const { code, stdout, stderr } = await han(home, ['forget', '--session', '1111', '--yes']);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'Removed 1 session, 2 files, 9 messages.\n');
  assert.equal((await han(home, ['index'])).code, 0);
  assert.deepEqual(await sessionsOf(home), [sessionIds.parser]);
  assert.equal(JSON.parse((await han(home, ['search', 'culprit', '--json'])).stdout).items.length, 0);
  assert.ok(existsSync(transcriptPath(home, 'project-shop', sessionIds.login)), 'the transcript itself stays');
});

test('forget takes a project, or a time, and --json prints the report', async (t) => {
  const home = await indexedHome(t);
  const project = await han(home, ['forget', '--project', 'project-tools', '--yes', '--json']);
  assert.deepEqual(JSON.parse(project.stdout), { sessions: 1, files: 1, messages: 2 });
  assert.equal(
    JSON.parse((await han(home, ['forget', '--before', '2020-01-01', '--yes', '--json'])).stdout).sessions,
    0,
  );
  assert.deepEqual(await sessionsOf(home), [sessionIds.login]);
  assert.equal(
    JSON.parse((await han(home, ['forget', '--before', '2099-01-01', '--yes', '--json'])).stdout).sessions,
    1,
  );
  assert.deepEqual(await sessionsOf(home), []);
});

test('forget asks on a terminal, and only a yes counts', async (t) => {
  const home = await indexedHome(t);
  const args = ['forget', '--session', '1111'];
  const no = await terminal(home, args, { replies: [['[y/N]', 'n\r']] });
  assert.equal(no.code, 1);
  assert.match(no.stdout, /Remove session 11111111.* \(Mend the login form, 7 messages\) for good\? \[y\/N\]/);
  assert.match(no.stdout, /Nothing was removed\./);
  const interrupted = await terminal(home, args, { replies: [['[y/N]', '\u0003']] });
  assert.equal(interrupted.code, 130);
  assert.match(interrupted.stdout, /han: interrupted; nothing was removed/);
  assert.equal((await terminal(home, args, { replies: [['[y/N]', '\u0004']] })).code, 1);
  assert.equal((await sessionsOf(home)).length, 2);
  const yes = await terminal(home, args, { replies: [['[y/N]', 'yes\r']] });
  assert.equal(yes.code, 0);
  assert.match(yes.stdout, /Removed 1 session/);
  const before = await terminal(home, ['forget', '--before', '2099-01-01'], { replies: [['[y/N]', 'y\r']] });
  assert.match(before.stdout, /Remove 1 session \(2 messages\) last active before 2099-01-01 00:00 for good\?/);
  assert.deepEqual(await sessionsOf(home), []);
});

test('doctor says that all is well', async (t) => {
  const home = await indexedHome(t);
  for (const args of [['doctor'], ['doctor', '--fix']]) {
    const { code, stdout, stderr } = await han(home, args);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'healthy  3 files checked\n');
  }
  assert.deepEqual(JSON.parse((await han(home, ['doctor', '--json'])).stdout), {
    isHealthy: true,
    filesChecked: 3,
    issues: [],
    warnings: [],
  });
});

test('doctor finds damage and its exit code says so', async (t) => {
  const home = await indexedHome(t);
  const database = join(home, '.han/han.db');
  const bytes = readFileSync(database);
  // Everything after the schema's page: tables, blocks and index alike.
  bytes.fill(0x5a, 8192);
  writeFileSync(database, bytes);
  const { code, stdout, stderr } = await han(home, ['doctor']);
  assert.equal(code, 1, stdout);
  assert.match(stdout + stderr, /damage/);
  assert.equal((await han(home, ['doctor', '--json'])).code, 1);
});
