import { OPEN } from '../small-day.ts';

/*
 * A session of forty minutes, a few minutes around it, two securities, three accounts, and whatever
 * they may ask for: every type, class and time in force, shares and dollars, both sides, cancels,
 * replacements, entries that chase the market, closes and statuses by a script, between halts, gaps
 * and minutes without trades.
 */
export const SYMBOLS = ['ACME', 'BARE'] as const;
export const CASH = '100000';
export const SHARE = 0.1;
export const CLOSE_MINUTE = OPEN + 40;
export const FIRST = OPEN - 8;
export const LAST = CLOSE_MINUTE + 8;
