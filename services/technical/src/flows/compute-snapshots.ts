import type { ScanPhase, TechnicalSnapshot } from '@catalyst/contracts';
import { fromTimeId, gapRatio, inNewYork, toTimeId, type Bar } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import { indicatorsAt } from '../domain/indicators/indicator-columns.ts';
import {
  expectedShare,
  intradayRelativeVolume,
  premarketRelativeVolume,
  type VolumeProfile,
} from '../domain/relative-volume.ts';
import { continueSeries, type RunningSeries } from '../domain/running-series.ts';
import type { Store } from '../store/create-store.ts';
import type { IngestBars } from './ingest-bars.ts';
import type { Background, ReadBackgrounds } from './read-backgrounds.ts';
import type { Minutes } from './read-minutes.ts';
import type { ReadTradingDay, TradingDay } from './read-trading-day.ts';

interface Deps {
  store: Store;
  clock: Clock;
  readTradingDay: ReadTradingDay;
  readBackgrounds: ReadBackgrounds;
  ingestBars: IngestBars;
  readMinutes: Minutes['readMinutes'];
}

/** What differs between the phases: the timeframe, and what is measured on it. */
interface Measured extends Pick<
  TechnicalSnapshot,
  'timeframe' | 'bars' | 'relative_volume' | 'indicators'
> {
  /** The bar under which the indicators are stored. */
  time_id: number | undefined;
}

const minuteOf = (timeId: number): number => {
  const [hour, minute] = inNewYork(fromTimeId(timeId)).clock.split(':').map(Number);
  return hour! * 60 + minute!;
};
const volumeOf = (bars: readonly Bar[]): number => bars.reduce((sum, bar) => sum + bar.volume, 0);

/** Volume since 04:00 against what the last sessions had by the same minute. */
const volumeBeforeOpen = (
  profile: VolumeProfile,
  today: readonly Bar[],
  nowMinute: number,
): number | null => {
  const share = expectedShare(profile, nowMinute);
  if (share === null) return null;
  return premarketRelativeVolume({
    volume_so_far: volumeOf(today),
    daily_volumes: [profile.mean_volume.reduce((sum, volume) => sum + volume, 0)],
    expected_share: share,
  });
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
  readTradingDay,
  readBackgrounds,
  ingestBars,
  readMinutes,
}: Deps) => {
  // each holds what it was made from, and is made anew where that has changed
  const running = new Map<string, RunningSeries>();

  const measureDays = (
    { profile, daily }: Background,
    today: readonly Bar[],
    nowMinute: number,
  ): Measured => ({
    timeframe: '1day',
    bars: daily.bars,
    relative_volume: volumeBeforeOpen(profile, today, nowMinute),
    indicators: daily.indicators,
    time_id: daily.time_id,
  });

  const measureSession = (
    symbol: string,
    { profile, earlier }: Background,
    today: readonly Bar[],
    day: TradingDay,
    nowId: number,
  ): Measured => {
    const extended = {
      open_time_id: toTimeId(day.pre_market_open_at),
      close_time_id: toTimeId(day.after_hours_close_at),
    };
    const series = continueSeries(running.get(symbol), earlier, today, extended, nowId);
    running.set(symbol, series);
    return {
      timeframe: '5min',
      bars: series.indicators.bars,
      relative_volume: intradayRelativeVolume(
        profile,
        volumeOf(today.filter((bar) => bar.time_id >= day.open_time_id)),
        minuteOf(day.open_time_id),
        minuteOf(nowId),
      ),
      indicators: indicatorsAt(series.indicators),
      time_id: today.at(-1)?.time_id,
    };
  };

  return async (symbols: readonly string[], phase: ScanPhase): Promise<TechnicalSnapshot[]> => {
    const now = clock.now();
    const day = await readTradingDay();
    // a session that is over is measured as of its end
    const nowId = Math.min(toTimeId(now), toTimeId(day.after_hours_close_at));
    const wanted = [...new Set(symbols)].sort();
    const backgrounds = await readBackgrounds(wanted, day);
    await ingestBars(wanted);
    const minutes = await readMinutes(wanted);

    const measured = wanted.map((symbol) => {
      const background = backgrounds.get(symbol)!;
      const today = minutes.get(symbol)!;
      const { time_id, ...values } =
        phase === 'pre_market'
          ? measureDays(background, today, minuteOf(nowId))
          : measureSession(symbol, background, today, day, nowId);
      const previousClose = background.daily.close;
      const last_price = today.at(-1)?.close ?? previousClose;
      const gap_ratio =
        previousClose !== null && today.length > 0 ? gapRatio(previousClose, last_price!) : null;
      return { symbol, phase, as_of: now, last_price, gap_ratio, ...values, time_id };
    });

    const rows = measured.flatMap(({ symbol, relative_volume, indicators, time_id }) =>
      time_id === undefined ? [] : [{ symbol, time_id, relative_volume, indicators }],
    );
    await store.saveIndicators(phase === 'pre_market' ? '1day' : '5min', rows, now);
    return measured.map(({ time_id: _, ...snapshot }) => snapshot);
  };
};
