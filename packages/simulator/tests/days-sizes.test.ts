import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { newYorkTime } from '@catalyst/domain';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { applyPriceBands } from '../src/market/price-bands.ts';
import { createTradingTime } from '../src/market/trading-time.ts';
import { generateDay, loadDay, writeDay, type Day, type GeneratedDay } from '../src/day/index.ts';
import { fictionalCompanies } from '../src/day/generated/companies.ts';
import { moreCompanies } from '../src/day/generated/more-companies.ts';

const companyList = resolve(
  import.meta.dirname,
  '../../..',
  process.env.REFERENCE_DATA ?? '../shared/data',
  'sec/company_tickers.json.gz',
);
const withReference = existsSync(companyList) ? it : it.skip;
if (!existsSync(companyList))
  process.stderr.write(
    'left out: invented companies against the list of the SEC, REFERENCE_DATA is not there\n',
  );

const DATE = '2026-03-25';
const SIZES = [20, 120, 500] as const;

const before = (day: GeneratedDay, clock: string) =>
  day.news.filter(
    (article) => Date.parse(article.created_at) < Date.parse(newYorkTime(day.trade_date, clock)),
  );
const previousClose = (day: GeneratedDay, symbol: string): number =>
  day.daily_bars.get(symbol)?.at(-1)?.close ?? 0;
const recentVolumes = (day: GeneratedDay, symbol: string): number[] =>
  (day.daily_bars.get(symbol) ?? []).slice(-20).map((bar) => bar.volume);

/**
 * Stocks that a universe lets in: in the news before 08:00, above five dollars, above a million
 * shares in each recent session.
 */
