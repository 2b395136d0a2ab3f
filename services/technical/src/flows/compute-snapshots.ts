import type { IndicatorValues, ScanPhase, TechnicalSnapshot } from '@catalyst/contracts';
import { adjustForSplits, aggregateBars, fromTimeId, gapRatio, inNewYork, later, newYorkTime, toTimeId, type Bar } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import { computeIndicators } from '../domain/indicators.ts';
import { expectedShare, intradayRelativeVolume, premarketRelativeVolume, type VolumeProfile } from '../domain/relative-volume.ts';
import type { Store } from '../store.ts';
import { DAILY_FEED, type EnsureDailyBars } from './ensure-daily-bars.ts';
import type { EnsureProfiles } from './ensure-profiles.ts';
import type { IngestBars } from './ingest-bars.ts';
import type { ReadTradingDay } from './read-trading-day.ts';

// relative volume in the session looks at this many finished minutes
const VOLUME_WINDOW_MINUTES = 15;
const YEAR_MS = 370 * 86_400_000;
const KEPT_DAYS_MS = 7 * 86_400_000;

interface Deps { store: Store; clock: Clock; feed: string; readTradingDay: ReadTradingDay; ensureDailyBars: EnsureDailyBars; ensureProfiles: EnsureProfiles; ingestBars: IngestBars }

const minuteOf = (timeId: number): number => {
  const [hour, minute] = inNewYork(fromTimeId(timeId)).clock.split(':').map(Number);
  return hour! * 60 + minute!;
};

const valuesOf = (bars: readonly Bar[]): IndicatorValues => {
  const { bars: _bars, time_id: _timeId, close: _close, ...values } = computeIndicators(bars);
  return values;
};

/**
 * Indicators, relative volume and gap at the last finished bar. Before the open: daily bars to yesterday, volume since 04:00.
 * In the session: 5-minute bars of the last sessions and today, volume of the last fifteen minutes against the same minutes of 20 sessions.
 */
export const createComputeSnapshots = ({ store, clock, feed, readTradingDay, ensureDailyBars, ensureProfiles, ingestBars }: Deps) => async (symbols: readonly string[], phase: ScanPhase): Promise<TechnicalSnapshot[]> => {
  const now = clock.now();
  const nowId = toTimeId(now);
  const day = await readTradingDay();
  const wanted = [...new Set(symbols)].sort();
  await ensureDailyBars(wanted);
  const profiles = await ensureProfiles(wanted);
  await ingestBars(wanted);

  const splits = Map.groupBy(await store.readSplits(wanted), (split) => split.symbol);
  const todayId = toTimeId(newYorkTime(day.trade_date, '00:00'));
  const minutes = Map.groupBy(await store.readBars(wanted, '1min', feed, todayId, nowId), (bar) => bar.symbol);
  const daily = Map.groupBy(await store.readDailyBars(wanted, DAILY_FEED, toTimeId(later(now, phase === 'pre_market' ? -YEAR_MS : -KEPT_DAYS_MS)), day.trade_date), (bar) => bar.symbol);
  const kept = phase === 'intraday' ? Map.groupBy(await store.readBars(wanted, '5min', feed, toTimeId(later(now, -KEPT_DAYS_MS)), todayId), (bar) => bar.symbol) : new Map<string, Bar[]>();

  const snapshots = wanted.map((symbol): TechnicalSnapshot => {
    const today = minutes.get(symbol) ?? [];
    const symbolSplits = splits.get(symbol) ?? [];
    const days = adjustForSplits(daily.get(symbol) ?? [], symbolSplits, day.trade_date);
    const previousClose = days.at(-1)?.close ?? null;
    const lastPrice = today.at(-1)?.close ?? previousClose;
    const profile: VolumeProfile = { first_minute: 0, mean_volume: profiles.get(symbol) ?? [] };
    const gap = previousClose !== null && today.length > 0 ? gapRatio(previousClose, lastPrice!) : null;
    const common = { symbol, phase, as_of: now, last_price: lastPrice, gap_ratio: gap };

    if (phase === 'pre_market') {
      const share = expectedShare(profile, minuteOf(nowId));
      const dayVolume = profile.mean_volume.reduce((sum, volume) => sum + volume, 0);
      const relative = share === null ? null : premarketRelativeVolume({ volume_so_far: today.reduce((sum, bar) => sum + bar.volume, 0), daily_volumes: [dayVolume], expected_share: share });
      return { ...common, timeframe: '1day', bars: days.length, relative_volume: relative, indicators: valuesOf(days) };
    }
    const earlier = adjustForSplits((kept.get(symbol) ?? []).map((bar) => ({ ...bar, trade_date: inNewYork(fromTimeId(bar.time_id)).date })), symbolSplits, day.trade_date);
    const bars = [...earlier, ...aggregateBars(today, '5min', day, nowId)];
    const window = today.filter((bar) => bar.time_id >= Math.max(day.open_time_id, nowId - VOLUME_WINDOW_MINUTES));
    const firstMinute = Math.max(day.open_time_id, nowId - VOLUME_WINDOW_MINUTES);
    // a minute without trades has no bar, but counts as one that was expected
    const filled = Array.from({ length: Math.max(0, nowId - firstMinute) }, (_, index) => ({ minute: minuteOf(firstMinute + index), volume: window.find((bar) => bar.time_id === firstMinute + index)?.volume ?? 0 }));
    return { ...common, timeframe: '5min', bars: bars.length, relative_volume: intradayRelativeVolume(profile, filled), indicators: valuesOf(bars) };
  });

  const lastBarId = (snapshot: TechnicalSnapshot): number | undefined => (phase === 'pre_market' ? daily.get(snapshot.symbol)?.at(-1)?.time_id : minutes.get(snapshot.symbol)?.at(-1)?.time_id);
  await store.saveIndicators(
    phase === 'pre_market' ? '1day' : '5min',
    snapshots.flatMap((snapshot) => {
      const timeId = lastBarId(snapshot);
      return timeId === undefined ? [] : [{ symbol: snapshot.symbol, time_id: timeId, relative_volume: snapshot.relative_volume, indicators: snapshot.indicators }];
    }),
    now,
  );
  return snapshots;
};
