import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  generateDay,
  loadDay,
  type Day,
  type DayTruth,
  type DecoyKind,
  type GeneratedDay,
  type TrueCatalyst,
} from '../src/day/index.ts';
import { minuteOf, priceBefore, publishedMinute } from './day-prices.ts';

const bundled = resolve(import.meta.dirname, '../days/2026-03-24');
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

interface Judged {
  day: Day;
  truth: DayTruth;
}
const DAYS: readonly (readonly [string, () => Promise<Judged>])[] = [
  [
    'the bundled day',
    async () => ({
      day: await loadDay(bundled),
      truth: JSON.parse(await readFile(join(bundled, 'truth.json'), 'utf8')) as DayTruth,
    }),
  ],
  [
    'a day of 160 symbols',
    async () => asJudged(generateDay({ trade_date: '2026-03-25', seed: 3, symbols: 160 })),
  ],
  [
    'a day of 20 symbols',
    async () => asJudged(generateDay({ trade_date: '2026-03-26', seed: 4, symbols: 20 })),
  ],
  [
    'a half day of 160 symbols',
    async () => asJudged(generateDay({ trade_date: '2025-11-28', seed: 5, symbols: 160 })),
  ],
];
const asJudged = (day: GeneratedDay): Judged => ({ day, truth: day.truth });

describe.each(DAYS)('what truth.json says of %s', (_, make) => {
  let day: Day;
  let truth: DayTruth;
  let close: number;
  const published = (catalyst: TrueCatalyst): number =>
    publishedMinute(
      day,
      day.news.find(({ id }) => id === catalyst.article_id)!,
    );
  const start = (catalyst: TrueCatalyst): number =>
    Math.max(240, published(catalyst)) + catalyst.delay_minutes;
  /** From before the story, until the close or until the stock's next catalyst. */
  const realised = (catalyst: TrueCatalyst): number => {
    const next = truth.catalysts.find(
      ({ symbol, article_id }) => symbol === catalyst.symbol && article_id > catalyst.article_id,
    );
    return (
      priceBefore(day, catalyst.symbol, next ? published(next) : close) /
        priceBefore(day, catalyst.symbol, published(catalyst) < 240 ? 0 : start(catalyst)) -
      1
    );
  };
  /**
   * The share of its whole move that a stock has made at a minute since its story, over all the
   * day's catalysts of the hours in which it trades.
   */
  const shareMade = (minuteOfCatalyst: (catalyst: TrueCatalyst) => number): number =>
    mean(
      truth.catalysts
        .filter((catalyst) => published(catalyst) >= 240)
        .map(
          (catalyst) =>
            (priceBefore(day, catalyst.symbol, minuteOfCatalyst(catalyst)) /
              priceBefore(day, catalyst.symbol, published(catalyst)) -
              1) /
            catalyst.move_ratio,
        ),
    );
  beforeAll(async () => {
    ({ day, truth } = await make());
    close = minuteOf(day.calendar.find(({ date }) => date === day.trade_date)!.close);
  });

  it('has the sign of what happened', () => {
    const wrong = truth.catalysts.filter(
      (catalyst) =>
        Math.sign(realised(catalyst)) !== (catalyst.direction === 'up' ? 1 : -1) ||
        Math.sign(catalyst.move_ratio) !== Math.sign(realised(catalyst)),
    );
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
    expect(
      Math.abs(shareMade((catalyst) => start(catalyst) + catalyst.duration_minutes) - 0.8),
    ).toBeLessThan(0.1);
    expect(
      shareMade((catalyst) => start(catalyst) + Math.floor(catalyst.duration_minutes / 4)),
    ).toBeLessThan(0.6);
  });
});

const DECOY_DAYS: readonly (readonly [string, () => Promise<Judged>])[] = [
  ...DAYS,
  [
    'a day of 300 symbols',
    async () => asJudged(generateDay({ trade_date: '2026-03-25', seed: 3, symbols: 300 })),
  ],
];

