import { TAPES } from '../market/listing-codes.ts';
import type { Market } from '../market/market.ts';

/** A halt or its end as the tape tells it. */
export interface TradingStatus {
  at_ms: number;
  symbol: string;
  tape: string;
  code: string;
  message: string;
  reason_code: string;
  reason: string;
}

/**
 * A pause by the price bands takes five minutes and may be extended once; a longer halt waits for
 * news.
 */
const LONGEST_PAUSE_MINUTES = 10;

type Words = Pick<TradingStatus, 'code' | 'message' | 'reason_code' | 'reason'>;

/** Tape C has the words of the UTP plan, tapes A and B those of the CTA plan. */
const wordsOf = (tape: string, what: 'pause' | 'halt' | 'resumption'): Words => {
  if (tape === 'C') {
    if (what === 'pause')
      return {
        code: 'P',
        message: 'Volatility Trading Pause',
        reason_code: 'LUDP',
        reason: 'Volatility Trading Pause',
      };
    if (what === 'halt')
      return { code: 'H', message: 'Trading Halt', reason_code: 'T1', reason: 'Halt News Pending' };
    return { code: 'T', message: 'Trading Resumption', reason_code: '', reason: '' };
  }
  if (what === 'pause')
    return {
      code: '2',
      message: 'Trading Halt',
      reason_code: 'M',
      reason: 'Limit Up-Limit Down (LULD) Trading Pause',
    };
  if (what === 'halt')
    return { code: '2', message: 'Trading Halt', reason_code: 'P', reason: 'News Pending' };
  return { code: '3', message: 'Resume', reason_code: '', reason: '' };
};

export interface TradingStatuses {
  /**
   * Looks at every minute that has begun since it last looked, so that a halt which begins on the
   * way is told too; one that a fault has put into the minute that was just beginning is told as of
   * right after.
   */
  advanceTo(now: number): void;
  /** Statuses in (after_ms, until_ms], oldest first, then by symbol. */
  between(after_ms: number, until_ms: number): TradingStatus[];
}

export const createTradingStatuses = (market: Market, now: number): TradingStatuses => {
  const { time } = market;
  const symbols = [...market.listings.keys()].sort();
  const isHalted = (symbol: string, minute: number): boolean =>
    market.happening(symbol, 'halt', minute);
  let minute = time.finishedMinutes(now);
  const halted = new Set(symbols.filter((symbol) => isHalted(symbol, minute)));
  const told: TradingStatus[] = [];

  const isPause = (symbol: string, from: number): boolean => {
    if (!time.inRegularSession(from)) return false;
    for (let length = 1; length <= LONGEST_PAUSE_MINUTES; length += 1)
      if (!isHalted(symbol, from + length)) return true;
    return false;
  };

  let looked = now;
  const look = (at_ms: number): void => {
    for (const symbol of symbols) {
      const stands = isHalted(symbol, minute);
      if (stands === halted.has(symbol)) continue;
      if (stands) halted.add(symbol);
      else halted.delete(symbol);
      const tape = TAPES[market.listings.get(symbol)!.security.exchange];
      told.push({
        at_ms,
        symbol,
        tape,
        ...wordsOf(tape, stands ? (isPause(symbol, minute) ? 'pause' : 'halt') : 'resumption'),
      });
    }
  };

  return {
    advanceTo: (instant) => {
      look(looked + 1);
      for (const until = time.finishedMinutes(instant); minute < until;) {
        minute += 1;
        look(time.startOf(minute));
      }
      looked = instant;
    },
    between: (after_ms, until_ms) =>
      told.filter(({ at_ms }) => at_ms > after_ms && at_ms <= until_ms),
  };
};
