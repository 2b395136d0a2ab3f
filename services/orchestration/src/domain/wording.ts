import { inNewYork } from '@catalyst/domain';

export const newYork = (at: string): string => `${inNewYork(at).clock} New York`;
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
export const percent = (ratio: number): string => `${(ratio * 100).toFixed(0)} %`;
/** A metric, or n/a with the reason. */
export const metricWords = ({ value, note }: { value: number | null; note: string | null }, words: (value: number) => string = String): string => (value === null ? `n/a (${note})` : words(value));
