import type { Page } from '../native.js';

const unescaped = /[\u007f-\u009f]/g;

/** JSON that is safe to print too: it also escapes the control characters that `JSON.stringify` lets through. */
export function jsonText(value: unknown, space = 0): string {
  return printableJson(JSON.stringify(value, null, space));
}

/** JSON text that means the same and is safe to print: the control characters that JSON allows in strings are escaped. */
export function printableJson(json: string): string {
  return json.replace(unescaped, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * The pages of one list as the text of one page that holds all their items, yielded piece by piece, so that a long list needs
 * little memory and its reader may stop early.
 */
export async function* joinedPages<Item>(pages: AsyncIterable<Page<Item>>): AsyncGenerator<string> {
  let first: Page<Item> | undefined;
  let last: Page<Item> | undefined;
  let separator = '{"items":[';
  for await (const page of pages) {
    first ??= page;
    if (last === undefined || page.items.length > 0) last = page;
    let piece = '';
    for (const item of page.items) {
      piece += separator + jsonText(item);
      separator = ',';
    }
    if (piece !== '') yield piece;
  }
  const end = jsonText({
    hasNextPage: last?.hasNextPage ?? false,
    hasPreviousPage: first?.hasPreviousPage ?? false,
    startCursor: first?.startCursor ?? null,
    endCursor: last?.endCursor ?? null,
    totalCount: first?.totalCount ?? null,
  });
  yield `${separator === ',' ? '' : separator}],${end.slice(1)}\n`;
}
