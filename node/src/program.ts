import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { doctorCommand } from './commands/doctor.js';
import { embedCommand } from './commands/embed.js';
import { exportCommand } from './commands/export.js';
import { forgetCommand } from './commands/forget.js';
import { indexCommand } from './commands/index-transcripts.js';
import { problemsCommand } from './commands/problems.js';
import { restoreCommand } from './commands/restore.js';
import { searchCommand } from './commands/search.js';
import { sessionsCommand } from './commands/sessions.js';
import { showCommand } from './commands/show.js';
import { sqlCommand } from './commands/sql.js';
import { statsCommand } from './commands/stats.js';
import { usageCommand } from './commands/usage.js';
import { collectPaths, parsePath } from './input/values.js';

const help = `
Examples:
  han index                         index every session on this machine; again: only what is new
  han search login form             find messages that have both words
  han search '"exact phrase"' --since 7d
  han sessions --project .          the sessions of this folder
  han show 7f3c2a1e | less          read one; the beginning of its id is enough
  han export 7f3c2a1e -o page.md    the whole session as a document
  han usage --since 7d              sessions, tokens and cost of the last days
  han restore FILE --to copy.jsonl  get a transcript back that is gone from the disk

Exit codes:
  0    done; a reader that closes the pipe early is fine too
  1    failure: something does not exist or cannot be read, doctor found damage
  2    the command line is wrong
  130  interrupted with Ctrl-C

Environment:
  HAN_DATA_DIR       the folder of the database (default: ~/.han)
  CLAUDE_CONFIG_DIR  where transcripts are, separated by commas (default: ~/.claude,~/.config/claude,
                     and those of sessions of the desktop application)
  HAN_MODEL_FOLDER   static embeddings, for embed and search
  HAN_PRICE_FILE     prices of models that replace the published ones
  NO_COLOR           no colours; FORCE_COLOR=1 asks for them in a pipe`;

/** The command line of `han`: one line per command. */
export function createProgram(): Command {
  const program = new Command('han')
    .description('Index, search, read and restore the sessions of coding agents.')
    .usage('<command> [options]')
    .version(packageVersion(), '--version', 'print the version')
    .option('--db <path>', 'the database (default: han.db in the data folder)', parsePath)
    .option('--data-dir <dir>', 'the folder of the database and its lock', parsePath)
    .option('--config-dir <dir>', 'where transcripts are, instead of the default; repeatable', collectPaths)
    .option('--json', 'print the result as one JSON document, errors as JSON on standard error')
    .option('--no-color', 'no colours')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', help)
    .configureHelp({ showGlobalOptions: true })
    // main.ts reports errors, in one line.
    .configureOutput({ outputError: () => {}, writeErr: () => {} })
    .exitOverride();

  indexCommand(program);
  searchCommand(program);
  embedCommand(program);
  sessionsCommand(program);
  showCommand(program);
  exportCommand(program);
  usageCommand(program);
  sqlCommand(program);
  restoreCommand(program);
  statsCommand(program);
  problemsCommand(program);
  doctorCommand(program);
  forgetCommand(program);
  return program;
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return (manifest as { version: string }).version;
}
