import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { newYorkTime } from '@catalyst/domain';
import { beforeAll } from '@jest/globals';
import {
  loadDay,
  type Day,
  type DayBar,
  type DayNews,
  type DayTruth,
} from '../../src/day/index.ts';
import { mean } from './sums.ts';

export const dir = resolve(import.meta.dirname, '../../days/2026-03-24');

/** The bundled day as all facts of it read it; it is there while tests run. Nobody changes it. */
export interface BundledDay {
  readonly day: Day;
  readonly truth: DayTruth;
  bars(symbol: string): DayBar[];
  /** Shares of today for one share of yesterday. */
  splitOf(symbol: string): number;
  /** Daily closes in today's shares. */
  closes(symbol: string): number[];
  previousClose(symbol: string): number;
  /** Of the last 20 sessions. */
  meanVolume(symbol: string): number;
  /** The news until a clock time of the trade date. */
  before(clock: string): DayNews[];
  priceAt(symbol: string, minute: number): number;
}

/** Loads the bundled day once, before the tests of the file. */
export const testBundledDay = (): BundledDay => {
  let day: Day;
  let truth: DayTruth;
  beforeAll(async () => {
    day = await loadDay(dir);
    truth = JSON.parse(await readFile(join(dir, 'truth.json'), 'utf8')) as DayTruth;
  });

  const bars = (symbol: string): DayBar[] => day.minute_bars.get(symbol) ?? [];
  const splitOf = (symbol: string): number => {
    const split = day.corporate_actions.find(
      (action) =>
        action.symbol === symbol && action.ex_date === day.trade_date && action.new_rate !== null,
    );
    return split ? Number(split.new_rate) / Number(split.old_rate) : 1;
  };
  const closes = (symbol: string): number[] =>
    (day.daily_bars.get(symbol) ?? []).map((bar) => bar.close / splitOf(symbol));
  const previousClose = (symbol: string): number => closes(symbol).at(-1) ?? Number.NaN;
  const meanVolume = (symbol: string): number =>
    mean((day.daily_bars.get(symbol) ?? []).slice(-20).map((bar) => bar.volume));
  const before = (clock: string): DayNews[] =>
    day.news.filter(
      (article) => Date.parse(article.created_at) < Date.parse(newYorkTime(day.trade_date, clock)),
    );
  const priceAt = (symbol: string, minute: number): number =>
    bars(symbol)
      .filter((bar) => bar.minute < minute)
      .at(-1)?.close ?? previousClose(symbol);

  return {
    get day() {
      return day;
    },
    get truth() {
      return truth;
    },
    bars,
    splitOf,
    closes,
    previousClose,
    meanVolume,
    before,
    priceAt,
  };
};
