import {
  beforeClose,
  nyseCalendarDay,
  sessionAt,
  tradingHours,
  type TradingHours,
} from './market-calendar.ts';
import { inNewYork, type Instant } from './time.ts';

/** Minutes before the close from which parts of a share are sold: their stop ends with the day. */
const LAST_MINUTES = 30;

export interface MarketHours {
  /** When the session at hand opened; null outside of it. A market order waits for the next then. */
  open_since: Instant | null;
  closes_soon: boolean;
}

/** The regular session that is at work; null outside of one. */
export const regularSessionAt = (now: Instant): TradingHours | null => {
  const day = nyseCalendarDay(inNewYork(now).date);
  const hours = day && tradingHours(day);
  return hours && sessionAt(hours, now) === 'regular' ? hours : null;
};

/** The regular session by the exchange's own rules, which need nobody's answer. */
export const marketHoursAt = (now: Instant): MarketHours => {
  const hours = regularSessionAt(now);
  if (!hours) return { open_since: null, closes_soon: false };
  return { open_since: hours.open_at, closes_soon: now >= beforeClose(hours, LAST_MINUTES) };
};
