import { existsSync, lstatSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import { CommandError, UsageError } from '../errors.js';
import { findSession } from '../input/session.js';
import type { ExportFormat } from '../native.js';
import { printableJson } from '../output/json.js';
import { printable } from '../output/text.js';
import { bytes, displayPath } from '../output/units.js';

interface ExportOptions {
  format?: ExportFormat;
  output?: string;
  withCopied?: true;
}

export function exportCommand(program: Command): void {
  program
    .command('export')
    .summary('write a session as a document')
    .description(
      'Writes a whole session, its agents included, as Markdown, JSON or one self-contained HTML page. A file is readable by you alone, and none is ever overwritten.',
    )
    .argument('<session>', 'its id; the beginning is enough')
    .addOption(
      new Option('--format <format>', 'default: markdown, or json with --json').choices(['markdown', 'json', 'html']),
    )
    .option('-o, --output <file>', 'where to write it; - is standard output, as without it')
    .option('--with-copied', 'also the records that a fork or a resume copied from another session')
    .addHelpText(
      'after',
      `\nExamples:
  han export 7f3c2a1e | less
  han export 7f3c2a1e --format html --output session.html
  han export 7f3c2a1e --format json | jq '.session.title'`,
    )
    .action(action(exportSession));
}

async function exportSession(context: CommandContext, options: ExportOptions, id: string): Promise<void> {
  const { isJson } = context.output;
  const format = options.format ?? (isJson ? 'json' : 'markdown');
  if (options.output === '') throw new UsageError('the path is empty; name a file');
  const target = options.output === undefined || options.output === '-' ? undefined : resolve(options.output);
  if (target !== undefined) checkTarget(target);
  else if (isJson && format !== 'json') {
    throw new UsageError(`--json and --format ${format} both want standard output; leave one out`);
  }
  await context.reading(async (han) => {
    const session = await findSession(han, id);
    const what = options.withCopied ? { includeReplays: true } : {};
    if (target === undefined) await print(context, await han.exportSession(session.id, format, what), format);
    else
      await writeToFile(context, () => han.exportSessionToFile(session.id, format, target, what), {
        sessionId: session.id,
        format,
        target,
      });
  });
}

async function print({ output }: CommandContext, document: string, format: ExportFormat): Promise<void> {
  const text = format === 'json' ? printableJson(document) : output.isTerminal ? printable(document) : document;
  await output.write(text.endsWith('\n') ? text : `${text}\n`);
}

async function writeToFile(
  { output }: CommandContext,
  write: () => Promise<void>,
  { target, ...what }: { sessionId: string; format: ExportFormat; target: string },
): Promise<void> {
  await write();
  const { size } = await stat(target);
  if (output.isJson) await output.json({ ...what, target, bytes: size });
  else await output.write(`Exported ${displayPath(target)} (${bytes(size)}).\n`);
}

/** Reports in the command's own words what the library would refuse. */
function checkTarget(target: string): void {
  // A dangling link exists, too.
  if (lstatSync(target, { throwIfNoEntry: false })) throw existsAlready(target);
  if (!existsSync(dirname(target))) {
    throw new CommandError('HAN_INVALID_ARGUMENT', `folder does not exist: ${dirname(target)}; make it first`);
  }
}

function existsAlready(target: string): CommandError {
  return new CommandError(
    'HAN_INVALID_ARGUMENT',
    `${target} exists already and is kept; name another place with --output`,
  );
}
