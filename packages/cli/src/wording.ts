import { toCents } from '@catalyst/domain';

/** A result in US dollars to the cent, with its sign: +$12.30, -$97.74, $0.00. */
export const showGain = (usd: string): string => {
  const cents = toCents(usd);
  if (cents.startsWith('-')) return `-$${cents.slice(1)}`;
  return cents === '0.00' ? '$0.00' : `+$${cents}`;
};

/** A number with its noun: 1 candidate, 5 candidates. */
export const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;

/** A stranger's text (a headline, a name) on one line: no control character reaches the terminal. */
export const oneLine = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');
