import { expect } from '@jest/globals';
import type { NewPosition, OrderRow } from '../../src/book-rows.ts';
import type { BookTransaction } from '../../src/book.ts';

export const minute = (n: number): string => new Date(Date.UTC(2026, 2, 10, 14, n)).toISOString();

export const orderOf = (
  { position_id, symbol, created_at }: NewPosition,
  name: string,
  fields: Partial<OrderRow> = {},
): OrderRow => ({
  client_order_id: `${name}-${position_id}`,
  broker_order_id: null,
  parent_client_order_id: null,
  approval_id: null,
  part: 1,
  cycle_id: null,
  position_id,
  symbol,
  side: 'buy',
  role: 'entry',
  type: 'market',
  order_class: 'bracket',
  time_in_force: 'gtc',
  qty: '100',
  filled_qty: '0',
  filled_avg_price: null,
  limit_price: null,
  stop_price: null,
  status: 'intended',
  reason: null,
  exit_reason: null,
  is_adopted: true,
  request: { client_order_id: name, note: ['any', { json: null }] },
  created_at,
  updated_at: created_at,
  ...fields,
});

export const intended = { event: 'intended', source: 'desk' } as const;

export const add = async (
  tx: BookTransaction,
  position: NewPosition,
  ...orders: OrderRow[]
): Promise<void> => {
  await tx.addPosition(position);
  for (const order of orders) expect(await tx.addOrder(order, intended)).toBe(true);
};
