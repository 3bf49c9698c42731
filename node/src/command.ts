import type { Command } from 'commander';
import { CommandContext, type GlobalOptions } from './context.js';

/** What a command does; it returns the exit code if that is not 0. */
export type Run<Arguments extends unknown[], Options> = (
  context: CommandContext,
  options: Options,
  ...parameters: Arguments
  // biome-ignore lint/suspicious/noConfusingVoidType: most commands just end
) => Promise<number | void>;

/** The action of a command: passes its context to `run`, and sets the exit code of the process. */
export function action<Arguments extends unknown[], Options>(
  run: Run<Arguments, Options>,
): (this: Command) => Promise<void> {
  return async function (this: Command) {
    const context = new CommandContext(this.optsWithGlobals<GlobalOptions>());
    const exitCode = await run(context, this.opts() as Options, ...(this.processedArgs as Arguments));
    if (exitCode !== undefined) process.exitCode = exitCode;
  };
}
