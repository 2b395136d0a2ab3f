import type { Brokerage } from '@catalyst/brokerage';
import { adjustForSplits, fromTimeId, inNewYork, later, sessionAt, type Bar, type DailyBar } from '@catalyst/domain';
import { PROFILE_BUCKET_MINUTES } from '../domain/relative-volume.ts';
import type { Store } from '../store.ts';
import type { ReadTradingDay } from './read-trading-day.ts';
import type { StoreCheckedBars } from './store-checked-bars.ts';

const SESSIONS = 20;
// enough finished 5-minute bars for every average before today has its own
const KEPT_SESSIONS = 3;
const BUCKETS_A_DAY = 288;

interface Deps { store: Store; broker: Brokerage; feed: string; readTradingDay: ReadTradingDay; storeCheckedBars: StoreCheckedBars }

const minuteOfDay = (timeId: number): number => {
  const [hour, minute] = inNewYork(fromTimeId(timeId)).clock.split(':').map(Number);
  return hour! * 60 + minute!;
};

/**
 * Reads the 5-minute bars of the last 20 sessions once a day and symbol: their mean volume by time of day becomes the profile,
 * and the regular bars of the last three sessions are kept for the running averages.
 */
export const createEnsureProfiles = ({ store, broker, feed, readTradingDay, storeCheckedBars }: Deps) => async (symbols: readonly string[]): Promise<Map<string, number[]>> => {
  const day = await readTradingDay();
  const profiles = await store.readProfiles(symbols, day.trade_date, feed);
  const missing = symbols.filter((symbol) => !profiles.has(symbol)).sort();
  const sessions = day.earlier.slice(-SESSIONS);
  if (missing.length === 0 || sessions.length === 0) return profiles;

  const bars = await broker.market_data.bars({ symbols: missing, timeframe: '5min', start: sessions[0]!.pre_market_open_at, end: later(sessions.at(-1)!.after_hours_close_at, -1) });
  const splits = await store.readSplits(missing);
  const kept = new Map<string, Bar[]>();
  const rows: { symbol: string; sessions: number; mean_volumes: number[] }[] = [];
  const hours = new Map(sessions.map((session) => [session.trade_date, session]));
  const keptDates = new Set(sessions.slice(-KEPT_SESSIONS).map((session) => session.trade_date));
  for (const symbol of missing) {
    const dated = (bars.get(symbol) ?? []).map((bar): DailyBar => ({ ...bar, trade_date: inNewYork(fromTimeId(bar.time_id)).date })).filter((bar) => hours.has(bar.trade_date));
    const totals = new Array<number>(BUCKETS_A_DAY).fill(0);
    for (const bar of adjustForSplits(dated, splits.filter((split) => split.symbol === symbol), day.trade_date)) totals[Math.floor(minuteOfDay(bar.time_id) / PROFILE_BUCKET_MINUTES)]! += bar.volume;
    rows.push({ symbol, sessions: sessions.length, mean_volumes: totals.map((total) => total / sessions.length) });
    kept.set(symbol, dated.filter((bar) => keptDates.has(bar.trade_date) && sessionAt(hours.get(bar.trade_date)!, fromTimeId(bar.time_id)) === 'regular'));
  }
  await storeCheckedBars('5min', feed, kept);
  await store.transaction((tx) => store.saveProfiles(tx, day.trade_date, feed, rows));
  for (const row of rows) profiles.set(row.symbol, row.mean_volumes);
  return profiles;
};
export type EnsureProfiles = ReturnType<typeof createEnsureProfiles>;
