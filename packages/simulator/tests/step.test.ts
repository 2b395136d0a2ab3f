import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openAccount, type OpenAccount } from './open-account.ts';
import { at, flat, quietDay } from './small-day.ts';

let account: OpenAccount;
const article = (id: number, clock: string) => ({ id, created_at: at(clock), updated_at: at(clock), headline: 'Acme wins', summary: '', content: '', author: '', source: 'wire', url: '', symbols: ['ACME'] });

beforeEach(async () => {
  account = await openAccount(quietDay([], { news: [article(1, '09:30'), article(2, '10:00'), article(3, '10:03')] }), { at: '09:30', accounts: 2 });
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
      accounts: [{ account_number: 'SIM000001', seq: 3 }, { account_number: 'SIM000002', seq: 0 }],
      ledger_seq: length,
      happened: { minutes: 30, bars: 30, articles: 1, order_events: 1, fills: 1 },
    });
    expect(flat(570, 600, 100)).toHaveLength(body.happened.bars);
    expect(account.updates().at(-1)).toMatchObject({ event: 'fill', seq: body.seq });
  });

  it('goes to an instant, to a New York time of the trade date, or a number of minutes on', async () => {
    expect((await step({ to: '09:31' })).body.now).toBe('2026-03-10T13:31:00.000Z');
    expect((await step({ minutes: 2 })).body.now).toBe('2026-03-10T13:33:00.000Z');
    expect((await step({ to: '2026-03-10T09:34:30-04:00' })).body.now).toBe('2026-03-10T13:34:30.000Z');
    expect((await step({ minutes: 1 })).body).toMatchObject({ now: '2026-03-10T13:35:30.000Z', happened: { minutes: 1, bars: 1 } });
  });

  it('reads JSON whatever the content type says, as curl -d sends it', async () => {
    const { simulator } = account;
    const answer = await fetch(`${simulator.url}/sim/step`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '{"to": "09:40"}' });
    expect([answer.status, ((await answer.json()) as { now: string }).now]).toEqual([200, '2026-03-10T13:40:00.000Z']);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'was nothing'],
    ['no JSON', '{"to"', 'was "{\\"to\\""'],
    ['a list', [1], 'was [1]'],
    ['no field', {}, 'was {}'],
    ['another field', { by: 1 }, 'was {"by":1}'],
    ['two fields', { to: '09:40', minutes: 1 }, 'was {"to":"09:40","minutes":1}'],
    ['a word', { to: 'soon' }, 'to: expected an instant such as 2026-03-24T13:31:00Z, or hh:mm in New York, was "soon"'],
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
});
