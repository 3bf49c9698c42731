// A home large enough that indexing it can be watched and stopped.
import { answer, prompt, temporaryHome, writeTranscript } from './support.mjs';

const linesPerSession = 1_000;
const words = 'the quick parser reads every line of the file and keeps what it has seen before it goes on'.split(' ');

/** A home with about this many megabytes of transcripts, one session per megabyte. */
export function largeHome(test, megabytes) {
  const home = temporaryHome(test);
  for (let session = 0; session < megabytes; session += 1) {
    const id = `33333333-aaaa-4bbb-8ccc-${String(session).padStart(12, '0')}`;
    const records = [prompt(id, `Prompt of session ${session}`)];
    for (let line = 1; line < linesPerSession; line += 1)
      records.push(answer(id, [{ type: 'text', text: prose(session, line) }]));
    writeTranscript(home, 'large', id, records);
  }
  return home;
}

/** How many messages such a home has. */
largeHome.messages = (megabytes) => megabytes * linesPerSession;

function prose(session, line) {
  const seed = session * linesPerSession + line;
  return Array.from(
    { length: 70 },
    (_, word) => `${words[(seed * 7 + word * 5) % words.length]}${(seed + word) % 97}`,
  ).join(' ');
}
