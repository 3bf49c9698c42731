// The command `han usage`.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { anyEscape, filledHome, han, prompt, temporaryHome, terminal, writeTranscript } from './support.mjs';

async function indexedHome(t) {
  const home = filledHome(t);
  assert.equal((await han(home, ['index'])).code, 0);
  return home;
}

/** An answer at a time of its own, by a model of its own. */
function answerAt(timestamp, model, id) {
  const usage = { input_tokens: 1000, output_tokens: 2000, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const message = { id, type: 'message', role: 'assistant', model, content: [{ type: 'text', text: 'Done.' }], usage };
  return { ...prompt('two-days', ''), type: 'assistant', timestamp, message };
}

/** A home with an answer late on one day in UTC and two on the next, of two models with a price and one without. */
async function pricedHome(t) {
  const home = temporaryHome(t);
  writeTranscript(home, 'project-days', 'two-days', [
    prompt('two-days', 'Do it', { timestamp: '2026-03-01T23:29:00.000Z' }),
    answerAt('2026-03-01T23:30:00.000Z', 'model-a', 'msg_a'),
    answerAt('2026-03-02T12:00:00.000Z', 'model-b', 'msg_b'),
    answerAt('2026-03-02T12:01:00.000Z', 'model-c', 'msg_c'),
  ]);
  const price = { input_cost_per_token: 0.001, output_cost_per_token: 0.002 };
  writeFileSync(join(home, 'prices.json'), JSON.stringify({ 'model-a': price, 'model-b': price }));
  const run = (...args) => han(home, ['usage', ...args], { env: { HAN_PRICE_FILE: join(home, 'prices.json') } });
  assert.equal((await han(home, ['index', '--json'])).code, 0);
  return { home, run };
}

test('it sums up sessions, messages and tokens, and names models without a price', async (t) => {
  const home = await indexedHome(t);
  const { code, stdout, stderr } = await han(home, ['usage']);
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, anyEscape);
  assert.match(stdout, /^Days +all \(\S+\)$/m);
  assert.match(stdout, /^Sessions +2 in 2 projects$/m);
  assert.match(stdout, /^Messages +11, 2 of them prompts$/m);
  assert.match(stdout, /^Tokens +60 in, 120 out, cache 30 read, 0 written$/m);
  assert.match(stdout, /^Cost +unknown, no price is known$/m);
  assert.match(
    stdout,
    /^MODEL +ANSWERS +IN +OUT +CACHE READ +WRITTEN +COST\nmodel-large +6 +60 +120 +30 +0 +no price\n/m,
  );
  assert.match(stderr, /^No price is known of model-large: not in the cost \(6 answers\)\. .*\n$/);
});

