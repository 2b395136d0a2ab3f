import { isDecimalString, priceWords, toCents } from '@catalyst/domain';

/** Fields that hold a price which is, or becomes, an order's. */
const PRICE = /^(.+_)?(price|entry|stop|target|level)$/;
/** What binary fractions leave beyond this is noise. */
const DECIMALS = 4;

/** Our own sentences quote what was read: no number in them has more decimals than say something. */
export const withoutNoise = (text: string): string =>
  text.replace(/(?<!\d)\d+\.\d{5,}/g, (number) => String(Number(Number(number).toFixed(DECIMALS))));

const shown = (name: string, value: string | number): string | number => {
  const isText = typeof value === 'string';
  if (name === 'untrusted_text') return value;
  if (isText && !isDecimalString(value)) return withoutNoise(value);
  if (PRICE.test(name) && Number(value) > 0)
    return isText ? priceWords(value) : Number(priceWords(value));
  if (isText) return /_usd$/.test(name) ? toCents(value) : withoutNoise(value);
  return Number.isInteger(value) ? value : Number(value.toFixed(DECIMALS));
};

/**
 * A copy whose numbers are as they are shown: prices on their tick, dollars to the cent, all else
 * with four decimals at most.
 */
export const shownNumbers = <T>(value: T, name = ''): T => {
  if (typeof value === 'number' || typeof value === 'string') return shown(name, value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => shownNumbers(item, name)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, shownNumbers(item as unknown, key)]),
  ) as T;
};
