import { inNewYork, toCents } from '@catalyst/domain';

export const newYork = (at: string): string => `${inNewYork(at).clock} New York`;
export const dateAndTime = (at: string): string => `${inNewYork(at).date} ${newYork(at)}`;
/** US dollars to the cent: $12.30, -$97.74. */
export const dollars = (usd: string | number): string => toCents(usd).replace(/^(-?)/, '$1$$');
/** The same with a sign for gains too: +$12.30, -$97.74. */
export const gain = (usd: string): string => dollars(usd).replace(/^(?!-)/, '+');
export const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;
export const percent = (ratio: number): string => `${(ratio * 100).toFixed(0)} %`;
/** A metric, or n/a with the reason. */
export const metricWords = (
  { value, note }: { value: number | null; note: string | null },
  words: (value: number) => string = (number) => number.toFixed(2),
): string => (value === null ? `n/a (${note})` : words(value));
