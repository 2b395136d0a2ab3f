import { toCents } from '@catalyst/domain';

/** A result in US dollars to the cent, with its sign: +$12.30, -$97.74, $0.00. */
export const showGain = (usd: string): string => {
  const cents = toCents(usd);
  if (cents.startsWith('-')) return `-$${cents.slice(1)}`;
  return cents === '0.00' ? '$0.00' : `+$${cents}`;
};
