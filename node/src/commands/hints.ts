import type { CommandContext } from '../context.js';
import type { Han } from '../native.js';

/** Printed under a page that is not the last. */
export const moreHint = 'There are more: raise --limit, or page with --after and the endCursor of --json.';

/** Says why a list is empty: because nothing has been indexed yet, or for the reason that is passed. */
export async function hintIfEmpty(context: CommandContext, han: Han, reason: string): Promise<void> {
  if (context.output.isJson) return;
  const { files } = await han.stats();
  context.output.note(files === 0 ? 'Nothing has been indexed yet; run `han index` first.' : reason);
}
