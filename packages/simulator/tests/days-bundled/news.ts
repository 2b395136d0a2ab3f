import { newYorkTime } from '@catalyst/domain';
import { expect, it } from '@jest/globals';
import type { DayNews } from '../../src/day/index.ts';
import { wilderRsi } from '../../src/day/generated/daily-path.ts';
import type { BundledDay } from './bundled-day.ts';
import { mean, sum } from './sums.ts';

/** Plain finance words, so that the test does not lean on the scorer of the news service. */
const GOOD =
  /\b(beats?|raises?|raised|lifts|boosts|hikes|tops|record|wins|awarded|secures|lands|approv(?:es|al)|grants full|meets primary|significantly improved|to be acquired|to acquire|buyout|surges|soars|strong(?:est)?|blowout|crushes|landmark|accelerates|selects|signs)\b/i;
const BAD =
  /\b(misses|cuts?|slashes|warns|declines|rejects|halts|investigation|lawsuit|subpoena|downgrades|resigns|steps down|offering|loses|fall|tumble)\b/i;
const isStrong = (article: DayNews): boolean =>
  GOOD.test(article.headline) &&
  !BAD.test(article.headline) &&
  /rais|beat|record|approv|premium|billion|significan|endpoint|exceed/i.test(article.summary);

/** What is written about its companies, and what the stocks look like that good news is about. */
export const tellOfItsNews = (bundled: BundledDay): void => {
  const { bars, splitOf, closes, previousClose, meanVolume, before, priceAt } = bundled;
  const strongSymbols = (): string[] => [
    ...new Set(
      before('08:00')
        .filter(isStrong)
        .flatMap((article) => article.symbols),
    ),
  ];
  const preMarketRatio = (symbol: string): number =>
    sum(
      bars(symbol)
        .filter((bar) => bar.minute < 480)
        .map((bar) => bar.volume),
    ) /
    (sum((bundled.day.volume_profile.get(symbol) ?? []).slice(0, 480)) * splitOf(symbol));

  it('publishes between the afternoon before and 15:00, most of it before 08:00, in many wordings', () => {
    const { day } = bundled;
    const from = Date.parse(newYorkTime('2026-03-23', '16:30'));
    for (const article of day.news) {
      expect(Date.parse(article.created_at)).toBeGreaterThanOrEqual(from);
      expect(Date.parse(article.created_at)).toBeLessThan(
        Date.parse(newYorkTime(day.trade_date, '15:00')),
      );
    }
    expect(before('08:00').length / day.news.length).toBeGreaterThan(0.7);
    expect(new Set(day.news.map((article) => article.headline)).size).toBeGreaterThanOrEqual(
      day.news.length - 1,
    );
    expect(
      day.news.filter((article) =>
        /\{\w+\}|undefined|NaN/.test(article.headline + article.summary + article.content),
      ),
    ).toEqual([]);
  });

  it('has 35 to 45 stocks with strong good news before 08:00', () => {
    expect(strongSymbols().length).toBeGreaterThanOrEqual(35);
    expect(strongSymbols().length).toBeLessThanOrEqual(45);
  });

  it('has at least 20 of those with a healthy chart and a busy pre-market, and some that fail each test', () => {
    const strong = strongSymbols().filter(
      (symbol) => previousClose(symbol) > 5 && meanVolume(symbol) > 1_000_000,
    );
    const aboveAverage = (symbol: string): boolean =>
      priceAt(symbol, 480) > mean(closes(symbol).slice(-20));
    const balanced = (symbol: string): boolean =>
      wilderRsi(closes(symbol)) >= 40 && wilderRsi(closes(symbol)) <= 70;
    const busy = (symbol: string): boolean => preMarketRatio(symbol) > 1.5;
    expect(
      strong.filter((symbol) => aboveAverage(symbol) && balanced(symbol) && busy(symbol)).length,
    ).toBeGreaterThanOrEqual(22);
    for (const passes of [aboveAverage, balanced, busy])
      expect(strong.filter((symbol) => !passes(symbol)).length).toBeGreaterThanOrEqual(3);
  });
};
