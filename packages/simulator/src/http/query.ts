import { NEW_YORK } from '@catalyst/domain';
import { DateTime } from 'luxon';
import { beyondMilliseconds, toNanoseconds, type Nanoseconds } from '../nanoseconds.ts';

/**
 * A parameter that cannot be used; answered as the API that was asked does: market data, clock and
 * calendar 400 with a message, trading 422 with a code.
 */
export class InvalidParameter extends Error {
  override name = 'InvalidParameter';
}

export type Query = Record<string, unknown>;

/** Long enough for every symbol of a day, short enough for a message. */
const QUOTED_LENGTH = 100;
const quoted = (text: string): string =>
  text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text;

/** A parameter's text; null where it is absent or empty, joined by commas where it is repeated. */
export const readText = (query: Query, name: string): string | null => {
  const value = query[name];
  if (Array.isArray(value)) return value.map(String).join(',');
  return typeof value === 'string' && value !== '' ? value : null;
};

const DATE = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)?$/;

/** An instant (RFC 3339) or a date, which means midnight in New York; null where absent. */
export const readTime = (query: Query, name: string): number | null => {
  const text = readText(query, name);
  if (text === null) return null;
  const isDate = DATE.test(text);
  if (!isDate && !INSTANT.test(text))
    throw new InvalidParameter(`invalid ${name}: ${quoted(text)}`);
  const time = isDate
    ? DateTime.fromISO(text, { zone: NEW_YORK })
    : DateTime.fromISO(
        text
          .replace(' ', 'T')
          .replace(/(\.\d{3})\d+/, '$1')
          .toUpperCase(),
        { zone: 'utc' },
      );
  if (!time.isValid) throw new InvalidParameter(`invalid ${name}: ${quoted(text)}`);
  return time.toMillis();
};

/** As `readTime`, to the nanosecond. */
export const readNanoseconds = (query: Query, name: string): Nanoseconds | null => {
  const milliseconds = readTime(query, name);
  return milliseconds === null
    ? null
    : toNanoseconds(milliseconds) + beyondMilliseconds(readText(query, name) ?? '');
};

/** A date of New York's calendar: YYYY-MM-DD, or the date part of an instant. */
export const readDate = (query: Query, name: string): string | null => {
  const text = readText(query, name);
  if (text === null) return null;
  readTime(query, name);
  return text.slice(0, 10);
};

export const readInteger = (
  query: Query,
  name: string,
  fallback: number,
  least: number,
  most: number,
): number => {
  const text = readText(query, name);
  if (text === null) return fallback;
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new InvalidParameter(
      `invalid ${name}: ${quoted(text)}; it must be between ${least} and ${most}`,
    );
  return value;
};

export const readChoice = <T extends string>(
  query: Query,
  name: string,
  choices: readonly T[],
  fallback: T,
): T => {
  const text = readText(query, name);
  if (text === null) return fallback;
  const choice = choices.find((value) => value === text);
  if (choice === undefined) throw new InvalidParameter(`invalid ${name}: ${quoted(text)}`);
  return choice;
};

/** A comma-separated list of words that must all be among `choices`; null where absent. */
export const readChoices = <T extends string>(
  query: Query,
  name: string,
  choices: readonly T[],
): T[] | null => {
  const text = readText(query, name);
  return text === null
    ? null
    : text
        .split(',')
        .map((word) => readChoice({ [name]: word.trim() }, name, choices, choices[0] as T));
};

/** The words that Go's strconv.ParseBool takes, which Alpaca's servers use. */
export const readBoolean = (query: Query, name: string): boolean => {
  const text = readText(query, name);
  if (text === null) return false;
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false;
  throw new InvalidParameter(`invalid ${name}: ${quoted(text)}`);
};

const SYMBOL = /^[A-Z][A-Z0-9./-]{0,20}$/;

/** One symbol in a path. */
export const readSymbol = (symbol: string): string => {
  if (!SYMBOL.test(symbol)) throw new InvalidParameter(`invalid symbol: ${quoted(symbol)}`);
  return symbol;
};

/** A comma-separated list of symbols, sorted, each once. */
export const readSymbols = (query: Query, name = 'symbols'): string[] => {
  const text = readText(query, name);
  if (text === null) throw new InvalidParameter(`${name} is required`);
  return [...new Set(text.split(',').map((symbol) => readSymbol(symbol.trim())))].sort();
};

/**
 * Refuses parameters that the endpoint does not know, as Alpaca's market data does; its trading API
 * ignores them.
 */
export const expectParameters = (query: Query, known: readonly string[]): void => {
  const unexpected = Object.keys(query)
    .filter((name) => !known.includes(name))
    .sort();
  if (unexpected.length > 0)
    throw new InvalidParameter(`unexpected query parameter(s): ${quoted(unexpected.join(', '))}`);
};

/** Page tokens are opaque to clients: base64 of what the next page starts after. */
export const toPageToken = (...parts: readonly (string | number)[]): string =>
  Buffer.from(parts.join('|')).toString('base64');

/**
 * The parts of a page token; one that was not given by `toPageToken` with as many parts is refused.
 */
export const readPageToken = (query: Query, parts: number): string[] | null => {
  const text = readText(query, 'page_token');
  if (text === null) return null;
  const read = Buffer.from(text, 'base64').toString('utf8').split('|');
  if (read.length !== parts || toPageToken(...read) !== text)
    throw new InvalidParameter(`invalid page_token: ${quoted(text)}`);
  return read;
};
