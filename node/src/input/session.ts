import { NotFoundError, UsageError } from '../errors.js';
import type { Han, Session } from '../native.js';
import { printableLine } from '../output/text.js';
import { everySession } from '../pages.js';

/** How many candidates an ambiguous prefix is answered with. */
const shownCandidates = 5;

/** The session of an id, or of the beginning of one that fits no other session. */
export async function findSession(han: Han, idOrPrefix: string): Promise<Session> {
  const [exact] = await han.sessions.get([idOrPrefix]);
  if (exact) return exact;
  const candidates: Session[] = [];
  let isEmpty = true;
  for await (const session of everySession(han)) {
    isEmpty = false;
    if (idOrPrefix !== '' && session.id.startsWith(idOrPrefix)) candidates.push(session);
  }
  const [only] = candidates;
  if (only && candidates.length === 1) return only;
  const named = printableLine(idOrPrefix);
  if (only) {
    const ids = candidates.slice(0, shownCandidates).map((session) => session.id);
    const more = candidates.length > ids.length ? ', …' : '';
    throw new UsageError(
      `${candidates.length} sessions begin with ${named}: ${ids.join(', ')}${more}; write more of the id`,
    );
  }
  if (isEmpty) throw new NotFoundError('nothing has been indexed yet; run `han index` first');
  throw new NotFoundError(`session does not exist: ${named}; \`han sessions --all\` lists them`);
}
