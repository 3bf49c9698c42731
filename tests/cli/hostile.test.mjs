import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, han, prompt, sessionIds, temporaryHome, terminal, toolResult, writeTranscript } from './support.mjs';

// Sets the title, clears the screen, hides text, goes back over it, in 7 and 8 bits; and turns text around.
const attack =
  '\u001b]0;owned\u0007\u001b[2J\u001b[8mhidden\u001b[0m\rover\u009b31mred\u0008\u0000\u202ereversed\u001bPq\u001b\\';

function modelAnswer(id, model) {
  const record = answer(id, [{ type: 'text', text: 'by a model of a bad name' }]);
  return { ...record, message: { ...record.message, model } };
}

async function hostileHome(t) {
  const home = temporaryHome(t);
  const id = sessionIds.login;
  writeTranscript(
    home,
    'p',
    id,
    [
      prompt(id, `needle ${attack} needle`, { cwd: `/srv/${attack}`, gitBranch: attack }),
      answer(id, [{ type: 'text', text: `needle\n${attack}` }]),
      answer(id, [{ type: 'thinking', thinking: attack }]),
      modelAnswer(id, `model${attack}`),
      answer(id, [{ type: 'tool_use', id: 'toolu_1', name: `Tool${attack}`, input: { command: attack } }]),
      toolResult(id, 'toolu_1', attack, true),
      prompt(id, 'an unknown record follows'),
      { type: `new-kind${attack}`, text: attack, sessionId: id, uuid: 'u', timestamp: '2026-01-31T10:00:00.000Z' },
      { type: 'custom-title', customTitle: `needle ${attack}`, sessionId: id },
    ],
    `{"broken": ${attack}\n`,
  );
  assert.equal((await han(home, ['index'])).code, 0);
  return home;
}

const readers = [
  ['search', 'needle'],
  ['sessions'],
  ['show', '1111'],
  ['show', '1111', '--full'],
  ['problems'],
  ['stats'],
  ['usage'],
  ['sql', 'SELECT title, (SELECT group_concat(text) FROM v_messages) AS "a \u001b[31mname" FROM v_sessions'],
];

test('nothing in a transcript reaches a terminal as a control sequence', async (t) => {
  const home = await hostileHome(t);
  for (const args of [
    ...readers,
    ['show', '1111', '--raw'],
    ['show', '1111', '--json'],
    ['export', '1111'],
    ['export', '1111', '--format', 'html'],
    ['export', '1111', '--json'],
    ['sql', 'SELECT text FROM v_messages', '--json'],
    ['search', 'needle', '--json'],
    ['problems', '--json'],
  ]) {
    const { code, stdout } = await terminal(home, args, { env: { NO_COLOR: '1' } });
    assert.equal(code, 0, stdout);
    // The pseudo-terminal itself ends lines with a carriage return.
    assert.doesNotMatch(stdout.replaceAll('\r\n', '\n'), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/, args.join(' '));
  }
});

test('nor does it reach a pipe, whose end may be a terminal', async (t) => {
  const home = await hostileHome(t);
  for (const args of readers) {
    const { stdout } = await han(home, args);
    assert.doesNotMatch(stdout, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/, args.join(' '));
  }
});

test('the text around it stays readable', async (t) => {
  const home = await hostileHome(t);
  const { stdout } = await han(home, ['show', '1111']);
  assert.match(stdout, /needle hiddenover/);
  assert.match(stdout, /→ Tool/);
});
