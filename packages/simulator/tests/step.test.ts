import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openAccount, type OpenAccount } from './open-account.ts';
import { at, flat, quietDay } from './small-day.ts';

let account: OpenAccount;
const article = (id: number, clock: string) => ({
  id,
  created_at: at(clock),
  updated_at: at(clock),
  headline: 'Acme wins',
  summary: '',
  content: '',
  author: '',
  source: 'wire',
  url: '',
  symbols: ['ACME'],
});

beforeEach(async () => {
  account = await openAccount(
    quietDay([], { news: [article(1, '09:30'), article(2, '10:00'), article(3, '10:03')] }),
    { at: '09:30', accounts: 2 },
  );
});
afterEach(() => account.close());

const step = (body: unknown) => account.request('POST', '/sim/step', body);

describe('a step', () => {
  it('says what happened on the way, and up to which sequence of each account and of the ledger', async () => {
    await account.place({});
    const { body } = await step({ to: at('10:00') });
    const { length } = account.simulator.simulation.ledger;
    expect(body).toEqual({
      now: '2026-03-10T14:00:00.000Z',
      seq: 3,
      accounts: [
        { account_number: 'SIM000001', seq: 3 },
        { account_number: 'SIM000002', seq: 0 },
      ],
      ledger_seq: length,
      happened: { minutes: 30, bars: 30, articles: 1, order_events: 1, fills: 1 },
    });
    expect(flat(570, 600, 100)).toHaveLength(body.happened.bars);
    expect(account.updates().at(-1)).toMatchObject({ event: 'fill', seq: body.seq });
  });

  it('goes to an instant, to a New York time of the trade date, or a number of minutes on', async () => {
    expect((await step({ to: '09:31' })).body.now).toBe('2026-03-10T13:31:00.000Z');
    expect((await step({ minutes: 2 })).body.now).toBe('2026-03-10T13:33:00.000Z');
    expect((await step({ to: '2026-03-10T09:34:30-04:00' })).body.now).toBe(
      '2026-03-10T13:34:30.000Z',
    );
    expect((await step({ minutes: 1 })).body).toMatchObject({
      now: '2026-03-10T13:35:30.000Z',
      happened: { minutes: 1, bars: 1 },
    });
  });

  it('reads JSON whatever the content type says, as curl -d sends it', async () => {
    const { simulator } = account;
    const answer = await fetch(`${simulator.url}/sim/step`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: '{"to": "09:40"}',
    });
    expect([answer.status, ((await answer.json()) as { now: string }).now]).toEqual([
      200,
      '2026-03-10T13:40:00.000Z',
    ]);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'was nothing'],
    ['no JSON', '{"to"', 'was "{\\"to\\""'],
    ['a list', [1], 'was [1]'],
    ['no field', {}, 'was {}'],
    ['another field', { by: 1 }, 'was {"by":1}'],
    ['two fields', { to: '09:40', minutes: 1 }, 'was {"to":"09:40","minutes":1}'],
    [
      'a word',
      { to: 'soon' },
      'to: expected an instant such as 2026-03-24T13:31:00Z, or hh:mm in New York, was "soon"',
    ],
    ['a time without a zone', { to: '2026-03-10T10:00:00' }, 'was "2026-03-10T10:00:00"'],
    ['a day that does not exist', { to: '2026-13-10T10:00:00Z' }, 'was "2026-13-10T10:00:00Z"'],
    ['an hour that does not exist', { to: '24:00' }, 'was "24:00"'],
    ['no minutes', { minutes: 0 }, 'minutes: expected a whole number from 1 to 1440, was 0'],
    ['half a minute', { minutes: 0.5 }, 'was 0.5'],
    ['minutes as text', { minutes: '5' }, 'was "5"'],
    ['more than a day', { minutes: 1_441 }, 'was 1441'],
  ])('is refused where it says %s, and the clock stands still', async (_what, body, message) => {
    const answer = await step(body);
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(message)]);
    expect(answer.body.message).toContain('expected');
    expect((await account.get('/sim/status')).body.now).toBe('2026-03-10T13:30:00.000Z');
  });

  it.each<[string, unknown, string]>([
    ['the next midnight', { to: '2026-03-11T04:00:00Z' }, '2026-03-11T04:00:00.000Z'],
    ['the next session', { to: '2026-03-11T13:35:00Z' }, '2026-03-11T13:35:00.000Z'],
    ['the last year', { to: '9999-12-31T23:59:59-05:00' }, '+010000-01-01T04:59:59.000Z'],
    ['more minutes than are left', { minutes: 870 }, '2026-03-11T04:00:00.000Z'],
  ])('to %s is refused, and nothing moves: a simulator holds one day', async (_what, body, was) => {
    const standing = async () => {
      const { now, seq, accounts } = (await account.get('/sim/status')).body;
      return {
        now,
        seq,
        accounts,
        steps: account.simulator.simulation.ledger.after(0).filter(({ kind }) => kind === 'step')
          .length,
      };
    };
    const before = await standing();
    const message = `the day ends at midnight in New York (2026-03-11T04:00:00.000Z): expected an instant before that, was ${was}`;
    expect(await step(body)).toMatchObject({ status: 400, body: { message } });
    expect(() => account.simulator.step(body as { to: string })).toThrow(message);
    expect(await standing()).toEqual(before);
  });

  it('to the last instant of the day leaves no order of the day alive, and the account and the clock can be asked', async () => {
    await step({ to: '15:58' });
    const limit = { type: 'limit', limit_price: '90' };
    const orders = [
      { qty: '3500' },
      limit,
      { ...limit, extended_hours: true },
      { ...limit, time_in_force: 'ioc' },
      { ...limit, time_in_force: 'gtc' },
    ];
    const ids: string[] = [];
    for (const order of orders) ids.push((await account.place(order)).body.id);
    const statuses = () =>
      Promise.all(ids.map(async (id) => (await account.order(id)).status as string));
    await step({ to: '16:00' });
    expect(await statuses()).toEqual(['done_for_day', 'expired', 'new', 'canceled', 'new']);
    expect((await step({ to: '2026-03-11T03:59:59.999Z' })).status).toBe(200);
    expect(await statuses()).toEqual(['expired', 'expired', 'expired', 'canceled', 'new']);
    expect((await account.get('/v2/clock')).body).toMatchObject({
      is_open: false,
      next_open: '2026-03-11T09:30:00-04:00',
    });
    expect((await account.get('/v2/account/portfolio/history?period=1D')).body.equity).toHaveLength(
      390,
    );
  });
});
