import { describe, expect, it } from '@jest/globals';
import { deskStatuses, isEnded } from '@catalyst/domain';
import { untoldOrders } from './untold-orders.ts';

const order = (
  broker_order_id: string | null,
  status: (typeof deskStatuses)[number] = 'new',
  filled_qty = '0',
) => ({ broker_order_id, status, filled_qty });
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
});

it('no order is untold that has ended or that the broker does not have yet', () => {
  const gone = deskStatuses.map((status) => order('gone', status));
  expect(untoldOrders(gone, listed).map(({ status }) => status)).toEqual(
    deskStatuses.filter((status) => !isEnded(status)),
  );
  expect(untoldOrders([order(null)], [])).toEqual([]);
});
