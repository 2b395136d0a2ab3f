import { toDecimalString } from '@catalyst/domain';
import { z } from 'zod';

/**
 * Money, an order price or a quantity: Alpaca sends text, in places a number; both become canonical
 * decimal text.
 */
export const wireDecimal = z
  .union([z.string().regex(/^-?\d+(\.\d+)?$/, 'expected a decimal number as text'), z.number()])
  .transform((value) => toDecimalString(value));

export const wireNullableDecimal = wireDecimal.nullish().transform((value) => value ?? null);

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
