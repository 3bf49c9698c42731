import { createInterface } from 'node:readline/promises';
import { InterruptedError, UsageError } from '../errors.js';

/** Whether the user can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks a yes-or-no question on the terminal; only a plain yes counts as one. */
export async function confirm(question: string): Promise<boolean> {
  if (!canAsk()) throw new UsageError('this asks for confirmation on a terminal; add --yes to continue without it');
  // The question goes to standard error, so that the result alone is on standard output.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      terminal.once('SIGINT', () => reject(new InterruptedError('interrupted; nothing was removed')));
      terminal.once('close', () => resolve(''));
      terminal.question(`${question} [y/N] `).then(resolve, reject);
    });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
