import type { Han, Page, Session } from './native.js';

/**
 * The pages of a list, each read on demand. `limit` bounds the items of all of them together; the first page is
 * small, so that the top of the list is shown at once.
 */
export async function* pages<Item>(
  read: (request: { first: number; after?: string }) => Promise<Page<Item>>,
  limit: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<Page<Item>> {
  let size = 50;
  let left = limit;
  let after: string | undefined;
  while (left > 0) {
    const page = await read({ first: Math.min(size, left), ...(after !== undefined && { after }) });
    yield page;
    if (!page.hasNextPage || page.endCursor === null) return;
    after = page.endCursor;
    left -= page.items.length;
    size = 500;
  }
}

/** Every session, those without a conversation included. */
export async function* everySession(han: Han, projectId?: string): AsyncGenerator<Session> {
  const query = { includeEmpty: true, ...(projectId !== undefined && { projectId }) };
  for await (const page of pages((request) => han.sessions.list({ ...query, ...request }))) yield* page.items;
}
