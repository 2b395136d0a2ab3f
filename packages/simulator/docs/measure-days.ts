import { join } from 'node:path';
import type { Day } from '../src/day/index.ts';
import { readLeanMinutes } from '../src/day/lean/read-lean.ts';
import { measureBars, type BarStatistics } from './bar-statistics.ts';

const OPEN = 570;
const CLOSE = 960;

/**
 * The full sessions of the reference; the one that closes at 13:00 has another profile and is left
 * out.
 */
const FULL_SESSIONS: readonly (readonly [string, readonly string[]])[] = [
  ['aapl', ['2014-06-05', '2014-06-06', '2014-06-09']],
  ['bac', ['2013-10-04', '2013-10-07', '2013-10-08']],
  ['spy', ['2013-10-04', '2013-10-07', '2013-10-08']],
];

/** One measurement for each full session of real minute bars in a folder of LEAN's format. */
export const measureReal = async (barsDir: string): Promise<BarStatistics[]> => {
  const sessions = await Promise.all(
    FULL_SESSIONS.flatMap(([symbol, dates]) =>
      dates.map((date) => readLeanMinutes({ minute: join(barsDir, 'minute') }, symbol, date)),
    ),
  );
  return sessions.map((bars) => measureBars(bars ?? [], OPEN, CLOSE));
};

/**
 * One measurement for each stock of a full session's day that was never halted, as none of the real
 * ones was.
 */
export const measureGenerated = (day: Day): BarStatistics[] => {
  const halted = new Set(
    day.events.filter(({ kind }) => kind === 'halt').map(({ symbol }) => symbol),
  );
  return [...day.minute_bars]
    .filter(([symbol]) => !halted.has(symbol))
    .map(([, bars]) => measureBars(bars, OPEN, CLOSE));
};
