import { exitCodes } from './exit-codes.js';

/** An error whose message is meant for users: one line that says what to do. */
export class CommandError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly exitCode: number = exitCodes.failure,
  ) {
    super(message);
  }
}

/** The command line is wrong. */
export class UsageError extends CommandError {
  constructor(message: string) {
    super('HAN_INVALID_ARGUMENT', message, exitCodes.usage);
  }
}

/** Something that was named does not exist. */
export class NotFoundError extends CommandError {
  constructor(message: string) {
    super('HAN_NOT_FOUND', message);
  }
}

/** A signal, mostly Ctrl-C, stopped it. */
export class InterruptedError extends CommandError {
  constructor(message: string, exitCode: number = exitCodes.interrupted) {
    super('HAN_CANCELLED', message, exitCode);
  }
}

/** Codes of the library that mean a wrong command line. */
const usageCodes = new Set(['HAN_INVALID_ARGUMENT', 'HAN_QUERY_SYNTAX']);

/** The code of an error of the library or of Node, if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** What a user at a terminal can do about an error of the library, by its code: the library states only what is wrong. */
const advice: Record<string, string> = {
  HAN_CORRUPT: '`han doctor --fix` fixes what can be fixed',
};

/** An error of the library as one of the command, with advice by its code; anything else as it is. */
export function withAdvice(error: unknown, commandAdvice: Record<string, string>): unknown {
  const code = codeOf(error);
  const text = code === undefined ? undefined : commandAdvice[code];
  if (code === undefined || text === undefined || !(error instanceof Error)) return error;
  return libraryError(code, `${error.message}; ${text}`);
}

const libraryError = (code: string, message: string): CommandError =>
  new CommandError(code, message, usageCodes.has(code) ? exitCodes.usage : exitCodes.failure);

/** Any thrown value as an error with a code, a message and an exit code. */
export function toCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (code?.startsWith('HAN_')) {
    const text = advice[code];
    return libraryError(code, text === undefined ? message : `${message}; ${text}`);
  }
  // Messages of Node start with its own code: "ENOENT: no such file or directory, open '...'".
  if (code !== undefined) return new CommandError('HAN_IO', message);
  return new CommandError('HAN_PANIC', `unexpected error: ${message}; this is a bug in han, please report it`);
}
