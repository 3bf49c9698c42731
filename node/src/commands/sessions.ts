import { posix, win32 } from 'node:path';
import type { Command } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import { parseCount, parseProject } from '../input/values.js';
import type { Han, Page, Session } from '../native.js';
import { sessionCost } from '../output/costs.js';
import { table } from '../output/table.js';
import { printableLine } from '../output/text.js';
import { count, localTime } from '../output/units.js';
import { hintIfEmpty, moreHint } from './hints.js';

/** The shortest beginning of an id that a terminal shows. */
const shortId = 8;

interface SessionsOptions {
  project?: string;
  limit?: number;
  after?: string;
  all?: true;
}

export function sessionsCommand(program: Command): void {
  program
    .command('sessions')
    .summary('list sessions, the last active first')
    .description('Lists sessions, the last active first. In a pipe ids and titles are whole.')
    .option('--project <project>', 'only this project: its id, or its folder', parseProject)
    .option('--limit <count>', 'how many (default: 50)', parseCount(10_000))
    .option('--after <cursor>', 'continue after the endCursor of a page')
    .option('--all', 'also sessions without a user or assistant line')
    .addHelpText(
      'after',
      '\nExamples:\n  han sessions --project .\n  han sessions --limit 1000 | grep login\n  han sessions --json',
    )
    .action(action(sessions));
}

async function sessions(context: CommandContext, options: SessionsOptions): Promise<void> {
  await context.reading(async (han) => {
    const page = await han.sessions.list({
      ...(options.project !== undefined && { projectId: options.project }),
      ...(options.limit !== undefined && { first: options.limit }),
      ...(options.after !== undefined && { after: options.after }),
      ...(options.all && { includeEmpty: true }),
    });
    if (context.output.isJson) await context.output.json(page);
    else await printSessions(context, han, page);
  });
}

async function printSessions(context: CommandContext, han: Han, page: Page<Session>): Promise<void> {
  const { output } = context;
  if (page.items.length === 0) {
    await hintIfEmpty(context, han, 'No sessions here; --all also lists those without a conversation.');
    return;
  }
  const { bold, cyan, dim } = output.colors;
  const idLength = output.isTerminal ? distinctLength(page.items.map((session) => session.id)) : undefined;
  const columns = [
    { title: 'LAST ACTIVE', paint: dim },
    { title: 'MESSAGES', align: 'right' as const },
    { title: 'COST', align: 'right' as const },
    { title: 'SESSION', paint: cyan },
    { title: 'PROJECT' },
    { title: 'TITLE' },
  ];
  const rows = page.items.map((session) => [
    localTime(session.endedAt),
    count(session.messageCount),
    sessionCost(session),
    printableLine(session.id.slice(0, idLength)),
    printableLine(projectName(session)),
    printableLine(titleOf(session)),
  ]);
  await output.write(table(columns, rows, bold, output.columns));
  if (page.hasNextPage) output.note(moreHint);
}

/** The title; for a fork, with the session that it is from, since it usually has the same title. */
function titleOf({ title, copiedCount, forkedFrom }: Session): string {
  const fork = forkedFrom ? ` (fork of ${forkedFrom.slice(0, shortId)}, ${count(copiedCount)} copied)` : '';
  return `${title ?? ''}${fork}`.trim();
}

/** How many characters of the ids of a page distinguish each from the others. */
function distinctLength(ids: string[]): number {
  let length = shortId;
  while (new Set(ids.map((id) => id.slice(0, length))).size < ids.length) length += 1;
  return length;
}

/** The name of the project's folder; the id of the project if its path is unknown. */
function projectName(session: Session): string {
  const path = session.repositoryPath ?? session.projectPath;
  return path === null || path === undefined ? session.projectId : lastFolder(path) || path;
}

/** The last folder of a path of any system: transcripts may come from a system other than this one. */
function lastFolder(path: string): string {
  return /^([A-Za-z]:|\\\\)/.test(path) ? win32.basename(path) : posix.basename(path);
}
