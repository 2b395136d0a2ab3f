import type { SessionHours } from '../../market/trading-time.ts';
import { findBarFault, findMinuteFault } from '../bar-faults.ts';
import type { DailyBar, DayBar, RefusedBar } from '../day.ts';
import { DayError } from '../day-error.ts';
import { MINUTES_PER_DAY } from '../day-files.ts';
import { barsPageSchema, type RawBar } from './raw-answers.ts';
import { visitPages } from './read-raw.ts';
import type { MinuteOf } from './session-minutes.ts';

const pricesOf = ({ o, h, l, c, v }: RawBar) => ({ open: o, high: h, low: l, close: c, volume: v });

/** Visits the bars of the recorded symbols; each must be stamped after the one before it. */
const visitBars = (
  dir: string,
  folder: string,
  symbols: ReadonlySet<string>,
  visit: (
    symbol: string,
    bar: RawBar,
    fail: (field: string, was: string, expected: string) => never,
  ) => void,
): Promise<void> => {
  const lastStamp = new Map<string, string>();
  return visitPages(dir, folder, barsPageSchema, (page, file) => {
    for (const [symbol, bars] of Object.entries(page.bars)) {
      bars.forEach((bar, index) => {
        const fail = (field: string, was: string, expected: string): never => {
          throw new DayError({
            file,
            line: null,
            column: `bars.${symbol}.${index}.${field}`,
            was,
            expected,
          });
        };
        if (!symbols.has(symbol))
          throw new DayError({
            file,
            line: null,
            column: `bars.${symbol}`,
            was: symbol,
            expected: 'a symbol of recording.json',
          });
        const last = lastStamp.get(symbol) ?? '';
        if (last !== '' && Date.parse(bar.t) <= Date.parse(last))
          fail('t', bar.t, `a time after ${last}, the bar before it`);
        lastStamp.set(symbol, bar.t);
        visit(symbol, bar, fail);
      });
    }
  });
};

export interface RecordedMinutes {
  bars: Map<string, DayBar[]>;
  refused: RefusedBar[];
  /**
   * By symbol: shares by minute since midnight, summed over the earlier sessions, and the first of
   * these that has a bar.
   */
  earlier: Map<string, { totals: number[]; first_date: string }>;
  /** Bars whose average price lay outside their range. */
  clamped: number;
}

/**
 * Reads `bars-1min/`: the trade date's bars, and what traded in each minute of the sessions before
 * it. Bars with impossible prices or outside the extended hours are left out and listed. `hours`
 * are the trade date's.
 */
export const readMinutes = async (
  dir: string,
  symbols: readonly string[],
  hours: SessionHours,
  minuteOf: MinuteOf,
): Promise<RecordedMinutes> => {
  const { date: tradeDate } = hours;
  const recorded: RecordedMinutes = {
    bars: new Map(symbols.map((symbol) => [symbol, []])),
    refused: [],
    earlier: new Map(),
    clamped: 0,
  };
  await visitBars(dir, 'bars-1min', new Set(symbols), (symbol, raw, fail) => {
    const place = minuteOf(raw.t);
    if (place === null || place.date > tradeDate)
      return fail('t', raw.t, `a whole minute of ${tradeDate} or of a session before it`);
    const bar = pricesOf(raw);
    const fault = findBarFault(bar);
    if (place.date < tradeDate) {
      if (fault) return;
      const earlier = recorded.earlier.get(symbol) ?? {
        totals: new Array<number>(MINUTES_PER_DAY).fill(0),
        first_date: place.date,
      };
      earlier.totals[place.minute]! += bar.volume;
      recorded.earlier.set(symbol, earlier);
      return;
    }
    const outside = findMinuteFault(place.minute, hours);
    if (outside !== null) {
      recorded.refused.push({
        symbol,
        minute: place.minute,
        ...bar,
        reason: `expected ${outside}, was ${place.minute}`,
      });
      return;
    }
    if (fault) {
      recorded.refused.push({
        symbol,
        minute: place.minute,
        ...bar,
        reason: `expected ${fault.expected} as ${fault.column}, was ${fault.was}`,
      });
      return;
    }
    const vwap = Math.min(bar.high, Math.max(bar.low, raw.vw));
    if (vwap !== raw.vw) recorded.clamped += 1;
    recorded.bars.get(symbol)!.push({ minute: place.minute, ...bar, trade_count: raw.n, vwap });
  });
  return recorded;
};

/**
 * Reads `bars-1day/`: the sessions from `from` until before the trade date. The bars with
 * impossible prices are counted and left out.
 */
export const readDaily = async (
  dir: string,
  symbols: readonly string[],
  from: string,
  tradeDate: string,
  minuteOf: MinuteOf,
): Promise<{ bars: Map<string, DailyBar[]>; refused: number }> => {
  const bars = new Map<string, DailyBar[]>(symbols.map((symbol) => [symbol, []]));
  let refused = 0;
  await visitBars(dir, 'bars-1day', new Set(symbols), (symbol, raw, fail) => {
    const place = minuteOf(raw.t);
    if (place === null || place.minute !== 0)
      return fail('t', raw.t, 'midnight in New York of a session of calendar.json');
    if (place.date < from || place.date >= tradeDate) return;
    const bar = pricesOf(raw);
    if (findBarFault(bar)) refused += 1;
    else bars.get(symbol)!.push({ date: place.date, ...bar });
  });
  return { bars, refused };
};
