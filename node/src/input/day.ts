import { parseInstant } from './time.js';

/**
 * The bound of a query about whole days, from what the user writes: a day alone stays one, so that it is a day of
 * whichever time zone is asked for; a time or an age becomes an instant, which represents the day that contains it.
 */
export function parseDay(text: string): string {
  const instant = parseInstant(text);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : instant;
}
