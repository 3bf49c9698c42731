// Refuses to pack a package without the addon for this platform, and puts the license into it.

import { copyFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { names } = createRequire(import.meta.url)('../platform.js');
const folder = fileURLToPath(new URL('..', import.meta.url));

if (!names.some((name) => existsSync(folder + name))) {
  console.error(`the addon is not built: ${names.join(' or ')} is missing in ${folder}; run: npm run build`);
  process.exit(1);
}
copyFileSync(`${folder}../LICENSE`, `${folder}LICENSE`);
