import { expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { cancelsOrder, placesOrder } from '../passings.ts';
import type { KilledDesk } from './killed-desk.ts';

/** An exit that a person places, for which both legs have to go. */
export const personsExit = (desk: KilledDesk): void => {
  const { asked, settle, step, monitor } = desk;

  it.each([
    ['before its first cancel', cancelsOrder, 'request'],
    ['after its first cancel', cancelsOrder, 'answer'],
    ['before the broker has it', placesOrder, 'request'],
    ['after the broker has it, before the desk knows', placesOrder, 'answer'],
  ] as const)(
    'is there once, and guards all the shares, where the service is killed with -9 %s',
    async (name, isIt, phase) => {
      await fetch(`${desk.simulator.url}/sim/faults`, { method: 'DELETE' });
      desk.broker.onPassing(() => 'pass');
      const [account] = desk.simulator.simulation.accounts;
      const {
        position: { position_id },
      } = await desk.enter();
      await settle();
      await step();
      await monitor();
      const before = desk.starts;
      desk.dieAt(phase, isIt);
      const body = {
        request_id: stableId('own exit', name),
        by: 'test',
        exit: { kind: 'trailing_percent', trail_percent: '1' } as const,
      };
      expect(
        (await asked(() => desk.client.placeExit({ params: { position_id }, body }))).position,
      ).toMatchObject({
        status: 'open',
        qty: '100',
        is_protected: true,
      });
      await settle();
      await monitor();
      expect(desk.starts).toBe(before + 1);
      const alive = () =>
        [...account!.alive.values()].map(({ type, qty }) => `${type} ${qty.toFixed()}`);
      expect(alive()).toEqual(['trailing_stop 100']);
      expect(await asked(() => desk.client.reconcile({ body: { cycle_id: null } }))).toMatchObject({
        reconciled: true,
        open_positions: 1,
        open_orders: 1,
      });
      await desk.close(position_id);
      await settle();
      await step();
      expect(await desk.position(position_id)).toMatchObject({
        status: 'closed',
        qty: '0',
      });
      expect(account!.alive.size).toBe(0);
    },
    90_000,
  );
};
