import {
  tradingHours,
  type CalendarDay,
  type TradeDate,
  type TradingHours,
} from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

/** The exchange's days of a range as the broker told them last, oldest first. */
export const listTradingHours = async (
  db: Queryable,
  from: TradeDate,
  to: TradeDate,
): Promise<TradingHours[]> => {
  const days = await db.query<CalendarDay>(
    `SELECT trade_date AS date, open, close FROM v_market_calendar
     WHERE trade_date >= $1 AND trade_date <= $2 ORDER BY trade_date`,
    [from, to],
  );
  return days.map(tradingHours);
};
