import type { IndicatorValues } from '@catalyst/contracts';
import { adjustForSplits, later, toTimeId, type Bar, type TradeDate } from '@catalyst/domain';
import { createIndicators, indicatorsAt } from '../domain/indicators/indicator-columns.ts';
import { placeInSessions } from '../domain/place-in-session.ts';
import type { VolumeProfile } from '../domain/relative-volume.ts';
import type { Store } from '../store/create-store.ts';
import { DAILY_FEED, type EnsureDailyBars } from './ensure-daily-bars.ts';
import type { EnsureProfiles } from './ensure-profiles.ts';
import type { TradingDay } from './read-trading-day.ts';

const YEAR_MS = 370 * 86_400_000;
const KEPT_DAYS_MS = 7 * 86_400_000;
// 5-minute bars that the longest average needs, and some for the others to settle
const EARLIER_BARS = 240;

/** What is known of a symbol before the day begins, in today's share count. */
export interface Background {
  profile: VolumeProfile;
  /** Daily bars up to yesterday's. */
  daily: {
    bars: number;
    time_id: number | undefined;
    close: number | null;
    indicators: IndicatorValues;
  };
  /** Regular 5-minute bars of the sessions before. */
  earlier: readonly Bar[];
}

interface Deps {
  store: Store;
  feed: string;
  ensureDailyBars: EnsureDailyBars;
  ensureProfiles: EnsureProfiles;
}

/**
 * Reads the background of each symbol once a trading day: it depends on sessions that are over, and
 * on the splits, which `forget` is for.
 */
export const createReadBackgrounds = ({ store, feed, ensureDailyBars, ensureProfiles }: Deps) => {
  let known: { date: TradeDate; symbols: Map<string, Background> } = {
    date: '',
    symbols: new Map(),
  };

  const read = async (symbols: readonly string[], day: TradingDay): Promise<void> => {
    await ensureDailyBars(symbols);
    const profiles = await ensureProfiles(symbols);
    const begins = day.pre_market_open_at;
    const splits = Map.groupBy(await store.readSplits(symbols), (split) => split.symbol);
    const daily = Map.groupBy(
      await store.readDailyBars(
        symbols,
        DAILY_FEED,
        toTimeId(later(begins, -YEAR_MS)),
        day.trade_date,
      ),
      (bar) => bar.symbol,
    );
    const earlier = Map.groupBy(
      await store.readBars(
        symbols,
        '5min',
        feed,
        toTimeId(later(begins, -KEPT_DAYS_MS)),
        toTimeId(begins),
      ),
      (bar) => bar.symbol,
    );
    for (const symbol of symbols) {
      const own = splits.get(symbol) ?? [];
      const dated = placeInSessions((earlier.get(symbol) ?? []).slice(-EARLIER_BARS), day.earlier);
      const days = adjustForSplits(daily.get(symbol) ?? [], own, day.trade_date);
      known.symbols.set(symbol, {
        profile: { first_minute: 0, mean_volume: profiles.get(symbol) ?? [] },
        daily: {
          bars: days.length,
          time_id: days.at(-1)?.time_id,
          close: days.at(-1)?.close ?? null,
          indicators: indicatorsAt(createIndicators(days)),
        },
        earlier: adjustForSplits(dated, own, day.trade_date),
      });
    }
  };

  return {
    readBackgrounds: async (
      symbols: readonly string[],
      day: TradingDay,
    ): Promise<ReadonlyMap<string, Background>> => {
      if (known.date !== day.trade_date) known = { date: day.trade_date, symbols: new Map() };
      const missing = symbols.filter((symbol) => !known.symbols.has(symbol));
      if (missing.length > 0) await read(missing, day);
      return known.symbols;
    },
    /** For when splits may have come. */
    forget: (): void => known.symbols.clear(),
  };
};
export type ReadBackgrounds = ReturnType<typeof createReadBackgrounds>['readBackgrounds'];
