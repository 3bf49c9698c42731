import type { Command } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import { codeOf, InterruptedError, UsageError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { parsePath } from '../input/values.js';
import type { Han, ScanProgress, ScanReport } from '../native.js';
import { progressReporter } from '../output/progress.js';
import { facts } from '../output/table.js';
import { printableLine } from '../output/text.js';
import { bytes, count, counted, databaseSize, displayPath, duration } from '../output/units.js';

/** How many unreadable files are named; `--json` has them all. */
const shownErrors = 10;

export function indexCommand(program: Command): void {
  program
    .command('index')
    .summary('index what is new in the transcripts')
    .description(
      'Indexes what is new in every transcript, the newest first. Ctrl-C stops it; what is indexed is kept, and the next run continues from there.',
    )
    .argument('[path...]', 'transcripts or folders, instead of every config dir')
    .addHelpText('after', '\nExamples:\n  han index\n  han index ~/backup/claude\n  han index session.jsonl --json')
    .action(action(indexTranscripts));
}

async function indexTranscripts(context: CommandContext, _options: unknown, paths: string[]): Promise<number> {
  if (paths.includes('')) throw new UsageError('a path is empty; name a transcript or a folder');
  return context.writing(async (han) => {
    const report = await scan(context, han, paths.map(parsePath));
    if (context.output.isJson) await context.output.json(report);
    else await printSummary(context, han, report, paths);
    return report.errors.length > 0 ? exitCodes.failure : exitCodes.ok;
  });
}

/** Scans, shows its progress, and stops at Ctrl-C. */
async function scan(context: CommandContext, han: Han, paths: string[]): Promise<ScanReport> {
  const progress = progressReporter(context.output);
  const abort = new AbortController();
  let latest: ScanProgress | undefined;
  let signalCode: number | undefined;
  const stop = (_signal: NodeJS.Signals, number: number): void => {
    // The second Ctrl-C does not wait for the current transaction; SQLite drops it.
    if (signalCode !== undefined) process.exit(signalCode);
    signalCode = 128 + number;
    abort.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await han.scan({
      ...(paths.length > 0 && { paths }),
      signal: abort.signal,
      onProgress: (state) => {
        latest = state;
        progress.report(state);
      },
    });
  } catch (error) {
    if (signalCode === undefined || !(codeOf(error) === 'HAN_CANCELLED' || abort.signal.aborted)) throw error;
    progress.end();
    const kept = latest
      ? `${counted(latest.messagesIndexed, 'new message')} of ${counted(latest.filesDone, 'file')}`
      : '';
    throw new InterruptedError(
      `interrupted; what was indexed is kept${kept && ` (${kept})`}, run \`han index\` again to continue`,
      signalCode,
    );
  } finally {
    progress.end();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

async function printSummary(context: CommandContext, han: Han, report: ScanReport, paths: string[]): Promise<void> {
  const { output } = context;
  const { bold, green, red, yellow } = output.colors;
  if (report.files === 0) {
    const places = paths.length > 0 ? paths : context.configDirs.map((dir) => `${dir}/projects`);
    await output.write(`No transcripts found. Looked in ${places.map(displayPath).join(', ') || 'no folder'}.\n`);
    output.note('Name a folder: han index PATH, or han --config-dir DIR index.');
  } else {
    const stats = await han.stats();
    const seconds = report.durationMs / 1_000;
    const speed = report.bytes > 0 && seconds > 0 ? `, ${bytes(Math.round(report.bytes / seconds))}/s` : '';
    const changed =
      report.filesChanged === report.files ? '' : `, ${count(report.filesChanged)} of them new or changed`;
    const rows: Parameters<typeof facts>[0] = [
      ['Files', count(report.files) + changed],
      ['Lines', `${count(report.lines)} (${bytes(report.bytes)})`],
      ['Messages', green(`${count(report.messagesIndexed)} new`)],
      ['Problems', report.problems > 0 ? yellow(count(report.problems)) : '0'],
      ['Notes', count(report.notes)],
      ['Errors', report.errors.length > 0 ? red(count(report.errors.length)) : '0'],
      ['Time', duration(report.durationMs) + speed],
      ['Database', databaseSize(stats)],
      ['', displayPath(stats.path)],
    ];
    await output.write(facts(rows, bold));
  }
  for (const error of report.errors.slice(0, shownErrors)) {
    output.note(`${displayPath(error.path)}: ${printableLine(error.message)} (${error.code})`);
  }
  if (report.errors.length > shownErrors)
    output.note(`… and ${report.errors.length - shownErrors} more; --json has them all`);
  if (report.problems + report.notes > 0) output.note('han problems lists the problems and notes.');
  if (report.messagesIndexed > 0) output.note('Next: han sessions, han search WORDS, han show SESSION.');
}
