import { type Command, InvalidArgumentError } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import { findSession } from '../input/session.js';
import { parseCount } from '../input/values.js';
import type { Han, Page, Problem, ProblemKind } from '../native.js';
import { printableLine } from '../output/text.js';
import { displayPath } from '../output/units.js';
import { hintIfEmpty, moreHint } from './hints.js';

const lineKinds = ['invalid_json', 'not_object', 'oversize_line', 'torn_tail'];
const noteKinds = ['glued_records', 'text_truncated', 'spill_missing', 'spill_too_large'];
const kinds = [...lineKinds, ...noteKinds];

interface ProblemsOptions {
  session?: string;
  kind?: ProblemKind[];
  limit?: number;
  after?: string;
}

export function problemsCommand(program: Command): void {
  program
    .command('problems')
    .summary('list lines that became no message, and notes')
    .description(
      `Lists lines that became no message (${lineKinds.join(', ')}) and notes on messages (${noteKinds.join(', ')}).`,
    )
    .option('--session <id>', 'only this session; the beginning of its id is enough')
    .option('--kind <kind>', 'only this kind; repeatable', collectKind)
    .option('--limit <count>', 'how many (default: 50)', parseCount(10_000))
    .option('--after <cursor>', 'continue after the endCursor of a page')
    .addHelpText('after', '\nExamples:\n  han problems\n  han problems --kind invalid_json --limit 1000 --json')
    .action(action(problems));
}

async function problems(context: CommandContext, options: ProblemsOptions): Promise<void> {
  await context.reading(async (han) => {
    const page = await han.problems({
      ...(options.session !== undefined && { sessionId: (await findSession(han, options.session)).id }),
      ...(options.kind !== undefined && { kinds: options.kind }),
      ...(options.limit !== undefined && { first: options.limit }),
      ...(options.after !== undefined && { after: options.after }),
    });
    if (context.output.isJson) await context.output.json(page);
    else await printProblems(context, han, page);
  });
}

async function printProblems(context: CommandContext, han: Han, page: Page<Problem>): Promise<void> {
  const { output } = context;
  const { dim, yellow } = output.colors;
  for (const problem of page.items) {
    const kind = problem.isNote ? dim(`note: ${problem.kind}`) : yellow(problem.kind);
    await output.write(
      `${displayPath(problem.path)}:${problem.lineNumber}: ${kind}: ${printableLine(problem.detail)}\n`,
    );
  }
  if (page.hasNextPage) output.note(moreHint);
  if (page.items.length === 0) await hintIfEmpty(context, han, 'No problems.');
}

function collectKind(text: string, chosen: ProblemKind[] | undefined): ProblemKind[] {
  if (!kinds.includes(text)) throw new InvalidArgumentError(`Write one of ${kinds.join(', ')}.`);
  return [...(chosen ?? []), text as ProblemKind];
}
