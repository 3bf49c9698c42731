'use strict';

// Processes of their own, with the runtime of this one.

const { execFile, spawn } = require('node:child_process');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { soon } = require('./fixtures.cjs');

/** What a script begins with: the package, and the values that were passed to it. */
const prelude = (values) =>
  `const { Han, ...flat } = require(${JSON.stringify(require.resolve('han-native'))});
   const values = ${JSON.stringify(values)};
   process.on('unhandledRejection', (error) => { console.error('unhandled', error); process.exit(7); });\n`;

// A home of its own, so that no mistake in a test affects the user's.
const OPTIONS = { cwd: __dirname, env: { ...process.env, HOME: join(tmpdir(), 'han-node-home') } };

/** Runs a script, which must end by itself, with success; its output. */
const run = (script, ...values) =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', prelude(values) + script], { ...OPTIONS, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) reject(Object.assign(new Error(`${error.message}\n${stderr}`), { status: error.code, stdout, stderr }));
      else resolve(stdout.trim());
    });
  });

/** Starts a script that runs until it is killed, or until this process ends. */
function start(script, ...values) {
  const life = `process.stdin.on('end', () => process.exit()).resume();\n`;
  const child = spawn(process.execPath, ['-e', prelude(values) + life + script], {
    ...OPTIONS,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    pid: child.pid,
    /** The next line that it writes. */
    async line() {
      const { done, value } = await soon(lines.next(), 'a line of the process');
      if (done) throw new Error('the process has ended');
      return value;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

module.exports = { run, start };
