import { Exact } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';

const TEXTS = [
  'symbol',
  'side',
  'type',
  'time_in_force',
  'order_class',
  'client_order_id',
  'position_intent',
] as const;
const NUMBERS = [
  'qty',
  'notional',
  'limit_price',
  'stop_price',
  'trail_price',
  'trail_percent',
  'trail',
] as const;
const OBJECTS = ['take_profit', 'stop_loss'] as const;

/** A number as text or as a JSON number. */
type NumberField = string | number | null | undefined;

/**
 * The body of a new order, of one of its exits, or of a replacement: every field has its JSON type
 * or is absent.
 */
export type OrderFields = { [name in (typeof TEXTS)[number]]?: string | null } & {
  [name in (typeof NUMBERS)[number]]?: NumberField;
} & {
  extended_hours?: boolean | null;
  take_profit?: OrderFields | null;
  stop_loss?: OrderFields | null;
};

export const hasFieldTypes = (body: unknown): body is OrderFields => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  const fields = body as Record<string, unknown>;
  const are = (names: readonly string[], isOfType: (value: unknown) => boolean): boolean =>
    names.every((name) => (fields[name] ?? null) === null || isOfType(fields[name]));
  return (
    are(TEXTS, (value) => typeof value === 'string') &&
    are(NUMBERS, (value) => typeof value === 'string' || typeof value === 'number') &&
    are(['extended_hours'], (value) => typeof value === 'boolean') &&
    are(OBJECTS, hasFieldTypes)
  );
};

/** An absent field may also be null or empty text. */
export const isGiven = <T>(value: T): value is Exclude<T, null | undefined | ''> =>
  value !== undefined && value !== null && value !== '';

/**
 * What `NewFromString` of https://github.com/shopspring/decimal takes, the usual decimals of
 * programs in Go: a sign, a point at either end, an exponent of ten (it stops at 10,000).
 */
const NUMBER_TEXT = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,4})?$/i;

/** Alpaca takes numbers as text and as JSON numbers; null where it is neither. */
export const readDecimal = (value: NumberField): Decimal | null => {
  if (typeof value === 'number') return Number.isFinite(value) ? new Exact(value) : null;
  return typeof value === 'string' && NUMBER_TEXT.test(value) ? new Exact(value) : null;
};
