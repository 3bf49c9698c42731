// Builds the addon with cargo and puts it next to native.js under the name that native.js loads on this platform; with --debug,
// without optimisation.

import { spawnSync } from 'node:child_process';
import { copyFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { names } = createRequire(import.meta.url)('../platform.js');
const folder = fileURLToPath(new URL('..', import.meta.url));
const isDebug = process.argv.includes('--debug');
const isMusl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
const name = names.length > 1 ? names.find((candidate) => candidate.includes('musl') === isMusl) : names[0];
if (name === undefined) {
  console.error(`han-native does not support ${process.platform}-${process.arch}`);
  process.exit(1);
}

// Without optimisation it is what the tests build anyway: other package sets would mean other features of their dependencies.
const what = isDebug ? ['--workspace', '--lib', '--bins', '--tests'] : ['--package', 'han-bindings', '--release'];
const cargo = ['build', ...what, '--message-format', 'json-render-diagnostics'];
const { status, stdout, error } = spawnSync('cargo', cargo, {
  cwd: folder,
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (status !== 0) {
  console.error(error ? `cargo does not start: ${error.message}` : 'cargo failed');
  process.exit(1);
}

const library = stdout
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line))
  .filter(({ reason, target }) => reason === 'compiler-artifact' && target.name === 'han_bindings')
  .flatMap(({ filenames }) => filenames)
  .find((path) => /\.(so|dylib|dll)$/.test(path));

// A process that has loaded the old addon keeps it: the new one takes its name, the old file stays as it is.
copyFileSync(library, `${folder}${name}.new`);
renameSync(`${folder}${name}.new`, `${folder}${name}`);
console.log(`${name} (${isDebug ? 'debug' : 'release'})`);
