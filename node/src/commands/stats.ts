import type { Command } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import type { Stats } from '../native.js';
import { facts } from '../output/table.js';
import { count, counted, databaseSize, displayPath, tokensByKind } from '../output/units.js';

export function statsCommand(program: Command): void {
  program
    .command('stats')
    .summary('say what is in the database')
    .description('Says what is in the database, how large it is, and how many tokens were spent.')
    .addHelpText('after', '\nExamples:\n  han stats\n  han stats --json')
    .action(action(stats));
}

async function stats(context: CommandContext): Promise<void> {
  const { output } = context;
  const result = await context.reading(async (han) => han.stats());
  if (output.isJson) await output.json(result);
  else await output.write(facts(describe(result), output.colors.bold));
}

function describe(stats: Stats): Parameters<typeof facts>[0] {
  const missing = stats.filesMissing > 0 ? `, ${count(stats.filesMissing)} of them gone from the disk` : '';
  const replays = stats.replays > 0 ? `, ${count(stats.replays)} of them copies by a resume or fork` : '';
  const requestLog = stats.requestLog > 0 ? `, ${count(stats.requestLog)} of them the log of requests to the API` : '';
  return [
    ['Database', `${displayPath(stats.path)} (schema ${stats.schemaVersion})`],
    ['Size', databaseSize(stats)],
    ['Sessions', `${count(stats.sessions)} in ${counted(stats.projects, 'project')}`],
    ['Files', count(stats.files) + missing],
    ['Lines', count(stats.lines) + requestLog],
    ['Messages', count(stats.messages) + replays],
    ['Problems', `${counted(stats.problems, 'line')} that became no message, ${counted(stats.notes, 'note')}`],
    ['Tokens', tokensByKind(stats.tokens)],
  ];
}
