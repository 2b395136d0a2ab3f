import { afterEach, describe, expect, it } from '@jest/globals';
import { orderStatuses } from '@catalyst/domain';
import { readFileSync } from 'node:fs';
import { mayBecome, nextStatuses } from '../src/exchange/order-states.ts';
import { openAccount, type OpenAccount } from './open-account.ts';
import { quietDay } from './small-day.ts';

let account: OpenAccount | null = null;
afterEach(async () => {
  await account?.close();
  account = null;
});

describe('the state machine of an order', () => {
  it('reaches all 17 statuses from the three in which orders begin', () => {
    const reached = new Set([
      'pending_new',
      'accepted',
      'held',
    ] as const as readonly (typeof orderStatuses)[number][]);
    for (const status of reached) for (const next of nextStatuses(status)) reached.add(next);
    expect([...reached].sort()).toEqual([...orderStatuses].sort());
  });

  it('is drawn with exactly its arrows', () => {
    const page = readFileSync(new URL('../docs/order-states.md', import.meta.url), 'utf8');
    const drawn = [...page.matchAll(/^ {2}(\w+) --> (\w+): \w/gm)].map(
      ([, from, to]) => `${from} ${to}`,
    );
    expect(drawn.sort()).toEqual(
      orderStatuses.flatMap((from) => nextStatuses(from).map((to) => `${from} ${to}`)).sort(),
    );
  });

  it('leaves an ended order alone', () => {
    for (const status of ['filled', 'canceled', 'expired', 'replaced', 'rejected'] as const)
      expect(nextStatuses(status)).toEqual([]);
  });
});

describe('a fault script', () => {
  it.each(['accepted_for_bidding', 'suspended', 'calculated', 'done_for_day'] as const)(
    'makes an order %s, in which it does not fill until it is new again',
    async (status) => {
      account = await openAccount(quietDay([]), { at: '10:00' });
      const { exchange, simulation } = account.simulator;
      const owner = simulation.accounts[0]!;
      const { body } = await account.place({});
      expect(exchange.scriptStatus(owner, body.id, status).ok).toBe(true);
      await account.step('10:01');
      expect((await account.order(body.id)).status).toBe(status);
      exchange.scriptStatus(owner, body.id, 'new');
      await account.step('10:02');
      expect((await account.order(body.id)).status).toBe('filled');
      const seen = account.updates().map(({ order }) => order.status);
      seen.slice(1).forEach((next, index) => expect(mayBecome(seen[index]!, next)).toBe(true));
    },
  );

  it('makes an order stopped, in which it still fills, and cannot move it after that', async () => {
    account = await openAccount(quietDay([]), { at: '10:00' });
    const { exchange, simulation } = account.simulator;
    const owner = simulation.accounts[0]!;
    const { body } = await account.place({});
    exchange.scriptStatus(owner, body.id, 'stopped');
    await account.step('10:01');
    expect((await account.order(body.id)).status).toBe('filled');
    expect(exchange.scriptStatus(owner, body.id, 'suspended')).toMatchObject({
      ok: false,
      refusal: { status: 422, body: { code: 42210000 } },
    });
  });

  it('rejects an order after it was taken, and its legs end with it', async () => {
    account = await openAccount(quietDay([]), { at: '10:00' });
    const { exchange, simulation } = account.simulator;
    const { body } = await account.place({
      order_class: 'bracket',
      take_profit: { limit_price: '104' },
      stop_loss: { stop_price: '98' },
    });
    expect(exchange.reject(simulation.accounts[0]!, body.id, 'no shares to borrow').ok).toBe(true);
    expect(await account.order(body.id)).toMatchObject({
      status: 'rejected',
      failed_at: expect.stringMatching(/^2026-03-10T14:00:00\.000\d+Z$/),
      legs: [{ status: 'canceled' }, { status: 'canceled' }],
    });
    expect(account.updates().map(({ event }) => event)).toContain('rejected');
  });

  it('cannot fill an order or put one in the place of another', async () => {
    account = await openAccount(quietDay([]), { at: '10:00' });
    const { exchange, simulation } = account.simulator;
    const { body } = await account.place({});
    for (const status of ['filled', 'replaced', 'held'] as const)
      expect(exchange.scriptStatus(simulation.accounts[0]!, body.id, status).ok).toBe(false);
  });
});
