import { newYorkTime } from '@catalyst/domain';
import type { Day, DayNews } from '../src/day/index.ts';

/** Minutes since midnight of a clock time such as 13:00. */
export const minuteOf = (clock: string): number =>
  Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/**
 * The minute of the trade date in which an article appears, New York time; negative on the evening
 * before.
 */
export const publishedMinute = (day: Day, article: DayNews): number =>
  Math.floor(
    (Date.parse(article.created_at) - Date.parse(newYorkTime(day.trade_date, '00:00'))) / 60_000,
  );

/**
 * The last price of the minutes before `minute`; yesterday's close, in today's shares, before the
 * first trade.
 */
export const priceBefore = (day: Day, symbol: string, minute: number): number => {
  const traded = (day.minute_bars.get(symbol) ?? []).findLast((bar) => bar.minute < minute)?.close;
  if (traded !== undefined) return traded;
  const split = day.corporate_actions.find(
    (action) =>
      action.symbol === symbol && action.ex_date === day.trade_date && action.new_rate !== null,
  );
  return (
    (day.daily_bars.get(symbol)?.at(-1)?.close ?? Number.NaN) /
    (split ? Number(split.new_rate) / Number(split.old_rate) : 1)
  );
};
