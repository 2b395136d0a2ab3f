import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { nyseCalendarDay } from '@catalyst/domain';
import { expect, it } from '@jest/globals';
import type { BundledDay } from './bundled-day.ts';

const companyList = resolve(
  import.meta.dirname,
  '../../../..',
  process.env.REFERENCE_DATA ?? '../shared/data',
  'sec/company_tickers.json.gz',
);

/** Its date, and the companies that are traded on it. */
export const tellOfItsSecurities = (bundled: BundledDay): void => {
  const { previousClose, meanVolume, before } = bundled;
  const withReference = existsSync(companyList) ? it : it.skip;
  if (!existsSync(companyList))
    process.stderr.write(
      'left out: symbols against the list of the SEC, REFERENCE_DATA is not there\n',
    );

  it('is an ordinary Tuesday with a calendar of 400 days before and 10 after', () => {
    const { day } = bundled;
    expect(new Date(day.trade_date).getUTCDay()).toBe(2);
    expect(nyseCalendarDay(day.trade_date)).toEqual({
      date: '2026-03-24',
      open: '09:30',
      close: '16:00',
    });
    expect([day.calendar[0]?.date, day.calendar.at(-1)?.date]).toEqual([
      '2025-02-18',
      '2026-04-02',
    ]);
  });

  withReference("uses no symbol of the SEC's list", async () => {
    const { day } = bundled;
    const list = JSON.parse(gunzipSync(await readFile(companyList)).toString()) as Record<
      string,
      { ticker: string }
    >;
    const tickers = new Set(Object.values(list).map((company) => company.ticker.toUpperCase()));
    expect(tickers.size).toBeGreaterThan(5000);
    expect(day.securities.filter((security) => tickers.has(security.symbol))).toEqual([]);
  });

  it('has 120 securities in all 11 sectors, from 3 to 400 dollars, a few below 5 dollars or a million shares', () => {
    const { day } = bundled;
    expect(day.securities).toHaveLength(120);
    expect(new Set(day.securities.map((security) => security.sector)).size).toBe(11);
    const prices = day.securities.map((security) => previousClose(security.symbol));
    expect(Math.min(...prices)).toBeGreaterThan(3);
    expect(Math.max(...prices)).toBeGreaterThan(200);
    expect(Math.max(...prices)).toBeLessThan(450);
    expect(prices.filter((price) => price < 5)).toHaveLength(3);
    expect(
      day.securities.filter((security) => meanVolume(security.symbol) < 1_000_000),
    ).toHaveLength(4);
  });

  it('gives a universe of more than 100: in the news before 08:00, above 5 dollars, above a million shares in each recent session', () => {
    const { day } = bundled;
    const inTheNews = new Set(before('08:00').flatMap((article) => article.symbols));
    const fit = day.securities.filter(
      ({ symbol }) =>
        inTheNews.has(symbol) &&
        previousClose(symbol) > 5 &&
        (day.daily_bars.get(symbol) ?? []).slice(-20).every((bar) => bar.volume > 1_000_000),
    );
    expect(fit.length).toBeGreaterThanOrEqual(108);
  });
};
