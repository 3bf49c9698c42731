import type { SqlResult, SqlValue } from '../native.js';
import { type Column, gap, table, widest } from './table.js';
import { fitWidth, printable, printableLine } from './text.js';

/** The least width that a column is cut to. */
const leastColumns = 8;

/** How many rows are written at once to a pipe. */
const rowsAtOnce = 1_000;

/** The answer to a statement as a table that fits into this many terminal columns, unless it has too many columns. */
export function answerTable(answer: SqlResult, columns: number, paintTitle: (title: string) => string): string {
  // A value of a megabyte is not measured to show its beginning.
  const shown = (text: string): string => fitWidth(printableLine(text.slice(0, columns * 10)), columns);
  const titles = answer.columns.map((column) => shown(column.name));
  const rows = answer.rows.map((row) => row.map((value) => shown(valueText(value))));
  const widths = titles.map((title, index) => widest([title, ...rows.map((row) => row[index] ?? '')]));
  const limit = widthLimit(widths, columns - gap.length * (titles.length - 1));
  const cut = (cell: string): string => fitWidth(cell, limit);
  const described = titles.map((title, index): Column => ({ title: cut(title), align: alignment(answer, index) }));
  const cells = rows.map((row) => row.map(cut));
  return table(described, cells, paintTitle);
}

/**
 * The answer to a statement for a program, piece by piece: the names of the columns, then one line per row, with tabs between the
 * values. Tabs and line ends within a value become spaces, and control characters are taken out.
 */
export function* answerLines(answer: SqlResult): Generator<string> {
  const line = (cells: string[]): string =>
    `${cells.map((cell) => printable(cell).replaceAll(/[\t\n]/g, ' ')).join('\t')}\n`;
  yield line(answer.columns.map((column) => column.name));
  for (let start = 0; start < answer.rows.length; start += rowsAtOnce) {
    const rows = answer.rows.slice(start, start + rowsAtOnce);
    yield rows.map((row) => line(row.map(valueText))).join('');
  }
}

/** A blob is written as in SQL, `NULL` as nothing. */
function valueText(value: SqlValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? `x'${value.hex}'` : String(value);
}

/** Columns of numbers are right-aligned. */
function alignment(answer: SqlResult, index: number): 'left' | 'right' {
  const values = answer.rows.map((row) => row[index] ?? null).filter((value) => value !== null);
  return values.length > 0 && values.every((value) => typeof value === 'number') ? 'right' : 'left';
}

/** The width to cut every column to, so that all of them take no more than `room`: narrow columns leave room to wide ones. */
function widthLimit(widths: number[], room: number): number {
  let left = room;
  const ascending = widths.toSorted((one, other) => one - other);
  for (const [index, width] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (width > share) return Math.max(leastColumns, share);
    left -= width;
  }
  return Number.POSITIVE_INFINITY;
}
