import stringWidth from 'string-width';
import { fitWidth, pad } from './text.js';

/** A column of a table. */
export interface Column {
  title: string;
  align?: 'left' | 'right';
  /** Colours a finished cell; the text keeps its width. */
  paint?: (cell: string) => string;
}

/** Between two columns. */
export const gap = '  ';

/**
 * Rows below their titles, aligned by the width on the terminal. If `width` is passed, the last column is cut to it, so
 * that a row stays on one line.
 */
export function table(
  columns: Column[],
  rows: string[][],
  paintTitle: (title: string) => string,
  width?: number,
): string {
  const widths = columns.map((column, index) => widest([column.title, ...rows.map((row) => row[index] ?? '')]));
  const last = columns.length - 1;
  const used = widths.slice(0, last).reduce((sum, each) => sum + each + gap.length, 0);
  const room = width === undefined ? undefined : Math.max(20, width - used);

  const line = (cells: string[], paint: (cell: string, column: Column) => string): string =>
    columns
      .map((column, index) => {
        const cell = cells[index] ?? '';
        const fitted = index === last && room !== undefined ? fitWidth(cell, room) : cell;
        const isPadded = index !== last || column.align === 'right';
        return paint(isPadded ? pad(fitted, widths[index] ?? 0, column.align) : fitted, column);
      })
      .join(gap);

  const titles = columns.map((column) => column.title);
  return [
    line(titles, paintTitle),
    ...rows.map((row) => line(row, (cell, column) => column.paint?.(cell) ?? cell)),
    '',
  ].join('\n');
}

/** The terminal columns that the widest of many cells takes. */
export function widest(cells: string[]): number {
  return cells.reduce((width, cell) => Math.max(width, stringWidth(cell)), 0);
}

/** Names and values below each other; entries without a value are left out. */
export function facts(
  entries: [name: string, value: string | undefined][],
  paintName: (name: string) => string,
): string {
  const shown = entries.filter((entry): entry is [string, string] => Boolean(entry[1]));
  const width = Math.max(0, ...shown.map(([name]) => stringWidth(name)));
  return shown.map(([name, value]) => `${paintName(pad(name, width))}${gap}${value}\n`).join('');
}
