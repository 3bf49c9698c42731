import { once } from 'node:events';
import picocolors from 'picocolors';
import { CommandError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { jsonText } from './json.js';
import { fitWidth } from './text.js';

type Colors = ReturnType<typeof picocolors.createColors>;

/** Where a command writes: results to standard output, everything else to standard error. */
export class Output {
  readonly colors: Colors;
  readonly noteColors: Colors;

  constructor(
    readonly isJson: boolean,
    mayColor: boolean,
    private readonly stdout: NodeJS.WriteStream = process.stdout,
    private readonly stderr: NodeJS.WriteStream = process.stderr,
  ) {
    this.colors = picocolors.createColors(mayColor && wantsColor(stdout));
    this.noteColors = picocolors.createColors(mayColor && wantsColor(stderr));
  }

  /** Whether the results go to a terminal. */
  get isTerminal(): boolean {
    return this.stdout.isTTY === true;
  }

  /** Whether the notes go to a terminal. */
  get isNoteTerminal(): boolean {
    return this.stderr.isTTY === true;
  }

  /** The width to fit lines into; undefined if the output is not a terminal and lines stay whole. */
  get columns(): number | undefined {
    return this.isTerminal ? this.stdout.columns || 80 : undefined;
  }

  /** A line cut to the width of the terminal; whole elsewhere. */
  fit(line: string): string {
    return this.columns === undefined ? line : fitWidth(line, this.columns);
  }

  /** The width of the terminal at standard error. */
  get noteColumns(): number {
    return this.stderr.columns || 80;
  }

  /** Writes a part of the result, and waits for a slow reader. */
  async write(part: string | Uint8Array): Promise<void> {
    if (part.length > 0 && !this.stdout.write(part)) await once(this.stdout, 'drain');
  }

  /** Writes a result as one JSON document: indented for a person, on one line for a program. */
  async json(result: unknown): Promise<void> {
    await this.write(`${jsonText(result, this.isTerminal ? 2 : 0)}\n`);
  }

  /** Writes a note that is not part of the result; not with `--json`, whose reader takes the result alone. */
  note(line: string): void {
    if (!this.isJson) this.stderr.write(`${this.noteColors.dim(line)}\n`);
  }

  /** Draws on the terminal at standard error. */
  draw(text: string): void {
    this.stderr.write(text);
  }
}

/** `NO_COLOR` takes precedence over `FORCE_COLOR`, and both over the kind of stream. */
function wantsColor(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: terminal } = process.env;
  if (no) return false;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return stream.isTTY === true && terminal !== 'dumb';
}

/**
 * A reader that went away, such as `head`, has what it wanted: that ends the command quietly. Any other failure, such as a
 * full disk, is passed to `report`, which returns the exit code.
 */
export function endOnFailedOutput(report: (error: CommandError) => number): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok);
    process.exit(report(new CommandError('HAN_IO', `standard output cannot be written: ${error.message}`)));
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
