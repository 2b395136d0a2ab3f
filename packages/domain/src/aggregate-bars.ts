import { TIMEFRAME_MINUTES } from './bar.ts';
import type { Bar, Timeframe } from './bar.ts';

/** A trading session as epoch minutes: the first minute, and the minute after the last. */
export interface SessionMinutes {
  open_time_id: number;
  close_time_id: number;
}

const merge = (timeId: number, minutes: readonly Bar[]): Bar => ({
  time_id: timeId,
  open: minutes[0]!.open,
  high: minutes.reduce((high, bar) => Math.max(high, bar.high), Number.NEGATIVE_INFINITY),
  low: minutes.reduce((low, bar) => Math.min(low, bar.low), Number.POSITIVE_INFINITY),
  close: minutes.at(-1)!.close,
  volume: minutes.reduce((volume, bar) => volume + bar.volume, 0),
});

/**
 * One-minute bars of the session that have ended by `asOfTimeId`, oldest first. A bar exists from
 * its start + 1 minute.
 */
export const finishedMinutes = (
  minutes: readonly Bar[],
  session: SessionMinutes,
  asOfTimeId: number,
): Bar[] =>
  minutes
    .filter(
      (bar) =>
        bar.time_id >= session.open_time_id &&
        bar.time_id < session.close_time_id &&
        bar.time_id + 1 <= asOfTimeId,
    )
    .toSorted((left, right) => left.time_id - right.time_id);

/**
 * Bars of `timeframe` that are complete at `asOfTimeId`, built from finished one-minute bars of the
 * session. Buckets are counted from the session's open; the last one is cut at the close (a half
 * day's hour bar is shorter). A bucket without trades has no bar. `1day` gives the session's bar
 * once the session is over.
 */
export const aggregateBars = (
  minutes: readonly Bar[],
  timeframe: Timeframe,
  session: SessionMinutes,
  asOfTimeId: number,
): Bar[] => {
  const finished = finishedMinutes(minutes, session, asOfTimeId);
  if (timeframe === '1min') return finished;
  const length =
    timeframe === '1day'
      ? session.close_time_id - session.open_time_id
      : TIMEFRAME_MINUTES[timeframe];
  const buckets = new Map<number, Bar[]>();
  for (const bar of finished) {
    const start = bar.time_id - ((bar.time_id - session.open_time_id) % length);
    if (Math.min(start + length, session.close_time_id) > asOfTimeId) continue;
    const bucket = buckets.get(start);
    if (bucket) bucket.push(bar);
    else buckets.set(start, [bar]);
  }
  return [...buckets].map(([start, bars]) => merge(start, bars));
};

/**
 * Today's daily bar so far, stamped with the open, from finished minutes only; null before the
 * first trade.
 */
export const runningDailyBar = (
  minutes: readonly Bar[],
  session: SessionMinutes,
  asOfTimeId: number,
): Bar | null => {
  const finished = finishedMinutes(minutes, session, asOfTimeId);
  return finished.length === 0 ? null : merge(session.open_time_id, finished);
};
