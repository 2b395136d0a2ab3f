import { afterEach, describe, expect, it } from '@jest/globals';
import type { Day } from '../../src/day/day.ts';
import type { SimulatorOptions } from '../../src/index.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { bar, quietDay } from '../small-day.ts';

let account: OpenAccount;
const open = async (day: Day, options: Partial<SimulatorOptions> = {}): Promise<OpenAccount> =>
  (account = await openAccount(day, options));
afterEach(() => account.close());
const events = (): string[] =>
  account
    .updates()
    .map(({ event, order }) => `${event} ${String(order.side)} ${String(order.type)}`);

describe('an order', () => {
  it('meets only bars that start at or after its arrival', async () => {
    await open(quietDay([bar(599, 90, 90, 90, 90), bar(600, 101, 101.5, 101, 101)]));
    await account.step('10:00');
    const { body } = await account.place({});
    expect((await account.order(body.id)).status).toBe('new');
    await account.step('10:01');
    const filled = await account.order(body.id);
    expect(filled).toMatchObject({
      status: 'filled',
      filled_qty: '100',
      filled_at: expect.stringMatching(/^2026-03-10T14:01:00\.000\d+Z$/),
    });
    expect(Number(filled.filled_avg_price)).toBeGreaterThan(101);
    expect(Number(filled.filled_avg_price)).toBeLessThanOrEqual(101.5);
  });

  it('that arrives inside a minute waits for the next one', async () => {
    await open(quietDay([]));
    await account.request('POST', '/sim/step', { to: '2026-03-10T14:00:20Z' });
    const { body } = await account.place({});
    await account.step('10:01');
    expect((await account.order(body.id)).status).toBe('new');
    await account.step('10:02');
    expect((await account.order(body.id)).status).toBe('filled');
  });

  it('takes at most its share of a minute and waits with the rest', async () => {
    await open(quietDay([]), { volume_share: 0.1 });
    await account.step('10:00');
    const { body } = await account.place({ qty: '1300' });
    await account.step('10:01');
    expect(await account.order(body.id)).toMatchObject({
      status: 'partially_filled',
      filled_qty: '1000',
    });
    await account.step('10:02');
    expect(await account.order(body.id)).toMatchObject({ status: 'filled', filled_qty: '1300' });
    expect(events()).toEqual([
      'pending_new buy market',
      'new buy market',
      'partial_fill buy market',
      'fill buy market',
    ]);
    expect(account.updates().map(({ position_qty }) => position_qty)).toEqual([
      undefined,
      undefined,
      '1000',
      '1300',
    ]);
  });

  it('that came before the open is accepted and becomes new at the open', async () => {
    await open(quietDay([]));
    await account.step('08:00');
    const { body } = await account.place({});
    expect(body.status).toBe('accepted');
    await account.step('09:30');
    expect((await account.order(body.id)).status).toBe('new');
    await account.step('09:31');
    expect((await account.order(body.id)).status).toBe('filled');
  });

  it('for the day expires at the close and reserves nothing any more', async () => {
    await open(quietDay([]));
    await account.step('10:00');
    const { body } = await account.place({ type: 'limit', limit_price: '90' });
    expect((await account.get('/v2/account')).body.buying_power).toBe('391000');
    await account.step('16:00');
    expect(await account.order(body.id)).toMatchObject({
      status: 'expired',
      expired_at: expect.stringMatching(/^2026-03-10T20:00:00\.000\d+Z$/),
    });
    expect((await account.get('/v2/account')).body.buying_power).toBe('400000');
  });

  it('does not fill while its symbol is halted, and is refused there if it is a market order', async () => {
    await open(
      quietDay([], {
        events: [{ symbol: 'ACME', kind: 'halt', from_minute: 600, to_minute: 605 }],
      }),
    );
    await account.step('09:59');
    const waiting = [await account.place({ type: 'limit', limit_price: '90' })];
    await account.step('10:00');
    expect(await account.place({})).toMatchObject({
      status: 422,
      body: {
        code: 42210000,
        message:
          'market order rejected due to trading halt on symbol: "ACME", please place a limit order instead',
      },
    });
    expect(
      (
        await account.place({
          type: 'market',
          order_class: 'bracket',
          take_profit: { limit_price: '110' },
          stop_loss: { stop_price: '90' },
        })
      ).status,
    ).toBe(422);
    waiting.push(
      await account.place({ type: 'limit', limit_price: '101' }),
      await account.place({ type: 'stop', stop_price: '100' }),
    );
    const statuses = () =>
      Promise.all(waiting.map(async ({ body }) => (await account.order(body.id)).status));
    await account.step('10:05');
    expect(await statuses()).toEqual(['new', 'new', 'new']);
    expect((await account.place({})).status).toBe(200);
    await account.step('10:06');
    expect(await statuses()).toEqual(['new', 'filled', 'filled']);
  });

  it.each([
    ['buy', 'limit', { limit_price: '99' }, bar(600, 100, 100, 98.5, 99), '99'],
    ['buy', 'limit', { limit_price: '99' }, bar(600, 98, 98, 97, 97), '98'],
    ['buy', 'limit', { limit_price: '99' }, bar(600, 100, 100, 99.01, 100), null],
    ['buy', 'stop', { stop_price: '101' }, bar(600, 100, 101, 100, 101), '101'],
    ['buy', 'stop', { stop_price: '101' }, bar(600, 103, 103, 102, 102), '103'],
    ['buy', 'stop', { stop_price: '101' }, bar(600, 100, 100.99, 100, 100), null],
    [
      'buy',
      'stop_limit',
      { stop_price: '101', limit_price: '101.50' },
      bar(600, 103, 103, 102, 102),
      null,
    ],
    [
      'buy',
      'stop_limit',
      { stop_price: '101', limit_price: '101.50' },
      bar(600, 100, 101, 100, 101),
      '101',
    ],
  ])(
    '%s %s %j in a bar behaves as the fill model says',
    async (side, type, prices, minute, price) => {
      await open(quietDay([minute]));
      await account.step('10:00');
      const { body } = await account.place({ side, type, ...prices });
      await account.step('10:01');
      expect((await account.order(body.id)).filled_avg_price).toBe(price);
    },
  );

  it('with a trailing stop follows the market up and sells on the way down', async () => {
    await open(quietDay([bar(601, 100, 110, 100, 110), bar(602, 110, 110, 107, 107)]));
    await account.step('10:00');
    await account.place({});
    await account.step('10:01');
    const { body } = await account.place({ side: 'sell', type: 'trailing_stop', trail_price: '2' });
    expect(body).toMatchObject({ hwm: '100', stop_price: '98' });
    await account.step('10:02');
    expect(await account.order(body.id)).toMatchObject({
      status: 'new',
      hwm: '110',
      stop_price: '108',
    });
    await account.step('10:03');
    expect((await account.order(body.id)).status).toBe('filled');
  });
});