describe.each(DECOY_DAYS)('the decoys of %s', (_, make) => {
  let day: Day;
  let truth: DayTruth;
  let close: number;
  const response = (symbol: string, from: number, to: number): number =>
    priceBefore(day, symbol, to) / priceBefore(day, symbol, from) - 1;
  /**
   * Decoys whose half hours before and after lie in quiet hours of the session: the symbol and the
   * minute of each.
   */
  const inSession = (kinds: readonly DecoyKind[]): { symbol: string; minute: number }[] =>
    truth.decoys
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ article_id: id, symbol }) => ({
        symbol,
        minute: publishedMinute(
          day,
          day.news.find((article) => article.id === id)!,
        ),
      }))
      .filter(({ minute }) => minute >= 620 && minute < close - 30);
  beforeAll(async () => {
    ({ day, truth } = await make());
    close = minuteOf(day.calendar.find(({ date }) => date === day.trade_date)!.close);
  });

  it('are a quarter to two thirds of its news, in order, and none of them is a catalyst', () => {
    const ids = truth.decoys.map(({ article_id: id }) => id);
    expect(ids).toEqual(day.news.map(({ id }) => id).filter((id) => ids.includes(id)));
    expect(ids.length / day.news.length).toBeGreaterThan(1 / 4);
    expect(ids.length / day.news.length).toBeLessThan(2 / 3);
    const catalysts = new Set(truth.catalysts.map(({ article_id: id }) => id));
    expect(ids.filter((id) => catalysts.has(id))).toEqual([]);
    for (const decoy of truth.decoys)
      expect(day.news.find(({ id }) => id === decoy.article_id)?.symbols).toEqual([decoy.symbol]);
  });

  it('are routine news, recaps, planted texts and stale news', () => {
    const kinds = new Set(truth.decoys.map(({ kind }) => kind));
    expect(['routine', 'planted', 'stale'].every((kind) => kinds.has(kind as DecoyKind))).toBe(
      true,
    );
    expect(
      [...kinds].filter((kind) => !['routine', 'planted', 'stale', 'recap'].includes(kind)),
    ).toEqual([]);
  });

  it('are stale where another wire told the same hours before, in other words and with no number of their own', () => {
    const stale = truth.decoys.filter(({ kind }) => kind === 'stale');
    expect(stale.length).toBeGreaterThanOrEqual(2);
    for (const { article_id: id, tells_again: first, symbol } of stale) {
      const [told, again] = [first, id].map((one) =>
        day.news.find((article) => article.id === one)!,
      );
      expect(told!.symbols).toEqual([symbol]);
      expect(again!.headline).not.toBe(told!.headline);
      expect(again!.source).not.toBe(told!.source);
      const hours = (Date.parse(again!.created_at) - Date.parse(told!.created_at)) / 3_600_000;
      expect(hours).toBeGreaterThan(close === 780 ? 3 : 4);
      expect(hours).toBeLessThan(24);
      expect(truth.catalysts.some((catalyst) => catalyst.symbol === symbol)).toBe(false);
    }
  });

  /**
   * The move of the quarter of an hour after an article over the mean move of the stock's quarters
   * of an hour.
   */
  const overUsual = ({ symbol, minute }: { symbol: string; minute: number }): number =>
    Math.abs(response(symbol, minute, minute + 15)) /
    mean(
      Array.from({ length: Math.floor((close - 615) / 15) }, (__, index) =>
        Math.abs(response(symbol, 600 + index * 15, 615 + index * 15)),
      ),
    );

  it('move nothing each: in the quarter of an hour after them about what is usual for the stock, where catalysts move it several times as much', () => {
    const decoys = inSession(['routine', 'recap', 'stale']).map(overUsual);
    for (const kind of ['recap', 'stale'] as const)
      for (const decoy of inSession([kind])) expect(overUsual(decoy)).toBeLessThan(6);
    expect(mean(decoys)).toBeLessThan(1.5);
    const catalysts = truth.catalysts
      .map(({ article_id: id, symbol }) => ({
        symbol,
        minute: publishedMinute(
          day,
          day.news.find((article) => article.id === id)!,
        ),
      }))
      .filter(({ minute }) => minute >= 620);
    for (const catalyst of catalysts) expect(overUsual(catalyst)).toBeGreaterThan(2 * mean(decoys));
  });

  it('move nothing together: no drift, and no more than the half hour before', () => {
    const decoys = inSession(['routine', 'recap', 'stale']);
    if (decoys.length < 40) return;
    const after = decoys.map(({ symbol, minute }) => response(symbol, minute, minute + 30));
    const earlier = decoys.map(({ symbol, minute }) => response(symbol, minute - 30, minute));
    expect(Math.abs(mean(after))).toBeLessThan(0.0015);
    const ratio = mean(after.map(Math.abs)) / mean(earlier.map(Math.abs));
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.4);
  });
});
