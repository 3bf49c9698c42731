import type { DoctorReport } from '../native.js';
import type { Output } from './output.js';
import { printableLine } from './text.js';
import { counted, displayPath } from './units.js';

/** Prints the findings, then what may be slow, then the verdict. */
export async function printReport(output: Output, report: DoctorReport, fix: boolean): Promise<void> {
  const { green, red, yellow } = output.colors;
  for (const issue of report.issues) {
    const state = issue.isFixed ? green('fixed') : red('damage');
    const where = issue.path ? `${displayPath(issue.path)}: ` : '';
    await output.write(`${state}  ${where}${printableLine(issue.message)} (${issue.code})\n`);
  }
  for (const warning of report.warnings)
    await output.write(`${yellow('warning')}  ${printableLine(warning.message)} (${warning.code})\n`);
  const checked = `${counted(report.filesChecked, 'file')} checked`;
  if (report.isHealthy) {
    const fixed = report.issues.filter((issue) => issue.isFixed).length;
    await output.write(`${green('healthy')}  ${checked}${fixed > 0 ? `, ${counted(fixed, 'finding')} fixed` : ''}\n`);
    return;
  }
  const left = report.issues.filter((issue) => !issue.isFixed).length;
  await output.write(`${red('damaged')}  ${checked}, ${counted(left, 'finding')} left\n`);
  output.note(
    fix ? 'What is left cannot be fixed here; see each finding.' : 'han doctor --fix fixes what can be fixed.',
  );
}
