import { describe, expect, it } from '@jest/globals';
import { deskStatuses, isEnded } from '@catalyst/domain';
import { untoldOrders } from './untold-orders.ts';

const order = (
  broker_order_id: string | null,
  status: (typeof deskStatuses)[number] = 'new',
  filled_qty = '0',
  parent_client_order_id: string | null = null,
) => ({
  client_order_id: `ours-${broker_order_id}`,
  ...{ broker_order_id, status, filled_qty, parent_client_order_id },
});
const listed = [{ id: 'entry', filled_qty: '4', legs: [{ id: 'stop', filled_qty: '0' }] }];

describe('an order that the broker has by the book', () => {
  it('is untold where the broker lists it neither by itself nor as a leg', () => {
    const gone = order('gone');
    expect(untoldOrders([order('stop'), gone], listed)).toEqual([gone]);
  });
  it('is untold where more of it is filled than the book has', () => {
    const [behind, level, ahead] = ['3.5', '4.0', '5'].map((qty) =>
      order('entry', 'partially_filled', qty),
    );
    expect(untoldOrders([behind!, level!, ahead!], listed)).toEqual([behind]);
  });
  it('and held, is told of as long as its target or its entry is listed, and untold with it', () => {
    const stop = order('held-stop', 'held', '0', 'ours-entry');
    const target = order('target', 'new', '0', 'ours-entry');
    const entry = order('entry', 'filled', '10');
    const list = (...ids: string[]) => ids.map((id) => ({ id, filled_qty: '0', legs: [] }));
    expect(untoldOrders([entry, target, stop], list('target'))).toEqual([]);
    expect(untoldOrders([entry, target, stop], list('another'))).toEqual([target, stop]);
    const working = { ...entry, status: 'new' as const, filled_qty: '0' };
    const sleeping = { ...target, status: 'held' as const };
    expect(untoldOrders([working, sleeping, stop], list('entry'))).toEqual([]);
    const pair = order('target', 'new');
    const beside = order('beside', 'held', '0', 'ours-target');
    expect(untoldOrders([pair, beside], list('target'))).toEqual([]);
    expect(untoldOrders([pair, beside], [])).toEqual([pair, beside]);
  });
});

it('no order is untold that has ended or that the broker does not have yet', () => {
  const gone = deskStatuses.map((status) => order('gone', status));
  expect(untoldOrders(gone, listed).map(({ status }) => status)).toEqual(
    deskStatuses.filter((status) => !isEnded(status)),
  );
  expect(untoldOrders([order(null)], [])).toEqual([]);
});
