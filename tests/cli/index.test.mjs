import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { largeHome } from './large-home.mjs';
import {
  anyEscape,
  filledHome,
  han,
  sessionIds,
  shell,
  temporaryHome,
  terminal,
  transcriptPath,
  writeTranscript,
} from './support.mjs';

test('index reports what it did, and nothing new the second time', async (t) => {
  const home = filledHome(t);
  const first = await han(home, ['index']);
  assert.equal(first.code, 0, first.stderr);
  for (const line of [
    /^Files +3$/m,
    /^Lines +12 /m,
    /^Messages +11 new$/m,
    /^Problems +1$/m,
    /^Notes +0$/m,
    /^Errors +0$/m,
  ]) {
    assert.match(first.stdout, line);
  }
  assert.match(first.stdout, /^Time +\d.*s/m);
  assert.match(first.stdout, /^Database +[\d.]+ .?B, \d+ % of [\d.]+ kB of transcripts$/m);
  assert.match(first.stdout, /~\/\.han\/han\.db/);
  assert.match(first.stderr, /han problems/);
  const second = await han(home, ['index']);
  assert.match(second.stdout, /^Messages +0 new$/m);
  assert.match(second.stdout, /^Files +3, 0 of them new or changed$/m);
});

test('index --json is the report alone', async (t) => {
  const home = filledHome(t);
  const { code, stdout, stderr } = await han(home, ['index', '--json']);
  assert.equal(code, 0);
  assert.equal(stderr, '');
  const report = JSON.parse(stdout);
  assert.equal(report.files, 3);
  assert.equal(report.lines, 12);
  assert.equal(report.messagesIndexed, 11);
  assert.equal(report.problems, 1);
  assert.deepEqual(report.errors, []);
  assert.equal(stdout.trim().split('\n').length, 1);
});

test('index takes files and folders, and the options say where the database is', async (t) => {
  const home = filledHome(t);
  const path = transcriptPath(home, 'project-tools', sessionIds.parser);
  const report = JSON.parse((await han(home, ['index', path, '--db', 'own.db', '--json'])).stdout);
  assert.equal(report.files, 1);
  const stats = JSON.parse((await han(home, ['--db', 'own.db', 'stats', '--json'])).stdout);
  assert.equal(stats.path, join(home, 'own.db'));
  assert.equal(stats.sessions, 1);
  const folder = JSON.parse((await han(home, ['index', '.claude', '--data-dir', 'data', '--json'])).stdout);
  assert.equal(folder.files, 3);
  const other = JSON.parse(
    (await han(home, ['--config-dir', 'nothing', '--config-dir', '.claude', 'index', '--json'])).stdout,
  );
  assert.equal(other.files, 3);
});

test('index says where it looked when there is nothing', async (t) => {
  const home = temporaryHome(t);
  const { code, stdout } = await han(home, ['index']);
  assert.equal(code, 0);
  assert.match(stdout, /No transcripts found\. Looked in ~\/\.claude\/projects, ~\/\.config\/claude\/projects\./);
  const named = await han(home, ['index'], { env: { CLAUDE_CONFIG_DIR: `${home}/one,${home}/two` } });
  assert.match(named.stdout, /Looked in ~\/one\/projects, ~\/two\/projects\./);
});

test('a path that does not exist is refused in one line', async (t) => {
  const home = temporaryHome(t);
  const { code, stdout, stderr } = await han(home, ['index', 'missing.jsonl']);
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^han: .*missing\.jsonl.*\n$/);
  const json = await han(home, ['index', 'missing.jsonl', '--json']);
  assert.equal(json.code, 1);
  assert.equal(JSON.parse(json.stderr).error.code, 'HAN_NOT_FOUND');
});

test('garbage is counted, never an error', async (t) => {
  const home = temporaryHome(t);
  writeTranscript(home, 'p', sessionIds.login, [], '\u0000\u0001garbage\n[1]\n"text"\n\n{"type":"user"\n');
  mkdirSync(join(home, '.claude/projects/p/folder.jsonl'));
  writeFileSync(transcriptPath(home, 'p', 'empty'), '');
  const { code, stdout } = await han(home, ['index', '--json']);
  const report = JSON.parse(stdout);
  assert.equal(code, 0);
  assert.equal(report.lines, 4);
  assert.equal(report.problems, 4);
  assert.equal(report.messagesIndexed, 0);
});

test('a foreign database is refused and left alone', async (t) => {
  const home = temporaryHome(t);
  writeFileSync(join(home, 'notes.db'), 'my notes', { mode: 0o600 });
  const { code, stderr } = await han(home, ['index', '--db', 'notes.db']);
  assert.equal(code, 1);
  assert.match(stderr, /^han: .*notes\.db.*\n$/);
  const json = await han(home, ['sessions', '--db', 'notes.db', '--json']);
  assert.equal(JSON.parse(json.stderr).error.code, 'HAN_FOREIGN_DATABASE');
});

test('a terminal gets a progress bar, and the line is clean at the end', async (t) => {
  const home = largeHome(t, 4);
  const { code, stdout } = await terminal(home, ['index']);
  assert.equal(code, 0);
  assert.match(stdout, /[█░]{24}/);
  assert.match(stdout, / \d+ % {2}[\d.]+ \S?B of [\d.]+ MB/);
  const afterBar = stdout.slice(stdout.lastIndexOf('░') + 1, stdout.indexOf('Files'));
  assert.ok(stdout.includes('\r\u001b[2K'), afterBar);
  assert.match(stdout, /Messages.* new/);
});

test('a pipe gets plain lines', async (t) => {
  const home = largeHome(t, 4);
  const { code, stdout, stderr } = await han(home, ['index']);
  assert.equal(code, 0);
  assert.doesNotMatch(stdout + stderr, anyEscape);
});

test('Ctrl-C stops cleanly, keeps what is done, and the next run continues', async (t) => {
  const home = largeHome(t, 64);
  const stopped = await terminal(home, ['index'], { replies: [['░', '\u0003']] });
  assert.equal(stopped.code, 130, stopped.stdout);
  assert.match(stopped.stdout, /han: interrupted; what was indexed is kept.*run `han index` again/);
  const kept = JSON.parse((await han(home, ['stats', '--json'])).stdout);
  const rest = JSON.parse((await han(home, ['index', '--json'])).stdout);
  assert.ok(rest.messagesIndexed > 0, 'the interrupted run was not cut short');
  const all = JSON.parse((await han(home, ['stats', '--json'])).stdout);
  assert.equal(kept.messages + rest.messagesIndexed, all.messages);
  assert.equal(all.messages, largeHome.messages(64));
  assert.equal(JSON.parse((await han(home, ['doctor', '--json'])).stdout).isHealthy, true);
});

test('folders that the environment names need not be UTF-8', async (t) => {
  const home = filledHome(t);
  const script = `
    export HAN_DATA_DIR="$HOME/$(printf 'data\\377')" CLAUDE_CONFIG_DIR="$HOME/$(printf 'config\\377'),$HOME/.claude"
    mkdir -p "$HOME/$(printf 'config\\377')/projects"
    han index --json`;
  const { code, stdout } = await shell(home, script);
  assert.equal(code, 1, 'what cannot be indexed is reported');
  const { messagesIndexed, errors } = JSON.parse(stdout);
  assert.deepEqual([messagesIndexed, errors.map((error) => error.code)], [11, ['HAN_INVALID_ARGUMENT']]);
  const names = readdirSync(home, { encoding: 'buffer' }).map((name) => name.toString('latin1'));
  assert.deepEqual(names.sort(), ['.claude', 'config\u00ff', 'data\u00ff']);
});
