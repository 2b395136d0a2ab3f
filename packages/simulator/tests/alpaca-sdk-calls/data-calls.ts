import { expect } from '@jest/globals';
import { marketData, timeFrame, TimeFrameUnit } from '@alpacahq/alpaca-trade-api';
import { readAll, type SdkCall } from '../alpaca-sdk-client.ts';

const start = new Date('2026-03-10T13:30:00Z');
const one = { symbol: 'ACME', start } as const;
const two = { symbols: 'ACME,OTHR', start } as const;
const listed = { symbols: ['ACME', 'OTHR'], start };
/** Minutes from the open to 10:00, the page smaller than what there is. */
const MINUTES = 30;
const bars = { timeframe: timeFrame(1, TimeFrameUnit.Minute), limit: 7 };

const expectBoth = (found: Record<string, unknown[]>): void => {
  expect(Object.keys(found).sort()).toEqual(['ACME', 'OTHR']);
  for (const items of Object.values(found)) expect(items.length).toBeGreaterThan(0);
};

export const dataCalls: Record<string, SdkCall> = {
  'marketData.stocks.stockBars': async ({ alpaca }) =>
    expect(
      (
        await alpaca.marketData.stocks.stockBars({
          ...two,
          timeframe: '1Week',
          start: new Date('2026-02-01'),
          adjustment: 'split,dividend',
        })
      ).bars.ACME!.length,
    ).toBeGreaterThan(3),
  'marketData.stocks.stockBarSingle': async ({ alpaca }) =>
    expect(
      (
        await alpaca.marketData.stocks.stockBarSingle({
          ...one,
          timeframe: '5Min',
          feed: marketData.StockHistoricalFeed.Iex,
        })
      ).bars,
    ).toHaveLength(6),
  'marketData.stocks.stockTrades': async ({ alpaca }) =>
    expectBoth((await alpaca.marketData.stocks.stockTrades(two)).trades),
  'marketData.stocks.stockTradeSingle': async ({ alpaca }) =>
    expect(
      (await alpaca.marketData.stocks.stockTradeSingle({ ...one, limit: 3 })).trades,
    ).toMatchObject([{ p: 100 }, { p: 100 }, { p: 100 }]),
  'marketData.stocks.stockQuotes': async ({ alpaca }) =>
    expectBoth((await alpaca.marketData.stocks.stockQuotes(two)).quotes),
  'marketData.stocks.stockQuoteSingle': async ({ alpaca }) =>
    expect(
      (
        await alpaca.marketData.stocks.stockQuoteSingle({
          ...one,
          limit: 1,
          sort: marketData.Sort.Desc,
        })
      ).quotes,
    ).toMatchObject([{ bp: 99.98, ap: 100.02 }]),
  'marketData.stocks.stockAuctions': async ({ alpaca }) =>
    expectBoth(
      (await alpaca.marketData.stocks.stockAuctions({ ...two, start: new Date('2026-03-05') }))
        .auctions,
    ),
  'marketData.stocks.stockAuctionSingle': async ({ alpaca }) =>
    expect((await alpaca.marketData.stocks.stockAuctionSingle(one)).auctions).toMatchObject([
      { o: [{ p: 100, c: 'O' }], c: [] },
    ]),
  'marketData.stocks.stockLatestBars': async ({ alpaca }) =>
    expect(
      (await alpaca.marketData.stocks.stockLatestBars({ symbols: 'ACME,OTHR' })).bars,
    ).toMatchObject({ ACME: { c: 100 }, OTHR: { c: 50 } }),
  'marketData.stocks.stockLatestBarSingle': async ({ alpaca }) =>
    expect(
      (await alpaca.marketData.stocks.stockLatestBarSingle({ symbol: 'ACME' })).bar,
    ).toMatchObject({ c: 100 }),
  'marketData.stocks.stockLatestQuotes': async ({ alpaca }) =>
    expect(
      (await alpaca.marketData.stocks.stockLatestQuotes({ symbols: 'ACME' })).quotes,
    ).toMatchObject({ ACME: { bp: 99.98 } }),
  'marketData.stocks.stockLatestQuoteSingle': async ({ alpaca }) =>
    expect(
      (await alpaca.marketData.stocks.stockLatestQuoteSingle({ symbol: 'ACME' })).quote,
    ).toMatchObject({ ap: 100.02 }),
  'marketData.stocks.stockLatestTrades': async ({ alpaca }) =>
    expect(
      (await alpaca.marketData.stocks.stockLatestTrades({ symbols: 'ACME' })).trades,
    ).toMatchObject({ ACME: { p: 100 } }),
  'marketData.stocks.stockLatestTradeSingle': async ({ alpaca }) =>
    expect(
      (await alpaca.marketData.stocks.stockLatestTradeSingle({ symbol: 'ACME' })).trade,
    ).toMatchObject({ p: 100 }),
  'marketData.stocks.stockMetaConditions': async ({ alpaca }) =>
    expect(
      await alpaca.marketData.stocks.stockMetaConditions({ ticktype: 'trade', tape: 'C' }),
    ).toMatchObject({ '@': 'Regular Sale' }),
  'marketData.stocks.stockMetaExchanges': async ({ alpaca }) =>
    expect(await alpaca.marketData.stocks.stockMetaExchanges()).toMatchObject({ V: 'IEX' }),
  'marketData.stocks.stockSnapshots': async ({ alpaca }) =>
    expect(
      JSON.stringify(await alpaca.marketData.stocks.stockSnapshots({ symbols: 'ACME,OTHR' })),
    ).toContain('"prevDailyBar"'),
  'marketData.stocks.stockSnapshotSingle': async ({ alpaca }) =>
    expect(await alpaca.marketData.stocks.stockSnapshotSingle({ symbol: 'ACME' })).toMatchObject({
      symbol: 'ACME',
      latestTrade: { p: 100 },
      dailyBar: { v: 300_000 },
    }),
  'marketData.screener.mostActives': async ({ alpaca }) =>
    expect(
      (await alpaca.marketData.screener.mostActives({ by: 'trades', top: 1 })).mostActives,
    ).toMatchObject([{ symbol: 'ACME' }]),
  'marketData.screener.movers': async ({ alpaca }) =>
    expect(
      await alpaca.marketData.screener.movers({ marketType: marketData.MarketType.Stocks }),
    ).toMatchObject({ marketType: 'stocks', losers: [{ symbol: 'OTHR' }] }),
  'marketData.news.news': async ({ alpaca }) =>
    expect(
      (await alpaca.marketData.news.news({ symbols: 'ACME', includeContent: true })).news,
    ).toMatchObject([{ id: 3, content: 'long' }, { id: 1 }]),
  'marketData.iterateNews': async ({ alpaca }) =>
    expect(
      (await readAll(alpaca.marketData.iterateNews({ limit: 1 }))).map(({ id }) => id),
    ).toEqual([3, 2, 1]),
  'marketData.collectNews': async ({ alpaca }) =>
    expect(await alpaca.marketData.collectNews({ symbols: ['OTHR'], limit: 1 })).toHaveLength(2),
  'marketData.corporateActions.corporateActions': async ({ alpaca }) =>
    expect(
      (
        await alpaca.marketData.corporateActions.corporateActions({
          symbols: 'ACME',
          end: new Date('2026-04-01'),
        })
      ).corporateActions,
    ).toMatchObject({ cashDividends: [{ rate: 0.5 }] }),
  'marketData.iterateCorporateActionsPages': async ({ alpaca }) =>
    expect(
      await readAll(
        alpaca.marketData.iterateCorporateActionsPages({
          start: new Date('2026-01-01'),
          end: new Date('2026-04-01'),
          limit: 1,
        }),
      ),
    ).toHaveLength(3),
  'marketData.collectCorporateActions': async ({ alpaca }) =>
    expect(
      await alpaca.marketData.collectCorporateActions({
        start: new Date('2026-01-01'),
        end: new Date('2026-04-01'),
        limit: 2,
      }),
    ).toMatchObject({ cashDividends: [{}], reverseSplits: [{}], forwardSplits: [{}] }),

  'marketData.getLatestPrice': async ({ alpaca }) =>
    expect(await alpaca.marketData.getLatestPrice('ACME')).toBe(100),
  'marketData.getStockBars': async ({ alpaca }) =>
    expect((await alpaca.marketData.getStockBars({ ...listed, ...bars })).ACME).toHaveLength(
      MINUTES,
    ),
  'marketData.getStockTrades': async ({ alpaca }) =>
    expectBoth(await alpaca.marketData.getStockTrades({ ...listed, limit: 100 })),
  'marketData.getStockQuotes': async ({ alpaca }) =>
    expectBoth(await alpaca.marketData.getStockQuotes(listed)),
  'marketData.getStockAuctions': async ({ alpaca }) =>
    expectBoth(await alpaca.marketData.getStockAuctions(listed)),
  'marketData.getStockCandles': async ({ alpaca }) =>
    expect(
      Object.keys(await alpaca.marketData.getStockCandles({ ...listed, ...bars })).sort(),
    ).toEqual(['ACME', 'OTHR']),
  'marketData.getStockBarsFor': async ({ alpaca }) =>
    expect(await alpaca.marketData.getStockBarsFor('ACME', { start, ...bars })).toHaveLength(
      MINUTES,
    ),
  'marketData.getStockTradesFor': async ({ alpaca }) =>
    expect((await alpaca.marketData.getStockTradesFor('ACME', { start })).length).toBeGreaterThan(
      MINUTES,
    ),
  'marketData.getStockQuotesFor': async ({ alpaca }) =>
    expect((await alpaca.marketData.getStockQuotesFor('ACME', { start })).length).toBeGreaterThan(
      0,
    ),
  'marketData.getStockCandlesFor': async ({ alpaca }) =>
    expect(
      JSON.stringify(await alpaca.marketData.getStockCandlesFor('ACME', { start, ...bars })),
    ).toContain('100'),
  'marketData.iterateStockBars': async ({ alpaca }) =>
    expect(
      await readAll(
        alpaca.marketData.iterateStockBars({ ...listed, ...bars }) as AsyncIterable<unknown>,
      ),
    ).not.toEqual([]),
  'marketData.collectStockBarsBySymbol': async ({ alpaca }) =>
    expect(
      (await alpaca.marketData.collectStockBarsBySymbol({ ...listed, ...bars })).OTHR,
    ).toHaveLength(MINUTES),
  'marketData.iterateStockTrades': async ({ alpaca }) =>
    expect(
      await readAll(alpaca.marketData.iterateStockTrades(listed) as AsyncIterable<unknown>),
    ).not.toEqual([]),
  'marketData.collectStockTradesBySymbol': async ({ alpaca }) => {
    const whole = await alpaca.marketData.collectStockTradesBySymbol(listed);
    expect(await alpaca.marketData.collectStockTradesBySymbol({ ...listed, limit: 37 })).toEqual(
      whole,
    );
    expect(
      await alpaca.marketData.collectStockTradesBySymbol({
        ...listed,
        limit: 37,
        sort: marketData.Sort.Desc,
      }),
    ).toEqual({ ACME: whole.ACME!.toReversed(), OTHR: whole.OTHR!.toReversed() });
  },
  'marketData.iterateStockQuotes': async ({ alpaca }) =>
    expect(
      await readAll(alpaca.marketData.iterateStockQuotes(listed) as AsyncIterable<unknown>),
    ).not.toEqual([]),
  'marketData.collectStockQuotesBySymbol': async ({ alpaca }) =>
    expect(await alpaca.marketData.collectStockQuotesBySymbol({ ...listed, limit: 5 })).toEqual(
      await alpaca.marketData.collectStockQuotesBySymbol(listed),
    ),
  'marketData.iterateStockAuctions': async ({ alpaca }) =>
    expect(
      await readAll(alpaca.marketData.iterateStockAuctions(listed) as AsyncIterable<unknown>),
    ).not.toEqual([]),
  'marketData.collectStockAuctionsBySymbol': async ({ alpaca }) =>
    expectBoth(
      await alpaca.marketData.collectStockAuctionsBySymbol({
        ...listed,
        start: new Date('2026-03-05'),
        limit: 1,
      }),
    ),
  'marketData.iterateStockBarSingle': async ({ alpaca }) =>
    expect(
      await readAll(alpaca.marketData.iterateStockBarSingle({ ...one, ...bars })),
    ).toHaveLength(MINUTES),
  'marketData.collectStockBarSingle': async ({ alpaca }) =>
    expect(await alpaca.marketData.collectStockBarSingle({ ...one, ...bars })).toHaveLength(
      MINUTES,
    ),
  'marketData.iterateStockTradeSingle': async ({ alpaca }) =>
    expect(
      (await readAll(alpaca.marketData.iterateStockTradeSingle({ ...one, limit: 100 }))).length,
    ).toBeGreaterThan(100),
  'marketData.collectStockTradeSingle': async ({ alpaca }) =>
    expect(
      (await alpaca.marketData.collectStockTradeSingle({ ...one, limit: 100 })).length,
    ).toBeGreaterThan(100),
  'marketData.iterateStockQuoteSingle': async ({ alpaca }) =>
    expect((await readAll(alpaca.marketData.iterateStockQuoteSingle(one))).length).toBeGreaterThan(
      0,
    ),
  'marketData.collectStockQuoteSingle': async ({ alpaca }) =>
    expect(
      (await alpaca.marketData.collectStockQuoteSingle({ ...one, limit: 5 })).length,
    ).toBeGreaterThan(5),
  'marketData.iterateStockAuctionSingle': async ({ alpaca }) =>
    expect(
      await readAll(
        alpaca.marketData.iterateStockAuctionSingle({
          ...one,
          start: new Date('2026-03-09'),
          limit: 1,
        }),
      ),
    ).toHaveLength(2),
  'marketData.collectStockAuctionSingle': async ({ alpaca }) =>
    expect(
      await alpaca.marketData.collectStockAuctionSingle({ ...one, start: new Date('2026-03-09') }),
    ).toHaveLength(2),
};
