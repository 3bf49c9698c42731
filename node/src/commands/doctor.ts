import type { Command } from 'commander';
import { action } from '../command.js';
import type { CommandContext } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import type { DoctorReport } from '../native.js';
import { printableLine } from '../output/text.js';
import { counted, displayPath } from '../output/units.js';

export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('check the database, and mend it')
    .description(
      'Checks the database, its search index, its sums and the stored bytes. The exit code is 1 where damage is left.',
    )
    .option('--fix', 'mend what can be mended')
    .addHelpText('after', '\nExamples:\n  han doctor\n  han doctor --fix')
    .action(action(doctor));
}

async function doctor(context: CommandContext, { fix = false }: { fix?: boolean }): Promise<number> {
  const report = fix
    ? await context.changing(async (han) => han.doctor({ fix }))
    : await context.reading(async (han) => han.doctor({ fix }));
  if (context.output.isJson) await context.output.json(report);
  else await printReport(context, report, fix);
  return report.isHealthy ? exitCodes.ok : exitCodes.failure;
}

async function printReport({ output }: CommandContext, report: DoctorReport, fix: boolean): Promise<void> {
  const { green, red } = output.colors;
  for (const issue of report.issues) {
    const state = issue.isFixed ? green('mended') : red('damage');
    const where = issue.path ? `${displayPath(issue.path)}: ` : '';
    await output.write(`${state}  ${where}${printableLine(issue.message)} (${issue.code})\n`);
  }
  const checked = `${counted(report.filesChecked, 'file')} checked`;
  if (report.isHealthy) {
    const mended = report.issues.filter((issue) => issue.isFixed).length;
    await output.write(
      `${green('healthy')}  ${checked}${mended > 0 ? `, ${counted(mended, 'finding')} mended` : ''}\n`,
    );
    return;
  }
  const left = report.issues.filter((issue) => !issue.isFixed).length;
  await output.write(`${red('damaged')}  ${checked}, ${counted(left, 'finding')} left\n`);
  output.note(
    fix ? 'What is left cannot be mended here; see each finding.' : 'han doctor --fix mends what can be mended.',
  );
}
