import type { Command } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import { CommandError, codeOf } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { parseDay } from '../input/day.js';
import { parseProject } from '../input/values.js';
import type { AnalyticsFilter, Dashboard, Han } from '../native.js';
import { modelName, reportedText, requestCount, unpricedNote } from '../output/costs.js';
import { facts, table } from '../output/table.js';
import { printableLine } from '../output/text.js';
import { compactCount, count, counted, dollars, tokensByKind } from '../output/units.js';
import { hintIfEmpty } from './hints.js';

interface UsageOptions {
  since?: string;
  until?: string;
  project?: string;
  timeZone?: string;
}

export function usageCommand(program: Command): void {
  program
    .command('usage')
    .summary('sum up sessions, tokens and cost')
    .description(
      'Sums up what was done in some days: sessions, messages, tokens and what they cost, in all and by model. Each answer counts once, however often it was copied. Costs are computed from published prices, or those of HAN_PRICE_FILE, for the speed, the place and the service tier that answers name; web searches are included. What Claude Code itself reports about its sessions is shown next to them.',
    )
    .option('--since <day>', 'from this day on: 2026-01-31, or an age such as 7d', (text) => parseDay(text))
    .option('--until <day>', 'up to and including this day', (text) => parseDay(text))
    .option('--project <project>', 'only this project: its id, or its folder', parseProject)
    .option('--time-zone <zone>', 'whose days, such as Europe/Madrid (default: that of the database)')
    .addHelpText(
      'after',
      '\nExamples:\n  han usage\n  han usage --since 7d --project .\n  han usage --since 2026-01-01 --until 2026-01-31 --time-zone Europe/Madrid',
    )
    .action(action(usage));
}

async function usage(context: CommandContext, options: UsageOptions): Promise<void> {
  await context.reading(async (han) => {
    const dashboard = await ask(han, options);
    if (context.output.isJson) await context.output.json(dashboard);
    else await printUsage(context, han, dashboard);
  });
}

async function ask(han: Han, { project, ...days }: UsageOptions): Promise<Dashboard> {
  const filter: AnalyticsFilter = { ...days, ...(project !== undefined && { projectId: project }) };
  try {
    return await han.dashboard(filter);
  } catch (error) {
    if (codeOf(error) !== 'HAN_INVALID_ARGUMENT' || !(error instanceof Error)) throw error;
    // The library names its own options; the user passed those of the command.
    const message = error.message
      .replace(
        /^timeZone is unknown: .*/s,
        `--time-zone is unknown: ${days.timeZone}; write a name such as Europe/Madrid`,
      )
      .replace(/^(since|until) /, '--$1 ');
    throw new CommandError('HAN_INVALID_ARGUMENT', message, exitCodes.usage);
  }
}

async function printUsage(context: CommandContext, han: Han, dashboard: Dashboard): Promise<void> {
  const { output } = context;
  if (dashboard.messages === 0) {
    await hintIfEmpty(context, han, 'Nothing was done in these days; see --since, --until and --project.');
    return;
  }
  const { bold, yellow } = output.colors;
  await output.write(facts(describe(dashboard), bold));
  if (dashboard.models.length > 0) await output.write(`\n${modelTable(dashboard, bold, yellow)}`);
  if (dashboard.unpricedModels.length > 0) {
    output.note(unpricedNote(dashboard.unpricedModels));
  }
}

function describe(dashboard: Dashboard): Parameters<typeof facts>[0] {
  const { sessions, messages, prompts, tokens, iterations, webSearches, reported } = dashboard;
  return [
    ['Days', days(dashboard)],
    ['Sessions', `${count(sessions)} in ${counted(dashboard.projects.length, 'project')}`],
    ['Messages', `${count(messages)}, ${count(prompts)} of them prompts`],
    ['Tokens', tokensByKind(tokens)],
    ['Within answers', iterations > 0 ? counted(iterations, 'request') : undefined],
    ['Web searches', webSearches > 0 ? count(webSearches) : undefined],
    ['Cost', costText(dashboard)],
    ['Reported', reported ? `${reportedText(reported)}, in ${counted(reported.sessions, 'session')}` : undefined],
  ];
}

/** Nothing is shown as free because its price is unknown. */
function costText(dashboard: Dashboard): string {
  const { apiMessages, cost, unpricedApiMessages, unpricedIterations } = dashboard;
  if (unpricedApiMessages === 0 && unpricedIterations === 0) return dollars(cost);
  if (unpricedApiMessages === apiMessages && cost === 0) return 'unknown, no price is known';
  return `${dollars(cost)}, not counting ${requestCount(unpricedApiMessages, unpricedIterations)} without a known price`;
}

function days({ since, until, timeZone }: Dashboard): string {
  const bounds = [since === null ? '' : `from ${since}`, until === null ? '' : `to ${until}`];
  return `${bounds.filter((bound) => bound !== '').join(' ') || 'all'} (${printableLine(timeZone)})`;
}

function modelTable(
  { models }: Dashboard,
  paintTitle: (title: string) => string,
  paintUnpriced: (cell: string) => string,
): string {
  const titles = ['ANSWERS', 'IN', 'OUT', 'CACHE READ', 'WRITTEN'];
  const columns = [
    { title: 'MODEL' },
    ...titles.map((title) => ({ title, align: 'right' as const })),
    { title: 'COST', align: 'right' as const, paint: (cell: string) => (/\d/.test(cell) ? cell : paintUnpriced(cell)) },
  ];
  // Usage that was not charged at the usual rate is listed separately.
  const rows = models.flatMap(({ model, rates }) =>
    rates.map(({ rate, apiMessages, iterations, tokens, cost }) => [
      modelName(model, rate),
      iterations > 0 ? `${count(apiMessages)}+${count(iterations)}` : count(apiMessages),
      compactCount(tokens.inputTokens),
      compactCount(tokens.outputTokens),
      compactCount(tokens.cacheReadTokens),
      compactCount(tokens.cacheCreationTokens),
      cost === null ? 'no price' : dollars(cost),
    ]),
  );
  return table(columns, rows, paintTitle);
}
