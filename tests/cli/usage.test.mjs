import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { anyEscape, han, temporaryHome, terminal } from './support.mjs';

const commands = [
  'index',
  'search',
  'embed',
  'sessions',
  'show',
  'export',
  'usage',
  'sql',
  'restore',
  'stats',
  'problems',
  'doctor',
  'forget',
];

test('without a command it prints the help', async (t) => {
  const home = temporaryHome(t);
  const { code, stdout, stderr } = await han(home, []);
  assert.equal(code, 0);
  assert.equal(stderr, '');
  for (const name of commands) assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
  assert.match(stdout, /^Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}130 /m);
  assert.equal((await han(home, ['--help'])).stdout, stdout);
  assert.equal((await han(home, ['help'])).stdout, stdout);
});

test('every command has a help with examples', async (t) => {
  const home = temporaryHome(t);
  for (const name of commands) {
    const { code, stdout } = await han(home, [name, '--help']);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^Usage: han ${name}`));
    assert.match(stdout, /^Examples:\n {2}han /m);
    assert.match(stdout, /--json/);
    assert.doesNotMatch(stdout, anyEscape);
  }
});

test('--version is that of the package', async (t) => {
  const manifest = JSON.parse(readFileSync(new URL('../../node/package.json', import.meta.url), 'utf8'));
  const { code, stdout } = await han(temporaryHome(t), ['--version']);
  assert.deepEqual([code, stdout], [0, `${manifest.version}\n`]);
});

test('a wrong command line is one line and exit code 2', async (t) => {
  const home = temporaryHome(t);
  for (const [args, expected] of [
    [['serch', 'x'], /unknown command 'serch' \(Did you mean search\?\)/],
    [['help', 'serch'], /name one of the commands; see `han --help`/],
    [['--no-color'], /name one of the commands; see `han --help`/],
    [['search'], /missing required argument 'query'/],
    [['search', 'x', '--nope'], /unknown option '--nope'/],
    [['search', 'x', '--limit', '0'], /whole number from 1 to 1000/],
    [['search', 'x', '--limit', '1e3'], /whole number/],
    [['search', 'x', '--limit', '1001'], /whole number/],
    [['search', 'x', '--field', 'nope'], /Write one of user, assistant/],
    [['search', 'x', '--order', 'nope'], /Allowed choices are relevance, newest/],
    [['search', 'x', '--since', 'yesterday'], /not a time/],
    [['search', 'x', '--since', '2026-02-30'], /no such day/],
    [['sessions', 'extra'], /too many arguments/],
    [['sessions', '--db', ''], /path is empty/],
    [['show', 'x', '--raw', '--json'], /--raw and --json exclude each other/],
    [['show', 'x', '--agent', 'a', '--agents'], /exclude each other/],
    [['index', ''], /path is empty/],
    [['export', 'x', '--output', ''], /path is empty/],
    [['export', 'x', '--format', 'pdf'], /Allowed choices are markdown, json, html/],
    [['export', 'x', '--format', 'html', '--json'], /--json and --format html both want standard output/],
    [['usage', '--since', 'yesterday'], /not a time/],
    [['usage', '--until', '2026-02-30'], /no such day/],
    [['sql'], /missing required argument 'query'/],
    [['sql', 'SELECT', '1'], /too many arguments/],
    [['sql', 'SELECT 1', '--limit', '0'], /whole number from 1 to 1000000/],
    [['sql', 'SELECT 1', '--timeout', '1.5'], /whole number from 1 to 3600/],
    [['sql', 'SELECT ?', '--param', '9007199254740993'], /beyond 2\^53/],
  ]) {
    const { code, stdout, stderr } = await han(home, args);
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.equal(stdout, '');
    const isJson = args.includes('--json');
    if (isJson) assert.equal(JSON.parse(stderr).error.code, 'HAN_INVALID_ARGUMENT');
    else assert.match(stderr, /^han: [^\n]+\n$/);
    assert.match(stderr, expected);
  }
});

test('errors are JSON with --json, wherever it is', async (t) => {
  const home = temporaryHome(t);
  for (const args of [
    ['--json', 'sessions'],
    ['sessions', '--json'],
    ['show', 'x', '--json'],
    ['export', 'x', '--json'],
    ['usage', '--json'],
    ['sql', 'SELECT 1', '--json'],
  ]) {
    const { code, stdout, stderr } = await han(home, args);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    const { error } = JSON.parse(stderr);
    assert.deepEqual(Object.keys(error), ['code', 'message']);
    assert.equal(error.code, 'HAN_NOT_FOUND');
  }
});

test('nothing is created by commands that only read', async (t) => {
  const home = temporaryHome(t);
  for (const args of [
    ['sessions'],
    ['search', 'x'],
    ['export', 'x', '--output', 'y'],
    ['usage'],
    ['sql', 'SELECT 1'],
    ['doctor', '--fix'],
    ['forget', '--before', '1d', '--yes'],
  ]) {
    assert.equal((await han(home, args)).code, 1);
  }
  assert.deepEqual((await import('node:fs')).readdirSync(home), []);
});

test('names on the command line cannot paint the terminal', async (t) => {
  const home = temporaryHome(t);
  const { stdout } = await terminal(home, ['index', '\u001b[31mred\u001b]0;title\u0007.jsonl']);
  assert.doesNotMatch(stdout, /\u001b|\u0007/);
  assert.match(stdout, /red/);
});
