import type { TradingTime } from '../market/trading-time.ts';
import { MINUTE_MS, MINUTES_PER_DAY } from '../market/trading-time.ts';
import type { FaultList } from './fault-list.ts';
import type { MarketFault } from './fault-schema.ts';

export interface FaultMinutes {
  from_minute: number;
  /** Half-open: the first minute in which the fault is over. */
  to_minute: number;
}

/**
 * The minutes of a market fault that is added at `now`: whole ones, none of which anything has been
 * seen.
 */
export const faultMinutes = (
  { from, to }: MarketFault['when'],
  list: FaultList,
  time: TradingTime,
  now: number,
): FaultMinutes => {
  const minuteFrom = (clock: string): number =>
    Math.ceil((list.instantOf(clock) - time.midnight_ms) / MINUTE_MS);
  const next = Math.min(
    MINUTES_PER_DAY,
    Math.max(time.finishedMinutes(now), Math.ceil((now - time.midnight_ms) / MINUTE_MS)),
  );
  return {
    from_minute: Math.max(next, from === undefined ? 0 : minuteFrom(from)),
    to_minute: to === undefined ? MINUTES_PER_DAY : minuteFrom(to),
  };
};
