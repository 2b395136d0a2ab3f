import { expect, it } from '@jest/globals';
import type { BrokerOrders } from '@catalyst/brokerage';
import { markActs } from './mark-acts.ts';

const broker: BrokerOrders = {
  submitOrder: async () => ({ outcome: 'refused', why: 'other', code: '1', message: 'no' }),
  cancelOrder: async () => ({ outcome: 'requested' }),
  moveStop: async () => ({ outcome: 'refused', message: 'no' }),
  moveTarget: async () => ({ outcome: 'refused', message: 'no' }),
  isStockOrder: async () => true,
  getOrder: async () => null,
  getOrderByClientId: async () => null,
  listOrders: async () => [],
};

it('marks each order and each cancel, and no read', async () => {
  const { orders, mark } = markActs(broker, 'start');
  const seen = [mark()];
  await orders.getOrder('1');
  await orders.getOrderByClientId('1');
  await orders.listOrders({ status: 'open' });
  expect(mark()).toBe(seen[0]);
  await orders.submitOrder({} as never);
  seen.push(mark());
  await orders.cancelOrder('1');
  seen.push(mark());
  expect(new Set(seen).size).toBe(3);
});

it('marks each start of the service', () => {
  expect(markActs(broker, 'one').mark()).not.toBe(markActs(broker, 'two').mark());
});
