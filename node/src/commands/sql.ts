import { type Command, InvalidArgumentError } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import { CommandError, codeOf } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { parseCount } from '../input/values.js';
import type { Han, SqlResult } from '../native.js';
import { answerLines, answerTable } from '../output/answer.js';
import { counted } from '../output/units.js';

/** How many rows the library returns if no limit is named. */
const defaultLimit = 10_000;

const views = `
Views, whose names and columns stay as they are:
  v_projects      projects
  v_sessions      sessions, with their counts and tokens
  v_files         transcripts
  v_messages      messages; columns text and raw read the stored record
  v_usage         tokens of each API message, counted once
  v_tool_calls    tool calls with their results
  v_file_changes  changes to files that tools made
  v_todos         the todo list of each session
  v_tasks         tasks
  v_hooks         hook executions
  v_summaries     summaries
  v_problems      lines that became no message, and notes
  v_days          what was done by day, project and model
\`SELECT * FROM v_sessions LIMIT 1\` shows the columns of one.`;

interface SqlOptions {
  param?: (string | number)[];
  limit?: number;
  timeout?: number;
}

export function sqlCommand(program: Command): void {
  program
    .command('sql')
    .summary('ask the database in SQL')
    .description(
      'Answers one SQL statement that only reads. A terminal gets a table that is cut to its width; a pipe gets the names of the columns and one line per row, with tabs between the values; --json has every value as it is.',
    )
    .argument('<query>', 'a SELECT; quote it for the shell')
    .option(
      '--param <value>',
      'the value of the next ? in the query, repeatable: a number is one, unless it is in "double quotes"',
      collectParameter,
    )
    .option('--limit <count>', `how many rows at most (default: ${defaultLimit})`, parseCount(1_000_000))
    .option('--timeout <seconds>', 'how long it may take (default: 5)', parseCount(3_600))
    .addHelpText(
      'after',
      `${views}

Examples:
  han sql "SELECT id, title FROM v_sessions WHERE git_branch = ? ORDER BY ended_at DESC" --param main
  han sql "SELECT name, count(*) AS calls FROM v_tool_calls GROUP BY name ORDER BY calls DESC"
  han sql "SELECT day, sum(output_tokens) FROM v_days GROUP BY day" | cut -f 2`,
    )
    .action(action(sql));
}

async function sql(context: CommandContext, options: SqlOptions, query: string): Promise<void> {
  await context.reading(async (han) => {
    const answer = await ask(han, query, options);
    if (context.output.isJson) await context.output.json(answer);
    else await printAnswer(context, answer, options.limit ?? defaultLimit);
  });
}

async function ask(han: Han, query: string, { param = [], limit, timeout }: SqlOptions): Promise<SqlResult> {
  try {
    return await han.query(query, param, {
      ...(limit !== undefined && { maxRows: limit }),
      ...(timeout !== undefined && { deadlineMs: timeout * 1_000 }),
    });
  } catch (error) {
    const code = codeOf(error);
    if (!(error instanceof Error) || code !== 'HAN_INVALID_ARGUMENT') throw error;
    throw inOwnWords(code, error.message);
  }
}

/** The library names its own options; the user passed those of the command. */
function inOwnWords(code: string, message: string): CommandError {
  if (message.startsWith('deadlineMs ')) {
    const late = message.replace(/^deadlineMs of (\d+)\d{3} /, '--timeout of $1 s ');
    // Nothing is wrong with the command line.
    return new CommandError(code, late, exitCodes.failure);
  }
  const text = message
    .replace(/^parameters holds (\d+) values/, '--param was passed $1 times')
    .replace(/^maxBytes of (\d+) are less/, 'the $1 bytes that an answer may take are less')
    .replace(/; raise maxBytes, or select less$/, '; select less')
    .replace(/^sql /, 'the query ');
  return new CommandError(code, text, exitCodes.usage);
}

async function printAnswer({ output }: CommandContext, answer: SqlResult, limit: number): Promise<void> {
  if (output.columns === undefined) {
    for (const piece of answerLines(answer)) await output.write(piece);
  } else {
    await output.write(answerTable(answer, output.columns, output.colors.bold));
  }
  if (!answer.isTruncated) return;
  const rows = counted(answer.rows.length, 'row');
  const isByCount = answer.rows.length >= limit;
  output.note(
    isByCount
      ? `Only the first ${rows}: there are more; raise --limit.`
      : `Only the first ${rows}: more do not fit into memory; select fewer columns or less text.`,
  );
}

function collectParameter(text: string, values: (string | number)[] | undefined): (string | number)[] {
  return [...(values ?? []), parameter(text)];
}

function parameter(text: string): string | number {
  const quoted = /^"(.*)"$/s.exec(text);
  if (quoted) return quoted[1] ?? '';
  if (!/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)) return text;
  const value = Number(text);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('The number is beyond 2^53; write it into the query, or quote it as a text.');
  }
  return value;
}
