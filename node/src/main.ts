import { CommanderError } from 'commander';
import { toCommandError, UsageError } from './errors.js';
import { exitCodes } from './exit-codes.js';
import { jsonText } from './output/json.js';
import { endOnFailedOutput } from './output/output.js';
import { printableLine } from './output/text.js';
import { createProgram } from './program.js';

/** Runs the command and sets the exit code of the process; errors become one line on standard error. */
export async function main(argv: string[]): Promise<void> {
  const isJson = argv.includes('--json');
  endOnFailedOutput((error) => report(error, isJson));
  const program = createProgram();
  if (argv.length <= 2) {
    program.outputHelp();
    return;
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error, isJson);
  }
}

function report(error: unknown, isJson: boolean): number {
  if (error instanceof CommanderError && error.code.match(/help|version/) && error.exitCode === 0) return exitCodes.ok;
  const { code, message, exitCode } = error instanceof CommanderError ? usageError(error) : toCommandError(error);
  const line = isJson ? jsonText({ error: { code, message } }) : `han: ${printableLine(message)}`;
  process.stderr.write(`${line}\n`);
  return exitCode;
}

/** Commander's messages say what is wrong; only those about a value also say what to do. */
function usageError(error: CommanderError): UsageError {
  // Commander would print the help if no command is named, or a wrong one after `help`.
  if (error.code === 'commander.help') return new UsageError('name one of the commands; see `han --help`');
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  return new UsageError(error.code === 'commander.invalidArgument' ? message : `${message}; see \`han --help\``);
}
