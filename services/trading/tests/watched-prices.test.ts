import { afterEach, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { openLiveDesk, type LiveDesk } from './open-live-desk.ts';

let desk: LiveDesk;
afterEach(() => desk?.close());

const updates = async (): Promise<number> =>
  (
    await desk.database.database.query<{ n: number }>(
      "SELECT count(*)::int4 AS n FROM outbox WHERE channel = 'catalyst:position_update'",
    )
  )[0]!.n;
const reads = async (): Promise<number> =>
  (
    await desk.database.database.query<{ n: number }>(
      'SELECT count(*)::int4 AS n FROM account_snapshots',
    )
  )[0]!.n;

it('what is held has a price and its result within seconds, though nobody asks for a minute; what stands still is not told', async () => {
  desk = await openLiveDesk();
  await desk.hold('ACME');
  await eventually(async () => {
    const [position] = await desk.positions();
    expect(position).toMatchObject({ last_price: '100', risk_usd: '20.00' });
    expect(position!.price_age_seconds).toEqual(expect.any(Number));
    // bought at the ask
    expect(Number(position!.unrealized_pnl_usd)).toBeLessThan(0);
  }, 30_000);
  const [told, read] = [await updates(), await reads()];
  await eventually(async () => expect(await reads()).toBeGreaterThan(read + 1), 60_000);
  expect(await updates()).toBe(told);
});
