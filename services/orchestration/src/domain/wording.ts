import { dollarWords, inNewYork, priceWords } from '@catalyst/domain';

export const newYork = (at: string): string => `${inNewYork(at).clock} New York`;
export const dateAndTime = (at: string): string => `${inNewYork(at).date} ${newYork(at)}`;
export const dollars = dollarWords;
/** The same with a sign for gains too: +$12.30, -$97.74. */
export const gain = (usd: string): string =>
  Number(usd) > 0 ? dollars(usd).replace(/^(?!-)/, '+') : dollars(usd);
export const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;
export const percent = (ratio: number, decimals = 0): string =>
  `${(ratio * 100).toFixed(decimals)} %`;
/** A metric, or n/a with the reason. */
export const metricWords = (
  { value, note }: { value: number | null; note: string | null },
  words: (value: number) => string = (number) => number.toFixed(2),
): string => (value === null ? `n/a (${note})` : words(value));
/** A price as the exchange writes it: two decimals from a dollar on, four below; or n/a. */
export const price = (value: string | number | null | undefined): string =>
  value === null || value === undefined
    ? 'n/a'
    : Number(value) <= 0
      ? String(value)
      : priceWords(value);
/** Shares without the zeros that a database keeps. */
export const shares = (qty: string | number): string => String(Number(qty));
/** How old something is, in the unit that says it shortest. */
export const ageWords = (seconds: number): string =>
  seconds < 120
    ? `${seconds} s`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3600)} h`;
