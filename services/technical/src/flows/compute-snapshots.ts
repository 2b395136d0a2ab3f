import type { IndicatorValues, ScanPhase, TechnicalSnapshot } from '@catalyst/contracts';
import {
  adjustForSplits,
  aggregateBars,
  fromTimeId,
  gapRatio,
  inNewYork,
  later,
  toTimeId,
  type Bar,
  type DailyBar,
  type TradeDate,
} from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import { createIndicators, indicatorsAt } from '../domain/indicators/indicator-columns.ts';
import { placeInSessions } from '../domain/place-in-session.ts';
import {
  expectedShare,
  intradayRelativeVolume,
  premarketRelativeVolume,
  type VolumeProfile,
} from '../domain/relative-volume.ts';
import type { Store } from '../store.ts';
import { DAILY_FEED, type EnsureDailyBars } from './ensure-daily-bars.ts';
import type { EnsureProfiles } from './ensure-profiles.ts';
import type { IngestBars } from './ingest-bars.ts';
import type { ReadMinutes } from './read-minutes.ts';
import type { ReadTradingDay, TradingDay } from './read-trading-day.ts';

const YEAR_MS = 370 * 86_400_000;
const KEPT_DAYS_MS = 7 * 86_400_000;
// 5-minute bars that the longest average needs, and some for the others to settle
const INTRADAY_BARS = 240;

interface Deps {
  store: Store;
  clock: Clock;
  feed: string;
  readTradingDay: ReadTradingDay;
  ensureDailyBars: EnsureDailyBars;
  ensureProfiles: EnsureProfiles;
  ingestBars: IngestBars;
  readMinutes: ReadMinutes;
}

/** What is known of a symbol before the day begins; it does not change until the next one. */
interface Background {
  profile: VolumeProfile;
  days: readonly DailyBar[];
  /** Regular 5-minute bars of the sessions before, in today's share count. */
  earlier: readonly Bar[];
}

const valuesOf = (bars: readonly Bar[]): IndicatorValues => indicatorsAt(createIndicators(bars));
const minuteOf = (timeId: number): number => {
  const [hour, minute] = inNewYork(fromTimeId(timeId)).clock.split(':').map(Number);
  return hour! * 60 + minute!;
};

/**
 * Indicators, relative volume and gap at the last finished bar. Before the open: daily bars to
 * yesterday, volume since 04:00. In the session: 5-minute bars of the sessions before and of today
 * since 04:00, so that a gap is in the pre-market bars and not in one of them; volume since the
 * open. Both volumes against what the last 20 sessions had by the same minute.
 */
export const createComputeSnapshots = ({
  store,
  clock,
  feed,
  readTradingDay,
  ensureDailyBars,
  ensureProfiles,
  ingestBars,
  readMinutes,
}: Deps) => {
  let known: { date: TradeDate; symbols: Map<string, Background> } = {
    date: '',
    symbols: new Map(),
  };

  const readBackgrounds = async (
    symbols: readonly string[],
    day: TradingDay,
  ): Promise<Map<string, Background>> => {
    if (known.date !== day.trade_date) known = { date: day.trade_date, symbols: new Map() };
    const missing = symbols.filter((symbol) => !known.symbols.has(symbol));
    if (missing.length === 0) return known.symbols;
    await ensureDailyBars(missing);
    const profiles = await ensureProfiles(missing);
    const now = clock.now();
    const splits = Map.groupBy(await store.readSplits(missing), (split) => split.symbol);
    const daily = Map.groupBy(
      await store.readDailyBars(
        missing,
        DAILY_FEED,
        toTimeId(later(now, -YEAR_MS)),
        day.trade_date,
      ),
      (bar) => bar.symbol,
    );
    const earlier = Map.groupBy(
      await store.readBars(
        missing,
        '5min',
        feed,
        toTimeId(later(now, -KEPT_DAYS_MS)),
        toTimeId(day.pre_market_open_at),
      ),
      (bar) => bar.symbol,
    );
    for (const symbol of missing) {
      const own = splits.get(symbol) ?? [];
      const dated = placeInSessions((earlier.get(symbol) ?? []).slice(-INTRADAY_BARS), day.earlier);
      known.symbols.set(symbol, {
        profile: { first_minute: 0, mean_volume: profiles.get(symbol) ?? [] },
        days: adjustForSplits(daily.get(symbol) ?? [], own, day.trade_date),
        earlier: adjustForSplits(dated, own, day.trade_date),
      });
    }
    return known.symbols;
  };

  return async (symbols: readonly string[], phase: ScanPhase): Promise<TechnicalSnapshot[]> => {
    const now = clock.now();
    const nowId = toTimeId(now);
    const day = await readTradingDay();
    const wanted = [...new Set(symbols)].sort();
    const backgrounds = await readBackgrounds(wanted, day);
    await ingestBars(wanted);
    const firstId = toTimeId(day.pre_market_open_at);
    const minutes = await readMinutes(wanted);
    const [nowMinute, openMinute] = [minuteOf(nowId), minuteOf(day.open_time_id)];
    const extended = { open_time_id: firstId, close_time_id: toTimeId(day.after_hours_close_at) };

    const snapshots = wanted.map(
      (symbol): { snapshot: TechnicalSnapshot; time_id: number | undefined } => {
        const { profile, days, earlier } = backgrounds.get(symbol)!;
        const today = minutes.get(symbol) ?? [];
        const previousClose = days.at(-1)?.close ?? null;
        const lastPrice = today.at(-1)?.close ?? previousClose;
        const gap =
          previousClose !== null && today.length > 0 ? gapRatio(previousClose, lastPrice!) : null;
        const common = { symbol, phase, as_of: now, last_price: lastPrice, gap_ratio: gap };

        if (phase === 'pre_market') {
          const share = expectedShare(profile, nowMinute);
          const dayVolume = profile.mean_volume.reduce((sum, volume) => sum + volume, 0);
          const relative =
            share === null
              ? null
              : premarketRelativeVolume({
                  volume_so_far: today.reduce((sum, bar) => sum + bar.volume, 0),
                  daily_volumes: [dayVolume],
                  expected_share: share,
                });
          return {
            snapshot: {
              ...common,
              timeframe: '1day',
              bars: days.length,
              relative_volume: relative,
              indicators: valuesOf(days),
            },
            time_id: days.at(-1)?.time_id,
          };
        }
        const bars = [...earlier, ...aggregateBars(today, '5min', extended, nowId)].slice(
          -INTRADAY_BARS,
        );
        const sinceOpen = today
          .filter((bar) => bar.time_id >= day.open_time_id)
          .reduce((sum, bar) => sum + bar.volume, 0);
        return {
          snapshot: {
            ...common,
            timeframe: '5min',
            bars: bars.length,
            relative_volume: intradayRelativeVolume(profile, sinceOpen, openMinute, nowMinute),
            indicators: valuesOf(bars),
          },
          time_id: today.at(-1)?.time_id,
        };
      },
    );
    await store.saveIndicators(
      phase === 'pre_market' ? '1day' : '5min',
      snapshots.flatMap(({ snapshot: { symbol, relative_volume, indicators }, time_id }) =>
        time_id === undefined ? [] : [{ symbol, time_id, relative_volume, indicators }],
      ),
      now,
    );
    return snapshots.map(({ snapshot }) => snapshot);
  };
};
