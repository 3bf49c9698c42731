import type { Command } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import { NotFoundError, UsageError } from '../errors.js';
import { findSession } from '../input/session.js';
import { parseCount } from '../input/values.js';
import type { Han, Message, Page, Session } from '../native.js';
import { Conversation } from '../output/conversation.js';
import { reportedText, sessionCost } from '../output/costs.js';
import { joinedPages } from '../output/json.js';
import type { Output } from '../output/output.js';
import { printable, printableLine } from '../output/text.js';
import { counted, displayPath, localTime } from '../output/units.js';
import { pages } from '../pages.js';

/** The largest part of a text that can be requested: how much of it is shown depends on its lines. */
const wholeText = 2 ** 30;

interface ShowOptions {
  agent?: string;
  agents?: true;
  full?: true;
  withCopied?: true;
  raw?: true;
  limit?: number;
}

export function showCommand(program: Command): void {
  program
    .command('show')
    .summary('read a session')
    .description(
      'Prints a session as a conversation, from its beginning. It is read as it is printed, so that `| head` and `| less` are fast for long ones too.',
    )
    .argument('<session>', 'its id; the beginning is enough')
    .option('--agent <id>', "only this agent's messages")
    .option('--agents', 'also the messages of every agent, in the order of time')
    .option('--with-copied', 'also the records that a fork or a resume copied from another session')
    .option('--full', 'do not cut the results of tools')
    .option('--raw', 'the records as they are in the transcript, one per line')
    .option('--limit <count>', 'how many records at most', parseCount(Number.MAX_SAFE_INTEGER))
    .addHelpText(
      'after',
      "\nExamples:\n  han show 7f3c2a1e | less -R\n  han show 7f3c2a1e --raw | jq .type\n  han show 7f3c2a1e --json | jq '.items[].preview'",
    )
    .action(action(show));
}

async function show(context: CommandContext, options: ShowOptions, id: string): Promise<void> {
  if (options.raw && context.output.isJson) throw new UsageError('--raw and --json exclude each other; leave one out');
  if (options.agent !== undefined && options.agents) {
    throw new UsageError('--agent and --agents exclude each other; leave one out');
  }
  await context.reading(async (han) => {
    const session = await findSession(han, id);
    const list = knownAgent(messagePages(han, session, options, context.output.isJson), session, options.agent);
    if (context.output.isJson) {
      for await (const piece of joinedPages(list)) await context.output.write(piece);
    } else if (options.raw) {
      await printRecords(context, han, list);
    } else {
      await printConversation(context, han, session, list, options);
    }
  });
}

function messagePages(
  han: Han,
  session: Session,
  { agent, agents, withCopied, limit }: ShowOptions,
  isCounted: boolean,
): AsyncGenerator<Page<Message>> {
  const query = {
    sessionId: session.id,
    ...(agent !== undefined && { agentId: agent }),
    ...(agents && { agents: 'all' as const }),
    ...(withCopied && { includeReplays: true }),
  };
  // The first page says how long the list is.
  const total = (after: string | undefined) => isCounted && after === undefined && { withTotal: true };
  return pages((request) => han.messages.list({ ...query, ...request, ...total(request.after) }), limit);
}

/** An agent that wrote nothing is one that the session does not have. */
async function* knownAgent(
  list: AsyncIterable<Page<Message>>,
  session: Session,
  agent: string | undefined,
): AsyncGenerator<Page<Message>> {
  for await (const page of list) {
    if (agent !== undefined && page.items.length === 0 && !page.hasPreviousPage) {
      throw new NotFoundError(`agent does not exist in session ${session.id}: ${agent}; --agents shows all of them`);
    }
    yield page;
  }
}

async function printRecords({ output }: CommandContext, han: Han, list: AsyncIterable<Page<Message>>): Promise<void> {
  for await (const page of list) {
    for (const record of await han.messages.rawBytes(page.items.map((message) => message.id))) {
      if (record === null) continue;
      // A file or a program gets the bytes as they are, a terminal no control sequences.
      await output.write(output.isTerminal ? printable(Buffer.from(record).toString('utf8')) : record);
      await output.write('\n');
    }
  }
}

async function printConversation(
  { output }: CommandContext,
  han: Han,
  session: Session,
  list: AsyncIterable<Page<Message>>,
  options: ShowOptions,
): Promise<void> {
  const [usage] = await han.usage.bySession([session.id]);
  const reported = usage?.reported ? `reported ${reportedText(usage.reported)}` : '';
  await output.write(header(session, reported, output, options.withCopied === true));
  const conversation = new Conversation(output.colors, { isWhole: options.full === true, columns: output.columns });
  for await (const page of list) {
    const ids = page.items.map((message) => message.id);
    const contents = await han.messages.blocks(ids, { maxBytes: wholeText });
    for (const [index, message] of page.items.entries()) {
      const content = contents[index];
      // A session that was forgotten meanwhile prints nothing.
      if (content) await output.write(conversation.next(message, content));
    }
  }
}

function header(session: Session, reported: string, output: Output, isWithCopied: boolean): string {
  const { bold, dim } = output.colors;
  const place = session.cwd ?? session.projectPath;
  const parts = [
    place ? displayPath(place) : session.projectId,
    session.gitBranch ?? '',
    session.model ?? '',
    [localTime(session.startedAt), localTime(session.endedAt)].filter((time) => time !== '').join(' to '),
    counted(session.messageCount, 'record'),
    session.agentCount > 0 ? counted(session.agentCount, 'agent') : '',
    session.cost > 0 ? sessionCost(session) : '',
    reported,
  ];
  const facts = parts.map(printableLine).filter((part) => part !== '');
  const lines = [
    bold(output.fit(printableLine(session.title ?? '(no title)'))),
    dim(session.id),
    dim(facts.join('  ')),
  ];
  if (session.copiedCount > 0) lines.push(dim(copies(session, isWithCopied)));
  return `${lines.join('\n')}\n`;
}

/** What is printed about the records that are in another session. */
function copies({ copiedCount, forkedFrom }: Session, isShown: boolean): string {
  const source = forkedFrom ? ` from session ${printableLine(forkedFrom)}` : '';
  const rest = isShown ? 'among these' : 'not shown; --with-copied shows them';
  return `${counted(copiedCount, 'record')} copied${source} ${copiedCount === 1 ? 'is' : 'are'} ${rest}`;
}
