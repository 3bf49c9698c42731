#!/usr/bin/env node
try {
  const { main } = await import('../dist/main.js');
  await main(process.argv);
} catch (error) {
  // A missing build is reported in one line, too.
  const hint = error.code === 'ERR_MODULE_NOT_FOUND' ? '; build it with: npm install && npm run build' : '';
  process.stderr.write(`han: ${String(error.message).replaceAll('\n', ' ')}${hint}\n`);
  process.exit(1);
}
