import type { Brokerage } from '@catalyst/brokerage';
import { adjustForSplits, later, type Bar } from '@catalyst/domain';
import { placeInSessions } from '../domain/place-in-session.ts';
import { PROFILE_BUCKET_MINUTES } from '../domain/relative-volume.ts';
import type { Store } from '../store.ts';
import type { ReadTradingDay } from './read-trading-day.ts';
import type { StoreCheckedBars } from './store-checked-bars.ts';

const SESSIONS = 20;
// enough finished 5-minute bars for every average before today has its own
const KEPT_SESSIONS = 3;
const BUCKETS_A_DAY = 288;

interface Deps {
  store: Store;
  broker: Brokerage;
  feed: string;
  readTradingDay: ReadTradingDay;
  storeCheckedBars: StoreCheckedBars;
}

/**
 * Reads the 5-minute bars of the last 20 sessions once a day and symbol: their mean volume by time
 * of day becomes the profile, and the regular bars of the last three sessions are kept for the
 * running averages.
 */
export const createEnsureProfiles =
  ({ store, broker, feed, readTradingDay, storeCheckedBars }: Deps) =>
  async (symbols: readonly string[]): Promise<Map<string, number[]>> => {
    const day = await readTradingDay();
    const profiles = await store.readProfiles(symbols, day.trade_date, feed);
    const missing = symbols.filter((symbol) => !profiles.has(symbol)).sort();
    const sessions = day.earlier.slice(-SESSIONS);
    if (missing.length === 0 || sessions.length === 0) return profiles;

    const bars = await broker.market_data.bars({
      symbols: missing,
      timeframe: '5min',
      start: sessions[0]!.pre_market_open_at,
      end: later(sessions.at(-1)!.after_hours_close_at, -1),
    });
    const splits = await store.readSplits(missing);
    const kept = new Map<string, Bar[]>();
    const rows: { symbol: string; sessions: number; mean_volumes: number[] }[] = [];
    const keptSessions = sessions.slice(-KEPT_SESSIONS);
    for (const symbol of missing) {
      const placed = placeInSessions(bars.get(symbol) ?? [], sessions);
      const adjusted = adjustForSplits(
        placed,
        splits.filter((split) => split.symbol === symbol),
        day.trade_date,
      );
      const totals = new Array<number>(BUCKETS_A_DAY).fill(0);
      placed.forEach(
        ({ minute }, index) =>
          (totals[Math.floor(minute / PROFILE_BUCKET_MINUTES)]! += adjusted[index]!.volume),
      );
      rows.push({
        symbol,
        sessions: sessions.length,
        mean_volumes: totals.map((total) => total / sessions.length),
      });
      const isKept = ({ time_id }: Bar): boolean =>
        keptSessions.some(
          (session) => time_id >= session.open_time_id && time_id < session.close_time_id,
        );
      kept.set(
        symbol,
        placed.filter(isKept).map(({ trade_date: _, minute: __, ...bar }) => bar),
      );
    }
    await storeCheckedBars('5min', feed, kept);
    await store.transaction((tx) => store.saveProfiles(tx, day.trade_date, feed, rows));
    for (const row of rows) profiles.set(row.symbol, row.mean_volumes);
    return profiles;
  };
export type EnsureProfiles = ReturnType<typeof createEnsureProfiles>;
