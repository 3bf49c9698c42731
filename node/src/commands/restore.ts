import { createReadStream, existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import { CommandError, codeOf, NotFoundError, UsageError } from '../errors.js';
import type { Han } from '../native.js';
import { bytes, displayPath } from '../output/units.js';

export function restoreCommand(program: Command): void {
  program
    .command('restore')
    .summary('write a transcript back, byte for byte')
    .description(
      'Writes a transcript back, byte for byte as it was last indexed. Without --to it is written where it came from. Nothing is ever overwritten.',
    )
    .argument('<file>', 'the path it was indexed from, absolute or below its config dir; FILE~2 is generation 2 of it')
    .option('-o, --to <path>', 'where to write it; - is standard output')
    .addHelpText(
      'after',
      `\nExamples:
  han restore ~/.claude/projects/-home-me-shop/7f3c2a1e.jsonl
  han restore projects/-home-me-shop/7f3c2a1e.jsonl --to copy.jsonl
  han restore projects/-home-me-shop/7f3c2a1e.jsonl --to - | wc -l`,
    )
    .action(action(restore));
}

async function restore(context: CommandContext, { to }: { to?: string }, file: string): Promise<void> {
  if (file === '' || to === '') throw new UsageError('the path is empty; name a file');
  if (to === '-' && context.output.isJson)
    throw new UsageError('--json and --to - both want standard output; leave one out');
  await context.reading(async (han) => {
    if (to === '-') await restoreToStandardOutput(context, han, file);
    else await restoreToFile(context, han, file, to);
  });
}

async function restoreToFile(context: CommandContext, han: Han, file: string, to: string | undefined): Promise<void> {
  const written = await firstKnown(file, context.configDirs, async (source) => {
    const target = to === undefined ? originalPlace(source) : resolve(to);
    if (existsSync(target)) {
      throw new CommandError(
        'HAN_INVALID_ARGUMENT',
        `${target} exists already and is kept; name another place with --to`,
      );
    }
    if (to !== undefined && !existsSync(dirname(target))) {
      throw new CommandError('HAN_INVALID_ARGUMENT', `folder does not exist: ${dirname(target)}; make it first`);
    }
    if (to === undefined) await inNewFolders(dirname(target), () => han.restore(source, target));
    else await han.restore(source, target);
    return { source, target };
  });
  const { size } = await stat(written.target);
  const { output } = context;
  if (output.isJson) await output.json({ ...written, bytes: size });
  else await output.write(`Restored ${displayPath(written.target)} (${bytes(size)}).\n`);
}

/** The library writes files only: a private temporary one is used in between, and removed at the end whatever happens. */
async function restoreToStandardOutput(context: CommandContext, han: Han, file: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'han-restore-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const target = join(folder, 'transcript');
    await firstKnown(file, context.configDirs, (source) => han.restore(source, target));
    for await (const chunk of createReadStream(target)) await context.output.write(chunk as Uint8Array);
  } finally {
    remove();
    process.off('exit', remove);
  }
}

/** Tries what a path may mean, first relative to the current folder, until the library knows it. */
async function firstKnown<Result>(
  file: string,
  configDirs: string[],
  attempt: (source: string) => Promise<Result>,
): Promise<Result> {
  const sources = isAbsolute(file) ? [file] : [resolve(file), ...configDirs.map((dir) => resolve(dir, file)), file];
  for (const source of sources) {
    try {
      return await attempt(source);
    } catch (error) {
      if (codeOf(error) !== 'HAN_NOT_FOUND') throw error;
    }
  }
  throw new NotFoundError(`no such transcript was indexed: ${file}; name the path it was indexed from`);
}

/** Where a source came from: its path without the generation. */
function originalPlace(source: string): string {
  if (!isAbsolute(source)) throw new NotFoundError(`no such transcript was indexed: ${source}; name its whole path`);
  return source.replace(/~\d+$/, '');
}

/** Runs with the folder created if it is missing; on failure, what was created is removed again. */
async function inNewFolders(folder: string, run: () => Promise<void>): Promise<void> {
  const topmost = await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await run();
  } catch (error) {
    const steps = topmost === undefined ? [] : relative(dirname(topmost), folder).split(sep);
    for (let place = folder, left = steps.length; left > 0; left -= 1, place = dirname(place)) {
      await rmdir(place).catch(() => {});
    }
    throw error;
  }
}
