import { type Command, InvalidArgumentError, Option } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import { withAdvice } from '../errors.js';
import { loadModel, modelFolderOption } from '../input/model-folder.js';
import { findSession } from '../input/session.js';
import { parseInstant } from '../input/time.js';
import { parseCount, parseProject } from '../input/values.js';
import type { Han, Page, SearchField, SearchHit, SearchQuery } from '../native.js';
import { highlighted } from '../output/snippet.js';
import { indent, printableLine, wrap } from '../output/text.js';
import { localTime } from '../output/units.js';
import { hintIfEmpty, moreHint } from './hints.js';

const fields = ['user', 'assistant', 'thinking', 'toolInput', 'toolOutput', 'title', 'other'];

interface SearchOptions {
  project?: string;
  session?: string;
  field?: SearchField[];
  since?: string;
  until?: string;
  limit?: number;
  after?: string;
  mode?: 'text' | 'vector' | 'hybrid';
  modelFolder?: string;
  model?: string;
  order?: 'relevance' | 'newest';
  fts5?: true;
}

export function searchCommand(program: Command): void {
  program
    .command('search')
    .summary('find messages by their text, or by their meaning')
    .description(
      'Finds messages that have every word. "Quotes" make a phrase, the last word and words with * match as beginnings.',
    )
    .argument('<query...>', 'words; quote them for the shell where needed')
    .addOption(
      new Option('--mode <mode>', 'by their words (default), by vectors that han embed made, or by both').choices([
        'text',
        'vector',
        'hybrid',
      ]),
    )
    .addOption(modelFolderOption())
    .option('--model <name>', 'what the model was called (default: the name of the folder)')
    .option('--project <project>', 'only this project: its id, or its folder', parseProject)
    .option('--session <id>', 'only this session; the beginning of its id is enough')
    .addOption(
      new Option('--field <field>', `only this kind of text, repeatable: ${fields.join(', ')}`).argParser(collectField),
    )
    .option('--since <time>', 'only messages at or after this time: 2026-01-31, 2026-01-31T08:15, 7d', parseTime)
    .option('--until <time>', 'only messages before this time', parseTime)
    .option('--limit <count>', 'how many hits (default: 20)', parseCount(1_000))
    .option('--after <cursor>', 'continue after the endCursor of a page')
    .addOption(new Option('--order <order>', 'the best match first, or the latest').choices(['relevance', 'newest']))
    .option('--fts5', 'read the query as an SQLite FTS5 expression')
    .addHelpText(
      'after',
      `\nExamples:
  han search login form
  han search '"connection refused"' --field toolOutput --since 7d
  han search parse_config --project ~/code/shop --order newest
  han search --fts5 'user:login AND NOT assistant:password'
  han search --mode hybrid --model-folder ~/models/potion-base-8M who broke the build`,
    )
    .action(action(search));
}

async function search(context: CommandContext, options: SearchOptions, words: string[]): Promise<void> {
  await context.reading(async (han) => {
    const query = await searchQuery(han, options, words);
    const page = await runSearch(han, query);
    if (context.output.isJson) await context.output.json(page);
    else await printHits(context, han, page);
  });
}

async function searchQuery(han: Han, options: SearchOptions, words: string[]): Promise<SearchQuery> {
  const { session, project, field, limit, fts5, mode, modelFolder, model, ...rest } = options;
  const isByVectors = mode === 'vector' || mode === 'hybrid';
  return {
    query: words.join(' '),
    ...rest,
    ...(isByVectors
      ? { mode, model: (await loadModel(han, modelFolder, model)).model }
      : model !== undefined && { model }),
    ...(session !== undefined && { sessionId: (await findSession(han, session)).id }),
    ...(project !== undefined && { projectId: project }),
    ...(field !== undefined && { fields: field }),
    ...(limit !== undefined && { first: limit }),
    ...(fts5 && { syntax: 'fts5' as const }),
  } as SearchQuery;
}

async function runSearch(han: Han, query: SearchQuery): Promise<Page<SearchHit>> {
  try {
    return await han.search(query);
  } catch (error) {
    throw withAdvice(error, { HAN_QUERY_SYNTAX: 'leave out --fts5 to search for the text itself' });
  }
}

async function printHits(context: CommandContext, han: Han, page: Page<SearchHit>): Promise<void> {
  const { output } = context;
  const { bold, dim, yellow } = output.colors;
  const paintMatch = (match: string): string => bold(yellow(match));
  const room = output.columns === undefined ? undefined : output.columns - 2;
  for (const hit of page.items) {
    const { message } = hit;
    const title = printableLine(hit.sessionTitle ?? '');
    const where = [localTime(message.timestamp), hit.field, message.sessionId, message.id].map(printableLine);
    const lines = [
      title === '' ? dim('(no title)') : bold(output.fit(title)),
      indent(wrap(highlighted(hit.snippet, hit.matches, paintMatch), room), '  '),
      indent(dim(where.filter((part) => part !== '').join('  ')), '  '),
    ];
    await output.write(`${lines.join('\n')}\n\n`);
  }
  if (page.items.some((hit) => hit.isPartial)) {
    output.note('The query matches very many messages; only the newest of them were ranked. Add a word, or --since.');
  }
  if (page.hasNextPage) output.note(moreHint);
  if (page.items.length === 0) await hintIfEmpty(context, han, 'No message matches.');
}

function collectField(text: string, chosen: SearchField[] | undefined): SearchField[] {
  const field = fields.find((name) => name.toLowerCase() === text.replaceAll(/[_-]/g, '').toLowerCase());
  if (!field) throw new InvalidArgumentError(`Write one of ${fields.join(', ')}.`);
  return [...(chosen ?? []), field as SearchField];
}

/** The option parser also passes the previous value, which is not a `now`. */
function parseTime(text: string): string {
  return parseInstant(text);
}
