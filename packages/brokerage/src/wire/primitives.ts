import { toDecimalString } from '@catalyst/domain';
import { z } from 'zod';

/**
 * Money, an order price or a quantity: Alpaca sends text, in places a number; both become canonical
 * decimal text.
 */
export const wireDecimal = z
  .union([
    z.string().regex(/^-?\d+(\.\d+)?(e[-+]?\d{1,2})?$/i, 'expected a decimal number as text'),
    z.number(),
  ])
  .transform((value) => toDecimalString(value));

export const wireNullableDecimal = wireDecimal.nullish().transform((value) => value ?? null);

/** Alpaca tells apart what a buy or a sell is for (sell_short, buy_to_cover); to a book they are two. */
export const wireSide = z
  .string()
  .regex(/^(buy|sell)(_|$)/, 'expected buy or sell')
  .transform((word) => (word.startsWith('buy') ? ('buy' as const) : ('sell' as const)));

/** Alpaca's stamps carry up to nanoseconds and any offset. */
export const wireStamp = z.iso.datetime({
  offset: true,
  error: 'expected an instant such as 2026-03-10T13:30:00Z',
});
/** Kept as UTC with milliseconds. */
export const wireInstant = wireStamp.transform((text) => new Date(text).toISOString());
export const wireNullableInstant = wireInstant.nullish().transform((value) => value ?? null);

export const wireText = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
