import {
  adjustForSplits,
  aggregateBars,
  later,
  newYorkTime,
  sessionDate,
  toTimeId,
  tradingHours,
  type Bar,
  type DailyBar,
  type TradeDate,
  type TradingHours,
} from '@catalyst/domain';
import { AppError, type Clock } from '@catalyst/service-kit';
import type { DetectionInput } from '../domain/detect-patterns.ts';
import { NO_MINUTES, type HeldMinutes, type Store } from '../store.ts';

const YEAR_MS = 370 * 86_400_000;

/**
 * Everything that a detector may look at as of a minute, symbol by symbol in alphabetical order; a
 * symbol without any bar is missing. With `session_date` it is that session's, once it is over.
 */
export const createReadCharts = (store: Store, clock: Clock, session_date?: TradeDate) => {
  let hours: { date: TradeDate; value: TradingHours } | undefined;
  // daily bars do not change within a day once they are there
  const days = new Map<string, { date: TradeDate; bars: DailyBar[] }>();
  const minutes = new Map<string, { date: TradeDate; held: HeldMinutes }>();

  const readHours = async (): Promise<TradingHours> => {
    const date = session_date ?? sessionDate(clock.now());
    if (hours?.date === date) return hours.value;
    const day = await store.readTradingDay(date);
    if (!day)
      throw new AppError(
        'NOT_READY',
        "the exchange's calendar is not stored yet: technical syncs it at the start of a cycle",
      );
    const value = tradingHours(day);
    if (session_date !== undefined && (day.date !== date || clock.now() < value.close_at))
      throw new AppError('INVALID_REQUEST', `${date} is no session that is over`, { session_date });
    hours = { date, value };
    return value;
  };

  const readDays = async (symbols: readonly string[], date: TradeDate): Promise<void> => {
    const missing = symbols.filter((symbol) => days.get(symbol)?.date !== date);
    if (missing.length === 0) return;
    const splits = await store.readSplits(missing);
    for (const [symbol, bars] of await store.readDailyBars(
      missing,
      toTimeId(later(clock.now(), -YEAR_MS)),
      date,
    )) {
      days.set(symbol, { date, bars: adjustForSplits(bars, splits.get(symbol) ?? [], date) });
    }
  };

  const readMinutes = async (
    symbols: readonly string[],
    date: TradeDate,
    nowId: number,
  ): Promise<Map<string, readonly Bar[]>> => {
    const held = new Map(
      symbols.map((symbol) => {
        const kept = minutes.get(symbol);
        const isOfToday = kept?.date === date && (kept.held.bars.at(-1)?.time_id ?? 0) < nowId;
        return [symbol, isOfToday ? kept.held : NO_MINUTES];
      }),
    );
    const read = await store.readMinuteBars(held, toTimeId(newYorkTime(date, '00:00')), nowId);
    for (const [symbol, held] of read) minutes.set(symbol, { date, held });
    return new Map([...read].map(([symbol, { bars }]) => [symbol, bars]));
  };

  return async (
    symbols: readonly string[],
  ): Promise<Map<string, Omit<DetectionInput, 'as_of_time_id'>>> => {
    const session = await readHours();
    // a session that is over has no later minutes than its own
    const nowId = Math.min(toTimeId(clock.now()), toTimeId(session.after_hours_close_at));
    const wanted = [...new Set(symbols)].sort();
    await readDays(wanted, session.trade_date);
    const today = await readMinutes(wanted, session.trade_date, nowId);
    const charts = new Map<string, Omit<DetectionInput, 'as_of_time_id'>>();
    for (const symbol of wanted) {
      const daily = days.get(symbol);
      const minute_bars = today.get(symbol) ?? [];
      const daily_bars = daily?.date === session.trade_date ? daily.bars : [];
      if (daily_bars.length === 0 && minute_bars.length === 0) continue;
      charts.set(symbol, {
        minute_bars,
        five_minute_bars: aggregateBars(minute_bars, '5min', session, nowId),
        fifteen_minute_bars: aggregateBars(minute_bars, '15min', session, nowId),
        daily_bars,
        session: { open_time_id: session.open_time_id, close_time_id: session.close_time_id },
      });
    }
    return charts;
  };
};
export type ReadCharts = ReturnType<typeof createReadCharts>;
