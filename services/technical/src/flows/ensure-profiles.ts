import type { Brokerage } from '@catalyst/brokerage';
import { adjustForSplits, later, type Bar } from '@catalyst/domain';
import { placeInSessions } from '../domain/place-in-session.ts';
import { PROFILE_BUCKET_MINUTES } from '../domain/relative-volume.ts';
import type { Store } from '../store/create-store.ts';
import type { ProfileRow } from '../store/measurements.ts';
import { fetchAhead } from './fetch-ahead.ts';
import type { ReadTradingDay, TradingDay } from './read-trading-day.ts';
import type { StoreCheckedBars } from './store-checked-bars.ts';

const SESSIONS = 20;
// enough finished 5-minute bars for every average before today has its own
const KEPT_SESSIONS = 3;
const BUCKETS_A_DAY = 288;
// twenty sessions of ten stocks are some forty thousand bars in memory
const SYMBOLS_AT_A_TIME = 10;

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
export const createEnsureProfiles = ({
  store,
  broker,
  feed,
  readTradingDay,
  storeCheckedBars,
}: Deps) => {
  const fetchBars = (symbols: readonly string[], { earlier }: TradingDay) =>
    broker.market_data.bars({
      symbols,
      timeframe: '5min',
      start: earlier.slice(-SESSIONS)[0]!.pre_market_open_at,
      end: later(earlier.at(-1)!.after_hours_close_at, -1),
    });

  const makeProfiles = async (
    symbols: readonly string[],
    bars: ReadonlyMap<string, Bar[]>,
    { trade_date, earlier }: TradingDay,
  ): Promise<ProfileRow[]> => {
    const sessions = earlier.slice(-SESSIONS);
    const keptSessions = sessions.slice(-KEPT_SESSIONS);
    const isKept = ({ time_id }: Bar): boolean =>
      keptSessions.some(
        (session) => time_id >= session.open_time_id && time_id < session.close_time_id,
      );
    const splits = Map.groupBy(await store.readSplits(symbols), (split) => split.symbol);
    const kept = new Map<string, Bar[]>();
    const rows = symbols.map((symbol): ProfileRow => {
      const placed = placeInSessions(bars.get(symbol) ?? [], sessions);
      const adjusted = adjustForSplits(placed, splits.get(symbol) ?? [], trade_date);
      const totals = new Array<number>(BUCKETS_A_DAY).fill(0);
      placed.forEach(({ minute }, index) => {
        totals[Math.floor(minute / PROFILE_BUCKET_MINUTES)]! += adjusted[index]!.volume;
      });
      kept.set(
        symbol,
        placed.filter(isKept).map(({ trade_date: _, minute: __, ...bar }) => bar),
      );
      return {
        symbol,
        sessions: sessions.length,
        mean_volumes: totals.map((total) => total / sessions.length),
      };
    });
    await storeCheckedBars('5min', feed, kept);
    // last: a profile tells that the symbol's bars are stored
    await store.saveProfiles(trade_date, feed, rows);
    return rows;
  };

  return async (symbols: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> => {
    const day = await readTradingDay();
    const profiles = await store.readProfiles(symbols, day.trade_date, feed);
    const missing = symbols.filter((symbol) => !profiles.has(symbol)).sort();
    if (day.earlier.length === 0) return profiles;
    await fetchAhead(
      missing,
      SYMBOLS_AT_A_TIME,
      (group) => fetchBars(group, day),
      async (bars, group) => {
        for (const { symbol, mean_volumes } of await makeProfiles(group, bars, day))
          profiles.set(symbol, mean_volumes);
      },
    );
    return profiles;
  };
};
export type EnsureProfiles = ReturnType<typeof createEnsureProfiles>;
