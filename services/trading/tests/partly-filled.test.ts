import { afterEach, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { approveIn } from './approved-intents.ts';
import { openLiveDesk, type LiveDesk } from './open-live-desk.ts';

let desk: LiveDesk;
afterEach(() => desk?.close());

it('the rest of an entry is taken back by one cancel, with which its sleeping legs end, and what was bought gets its own stop', async () => {
  desk = await openLiveDesk({ volume_share: 0.01 });
  await desk.trading.submitOrder({
    body: await approveIn(
      desk.database.database,
      desk.now(),
      { symbol: 'ACME', limit_price: null },
      { qty: '3000' },
    ),
  });
  await eventually(async () => {
    const [position] = await desk.positions();
    expect(position).toMatchObject({ status: 'open', is_protected: true });
    expect(Number(position!.qty)).toBeLessThan(3000);
  }, 20_000);
  const orders = await desk.orders('ACME');
  const entry = orders.find(({ role }) => role === 'entry')!;
  expect(entry.status).toBe('canceled');
  expect(
    desk.broker.seen.filter(({ method }) => method === 'DELETE').map(({ path }) => path),
  ).toEqual([`/v2/orders/${entry.broker_order_id}`]);
});
