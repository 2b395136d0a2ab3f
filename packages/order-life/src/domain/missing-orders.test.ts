import { describe, expect, it } from '@jest/globals';
import { deskStatuses, isEnded } from '@catalyst/domain';
import { missingOrders } from './missing-orders.ts';

const order = (broker_order_id: string | null, status: (typeof deskStatuses)[number] = 'new') => ({
  broker_order_id,
  status,
});
const listed = [{ id: 'entry', legs: [{ id: 'stop' }] }];

describe('an order that has not ended by the book', () => {
  it('is missing where the broker lists it neither by itself nor as a leg', () => {
    const gone = order('gone');
    expect(missingOrders([order('entry'), order('stop'), gone], listed)).toEqual([gone]);
  });
  it('is not missed before the broker has it', () => {
    expect(missingOrders([order(null)], [])).toEqual([]);
  });
});

it('no order is missed that has ended, and each is that has not, though nobody told that it works', () => {
  const every = deskStatuses.map((status) => order('gone', status));
  const missing = missingOrders(every, listed).map(({ status }) => status);
  expect(missing).toEqual(deskStatuses.filter((status) => !isEnded(status)));
});
