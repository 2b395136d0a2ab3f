import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateDay, loadDay, type Day, type DayTruth, type GeneratedDay, type TrueCatalyst } from '../src/day/index.ts';
import { minuteOf, priceBefore, publishedMinute } from './day-prices.ts';

const bundled = resolve(import.meta.dirname, '../days/2026-03-24');
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

interface Judged {
  day: Day;
  truth: DayTruth;
}
const DAYS: readonly (readonly [string, () => Promise<Judged>])[] = [
  ['the bundled day', async () => ({ day: await loadDay(bundled), truth: JSON.parse(await readFile(join(bundled, 'truth.json'), 'utf8')) as DayTruth })],
  ['a day of 160 symbols', async () => asJudged(generateDay({ trade_date: '2026-03-25', seed: 3, symbols: 160 }))],
  ['a day of 20 symbols', async () => asJudged(generateDay({ trade_date: '2026-03-26', seed: 4, symbols: 20 }))],
  ['a half day of 160 symbols', async () => asJudged(generateDay({ trade_date: '2025-11-28', seed: 5, symbols: 160 }))],
];
const asJudged = (day: GeneratedDay): Judged => ({ day, truth: day.truth });

describe.each(DAYS)('what truth.json says of %s', (_, make) => {
  let day: Day;
  let truth: DayTruth;
  let close: number;
  const published = (catalyst: TrueCatalyst): number => publishedMinute(day, day.news.find(({ id }) => id === catalyst.article_id)!);
  const start = (catalyst: TrueCatalyst): number => Math.max(240, published(catalyst)) + catalyst.delay_minutes;
  /** From before the story, until the close or until the stock's next catalyst. */
  const realised = (catalyst: TrueCatalyst): number => {
    const next = truth.catalysts.find(({ symbol, article_id }) => symbol === catalyst.symbol && article_id > catalyst.article_id);
    return priceBefore(day, catalyst.symbol, next ? published(next) : close) / priceBefore(day, catalyst.symbol, published(catalyst) < 240 ? 0 : start(catalyst)) - 1;
  };
  /** The share of its whole move that a stock has made at a minute since its story, over all the day's catalysts of the hours in which it trades. */
  const shareMade = (minuteOfCatalyst: (catalyst: TrueCatalyst) => number): number =>
    mean(truth.catalysts.filter((catalyst) => published(catalyst) >= 240)
      .map((catalyst) => (priceBefore(day, catalyst.symbol, minuteOfCatalyst(catalyst)) / priceBefore(day, catalyst.symbol, published(catalyst)) - 1) / catalyst.move_ratio));
  beforeAll(async () => {
    ({ day, truth } = await make());
    close = minuteOf(day.calendar.find(({ date }) => date === day.trade_date)!.close);
  });

  it('has the sign of what happened', () => {
    const wrong = truth.catalysts.filter((catalyst) => Math.sign(realised(catalyst)) !== (catalyst.direction === 'up' ? 1 : -1) || Math.sign(catalyst.move_ratio) !== Math.sign(realised(catalyst)));
    expect(wrong).toEqual([]);
  });

  it('has its size, within one percentage point', () => {
    for (const catalyst of truth.catalysts) {
      expect(Math.abs(catalyst.move_ratio)).toBeGreaterThan(0.02);
      expect(Math.abs(realised(catalyst) - catalyst.move_ratio)).toBeLessThan(0.01);
    }
  });

  it('has its delay: nothing has happened when the move is to begin, a seventh at least five minutes later', () => {
    expect(Math.abs(shareMade(start))).toBeLessThan(0.05);
    expect(shareMade((catalyst) => start(catalyst) + 5)).toBeGreaterThan(1 / 7);
  });

  it('has its duration: four fifths of the move are made when it is over, and not half way through', () => {
    expect(Math.abs(shareMade((catalyst) => start(catalyst) + catalyst.duration_minutes) - 0.8)).toBeLessThan(0.1);
    expect(shareMade((catalyst) => start(catalyst) + Math.floor(catalyst.duration_minutes / 4))).toBeLessThan(0.6);
  });
});

describe('the decoys of a generated day', () => {
  const day = generateDay({ trade_date: '2026-03-25', seed: 3, symbols: 300 });
  const decoys = day.news.filter(({ id }) => day.decoys.includes(id));
  const response = (symbol: string, from: number, to: number): number => priceBefore(day, symbol, to) / priceBefore(day, symbol, from) - 1;
  const inSession = decoys.map((article) => ({ symbol: article.symbols[0]!, minute: publishedMinute(day, article) })).filter(({ minute }) => minute >= 600 && minute < 930);

  it('are a third to two thirds of its news, and none of them is a catalyst', () => {
    expect(decoys.length / day.news.length).toBeGreaterThan(1 / 3);
    expect(decoys.length / day.news.length).toBeLessThan(2 / 3);
    const catalysts = new Set(day.truth.catalysts.map(({ article_id: id }) => id));
    expect(day.decoys.filter((id) => catalysts.has(id))).toEqual([]);
  });

  it('move nothing in the half hour after them: no drift, and no more than the half hour before', () => {
    const after = inSession.map(({ symbol, minute }) => response(symbol, minute, minute + 30));
    const earlier = inSession.map(({ symbol, minute }) => response(symbol, minute - 30, minute));
    expect(inSession.length).toBeGreaterThan(40);
    expect(Math.abs(mean(after))).toBeLessThan(0.001);
    const ratio = mean(after.map(Math.abs)) / mean(earlier.map(Math.abs));
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.4);
  });
});
