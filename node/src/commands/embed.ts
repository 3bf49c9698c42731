import type { Command } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import { codeOf, InterruptedError } from '../errors.js';
import { loadModel, modelFolderOption } from '../input/model-folder.js';
import { parseCount } from '../input/values.js';
import type { EmbedProgress, EmbedReport, Han } from '../native.js';
import { printableLine } from '../output/text.js';
import { counted } from '../output/units.js';

interface EmbedOptions {
  modelFolder?: string;
  model?: string;
  limit?: number;
}

export function embedCommand(program: Command): void {
  program
    .command('embed')
    .summary('embed messages, so that they are found by their meaning')
    .description(
      'Embeds the messages that have no vector yet, or whose text has changed, with static embeddings from a local folder. Nothing leaves the machine. Ctrl-C stops it; what is embedded is kept, and the next run continues from there.',
    )
    .addOption(modelFolderOption())
    .option('--model <name>', 'what to call the model (default: the name of the folder)')
    .option('--limit <count>', 'how many messages at most', parseCount(1_000_000_000))
    .addHelpText(
      'after',
      `\nExamples:
  han embed --model-folder ~/models/potion-base-8M
  han search --mode hybrid --model-folder ~/models/potion-base-8M who broke the build`,
    )
    .action(action(embed));
}

async function embed(context: CommandContext, options: EmbedOptions): Promise<void> {
  await context.changing(async (han) => {
    const { model } = await loadModel(han, options.modelFolder, options.model);
    const report = await embedPending(context, han, model, options.limit);
    if (context.output.isJson) await context.output.json({ model, ...report });
    else await printReport(context, model, report);
  });
}

/** Embeds, reports its progress now and then, and stops at Ctrl-C. */
async function embedPending(context: CommandContext, han: Han, model: string, limit?: number): Promise<EmbedReport> {
  const abort = new AbortController();
  let latest: EmbedProgress = { messages: 0, vectors: 0 };
  let signalCode: number | undefined;
  let nextAt = Date.now() + 1_000;
  const stop = (_signal: NodeJS.Signals, number: number): void => {
    if (signalCode !== undefined) process.exit(signalCode);
    signalCode = 128 + number;
    abort.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await han.vectors.embedPending(model, {
      ...(limit !== undefined && { limit }),
      signal: abort.signal,
      onProgress: (progress) => {
        latest = progress;
        if (Date.now() < nextAt || context.output.isJson) return;
        nextAt = Date.now() + 5_000;
        context.output.note(counted(progress.messages, 'message'));
      },
    });
  } catch (error) {
    if (signalCode === undefined || codeOf(error) !== 'HAN_CANCELLED') throw error;
    throw new InterruptedError(
      `interrupted; what was embedded is kept (${counted(latest.messages, 'message')}), run \`han embed\` again to continue`,
      signalCode,
    );
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

async function printReport({ output }: CommandContext, model: string, report: EmbedReport): Promise<void> {
  const { green } = output.colors;
  const done = green(`${counted(report.messages, 'message')} embedded`);
  await output.write(`${done}, ${counted(report.vectors, 'vector')} of ${printableLine(model)}\n`);
  if (report.hasMore) output.note('More messages are left; run it again without --limit.');
}
