import type { ScanProgress } from '../native.js';
import type { Output } from './output.js';
import { fitWidth } from './text.js';
import { bytes, count, duration, percent } from './units.js';

/** Shows the progress of a scan. */
export interface ProgressReporter {
  report(progress: ScanProgress): void;
  /** Leaves nothing half drawn. */
  end(): void;
}

const barColumns = 24;
const redrawMilliseconds = 80;
const firstLineMilliseconds = 1_000;
const lineMilliseconds = 5_000;
const clearLine = '\r\u001b[2K';

/** A bar that is redrawn in place on a terminal, a plain line now and then elsewhere, nothing with `--json`. */
export function progressReporter(output: Output, now: () => number = Date.now): ProgressReporter {
  if (output.isNoteTerminal && process.env.TERM !== 'dumb') return progressBar(output, now);
  return output.isJson ? { report: () => {}, end: () => {} } : progressLines(output, now);
}

function progressBar(output: Output, now: () => number): ProgressReporter {
  const startedAt = now();
  let drawnAt = 0;
  return {
    report(progress) {
      const isDone = progress.bytesDone >= progress.bytesTotal;
      if (now() - drawnAt < redrawMilliseconds && !isDone) return;
      drawnAt = now();
      const share = progress.bytesTotal > 0 ? Math.min(1, progress.bytesDone / progress.bytesTotal) : 1;
      const filled = Math.round(share * barColumns);
      const { cyan, dim } = output.noteColors;
      const bar = cyan('█'.repeat(filled)) + dim('░'.repeat(barColumns - filled));
      const words = describe(progress, now() - startedAt);
      output.draw(`${clearLine}${bar}  ${fitWidth(words, Math.max(20, output.noteColumns - barColumns - 3))}`);
    },
    end() {
      if (drawnAt > 0) output.draw(clearLine);
    },
  };
}

function progressLines(output: Output, now: () => number): ProgressReporter {
  const startedAt = now();
  let nextAt = startedAt + firstLineMilliseconds;
  return {
    report(progress) {
      if (now() < nextAt) return;
      nextAt = now() + lineMilliseconds;
      output.note(describe(progress, now() - startedAt));
    },
    end() {},
  };
}

function describe(progress: ScanProgress, elapsed: number): string {
  const { bytesDone, bytesTotal, filesDone, filesTotal } = progress;
  const parts = [
    percent(bytesDone, bytesTotal).padStart(5),
    `${bytes(bytesDone)} of ${bytes(bytesTotal)}`,
    remaining(bytesDone, bytesTotal, elapsed),
    `${count(filesDone)} of ${count(filesTotal)} files`,
  ];
  return parts.filter((part) => part !== '').join('  ');
}

/** The time left at the speed so far, once there is enough progress to estimate it. */
function remaining(done: number, total: number, elapsed: number): string {
  if (elapsed < 500 || done <= 0 || done >= total) return '';
  const left = Math.ceil((elapsed * (total - done)) / done / 1_000) * 1_000;
  return `${duration(left)} left`;
}
