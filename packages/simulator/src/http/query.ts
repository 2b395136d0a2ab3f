import { NEW_YORK } from '@catalyst/domain';
import { DateTime } from 'luxon';

/** A parameter that cannot be used; answered as Alpaca's market data does: 400 with a message. */
export class InvalidParameter extends Error {
  override name = 'InvalidParameter';
}

export type Query = Record<string, unknown>;

export const readText = (query: Query, name: string): string | null => {
  const value = query[name];
  if (Array.isArray(value)) return value.map(String).join(',');
  return typeof value === 'string' && value !== '' ? value : null;
};

/** An instant (RFC 3339) or a date, which means midnight in New York; null where absent. */
export const readTime = (query: Query, name: string): number | null => {
  const text = readText(query, name);
  if (text === null) return null;
  const dateOnly = /^\d{4}-\d\d-\d\d$/.test(text);
  const time = dateOnly ? DateTime.fromISO(text, { zone: NEW_YORK }) : DateTime.fromISO(text.replace(/(\.\d{3})\d+/, '$1'), { zone: 'utc' });
  if (!time.isValid) throw new InvalidParameter(`invalid ${name}: ${text}`);
  return time.toMillis();
};

export const readInteger = (query: Query, name: string, fallback: number, least: number, most: number): number => {
  const text = readText(query, name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw new InvalidParameter(`invalid ${name}: ${text}; it must be between ${least} and ${most}`);
  return value;
};

export const readChoice = <T extends string>(query: Query, name: string, choices: readonly T[], fallback: T): T => {
  const text = readText(query, name);
  if (text === null) return fallback;
  const choice = choices.find((value) => value === text);
  if (choice === undefined) throw new InvalidParameter(`invalid ${name}: ${text}`);
  return choice;
};

const SYMBOL = /^[A-Z][A-Z0-9./-]*$/;

/** A comma-separated list of symbols, sorted, each once. */
export const readSymbols = (query: Query, name = 'symbols'): string[] => {
  const text = readText(query, name);
  if (text === null) throw new InvalidParameter(`${name} is required`);
  const symbols = [...new Set(text.split(',').map((symbol) => symbol.trim()))];
  const invalid = symbols.find((symbol) => !SYMBOL.test(symbol));
  if (invalid !== undefined) throw new InvalidParameter(`invalid symbol: ${invalid}`);
  return symbols.sort();
};

/** Page tokens are opaque to clients: base64 of what the next page starts after. */
export const toPageToken = (...parts: readonly (string | number)[]): string => Buffer.from(parts.join('|')).toString('base64');
export const readPageToken = (query: Query): string[] | null => {
  const text = readText(query, 'page_token');
  return text === null ? null : Buffer.from(text, 'base64').toString('utf8').split('|');
};
