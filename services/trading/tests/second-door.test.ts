import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createHaltFile } from '@catalyst/service-kit';
import { eventually } from '@catalyst/testkit';
import { approveIn } from './approved-intents.ts';
import { openLiveDesk, word, type LiveDesk } from './open-live-desk.ts';

let desk: LiveDesk;
afterEach(() => desk?.close());

const why = { reason: 'a strange tape', by: 'ann' };
const stop = (act: 'pause' | 'halt' | 'cancel' | 'flatten' | 'close', symbol?: string) =>
  desk
    .client('cli')
    .stop({ body: { act, ...(symbol && { symbol }), ...why, request_id: word(act).request_id } });
const entries = () =>
  [...desk.simulator.simulation.accounts[0]!.orders.values()].filter(
    ({ side, parent_id }) => side === 'buy' && parent_id === null,
  );

describe("trading's own door for stops", () => {
  it('halts by the file and takes back what waits; the file is found by whoever looks', async () => {
    desk = await openLiveDesk();
    await desk.trading.submitOrder({
      body: await approveIn(
        desk.database.database,
        desk.now(),
        { limit_price: '99' },
        { qty: '10' },
      ),
    });
    await eventually(() => expect(entries()).toMatchObject([{ status: 'new' }]), 3000);
    const answer = await stop('halt');
    expect(answer).toMatchObject({ canceled_orders: 1, left: [], by_book: true });
    expect(existsSync(answer.halt_file!)).toBe(true);
    await eventually(() => expect(entries()).toMatchObject([{ status: 'canceled' }]), 2500);
    await eventually(async () =>
      expect(
        await desk.database.database.query(
          "SELECT actor, on_behalf_of FROM audit_log WHERE action = 'stop_halt'",
        ),
      ).toEqual([{ actor: 'cli', on_behalf_of: 'ann' }]),
    );
  });

  it.each(['flatten', 'close'] as const)(
    'does a %s while the database is away, within two seconds, and the book finds it afterwards',
    async (act) => {
      desk = await openLiveDesk();
      await desk.hold('ACME', 'OTHR');
      desk.network.cut();
      const began_at = performance.now();
      const answer = await stop(act, act === 'close' ? 'ACME' : undefined);
      expect(performance.now() - began_at).toBeLessThan(2500);
      expect(answer).toMatchObject({ by_book: false, left: [] });
      const left = act === 'close' ? { OTHR: 10 } : {};
      await eventually(() => expect(desk.held()).toEqual(left), 4000);
      expect(createHaltFile(desk.home).read()).toBe(
        act === 'close' ? null : 'flattened by ann: a strange tape',
      );
      desk.network.mend();
      await eventually(async () => {
        expect((await desk.positions()).map(({ symbol }) => symbol)).toEqual(Object.keys(left));
      }, 15_000);
    },
  );

  it('keeps out of the way of a flatten at the broker alone, and tends what that leaves', async () => {
    desk = await openLiveDesk();
    await desk.hold('ACME', 'OTHR');
    const file = createHaltFile(desk.home);
    file.writeDirect('flattened at the broker by ann', 3000);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const [account] = desk.simulator.simulation.accounts;
    const orders = () => account!.orders.size;
    const before = orders();
    // the command cancels and is about to sell
    for (const symbol of ['ACME', 'OTHR']) desk.simulator.exchange.cancelAll(account!, symbol);
    expect(
      await desk.trading.closeAllPositions({ body: { ...word('all'), reason: 'manual' } }),
    ).toMatchObject({
      left: [
        { symbol: 'ACME', why: expect.stringContaining('flatten --direct') },
        { symbol: 'OTHR' },
      ],
    });
    expect(orders()).toBe(before);
    // and ends without having sold
    await eventually(() => expect(desk.held()).toEqual({}), 8000);
    expect(file.read()).toBe('flattened at the broker by ann');
  });

  it('is for stops alone: its keys open nothing else', async () => {
    desk = await openLiveDesk();
    await expect(
      desk.client('orchestration').closeAllPositions({ body: { ...word('x'), reason: 'manual' } }),
    ).rejects.toMatchObject({ code: 'SCOPE_NOT_GRANTED' });
    expect(
      await desk.client('orchestration').stop({
        body: { act: 'cancel', ...why, request_id: word('cancel').request_id },
      }),
    ).toMatchObject({ halt_file: null, canceled_orders: 0 });
  });
});
