import { expect } from '@jest/globals';
import { trading } from '@alpacahq/alpaca-trade-api';
import { readAll, type SdkCall } from '../alpaca-sdk-client.ts';
import { far } from './order-calls.ts';

const start = new Date('2026-03-10T04:00:00Z');

/** Of the account, and of what may be traded when. */
export const accountCalls: Record<string, SdkCall> = {
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
};
