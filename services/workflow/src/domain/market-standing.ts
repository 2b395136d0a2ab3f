import {
  beforeClose,
  inNewYork,
  newYorkTime,
  type Instant,
  type TradeDate,
  type TradingHours,
} from '@catalyst/domain';
import { LAST_ENTRY_BEFORE_CLOSE, PREMARKET_SCAN } from './schedule.ts';

/** Minutes before the last entry in which a day that was not opened is not worth opening. */
const OPENING_MARGIN = 5;

/** How late a day is opened for its entries: soon after it nothing is entered any more. */
export const lastOpening = (hours: TradingHours): Instant =>
  beforeClose(hours, LAST_ENTRY_BEFORE_CLOSE + OPENING_MARGIN);

/**
 * Why a date without a cycle has none, where that is as it should be; null where a cycle should be
 * opened, or should have been. A day without hours is one on which the exchange is closed.
 */
export const closedBecause = (
  date: TradeDate,
  hours: TradingHours | null,
  now: Instant,
): string | null => {
  if (hours === null) return `the exchange is closed on ${date}`;
  if (now < hours.pre_market_open_at)
    return `the day of ${date} begins at ${inNewYork(hours.pre_market_open_at).clock} New York`;
  if (now >= hours.close_at)
    return `the session of ${date} ended at ${inNewYork(hours.close_at).clock} New York`;
  return null;
};

/** When the desk is at work in a session, and the exchange open. */
export const sessionTimes = ({ trade_date, open_at, close_at }: TradingHours) => ({
  trade_date,
  scan_at: newYorkTime(trade_date, PREMARKET_SCAN),
  open_at,
  close_at,
});

/** The same in words, by New York's clock. */
export const describeNextSession = (hours: TradingHours): string => {
  const { trade_date, scan_at, open_at, close_at } = sessionTimes(hours);
  const clock = (at: Instant): string => inNewYork(at).clock;
  return `next: ${trade_date}, scan ${clock(scan_at)}, open ${clock(open_at)}, close ${clock(close_at)} New York`;
};
