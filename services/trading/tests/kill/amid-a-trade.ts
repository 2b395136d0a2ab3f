import { expect, it } from '@jest/globals';
import type { Position } from '@catalyst/contracts';
import { eventually } from '@catalyst/testkit';
import type { Passing } from '../faulty-broker.ts';
import { cancelsOrder, placesOrder, readsAccount, readsOrder } from '../passings.ts';
import type { KilledDesk } from './killed-desk.ts';

/**
 * Where the process dies: as the nth such request of the round reaches the broker, or after the
 * broker did what was asked.
 */
const deaths: [string, (passing: Passing) => boolean, number, Passing['phase']][] = [
  ['before the broker has the entry', placesOrder, 1, 'request'],
  ['after the broker has the entry, before the desk knows', placesOrder, 1, 'answer'],
  ["before the exit's first cancel", cancelsOrder, 1, 'request'],
  ["after the exit's first cancel", cancelsOrder, 1, 'answer'],
  ['while it waits for the cancel', readsOrder, 1, 'answer'],
  ['before the broker has the exit', placesOrder, 2, 'request'],
  ['after the broker has the exit, before the desk knows', placesOrder, 2, 'answer'],
  ['while it monitors', readsAccount, 1, 'answer'],
];

/** Whole trades, and what is left of them at the broker and in the book. */
export const amidATrade = (desk: KilledDesk): void => {
  const { asked, settle, step, monitor } = desk;
  let trades = 0;

  /**
   * One trade from approval to flat, with a protection that was lost in between; the service dies
   * where it is told.
   */
  const trade = async (): Promise<Position> => {
    trades += 1;
    const { position } = await desk.enter();
    await settle();
    await step();
    await monitor();
    await settle();
    const { positions } = await asked(() =>
      desk.client.listPositions({ query: { status: 'open' } }),
    );
    expect(positions[0]).toMatchObject({ qty: '100', status: 'open', is_protected: true });
    const working = [...desk.simulator.simulation.accounts[0]!.alive.values()];
    expect(working.map(({ role }) => role).sort()).toEqual(['stop_loss', 'take_profit']);
    await desk.close(position.position_id);
    await settle();
    await step();
    await monitor();
    return desk.position(position.position_id);
  };

  const expectNothingLostOrDoubled = async (): Promise<void> => {
    const [account] = desk.simulator.simulation.accounts;
    expect(account!.positions.size).toBe(0);
    expect(account!.alive.size).toBe(0);
    // each trade: a bracket of three and one exit
    expect(account!.orders.size).toBe(trades * 4);
    expect(account!.activities).toHaveLength(trades * 2);
    const [fills] = await desk.database.database.query<{ n: number; last: number }>(
      'SELECT count(*) AS n, max(seq) AS last FROM fills',
    );
    expect(fills).toEqual({ n: trades * 2, last: trades * 2 });
    expect(await asked(() => desk.client.reconcile({ body: { cycle_id: null } }))).toMatchObject({
      reconciled: true,
      open_positions: 0,
      open_orders: 0,
    });
  };

  it.each(deaths)(
    '%s loses nothing, doubles nothing and leaves nothing naked',
    async (_name, isIt, nth, phase) => {
      const before = desk.starts;
      desk.dieAt(phase, isIt, nth);
      expect(await trade()).toMatchObject({
        status: 'closed',
        entered_qty: '100',
        qty: '0',
        exit_reason: 'manual',
      });
      expect(desk.starts).toBe(before + 1);
      await expectNothingLostOrDoubled();
    },
    90_000,
  );

  it('again and again at any moment loses nothing, doubles nothing and leaves nothing naked', async () => {
    desk.broker.onPassing(() => 'pass');
    const before = desk.starts;
    let dying = true;
    const killer = (async () => {
      for (let n = 0; dying && n < 12; n += 1) {
        await new Promise((resolve) => setTimeout(resolve, 400 + ((n * 137) % 300)));
        if (dying) desk.kill();
      }
    })();
    for (let n = 0; n < 3; n += 1)
      expect(await trade()).toMatchObject({
        status: 'closed',
        entered_qty: '100',
        exit_reason: 'manual',
      });
    dying = false;
    await killer;
    expect(desk.starts).toBeGreaterThan(before);
    await eventually(async () => expect(await desk.trading.isReady()).toBe(true), 20_000);
    await expectNothingLostOrDoubled();
  }, 180_000);
};
