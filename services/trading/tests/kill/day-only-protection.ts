import { beforeAll, expect, it } from '@jest/globals';
import { placesOrder } from '../passings.ts';
import type { KilledDesk } from './killed-desk.ts';

/** A protection that takes two orders, of which the broker refuses the first. */
export const dayOnlyProtection = (desk: KilledDesk): void => {
  const { asked, settle, step, monitor } = desk;

  beforeAll(async () => {
    await fetch(`${desk.simulator.url}/sim/faults`, {
      method: 'POST',
      body: JSON.stringify({ where: { market: 'ACME' }, what: { kind: 'day_orders_only' } }),
    });
  });

  it.each([
    ['before the broker has seen the first', 'gtc', 'request'],
    ['after the broker refused the first, before the desk knows', 'gtc', 'answer'],
    ['before the broker has the one for the day', 'day', 'request'],
    ['after the broker has the one for the day, before the desk knows', 'day', 'answer'],
  ] as const)(
    'is placed once where the service is killed with -9 %s',
    async (_name, time_in_force, phase) => {
      desk.broker.onPassing(() => 'pass');
      const [account] = desk.simulator.simulation.accounts;
      const { position } = await desk.enter();
      await settle();
      await step();
      const before = account!.orders.size;
      const startsBefore = desk.starts;
      desk.dieAt(
        phase,
        (passing) =>
          placesOrder(passing) && JSON.parse(passing.body).time_in_force === time_in_force,
      );
      desk.simulator.exchange.cancelAll(account!, 'ACME');
      await settle();
      await monitor();
      expect(desk.starts).toBe(startsBefore + 1);
      expect(await desk.position(position.position_id)).toMatchObject({
        status: 'open',
        qty: '100',
        is_protected: true,
      });
      expect(account!.orders.size).toBe(before + 2);
      expect(
        [...account!.alive.values()]
          .map(({ role, time_in_force: force, qty }) => `${role} ${force} ${qty.toFixed()}`)
          .sort(),
      ).toEqual(['stop_loss day 100', 'take_profit day 100']);
      await desk.close(position.position_id);
      await settle();
      await step();
      expect(await desk.position(position.position_id)).toMatchObject({
        status: 'closed',
        entered_qty: '100',
        qty: '0',
      });
      expect(account!.alive.size).toBe(0);
      expect(await asked(() => desk.client.reconcile({ body: { cycle_id: null } }))).toMatchObject({
        reconciled: true,
        open_positions: 0,
        open_orders: 0,
      });
    },
    90_000,
  );
};
