// Writes index.d.ts: the hand-written files of surface/ in the order of their names, and behind them the shapes that
// napi-derive reads from the Rust structs and their documentation as cargo compiles them. With --check it only compares, and
// fails on a difference.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (name) => readFileSync(join(root, name), 'utf8');

/** The shapes of both crates, as napi-derive writes them: one JSON object a line. */
function shapes() {
  const folder = mkdtempSync(join(tmpdir(), 'han-types-'));
  try {
    const { status } = spawnSync('cargo', ['check', '--quiet', '--package', 'han-bindings'], {
      cwd: root,
      env: { ...process.env, NAPI_TYPE_DEF_TMP_FOLDER: folder },
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error('cargo check failed');
    return ['han-native', 'han-bindings']
      .flatMap((crate) => readFileSync(join(folder, crate), 'utf8').trim().split('\n'))
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What an operation takes: its flags have defaults, so they may be left out. */
const isInput = (name) => /(Query|Filter|Options)$/.test(name);

/** The lines of an interface, indented. What may be left out may also be null, such as the cursor of an empty page. */
const fields = (definition) => definition.replace(/^(\w+\?: .*)$/gm, '$1 | null').replace(/^/gm, '  ');

/** The same with flags that may be left out. */
const inputFields = (definition) => fields(definition.replace(/^(\w+): boolean$/gm, '$1?: boolean'));

/** The members of an enum of strings, as a union. */
const union = (definition) => definition.replace(/^\w+ = ('[^']*'),?$/gm, '| $1').replace(/^/gm, '  ');

/** The variants of an enum with fields, as a union of objects. */
const variants = (definition) =>
  definition
    .split(/^ {2}\| \{ /m)
    .slice(1)
    .map((variant) => variant.trim().replace(/ \}$/, '').replaceAll('; /**', '\n/**').replace(/^/gm, '      '))
    .map((lines) => `  | {\n${lines}\n    }`)
    .join('\n');

const RENDERERS = {
  interface: ({ name, def }) => `export interface ${name} {\n${(isInput(name) ? inputFields : fields)(def)}\n}`,
  type: ({ name, def }) => `export type ${name} =\n${variants(def)}`,
  string_enum: ({ name, def }) => `export type ${name} =\n${union(def)}`,
};

const declarations = shapes()
  // The native classes stay behind index.js.
  .filter(({ kind }) => !['struct', 'impl'].includes(kind))
  .sort((left, right) => (left.name < right.name ? -1 : 1))
  .map((shape) => shape.js_doc + RENDERERS[shape.kind](shape));

const banner = '// Generated from surface/ and the Rust sources by `npm run generate`. Do not edit.';
const surface = readdirSync(join(root, 'surface')).sort().map((name) => read(join('surface', name)).trim());
const text = `${[banner, ...surface, ...declarations].join('\n\n')}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(join(root, 'index.d.ts'), text);
} else if (read('index.d.ts') !== text) {
  console.error('index.d.ts is not what the sources give; run: npm run generate');
  process.exit(1);
}
