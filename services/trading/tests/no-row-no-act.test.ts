import { afterEach, expect, it } from '@jest/globals';
import { approveIn } from './approved-intents.ts';
import { openLiveDesk, type LiveDesk } from './open-live-desk.ts';

let desk: LiveDesk;
afterEach(() => desk?.close());

it('an entry whose audit row cannot be written is neither kept nor sent', async () => {
  desk = await openLiveDesk();
  const { database } = desk.database;
  const submit = async () =>
    desk.trading.submitOrder({ body: await approveIn(database, desk.now(), {}) });
  await database.query(
    "ALTER TABLE audit_log ADD CONSTRAINT test_refuses CHECK (subject <> 'ACME') NOT VALID",
  );
  await expect(submit()).rejects.toThrow();
  const [account] = desk.simulator.simulation.accounts;
  expect([account!.orders.size, await desk.orders('ACME')]).toEqual([0, []]);
  await database.query('ALTER TABLE audit_log DROP CONSTRAINT test_refuses');
  await submit();
  expect(account!.orders.size).toBeGreaterThan(0);
});