test('cost is shown in all and by model, as far as prices are known', async (t) => {
  const { home, run } = await pricedHome(t);
  const { code, stdout, stderr } = await run();
  assert.equal(code, 0);
  assert.match(stdout, /^Cost +\$10\.00, not counting 1 answer without a known price$/m);
  for (const [model, cost] of [
    ['model-a', '\\$5\\.00'],
    ['model-b', '\\$5\\.00'],
    ['model-c', 'no price'],
  ]) {
    assert.match(stdout, new RegExp(`^${model} +1 +1K +2K +0 +0 +${cost}$`, 'm'));
  }
  assert.match(stderr, /^No price is known of model-c: /);
  const json = await run('--json');
  assert.equal(json.stderr, '');
  const dashboard = JSON.parse(json.stdout);
  assert.equal(dashboard.cost, 10);
  assert.deepEqual(
    dashboard.unpricedModels.map(({ model }) => model),
    ['model-c'],
  );
  const screen = await terminal(home, ['usage'], { env: { HAN_PRICE_FILE: join(home, 'prices.json') } });
  assert.match(screen.stdout, /\u001b\[33m *no price\u001b\[39m/);
});

test('unusual charges are listed separately, and what Claude Code reports is shown next to them', async (t) => {
  const home = temporaryHome(t);
  const fast = answerAt('2026-03-01T10:02:00.000Z', 'model-a', 'msg_f');
  fast.message.usage.speed = 'fast';
  const searched = answerAt('2026-03-01T10:03:00.000Z', 'model-a', 'msg_s');
  searched.message.usage.server_tool_use = { web_search_requests: 3, web_fetch_requests: 4 };
  searched.message.usage.iterations = [
    { type: 'advisor_message', model: 'model-b', input_tokens: 1000, output_tokens: 0 },
    { type: 'advisor_message', model: 'model-x', input_tokens: 7, output_tokens: 0 },
  ];
  const modelUsage = { 'model-a': { costUSD: 15 }, 'model-h': { inputTokens: 9000, outputTokens: 10, costUSD: 2.5 } };
  writeTranscript(home, 'project-days', 'two-days', [
    prompt('two-days', 'Do it', { timestamp: '2026-03-01T10:00:00.000Z' }),
    fast,
    searched,
    { type: 'cost-state', sessionId: 'two-days', totalCostUSD: 17.5, modelUsage },
  ]);
  const price = { input_cost_per_token: 0.001, output_cost_per_token: 0.002, provider_specific_entry: { fast: 2 } };
  writeFileSync(join(home, 'prices.json'), JSON.stringify({ 'model-a': price, 'model-b': price }));
  const env = { HAN_PRICE_FILE: join(home, 'prices.json') };
  assert.equal((await han(home, ['index', '--json'])).code, 0);
  const { stdout, stderr } = await han(home, ['usage'], { env });
  assert.match(stdout, /^Within answers +2 requests$/m);
  assert.match(stdout, /^Web searches +3$/m);
  assert.match(stdout, /^Cost +\$16\.03, not counting 1 request within answers without a known price$/m);
  assert.match(
    stdout,
    /^Reported +\$17\.50, \$1\.47 more than the answers show: model-h \$2\.50 \(it counts 9K in, 10 out\); /m,
  );
  assert.match(stdout, /^model-a +1 +1K +2K +0 +0 +\$5\.03$/m);
  assert.match(stdout, /^model-a fast +1 +1K +2K +0 +0 +\$10\.00$/m);
  assert.match(stdout, /^model-b +0\+1 +1K +0 +0 +0 +\$1\.00$/m);
  assert.match(stderr, /^No price is known of model-x: not in the cost \(1 request within answers\)\./);
  const listed = await han(home, ['sessions'], { env });
  assert.match(listed.stdout, / \$16\.03 and more {2}two-days /);
  const shown = await han(home, ['show', 'two-days'], { env });
  assert.match(shown.stdout, / {2}\$16\.03 and more {2}reported \$17\.50, /);
  assert.doesNotMatch(shown.stdout, /cost-state/);
});

test('days are whole ones of the requested zone', async (t) => {
  const { run } = await pricedHome(t);
  for (const [args, answers, since, until] of [
    [[], 3, null, null],
    [['--until', '2026-03-01', '--time-zone', 'UTC'], 1, null, '2026-03-01'],
    [['--since', '2026-03-02', '--until', '2026-03-02', '--time-zone', 'UTC'], 2, '2026-03-02', '2026-03-02'],
    [['--since', '2026-03-02', '--time-zone', 'Europe/Madrid'], 3, '2026-03-02', null],
    [['--since', '2026-03-02T15:00Z', '--time-zone', 'UTC'], 2, '2026-03-02', null],
    [['--since', '2026-03-03', '--time-zone', 'UTC'], 0, '2026-03-03', null],
  ]) {
    const { code, stdout, stderr } = await run(...args, '--json');
    assert.equal(code, 0, stderr);
    const { apiMessages, ...dashboard } = JSON.parse(stdout);
    assert.deepEqual([apiMessages, dashboard.since, dashboard.until], [answers, since, until], args.join(' '));
  }
  const { stdout } = await run('--since', '2026-03-02', '--until', '2026-03-02', '--time-zone', 'Europe/Madrid');
  assert.match(stdout, /^Days +from 2026-03-02 to 2026-03-02 \(Europe\/Madrid\)$/m);
});

test('a project narrows it, and nothing is not an error', async (t) => {
  const home = await indexedHome(t);
  assert.match((await han(home, ['usage', '--project', 'project-tools'])).stdout, /^Sessions +1 in 1 project$/m);
  for (const args of [
    ['--project', 'no-such-project'],
    ['--since', '2026-02-15'],
  ]) {
    const { code, stdout, stderr } = await han(home, ['usage', ...args]);
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /^Nothing was done in these days; .*\n$/);
  }
  const empty = temporaryHome(t);
  await han(empty, ['index']);
  assert.match((await han(empty, ['usage'])).stderr, /^Nothing has been indexed yet; .*\n$/);
});

test('bad days and zones are one line in the words of the command', async (t) => {
  const home = await indexedHome(t);
  for (const [args, expected] of [
    [['--time-zone', 'Nowhere/Land'], /^han: --time-zone is unknown: Nowhere\/Land; write a name such as .*\n$/],
    [['--since', '2026-02-05', '--until', '2026-02-01'], /^han: --until is not after since; pass a later day\n$/],
  ]) {
    const { code, stdout, stderr } = await han(home, ['usage', ...args]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, expected);
  }
});
