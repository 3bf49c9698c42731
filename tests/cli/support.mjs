// Temporary homes with generated transcripts, and the built command as a child process.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const command = fileURLToPath(new URL('../../node/bin/han.js', import.meta.url));
const terminalScript = fileURLToPath(new URL('terminal.py', import.meta.url));

/** Escape sequences of any kind, and carriage returns. */
export const anyEscape = /[\u001b\r\u009b]/;

/** An empty home that is gone after the test. */
export function temporaryHome(test) {
  const home = mkdtempSync(join(tmpdir(), 'han-cli-'));
  test.after(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

export const sessionIds = {
  login: '11111111-aaaa-4bbb-8ccc-000000000001',
  parser: '22222222-aaaa-4bbb-8ccc-000000000002',
};

/** A home with two sessions, one of them with an agent, and a line that is not JSON. */
export function filledHome(test) {
  const home = temporaryHome(test);
  writeTranscript(home, 'project-shop', sessionIds.login, loginRecords());
  writeTranscript(home, `project-shop/${sessionIds.login}/subagents`, 'agent-a1b2c3d', agentRecords());
  writeTranscript(home, 'project-tools', sessionIds.parser, parserRecords(), 'this is no JSON\n');
  return home;
}

export function transcriptPath(home, folder, name) {
  return join(home, '.claude', 'projects', folder, `${name}.jsonl`);
}

export function writeTranscript(home, folder, name, records, tail = '') {
  const path = transcriptPath(home, folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join('') + tail);
  return path;
}

/** Runs `han` and returns its exit code and output. */
export function han(home, args, { env = {}, signalAfter } = {}) {
  return collect(process.execPath, [command, ...args], home, env, signalAfter);
}

/** Runs a shell line in which `han` is the command. */
export function shell(home, line, env = {}) {
  const script = `han() { "${process.execPath}" "${command}" "$@"; }\n${line}`;
  return collect('bash', ['-c', script], home, env);
}

/**
 * Runs `han` on a pseudo-terminal of 100 columns. `replies` are pairs of a text to wait for and keys to type then. Both output
 * streams are the terminal; with `pipeOutput` only standard error and input are.
 */
export function terminal(home, args, { env = {}, replies = [], pipeOutput = false } = {}) {
  const plan = JSON.stringify({ command: [process.execPath, command, ...args], replies, pipeOutput });
  return collect('python3', [terminalScript, plan], home, { TERM: 'xterm-256color', ...env });
}

function collect(file, args, home, env, signalAfter) {
  const child = spawn(file, args, {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, TZ: 'UTC', LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    const written = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('utf8').on('data', (text) => {
        written[stream] += text;
        if (signalAfter && written[signalAfter.stream].includes(signalAfter.text)) child.kill(signalAfter.signal);
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...written }));
  });
}

let minute = 0;

/** The fields of every record of a session; each one is a minute later than the last. */
export function envelope(sessionId, fields) {
  minute += 1;
  return {
    parentUuid: null,
    isSidechain: false,
    userType: 'external',
    cwd: '/srv/shop',
    sessionId,
    version: '2.1.0',
    gitBranch: 'main',
    uuid: `00000000-0000-4000-8000-${String(minute).padStart(12, '0')}`,
    timestamp: new Date(Date.UTC(2026, 0, 31, 9, minute)).toISOString(),
    ...fields,
  };
}

export function prompt(sessionId, text, fields = {}) {
  return envelope(sessionId, { type: 'user', message: { role: 'user', content: text }, ...fields });
}

export function answer(sessionId, content, fields = {}) {
  return envelope(sessionId, {
    type: 'assistant',
    message: {
      id: `msg_${minute}`,
      type: 'message',
      role: 'assistant',
      model: 'model-large',
      content,
      stop_reason: null,
      usage: { input_tokens: 10, output_tokens: 20, cache_creation_input_tokens: 0, cache_read_input_tokens: 5 },
    },
    ...fields,
  });
}

export function toolResult(sessionId, toolUseId, text, isError = false) {
  const content = [{ type: 'tool_result', tool_use_id: toolUseId, content: text, is_error: isError }];
  return envelope(sessionId, { type: 'user', message: { role: 'user', content } });
}

function loginRecords() {
  const id = sessionIds.login;
  return [
    prompt(id, 'Please mend the login form of the shop'),
    answer(id, [{ type: 'thinking', thinking: 'The validator is the likely culprit.', signature: 'x' }]),
    answer(id, [{ type: 'text', text: 'I run the tests of the login form first.' }]),
    answer(id, [{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'npm test -- login' } }]),
    toolResult(id, 'toolu_1', Array.from({ length: 30 }, (_, line) => `result line ${line + 1}`).join('\n')),
    answer(id, [{ type: 'text', text: 'The login form works again: 日本語 and all.' }]),
    { type: 'custom-title', customTitle: 'Mend the login form', sessionId: id },
  ];
}

function agentRecords() {
  const fields = { isSidechain: true, agentId: 'a1b2c3d' };
  return [
    prompt(sessionIds.login, 'Look for validators', fields),
    answer(sessionIds.login, [{ type: 'text', text: 'There is one validator, in forms.js.' }], fields),
  ];
}

function parserRecords() {
  const id = sessionIds.parser;
  return [
    prompt(id, 'Why does the parser refuse an empty line?', { cwd: '/srv/tools' }),
    answer(id, [{ type: 'text', text: 'Because parse_line treats it as the end.' }], { cwd: '/srv/tools' }),
  ];
}
