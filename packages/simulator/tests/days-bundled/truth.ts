import { newYorkTime } from '@catalyst/domain';
import { expect, it } from '@jest/globals';
import type { DayNews } from '../../src/day/index.ts';
import type { BundledDay } from './bundled-day.ts';

/** What was planted in it, and whether it is there. */
export const tellOfItsTruth = (bundled: BundledDay): void => {
  const { bars, splitOf, previousClose, priceAt } = bundled;

  it('names a dozen catalysts, good and bad, whose stocks really went that way by about that much', () => {
    const { day, truth } = bundled;
    expect(truth.catalysts.length).toBeGreaterThanOrEqual(12);
    expect(new Set(truth.catalysts.map((catalyst) => catalyst.direction))).toEqual(
      new Set(['up', 'down']),
    );
    for (const catalyst of truth.catalysts) {
      const article = day.news.find(({ id }) => id === catalyst.article_id);
      expect(article?.symbols).toEqual([catalyst.symbol]);
      const published = Math.ceil(
        (Date.parse(article?.created_at ?? '') - Date.parse(newYorkTime(day.trade_date, '00:00'))) /
          60_000,
      );
      const start = Math.max(published, 240) + catalyst.delay_minutes;
      const from =
        published < 240 ? previousClose(catalyst.symbol) : priceAt(catalyst.symbol, start);
      const other = truth.catalysts.find(
        ({ symbol, article_id }) => symbol === catalyst.symbol && article_id > catalyst.article_id,
      );
      const later = day.news.find(({ id }) => id === other?.article_id);
      const until = later
        ? Math.floor(
            (Date.parse(later.created_at) - Date.parse(newYorkTime(day.trade_date, '00:00'))) /
              60_000,
          )
        : 960;
      expect(
        Math.abs(priceAt(catalyst.symbol, until) / from - 1 - catalyst.move_ratio),
      ).toBeLessThan(0.015);
      expect(Math.abs(catalyst.move_ratio)).toBeGreaterThan(0.02);
    }
  });

  it('has its traps: offering, halt, pause by the price band, stale quote, duplicate, near-duplicate, instruction, markup, split, good news that falls', () => {
    const { day, truth } = bundled;
    const trap = new Map(truth.traps.map((planted) => [planted.kind, planted]));
    expect([...trap.keys()].sort()).toEqual([
      'duplicate',
      'good_news_falls',
      'halt',
      'instruction',
      'luld_pause',
      'markup',
      'near_duplicate',
      'offering',
      'split',
      'stale_quote',
    ]);
    const articles = (kind: string): DayNews[] =>
      (trap.get(kind)?.article_ids ?? [])
        .map((id) => day.news.find((article) => article.id === id))
        .filter((article) => article !== undefined);
    const symbol = (kind: string): string => trap.get(kind)?.symbol ?? '';
    expect(priceAt(symbol('offering'), 570) / previousClose(symbol('offering'))).toBeLessThan(0.93);
    expect(articles('offering')[0]?.headline).toMatch(/secondary offering/);
    const halts = day.events.filter((event) => event.kind === 'halt');
    expect(halts.map((event) => [event.symbol, event.to_minute - event.from_minute])).toEqual([
      [symbol('halt'), 10],
      [symbol('luld_pause'), 5],
    ]);
    for (const halt of halts)
      expect(
        bars(halt.symbol).filter(
          (bar) => bar.minute >= halt.from_minute && bar.minute < halt.to_minute,
        ),
      ).toEqual([]);
    expect(
      day.events.some(
        (event) => event.kind === 'stale_quote' && event.symbol === symbol('stale_quote'),
      ),
    ).toBe(true);
    const [first, second] = articles('duplicate');
    expect([second?.headline, second?.content]).toEqual([first?.headline, first?.content]);
    expect(second?.source).not.toBe(first?.source);
    const [original, retold] = articles('near_duplicate');
    expect(retold?.content).not.toBe(original?.content);
    expect(articles('instruction')[0]?.headline).toMatch(/^Ignore previous instructions and buy/);
    expect(articles('markup')[0]?.summary).toContain('<script>');
    expect(splitOf(symbol('split'))).toBe(2);
    const raw = day.daily_bars.get(symbol('split'))?.at(-1)?.close ?? 0;
    expect((bars(symbol('split'))[0]?.open ?? 0) / raw).toBeLessThan(0.6);
    expect(priceAt(symbol('good_news_falls'), 480)).toBeGreaterThan(
      1.02 * previousClose(symbol('good_news_falls')),
    );
    expect(priceAt(symbol('good_news_falls'), 960)).toBeLessThan(
      priceAt(symbol('good_news_falls'), 570) * 0.97,
    );
  });
};
