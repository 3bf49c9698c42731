import { InvalidArgumentError } from 'commander';

const unitMilliseconds = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const form = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/i;
const hint = 'write 2026-01-31, 2026-01-31T08:15, or an age such as 7d or 12h';

/**
 * An instant as ISO 8601 from what the user writes: a day or a time, in the local zone unless it names one, or an age
 * such as `7d`.
 */
export function parseInstant(text: string, now: Date = new Date()): string {
  const age = /^(\d{1,6})([mhdw])$/.exec(text);
  if (age) {
    const unit = unitMilliseconds[age[2] as keyof typeof unitMilliseconds];
    return checked(new Date(now.getTime() - Number(age[1]) * unit), text);
  }
  const parts = form.exec(text);
  if (!parts) throw new InvalidArgumentError(`It is not a time; ${hint}.`);
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone] = parts;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}`;
  // A day that the month does not have would roll over into the next month.
  const monthDays = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(day) > monthDays) throw new InvalidArgumentError(`There is no such day; ${hint}.`);
  return checked(new Date(local + normalZone(zone)), text);
}

function normalZone(zone: string | undefined): string {
  if (zone === undefined) return '';
  return zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
}

function checked(date: Date, text: string): string {
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new InvalidArgumentError(`There is no such time as ${text}; ${hint}.`);
  return date.toISOString();
}