const universe = (day: GeneratedDay): string[] => {
  const inTheNews = new Set(before(day, '08:00').flatMap((article) => article.symbols));
  return day.securities
    .map(({ symbol }) => symbol)
    .filter(
      (symbol) =>
        inTheNews.has(symbol) &&
        previousClose(day, symbol) > 5 &&
        recentVolumes(day, symbol).every((volume) => volume > 1_000_000),
    );
};
/** Volume until 08:00 over the usual by then, with a split of the date counted. */
const preMarketRatio = (day: GeneratedDay, symbol: string): number => {
  const split = day.corporate_actions.find(
    (action) =>
      action.symbol === symbol && action.ex_date === day.trade_date && action.new_rate !== null,
  );
  const usual = (day.volume_profile.get(symbol) ?? [])
    .slice(0, 480)
    .reduce((sum, volume) => sum + volume, 0);
  const traded = (day.minute_bars.get(symbol) ?? []).reduce(
    (sum, bar) => sum + (bar.minute < 480 ? bar.volume : 0),
    0,
  );
  return traded / usual / (split ? Number(split.new_rate) / Number(split.old_rate) : 1);
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
/** What decides the files of a day, without packing them. */
const barDigest = (day: Day): string =>
  sha256(JSON.stringify([[...day.minute_bars], [...day.daily_bars], [...day.volume_profile]]));
const contentDigest = (day: GeneratedDay): string =>
  sha256(
    JSON.stringify([
      barDigest(day),
      day.calendar,
      day.securities,
      day.news,
      day.events,
      day.auctions,
      day.corporate_actions,
      day.truth,
    ]),
  );

describe('the invented companies', () => {
  const companies = [...fictionalCompanies, ...moreCompanies];

  it('are 500, each with a symbol of four letters and a name that no other has', () => {
    expect(companies).toHaveLength(500);
    expect(new Set(companies.map(({ symbol }) => symbol)).size).toBe(500);
    expect(new Set(companies.map(({ short_name: name }) => name)).size).toBe(500);
    expect(companies.filter(({ symbol }) => !/^[A-Z]{4}$/.test(symbol))).toEqual([]);
    expect(
      companies.filter(({ short_name: name }) => !/^[A-Z][a-z]+( [A-Za-z]+)*$/.test(name)),
    ).toEqual([]);
  });

  withReference(
    'share no symbol with the list of the SEC, and the added ones no name either',
    async () => {
      const list = Object.values(
        JSON.parse(gunzipSync(await readFile(companyList)).toString()) as Record<
          string,
          { ticker: string; title: string }
        >,
      );
      const tickers = new Set(list.map(({ ticker }) => ticker.toUpperCase()));
      const titles = list.map(({ title }) => title.toLowerCase());
      expect(tickers.size).toBeGreaterThan(5000);
      expect(companies.filter(({ symbol }) => tickers.has(symbol))).toEqual([]);
      expect(
        moreCompanies.filter(({ short_name: name }) =>
          titles.some((title) => title.includes(name.split(' ')[0]!.toLowerCase())),
        ),
      ).toEqual([]);
    },
  );
});

describe.each(SIZES)('a generated day of %i symbols', (symbols) => {
  let day: GeneratedDay;
  beforeAll(() => {
    day = generateDay({ trade_date: DATE, seed: 11, symbols });
  });

  it('is written and loaded with nothing lost', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'catalyst-day-'));
    try {
      await writeDay(day, dir);
      const loaded = await loadDay(dir);
      expect(loaded.securities).toEqual(day.securities);
      expect(loaded.news).toEqual(day.news);
      expect(loaded.events).toEqual(day.events);
      expect(loaded.auctions).toEqual(day.auctions);
      expect(loaded.notes).toEqual(day.notes);
      expect(barDigest(loaded)).toBe(barDigest(day));
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('names each symbol once, in order', () => {
    const listed = day.securities.map(({ symbol }) => symbol);
    expect(listed).toHaveLength(symbols);
    expect(listed).toEqual([...new Set(listed)].sort());
  });

  it('is the same day from the same seed', () => {
    expect(contentDigest(generateDay({ trade_date: DATE, seed: 11, symbols }))).toBe(
      contentDigest(day),
    );
  });

  it('has about one article a symbol, each once, with nothing unfilled', () => {
    expect(day.news.length).toBeGreaterThanOrEqual(symbols);
    expect(day.news.length).toBeLessThan(1.5 * symbols);
    expect(new Set(day.news.map(({ id }) => id)).size).toBe(day.news.length);
    expect(
      day.news.filter((article) =>
        /\{\w+\}|undefined|NaN/.test(article.headline + article.summary + article.content),
      ),
    ).toEqual([]);
  });

  it('feeds a funnel in proportion: four fifths are in the universe, a quarter have a busy pre-market', () => {
    const fit = universe(day);
    expect(fit.length).toBeGreaterThanOrEqual(0.8 * symbols);
    expect(fit.length).toBeLessThan(symbols);
    expect(fit.filter((symbol) => preMarketRatio(day, symbol) > 1.5).length).toBeGreaterThanOrEqual(
      0.25 * symbols,
    );
  });

  it('trades within the price bands of the exchange, which find nothing left to cut or to pause', () => {
    const time = createTradingTime(day.trade_date, day.calendar);
    for (const { symbol } of day.securities) {
      const halts = day.events.filter((event) => event.kind === 'halt' && event.symbol === symbol);
      const split = day.corporate_actions.find(
        (action) =>
          action.symbol === symbol && action.ex_date === day.trade_date && action.new_rate !== null,
      );
      const { bars, pauses } = applyPriceBands(day.minute_bars.get(symbol) ?? [], {
        time,
        previous_close:
          previousClose(day, symbol) /
          (split ? Number(split.new_rate) / Number(split.old_rate) : 1),
        binding_from: 0,
        isHalted: (minute) =>
          halts.some(({ from_minute: from, to_minute: to }) => minute >= from && minute < to),
      });
      expect([symbol, pauses]).toEqual([symbol, []]);
      expect(bars).toEqual(day.minute_bars.get(symbol));
    }
    const paused = day.truth.traps.find(({ kind }) => kind === 'luld_pause')?.symbol;
    expect(
      day.events
        .filter(({ kind, symbol }) => kind === 'halt' && symbol === paused)
        .map((pause) => pause.to_minute - pause.from_minute),
    ).toEqual([5]);
  });

  it('has all ten traps on stocks of its own, and catalysts up and down in proportion', () => {
    const listed = new Set(day.securities.map(({ symbol }) => symbol));
    expect(day.truth.traps.map(({ kind }) => kind).sort()).toEqual([
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
    expect(day.truth.traps.filter(({ symbol }) => !listed.has(symbol))).toEqual([]);
    const on = (kind: string) => day.truth.traps.find((trap) => trap.kind === kind)?.symbol;
    expect(
      new Set(['halt', 'luld_pause', 'stale_quote', 'split', 'good_news_falls'].map(on)).size,
    ).toBe(5);
    expect(day.truth.catalysts.length).toBeGreaterThanOrEqual(
      Math.max(6, Math.floor(0.09 * symbols)),
    );
    expect(new Set(day.truth.catalysts.map(({ direction }) => direction))).toEqual(
      new Set(['up', 'down']),
    );
  });
});

describe('days of other sizes', () => {
  it('are other days with another seed', () => {
    expect(contentDigest(generateDay({ trade_date: DATE, seed: 1, symbols: 20 }))).not.toBe(
      contentDigest(generateDay({ trade_date: DATE, seed: 2, symbols: 20 })),
    );
  });

  it.each([21, 26, 33, 40, 57, 88, 119, 121, 200])('exist: %i symbols', (symbols) => {
    const day = generateDay({ trade_date: DATE, seed: symbols, symbols });
    expect(day.securities).toHaveLength(symbols);
    expect(day.truth.traps).toHaveLength(10);
  });

  it('keep to the same 120 companies until there are more than 120 symbols', () => {
    const usual = new Set(fictionalCompanies.map(({ symbol }) => symbol));
    const strangers = (symbols: number) =>
      generateDay({ trade_date: DATE, seed: 5, symbols }).securities.filter(
        ({ symbol }) => !usual.has(symbol),
      ).length;
    expect([strangers(40), strangers(120), strangers(150)]).toEqual([0, 0, 30]);
  });
});
