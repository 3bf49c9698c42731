import { codeOf, NotFoundError } from './errors.js';
import { defaultConfigDirs } from './locations.js';
import { Han } from './native.js';
import { Output } from './output/output.js';

/** The options of every command. */
export interface GlobalOptions {
  db?: string;
  dataDir?: string;
  configDir?: string[];
  json?: boolean;
  color: boolean;
}

/** What a command works with: its output, and the database that the options name. */
export class CommandContext {
  readonly output: Output;

  constructor(private readonly options: GlobalOptions) {
    this.output = new Output(options.json === true, options.color);
  }

  /** Where transcripts are searched for. */
  get configDirs(): string[] {
    return this.options.configDir ?? defaultConfigDirs();
  }

  /** Runs with the database open for writing; it is created if it is missing. */
  async writing<Result>(run: (han: Han) => Promise<Result>): Promise<Result> {
    return withClosing(Han.open(this.openOptions()), run);
  }

  /** Runs with the database open for writing, but only if it exists. */
  async changing<Result>(run: (han: Han) => Promise<Result>): Promise<Result> {
    try {
      await this.openForReading().close();
    } catch (error) {
      // Whatever else is wrong with it, opening for writing fixes it or reports it.
      if (error instanceof NotFoundError) throw error;
    }
    return this.writing(run);
  }

  /** Runs with the database open for reading. */
  async reading<Result>(run: (han: Han) => Promise<Result>): Promise<Result> {
    return withClosing(this.openForReading(), run);
  }

  private openForReading(): Han {
    try {
      return Han.open({ ...this.openOptions(), readOnly: true });
    } catch (error) {
      if (codeOf(error) === 'HAN_NOT_FOUND') {
        throw new NotFoundError('nothing has been indexed yet; run `han index` first');
      }
      // A reader may not migrate; opening for writing does.
      if (codeOf(error) === 'HAN_SCHEMA_TOO_OLD') return Han.open(this.openOptions());
      throw error;
    }
  }

  private openOptions(): Parameters<typeof Han.open>[0] {
    const { db, dataDir, configDir } = this.options;
    return {
      ...(db !== undefined && { dbPath: db }),
      ...(dataDir !== undefined && { dataDir }),
      ...(configDir !== undefined && { configDirs: configDir }),
    };
  }
}

async function withClosing<Result>(han: Han, run: (han: Han) => Promise<Result>): Promise<Result> {
  try {
    return await run(han);
  } finally {
    await han.close();
  }
}
