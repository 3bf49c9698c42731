import { homedir } from 'node:os';
import { sep } from 'node:path';
import prettyBytes from 'pretty-bytes';
import prettyMilliseconds from 'pretty-ms';
import type { Stats, TokenUsage } from '../native.js';
import { printableLine } from './text.js';

const numbers = new Intl.NumberFormat('en-US');
const compactNumbers = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const finerMoney = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 4,
});
const leastMoney = 0.01;

/** `12,345` */
export function count(value: number): string {
  return numbers.format(value);
}

/** `1.2M` */
export function compactCount(value: number): string {
  return compactNumbers.format(value);
}

/** `1 file`, `2 files` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `12.3 MB` */
export function bytes(value: number): string {
  return prettyBytes(value);
}

/** `$1,234.56`; `<$0.01` for what would be rounded to nothing. */
export function dollars(value: number): string {
  return value > 0 && value < leastMoney ? `<${money.format(leastMoney)}` : money.format(value);
}

/** `$0.1575`: to a hundredth of a cent, for comparisons. */
export function finerDollars(value: number): string {
  return finerMoney.format(value);
}

/** `1.2K in, 340 out, cache 5M read, 67K written` */
export function tokensByKind(tokens: TokenUsage): string {
  const [input, output, read, written] = [
    tokens.inputTokens,
    tokens.outputTokens,
    tokens.cacheReadTokens,
    tokens.cacheCreationTokens,
  ].map(compactCount);
  return `${input} in, ${output} out, cache ${read} read, ${written} written`;
}

/** `31 %`, rounded down, so that only all of it is 100. */
export function percent(part: number, whole: number): string {
  return `${whole > 0 ? Math.floor((part / whole) * 100) : 100} %`;
}

/** `12.3 MB, 31 % of 40 MB of transcripts` */
export function databaseSize(stats: Stats): string {
  const size = stats.databaseBytes + stats.walBytes;
  const whole = stats.transcriptBytes;
  return whole > 0 ? `${bytes(size)}, ${percent(size, whole)} of ${bytes(whole)} of transcripts` : bytes(size);
}

/** `350ms`, `4.2s`, `1m 20s` */
export function duration(milliseconds: number): string {
  return prettyMilliseconds(milliseconds, { secondsDecimalDigits: 1, unitCount: 2 });
}

/** `2026-01-31 09:15` in the local time zone; the empty string for no time. */
export function localTime(iso: string | null | undefined): string {
  const date = iso ? new Date(iso) : undefined;
  return date && !Number.isNaN(date.getTime()) ? `${localDay(date)} ${localClock(date)}` : '';
}

/** `09:15` in the local time zone. */
export function localClock(date: Date): string {
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

/** `2026-01-31` in the local time zone. */
export function localDay(date: Date): string {
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}

/** A path, safe to print, with `~` for the home folder. */
export function displayPath(path: string): string {
  const home = homedir();
  const short = home.length > 1 && path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path;
  return printableLine(short);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
