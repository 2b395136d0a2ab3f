import type { Metric, Performance, Trade } from '@catalyst/contracts';
import { compare, inNewYork, toCents } from '@catalyst/domain';

/** Dollars with thousands marked: "$1,234.50", "-$3.00". */
export const usd = (value: string | number): string => {
  const cents = toCents(value);
  const [whole, fraction] = cents.replace('-', '').split('.') as [string, string];
  return `${cents.startsWith('-') ? '-' : ''}$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`;
};
export const signedUsd = (value: string | number): string =>
  `${compare(value, 0) > 0 ? '+' : ''}${usd(value)}`;
export const percent = (ratio: number, digits = 0): string => `${(ratio * 100).toFixed(digits)} %`;
export const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;
export const clock = (at: string): string => inNewYork(at).clock;
export const rWords = (multiple: number | null): string =>
  multiple === null ? 'no R' : `${multiple > 0 ? '+' : ''}${multiple.toFixed(2)} R`;
/** A price with at least two decimals. */
export const price = (value: string): string => (/\.\d\d/.test(value) ? value : toCents(value));

/** A metric in words, or n/a with the reason. */
export const metricWords = (metric: Metric, words: (value: number) => string): string =>
  metric.value === null ? `n/a (${metric.note})` : words(metric.value);

/** Net beside gross, and whether the fees between them are final; null where none were reckoned. */
export const feeWords = ({ fees }: Pick<Performance, 'fees'>): string | null =>
  fees &&
  `${signedUsd(fees.net_pnl_usd)} after ${usd(fees.fees_usd)} of fees${fees.is_estimated ? ' (estimated)' : ''}`;

export const exitWords: Record<Trade['exit_reason'], string> = {
  target: 'target reached',
  stop: 'stopped out',
  end_of_day: 'closed at the end of the day',
  manual: 'closed by a person',
  risk_flatten: 'closed by the risk limits',
  unprotected: 'closed because it had no live stop',
  external: 'closed at the broker',
};

// controls, and the marks that turn the direction of text around
const UNSEEN = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/gu;
/** Words from outside on one line, without what a reader cannot see, cut at 240 characters. */
export const outsideText = (text: string): string => {
  const line = text.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  return line.length > 240 ? `${line.slice(0, 239).trimEnd()}…` : line;
};

/** What a person must know of a replay before reading its numbers. */
export const modeWords: Record<'replay' | 'paper' | 'live', string> = {
  replay: 'Replay of a recorded day. Fills are simulated; no order left this machine.',
  paper: 'Paper account. No real money.',
  live: 'Live account. Real money.',
};
