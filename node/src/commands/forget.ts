import type { Command } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import { UsageError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { canAsk, confirm } from '../input/confirm.js';
import { findSession } from '../input/session.js';
import { parseInstant } from '../input/time.js';
import { parseProject } from '../input/values.js';
import type { Han } from '../native.js';
import { printableLine } from '../output/text.js';
import { counted, localTime } from '../output/units.js';
import { everySession } from '../pages.js';

interface ForgetOptions {
  session?: string;
  project?: string;
  before?: string;
  yes?: true;
}

/** What the library is asked to forget, and the question to the user. */
interface Plan {
  target: { sessionId: string } | { projectId: string } | { before: string };
  question: string;
}

export function forgetCommand(program: Command): void {
  program
    .command('forget')
    .summary('remove sessions from the database for good')
    .description(
      'Removes sessions from the database for good: their text is overwritten, and no scan brings them back. The transcripts themselves are not touched.',
    )
    .option('--session <id>', 'one session, with its agents; the beginning of its id is enough')
    .option('--project <project>', 'every session of a project: its id, or its folder', parseProject)
    .option('--before <time>', 'every session last active before this time: 2026-01-31, 90d', (text) =>
      parseInstant(text),
    )
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExamples:\n  han forget --session 7f3c2a1e\n  han forget --project ~/code/secret --yes\n  han forget --before 365d',
    )
    .action(action(forget));
}

async function forget(context: CommandContext, options: ForgetOptions): Promise<number> {
  const named = [options.session, options.project, options.before].filter((value) => value !== undefined);
  if (named.length !== 1) throw new UsageError('name exactly one of --session, --project and --before');
  if (!options.yes && !canAsk()) {
    throw new UsageError('this removes sessions for good and there is no terminal to ask on; add --yes to continue');
  }
  return context.changing(async (han) => {
    const { target, question } = await plan(han, options);
    if (!options.yes && !(await confirm(question))) {
      context.output.note('Nothing was removed.');
      return exitCodes.failure;
    }
    const report = await han.forget(target);
    if (context.output.isJson) {
      await context.output.json(report);
    } else {
      const { sessions, files, messages } = report;
      const parts = [counted(sessions, 'session'), counted(files, 'file'), counted(messages, 'message')];
      await context.output.write(`Removed ${parts.join(', ')}.\n`);
    }
    return exitCodes.ok;
  });
}

async function plan(han: Han, options: ForgetOptions): Promise<Plan> {
  if (options.session !== undefined) {
    const session = await findSession(han, options.session);
    const title = printableLine(session.title ?? 'no title');
    const question = `Remove session ${session.id} (${title}, ${counted(session.messageCount, 'message')}) for good?`;
    return { target: { sessionId: session.id }, question };
  }
  const { project, before } = options;
  let sessions = 0;
  let messages = 0;
  for await (const session of everySession(han, project)) {
    if (before !== undefined && !(session.endedAt && session.endedAt < before)) continue;
    sessions += 1;
    messages += session.messageCount;
  }
  const amount = `${counted(sessions, 'session')} (${counted(messages, 'message')})`;
  if (before !== undefined) {
    return { target: { before }, question: `Remove ${amount} last active before ${localTime(before)} for good?` };
  }
  const projectId = project ?? '';
  return { target: { projectId }, question: `Remove ${amount} of project ${printableLine(projectId)} for good?` };
}
