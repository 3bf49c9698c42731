import type { MatchRange } from '../native.js';
import { printable } from './text.js';

/** A snippet on one line, its matches painted. Each piece is cleaned separately, since cleaning moves the offsets. */
export function highlighted(snippet: string, matches: MatchRange[], paint: (match: string) => string): string {
  let line = '';
  let position = 0;
  for (const { start, end } of matches) {
    line += oneLine(snippet.slice(position, start)) + paint(oneLine(snippet.slice(start, end)));
    position = end;
  }
  return (line + oneLine(snippet.slice(position))).trim();
}

function oneLine(piece: string): string {
  return printable(piece).replace(/\s+/g, ' ');
}
