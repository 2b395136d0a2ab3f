import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { SdkCall, SdkClient } from '../alpaca-sdk-client.ts';

/** An order that stays open. */
export const far = { symbol: 'ACME', qty: 5, side: 'buy', limitPrice: '90' } as const;

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

/** Of orders, and of the positions that come of them. */
export const orderCalls: Record<string, SdkCall> = {
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
};
