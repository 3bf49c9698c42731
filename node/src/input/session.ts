import { NotFoundError, UsageError } from '../errors.js';
import type { Han, Session } from '../native.js';
import { printableLine } from '../output/text.js';

/** How many candidates are listed for an ambiguous prefix. */
const shownCandidates = 5;

/** The session with an id, or with the beginning of one that matches no other session. */
export async function findSession(han: Han, idOrPrefix: string): Promise<Session> {
  const [exact] = await han.sessions.get([idOrPrefix]);
  if (exact) return exact;
  const candidates =
    idOrPrefix === '' ? [] : await han.sessions.find({ prefix: idOrPrefix, limit: shownCandidates + 1 });
  const [only] = candidates;
  if (only && candidates.length === 1) return only;
  const named = printableLine(idOrPrefix);
  if (only) {
    const shown = candidates.slice(0, shownCandidates);
    const isMore = candidates.length > shown.length;
    const count = isMore ? `more than ${shown.length}` : String(shown.length);
    const ids = shown.map((session) => session.id).join(', ');
    throw new UsageError(`${count} sessions begin with ${named}: ${ids}${isMore ? ', …' : ''}; write more of the id`);
  }
  const [any] = await han.sessions.find({ prefix: '', limit: 1 });
  if (any === undefined) throw new NotFoundError('nothing has been indexed yet; run `han index` first');
  throw new NotFoundError(`session does not exist: ${named}; \`han sessions --all\` lists them`);
}
