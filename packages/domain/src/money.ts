import { Decimal } from 'decimal.js';
import { z } from 'zod';

/**
 * Exact decimal arithmetic: 40 significant digits are more than any sum of prices and quantities
 * here needs.
 */
export const Exact = Decimal.clone({
  precision: 40,
  rounding: Decimal.ROUND_HALF_EVEN,
  toExpNeg: -30,
  toExpPos: 40,
});
export type Exact = Decimal;

const DECIMAL = /^-?\d+(\.\d+)?$/;
const EXPECTED = 'expected a decimal number as text, such as "12.34"';
/**
 * A decimal number as text, as money, order prices and quantities travel: "645.57", "-3", "0.0001".
 */
export const decimalString = z
  .string({ error: ({ input }) => (input === undefined ? undefined : EXPECTED) })
  .regex(DECIMAL, EXPECTED);
export type DecimalString = z.infer<typeof decimalString>;
/** The same of a text, without a schema's words for what is none. */
export const isDecimalString = (text: string): boolean => DECIMAL.test(text);

/** The canonical text of a decimal: no exponent, no trailing zeros, no "-0". */
export const toDecimalString = (value: Decimal.Value): DecimalString => {
  const exact = new Exact(value);
  if (!exact.isFinite()) throw new RangeError(`expected a finite number, was ${String(value)}`);
  return exact.isZero() ? '0' : exact.toFixed();
};

export const add = (...values: Decimal.Value[]): DecimalString =>
  toDecimalString(values.reduce<Decimal>((sum, value) => sum.plus(value), new Exact(0)));
export const subtract = (left: Decimal.Value, right: Decimal.Value): DecimalString =>
  toDecimalString(new Exact(left).minus(right));
export const multiply = (left: Decimal.Value, right: Decimal.Value): DecimalString =>
  toDecimalString(new Exact(left).times(right));

/** -1, 0 or 1 as `left` is below, equal to or above `right`. */
export const compare = (left: Decimal.Value, right: Decimal.Value): -1 | 0 | 1 =>
  new Exact(left).comparedTo(right) as -1 | 0 | 1;

/** Written as cents are already, as most amounts that are shown: nothing of it has to be rounded. */
const isInCents = (value: Decimal.Value): value is string =>
  typeof value === 'string' && /^-?(0|[1-9]\d*)\.\d\d$/.test(value);

/** US dollars to the cent, banker's rounding, always two decimals: "1234.50". */
export const toCents = (value: Decimal.Value): DecimalString => {
  const text = isInCents(value)
    ? value
    : new Exact(value).toDecimalPlaces(2, Decimal.ROUND_HALF_EVEN).toFixed(2);
  return text === '-0.00' ? '0.00' : text;
};
