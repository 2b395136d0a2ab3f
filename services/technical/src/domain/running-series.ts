import { aggregateBars, type Bar, type SessionMinutes } from '@catalyst/domain';
import { addBar, createIndicators, type IndicatorColumns } from './indicators/indicator-columns.ts';

const MINUTES = 5;

/** The 5-minute bars of a symbol and their indicators, and all that they were made from. */
export interface RunningSeries {
  /** Finished 5-minute bars of the sessions before. */
  earlier: readonly Bar[];
  /** Minute bars of today; those before `next` are in the series. */
  minutes: readonly Bar[];
  next: number;
  /** The end of the last finished five minutes. */
  ended_time_id: number;
  indicators: IndicatorColumns;
}

/**
 * The series as of a minute: `series` goes on by the five minutes that have finished since, where
 * the same lists have only grown; else, and where a minute came late for five that were finished
 * before it, all is made anew. Both give the same values.
 */
export const continueSeries = (
  series: RunningSeries | undefined,
  earlier: readonly Bar[],
  minutes: readonly Bar[],
  session: SessionMinutes,
  asOfTimeId: number,
): RunningSeries => {
  const until = Math.min(asOfTimeId, session.close_time_id);
  const ended_time_id = until - ((until - session.open_time_id) % MINUTES);
  const goesOn =
    series !== undefined &&
    series.earlier === earlier &&
    series.minutes === minutes &&
    series.ended_time_id <= ended_time_id &&
    (minutes[series.next]?.time_id ?? ended_time_id) >= series.ended_time_id;
  let next = goesOn ? series.next : 0;
  const added = aggregateBars(minutes.slice(next), '5min', session, asOfTimeId);
  while (next < minutes.length && minutes[next]!.time_id < ended_time_id) next += 1;
  const indicators = goesOn ? series.indicators : createIndicators([...earlier, ...added]);
  if (goesOn) for (const bar of added) addBar(indicators, bar);
  return { earlier, minutes, next, ended_time_id, indicators };
};
