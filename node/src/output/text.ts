import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** C0 and C1 controls except newline and tab, and the marks that reorder the text around them. */
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Foreign text, made safe to print: whole escape sequences and every other control character are removed. */
export function printable(text: string): string {
  return stripVTControlCharacters(text.replaceAll('\r\n', '\n')).replace(unsafe, '');
}

/** Foreign text, made safe to print, on one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}

/** Cuts a line to this many terminal columns, with an ellipsis if something was cut. */
export function fitWidth(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line;
  let fitted = '';
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    width += stringWidth(segment);
    if (width > columns - 1) break;
    fitted += segment;
  }
  return `${fitted.trimEnd()}…`;
}

/** Wraps lines at words to this many terminal columns; leaves them as they are if there is no limit. */
export function wrap(text: string, columns: number | undefined): string {
  return columns === undefined ? text : wrapAnsi(text, Math.max(20, columns), { hard: true, trim: false });
}

/** Pads a cell with spaces to this many terminal columns. */
export function pad(cell: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, columns - stringWidth(cell)));
  return align === 'left' ? cell + space : space + cell;
}

/** Puts a margin before every line. */
export function indent(text: string, margin: string): string {
  return text.replace(/^(?=.)/gm, margin);
}
