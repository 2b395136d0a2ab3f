import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { trading } from '@alpacahq/alpaca-trade-api';
import { readAll, type SdkClient } from './alpaca-sdk-client.ts';

/** A call of one method; the clock stands at 10:00 with a position of 100 ACME, bought at 100. */
export type SdkCall = (client: SdkClient) => Promise<void>;

const far = { symbol: 'ACME', qty: 5, side: 'buy', limitPrice: '90' } as const;
const watchlist = async ({ alpaca }: SdkClient) =>
  (
    await alpaca.trading.watchlists.postWatchlist({
      createWatchlistRequest: { name: 'mine', symbols: ['ACME'] } as never,
    })
  ).id;
const start = new Date('2026-03-10T04:00:00Z');

/**
 * Waits until so many orders of the account have been taken; gives up, and says so, after ten
 * seconds.
 */
const ordersTaken = async ({ updates }: SdkClient['account'], count: number): Promise<void> => {
  const taken = (): number => updates().filter(({ event }) => event === 'new').length;
  for (let tries = 0; taken() < count; tries += 1) {
    if (tries === 2_000)
      throw new Error(`the exchange has taken ${taken()} orders and not ${count}`);
    await setTimeout(5);
  }
};

export const tradingCalls: Record<string, SdkCall> = {
  'trading.account.getAccount': async ({ alpaca }) =>
    expect(await alpaca.trading.account.getAccount()).toMatchObject({
      status: 'ACTIVE',
      cash: '90000',
      equity: '100000',
    }),
  'trading.validateConnection': async ({ alpaca }) =>
    expect(await alpaca.trading.validateConnection()).toMatchObject({ ok: true }),
  'trading.accountConfigurations.getAccountConfig': async ({ alpaca }) =>
    expect(await alpaca.trading.accountConfigurations.getAccountConfig()).toMatchObject({
      noShorting: false,
      suspendTrade: false,
    }),
  'trading.accountConfigurations.patchAccountConfig': async ({ alpaca }) => {
    await alpaca.trading.accountConfigurations.patchAccountConfig({
      accountConfigurations: { suspendTrade: true },
    });
    expect(await alpaca.trading.accountConfigurations.getAccountConfig()).toMatchObject({
      suspendTrade: true,
    });
    await expect(alpaca.trading.orders.limit(far)).rejects.toMatchObject({ status: 403 });
  },
  'trading.accountActivities.getAccountActivities': async ({ alpaca }) =>
    expect(
      await alpaca.trading.accountActivities.getAccountActivities({
        activityTypes: [trading.ActivityType.Fill],
        after: start,
      }),
    ).toHaveLength(1),
  'trading.accountActivities.getAccountActivitiesByActivityType': async ({ alpaca }) => {
    expect(
      await alpaca.trading.accountActivities.getAccountActivitiesByActivityType({
        activityType: 'FILL',
      }),
    ).toHaveLength(1);
    expect(
      await alpaca.trading.accountActivities.getAccountActivitiesByActivityType({
        activityType: 'DIV',
      }),
    ).toEqual([]);
  },
  'trading.iterateActivities': async ({ alpaca }) =>
    expect(await readAll(alpaca.trading.iterateActivities({ pageSize: 1 }))).toHaveLength(1),
  'trading.collectActivities': async ({ alpaca }) =>
    expect(await alpaca.trading.collectActivities()).toHaveLength(1),
  'trading.iterateActivitiesByType': async ({ alpaca }) =>
    expect(
      await readAll(alpaca.trading.iterateActivitiesByType({ activityType: 'FILL' })),
    ).toHaveLength(1),
  'trading.collectActivitiesByType': async ({ alpaca }) =>
    expect(await alpaca.trading.collectActivitiesByType({ activityType: 'FILL' })).toHaveLength(1),
  'trading.portfolioHistory.getAccountPortfolioHistory': async ({ alpaca }) => {
    const history = await alpaca.trading.portfolioHistory.getAccountPortfolioHistory({
      period: '2D',
      timeframe: '1H',
    });
    expect(history).toMatchObject({ timeframe: '1H', baseValue: 100_000 });
    expect(history.equity).toHaveLength(history.timestamp.length);
  },

  'trading.assets.getV2Assets': async ({ alpaca }) =>
    expect(
      (await alpaca.trading.assets.getV2Assets({ status: 'active', exchange: 'NYSE' })).map(
        ({ symbol }) => symbol,
      ),
    ).toEqual(['OTHR']),
  'trading.assets.getV2AssetsSymbolOrAssetId': async ({ alpaca }) => {
    const { id } = await alpaca.trading.assets.getV2AssetsSymbolOrAssetId({
      symbolOrAssetId: 'ACME',
    });
    expect(
      await alpaca.trading.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: id }),
    ).toMatchObject({ symbol: 'ACME', tradable: true });
    await expect(
      alpaca.trading.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: 'GONE' }),
    ).rejects.toMatchObject({ status: 404, code: 40410000 });
  },
  'trading.calendar.calendar': async ({ alpaca }) =>
    expect(
      (await alpaca.trading.calendar.calendar({ market: trading.Market.Nyse })).calendar,
    ).toHaveLength(6),
  'trading.calendar.legacyCalendar': async ({ alpaca }) =>
    expect(
      await alpaca.trading.calendar.legacyCalendar({ start, end: new Date('2026-03-13') }),
    ).toMatchObject([{ open: '09:30' }, {}, {}, {}]),
  'trading.clock.clock': async ({ alpaca }) =>
    expect((await alpaca.trading.clock.clock({ markets: 'NYSE' })).clocks).toMatchObject([
      { phase: 'core', isMarketDay: true },
    ]),
  'trading.clock.legacyClock': async ({ alpaca }) =>
    expect(await alpaca.trading.clock.legacyClock()).toMatchObject({
      isOpen: true,
      nextClose: new Date('2026-03-10T20:00:00Z'),
    }),
  'trading.corporateActions.getV2CorporateActionsAnnouncements': async ({ alpaca }) =>
    expect(
      await alpaca.trading.corporateActions.getV2CorporateActionsAnnouncements({
        caTypes: 'Dividend,Split',
        since: '2026-02-01',
        until: '2026-03-10',
      }),
    ).toHaveLength(3),
  'trading.corporateActions.getV2CorporateActionsAnnouncementsId': async ({ alpaca }) => {
    const [first] = await alpaca.trading.corporateActions.getV2CorporateActionsAnnouncements({
      caTypes: 'dividend',
      since: '2026-03-01',
      until: '2026-03-10',
    });
    expect(
      await alpaca.trading.corporateActions.getV2CorporateActionsAnnouncementsId({
        id: first!.id!,
      }),
    ).toMatchObject({ cash: '0.5', initiatingSymbol: 'ACME' });
  },

  'trading.orders.market': async ({ alpaca }) =>
    expect(
      await alpaca.trading.orders.market({ symbol: 'ACME', qty: 1, side: 'buy' }),
    ).toMatchObject({ type: 'market', status: 'pending_new' }),
  'trading.orders.limit': async ({ alpaca }) =>
    expect(await alpaca.trading.orders.limit(far)).toMatchObject({
      type: 'limit',
      limitPrice: '90',
    }),
  'trading.orders.stop': async ({ alpaca }) =>
    expect(
      await alpaca.trading.orders.stop({ symbol: 'ACME', qty: 5, side: 'sell', stopPrice: '95' }),
    ).toMatchObject({ type: 'stop', stopPrice: '95' }),
  'trading.orders.stopLimit': async ({ alpaca }) =>
    expect(
      await alpaca.trading.orders.stopLimit({
        symbol: 'ACME',
        qty: 5,
        side: 'sell',
        stopPrice: '95',
        limitPrice: '94',
      }),
    ).toMatchObject({ type: 'stop_limit' }),
  'trading.orders.trailingStop': async ({ alpaca }) =>
    expect(
      await alpaca.trading.orders.trailingStop({
        symbol: 'ACME',
        qty: 5,
        side: 'sell',
        trailPercent: '5',
      }),
    ).toMatchObject({ type: 'trailing_stop', hwm: '100' }),
  'trading.orders.bracket': async ({ alpaca }) =>
    expect(
      await alpaca.trading.orders.bracket({
        symbol: 'OTHR',
        qty: 10,
        side: 'buy',
        timeInForce: 'day',
        takeProfit: { limitPrice: '60' },
        stopLoss: { stopPrice: '40' },
      }),
    ).toMatchObject({ orderClass: 'bracket', legs: [{}, {}] }),
  'trading.orders.oco': async ({ alpaca }) =>
    expect(
      await alpaca.trading.orders.oco({
        symbol: 'ACME',
        qty: 10,
        side: 'sell',
        timeInForce: 'day',
        takeProfit: { limitPrice: '110' },
        stopLoss: { stopPrice: '90' },
      }),
    ).toMatchObject({ orderClass: 'oco', legs: [{ status: 'held' }] }),
  'trading.orders.oto': async ({ alpaca }) =>
    expect(
      await alpaca.trading.orders.oto({
        symbol: 'OTHR',
        qty: 10,
        side: 'buy',
        timeInForce: 'day',
        stopLoss: { stopPrice: '40' },
      } as never),
    ).toMatchObject({ orderClass: 'oto', legs: [{ status: 'held' }] }),
  'trading.orders.submit': async ({ alpaca }) =>
    expect(
      await alpaca.trading.orders.submit({
        symbol: 'ACME',
        qty: 1,
        side: 'buy',
        type: 'market',
        timeInForce: 'day',
      } as never),
    ).toMatchObject({ symbol: 'ACME' }),
  'trading.orders.postOrder': async ({ alpaca }) =>
    expect(
      await alpaca.trading.orders.postOrder({
        postOrderRequest: {
          symbol: 'ACME',
          qty: '1',
          side: 'buy',
          type: 'market',
          timeInForce: 'day',
          clientOrderId: 'raw',
        } as never,
      }),
    ).toMatchObject({ clientOrderId: 'raw' }),
  'trading.orders.getAllOrders': async ({ alpaca }) => {
    await alpaca.trading.orders.limit(far);
    expect(
      await alpaca.trading.orders.getAllOrders({ symbols: ['ACME'], side: 'buy', status: 'open' }),
    ).toHaveLength(1);
    expect(
      await alpaca.trading.orders.getAllOrders({
        status: 'all',
        assetClass: ['us_equity'],
        direction: 'asc',
        limit: 1,
      }),
    ).toMatchObject([{ status: 'filled' }]);
  },
  'trading.orders.getOrderByOrderID': async ({ alpaca }) => {
    const { id } = await alpaca.trading.orders.limit(far);
    expect(
      await alpaca.trading.orders.getOrderByOrderID({ orderId: id!, nested: true }),
    ).toMatchObject({ id, status: 'new' });
  },
  'trading.orders.getOrderByClientOrderId': async ({ alpaca }) => {
    await alpaca.trading.orders.limit({ ...far, clientOrderId: 'found again' });
    expect(
      await alpaca.trading.orders.getOrderByClientOrderId({ clientOrderId: 'found again' }),
    ).toMatchObject({ clientOrderId: 'found again' });
    await expect(
      alpaca.trading.orders.getOrderByClientOrderId({ clientOrderId: 'never' }),
    ).rejects.toMatchObject({ status: 404 });
  },
  'trading.orders.patchOrderByOrderId': async ({ alpaca }) => {
    const { id } = await alpaca.trading.orders.limit(far);
    expect(
      await alpaca.trading.orders.patchOrderByOrderId({
        orderId: id!,
        patchOrderRequest: { limitPrice: '91' },
      }),
    ).toMatchObject({ replaces: id, limitPrice: '91' });
  },
  'trading.orders.deleteOrderByOrderID': async ({ alpaca }) => {
    const { id } = await alpaca.trading.orders.limit(far);
    await alpaca.trading.orders.deleteOrderByOrderID({ orderId: id! });
    expect(await alpaca.trading.orders.getOrderByOrderID({ orderId: id! })).toMatchObject({
      status: 'canceled',
    });
    await expect(
      alpaca.trading.orders.deleteOrderByOrderID({ orderId: id! }),
    ).rejects.toMatchObject({ status: 422 });
  },
  'trading.orders.deleteAllOrders': async ({ alpaca }) => {
    const { id } = await alpaca.trading.orders.limit(far);
    expect(await alpaca.trading.orders.deleteAllOrders()).toMatchObject([{ id, status: 200 }]);
  },
  'trading.submitAndWait': async ({ alpaca, account, tradingStream }) => {
    const stream = tradingStream();
    const filled = alpaca.trading.submitAndWait(
      { symbol: 'ACME', qty: 1, side: 'buy', type: 'market', timeInForce: 'day' } as never,
      { stream },
    );
    stream.connect();
    await Promise.race([filled, ordersTaken(account, 2)]);
    await account.step('10:01');
    expect(await filled).toMatchObject({ status: 'filled' });
  },

  'trading.positions.getAllOpenPositions': async ({ alpaca }) =>
    expect(await alpaca.trading.positions.getAllOpenPositions()).toMatchObject([
      { symbol: 'ACME', qty: '100', avgEntryPrice: '100' },
    ]),
  'trading.positions.getOpenPosition': async ({ alpaca }) =>
    expect(
      await alpaca.trading.positions.getOpenPosition({ symbolOrAssetId: 'ACME' }),
    ).toMatchObject({ qtyAvailable: '100' }),
  'trading.positions.deleteOpenPosition': async ({ alpaca }) =>
    expect(
      await alpaca.trading.positions.deleteOpenPosition({
        symbolOrAssetId: 'ACME',
        percentage: 50,
      }),
    ).toMatchObject({ qty: '50', side: 'sell' }),
  'trading.positions.deleteAllOpenPositions': async ({ alpaca }) =>
    expect(
      await alpaca.trading.positions.deleteAllOpenPositions({ cancelOrders: true }),
    ).toMatchObject([{ symbol: 'ACME', status: 200, body: { qty: '100' } }]),
  'trading.closeAllPositions': async ({ alpaca }) =>
    expect(await alpaca.trading.closeAllPositions()).toMatchObject([
      { symbol: 'ACME', status: 200 },
    ]),

  'trading.watchlists.postWatchlist': async (client) =>
    expect(await watchlist(client)).toMatch(/^[0-9a-f-]{36}$/),
  'trading.watchlists.getWatchlists': async (client) => {
    const id = await watchlist(client);
    expect(await client.alpaca.trading.watchlists.getWatchlists()).toMatchObject([
      { id, name: 'mine' },
    ]);
  },
  'trading.watchlists.getWatchlistById': async (client) =>
    expect(
      await client.alpaca.trading.watchlists.getWatchlistById({
        watchlistId: await watchlist(client),
      }),
    ).toMatchObject({ assets: [{ symbol: 'ACME' }] }),
  'trading.watchlists.getWatchlistByName': async (client) => {
    await watchlist(client);
    expect(
      await client.alpaca.trading.watchlists.getWatchlistByName({ name: 'mine' }),
    ).toMatchObject({ assets: [{ symbol: 'ACME' }] });
  },
  'trading.watchlists.updateWatchlistById': async (client) =>
    expect(
      await client.alpaca.trading.watchlists.updateWatchlistById({
        watchlistId: await watchlist(client),
        updateWatchlistRequest: { name: 'other', symbols: ['OTHR'] },
      }),
    ).toMatchObject({ name: 'other', assets: [{ symbol: 'OTHR' }] }),
  'trading.watchlists.updateWatchlistByName': async (client) => {
    await watchlist(client);
    expect(
      await client.alpaca.trading.watchlists.updateWatchlistByName({
        name: 'mine',
        updateWatchlistRequest: { name: 'other' },
      }),
    ).toMatchObject({ name: 'other', assets: [{ symbol: 'ACME' }] });
  },
  'trading.watchlists.addAssetToWatchlist': async (client) =>
    expect(
      await client.alpaca.trading.watchlists.addAssetToWatchlist({
        watchlistId: await watchlist(client),
        addAssetToWatchlistRequest: { symbol: 'OTHR' },
      }),
    ).toMatchObject({ assets: [{}, { symbol: 'OTHR' }] }),
  'trading.watchlists.addAssetToWatchlistByName': async (client) => {
    await watchlist(client);
    expect(
      await client.alpaca.trading.watchlists.addAssetToWatchlistByName({
        name: 'mine',
        addAssetToWatchlistRequest: { symbol: 'OTHR' },
      }),
    ).toMatchObject({ assets: [{}, { symbol: 'OTHR' }] });
  },
  'trading.watchlists.removeAssetFromWatchlist': async (client) =>
    expect(
      await client.alpaca.trading.watchlists.removeAssetFromWatchlist({
        watchlistId: await watchlist(client),
        symbol: 'ACME',
      }),
    ).toMatchObject({ assets: [] }),
  'trading.watchlists.deleteWatchlistById': async (client) => {
    await client.alpaca.trading.watchlists.deleteWatchlistById({
      watchlistId: await watchlist(client),
    });
    expect(await client.alpaca.trading.watchlists.getWatchlists()).toEqual([]);
  },
  'trading.watchlists.deleteWatchlistByName': async (client) => {
    await watchlist(client);
    await client.alpaca.trading.watchlists.deleteWatchlistByName({ name: 'mine' });
    expect(await client.alpaca.trading.watchlists.getWatchlists()).toEqual([]);
  },
};
