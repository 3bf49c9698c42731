// The script behind `make run`, with a make that only prints that it was called.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { filledHome, prompt, shell, temporaryHome, writeTranscript } from './support.mjs';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the script in the project's folder; its sample is one session below the home. */
function run(home, env = {}) {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'make'), '#!/bin/sh\nexit 0\n');
  chmodSync(join(bin, 'make'), 0o755);
  writeTranscript(home, '../../build/sample/projects/p', 'sample', [prompt('sample', 'one of the sample')]);
  const path = `${bin}:${process.env.PATH}`;
  return shell(home, `cd '${project}' && umask 000 && bash node/scripts/run.sh "$HOME/build/sample"`, {
    PATH: path,
    ...env,
  });
}

test('a config dir of a list is found with blanks around its name', async (t) => {
  const home = filledHome(t);
  const { code, stdout, stderr } = await run(home, { CLAUDE_CONFIG_DIR: `${home}/none , ${home}/.claude ` });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^Files +3$/m);
});

test('without transcripts the sample is indexed, whoever may write to the folder of the build', async (t) => {
  const home = temporaryHome(t);
  mkdirSync(join(home, 'build'));
  chmodSync(join(home, 'build'), 0o777);
  const { code, stdout, stderr } = await run(home);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^No transcripts below .*: indexing a generated sample instead\.$/m);
  assert.match(stdout, /^Messages +1 new$/m);
});
