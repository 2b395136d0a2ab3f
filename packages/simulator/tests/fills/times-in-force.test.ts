import { describe, expect, it } from '@jest/globals';
import type { OrderStatus } from '@catalyst/domain';
import type { Order } from '../../src/exchange/order.ts';
import { createSimulation } from '../../src/simulation.ts';
import { bar, quietDay } from '../small-day.ts';

const meet = (
  force: Order['time_in_force'],
  qty: number,
  limit: string | null,
  at: string,
  to: string,
): { status: OrderStatus; filled: string; price: string } => {
  const day = quietDay([
    bar(570, 101, 102, 100, 100, 10_000),
    bar(959, 100, 103, 100, 102, 10_000),
  ]);
  const simulation = createSimulation({
    day,
    at,
    accounts: 1,
    cash: '1000000',
    exchange: { volume_share: 0.1, stream_oco_cancels: true },
  });
  const account = simulation.accounts[0]!;
  const outcome = simulation.exchange.submit(account, {
    symbol: 'ACME',
    qty: String(qty),
    side: 'buy',
    type: limit ? 'limit' : 'market',
    time_in_force: 'day',
    ...(limit ? { limit_price: limit } : {}),
  });
  if (!outcome.ok) throw new Error(outcome.refusal.body.message);
  // matching alone is the subject here; what order entry takes is another's
  account.orders.get(outcome.value.id)!.time_in_force = force;
  simulation.stepTo(simulation.market.time.at(to));
  const order = account.orders.get(outcome.value.id)!;
  return {
    status: order.status,
    filled: order.filled_qty.toFixed(),
    price: order.filled_qty.isZero() ? '' : order.filled_value.div(order.filled_qty).toFixed(),
  };
};

describe('an order that is decided at once', () => {
  it.each([
    ['ioc', 1_300, null, '10:00', '10:01', { status: 'canceled', filled: '1000' }],
    ['ioc', 100, '99', '10:00', '10:01', { status: 'canceled', filled: '0' }],
    ['fok', 1_300, null, '10:00', '10:01', { status: 'canceled', filled: '0' }],
    ['fok', 900, null, '10:00', '10:01', { status: 'filled', filled: '900' }],
    ['opg', 100, null, '09:00', '09:31', { status: 'filled', filled: '100', price: '101' }],
    ['opg', 100, '100.50', '09:00', '09:31', { status: 'canceled', filled: '0' }],
    ['cls', 100, null, '10:00', '16:00', { status: 'filled', filled: '100', price: '102' }],
    ['cls', 100, '101', '10:00', '16:00', { status: 'canceled', filled: '0' }],
  ] as const)(
    '%s for %i shares, limit %s, from %s to %s',
    (force, qty, limit, at, to, expected) => {
      expect(meet(force, qty, limit, at, to)).toMatchObject(expected);
    },
  );
});
