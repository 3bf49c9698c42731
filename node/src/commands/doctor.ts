import type { Command } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { printReport } from '../output/doctor-report.js';

export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('check the database, and fix it')
    .description(
      'Checks the database, its search index, its sums and the stored bytes. The exit code is 1 if damage is left.',
    )
    .option('--fix', 'fix what can be fixed')
    .addHelpText('after', '\nExamples:\n  han doctor\n  han doctor --fix')
    .action(action(doctor));
}

async function doctor(context: CommandContext, { fix = false }: { fix?: boolean }): Promise<number> {
  const report = fix
    ? await context.changing(async (han) => han.doctor({ fix }))
    : await context.reading(async (han) => han.doctor({ fix }));
  if (context.output.isJson) await context.output.json(report);
  else await printReport(context.output, report, fix);
  return report.isHealthy ? exitCodes.ok : exitCodes.failure;
}
