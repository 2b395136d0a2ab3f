import { afterEach, describe, expect, it } from '@jest/globals';
import { checkLedger } from '../../../platform/src/ledger/index.ts';
import { nyseCalendar } from '@catalyst/domain';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { hasSpecifications, readSpecifications } from '../openapi-validators.ts';
import { flat, OPEN, CLOSE, quietDay, smallDay } from '../small-day.ts';

let account: OpenAccount;
afterEach(() => account.close());

/** A day on which both fees are due; trades are at 100 and without slippage. */
const feeDay = () =>
  smallDay({
    bars: { ACME: flat(OPEN, CLOSE, 100) },
    trade_date: '2026-09-08',
    calendar: nyseCalendar('2026-07-20', '2026-09-10'),
  });
const to = async (clock: string): Promise<void> => {
  await account.request('POST', '/sim/step', { to: clock });
};
const trade = async (): Promise<void> => {
  await to('10:00');
  await account.place({ qty: '600' });
  await to('10:02');
  await account.place({ qty: '600', side: 'sell' });
  await to('10:04');
};
const cash = async (): Promise<string> => (await account.get('/v2/account')).body.cash;

describe('regulatory fees', () => {
  it('are pending until a quarter past eight in the evening, and then taken, each an activity', async () => {
    account = await openAccount(feeDay());
    await trade();
    const sold = account
      .updates()
      .filter(({ event, order }) => event === 'fill' && order.side === 'sell');
    const proceeds = 600 * Number(sold[0]!.price);
    const reg = (Math.ceil(proceeds * 20.6e-6 * 100) / 100).toFixed(2);
    const pending = (await account.get('/v2/account')).body.pending_reg_taf_fees;
    expect([reg, pending]).toEqual(['1.24', '1.36']);
    const before = await cash();
    await to('20:14');
    expect(await cash()).toBe(before);
    await to('20:15');
    const { body } = await account.get('/v2/account/activities/FEE');
    expect(body).toEqual([
      {
        id: expect.stringMatching(/^20260908000000000::[0-9a-f-]{36}$/),
        activity_type: 'FEE',
        activity_sub_type: 'TAF',
        date: '2026-09-08',
        created_at: expect.stringMatching(/^2026-09-09T00:15:00/),
        net_amount: '-0.12',
        description: 'TAF fee for proceed of 600 shares (1 trades) on 2026-09-08 by SIM000001',
        status: 'executed',
        currency: 'USD',
      },
      expect.objectContaining({
        activity_sub_type: 'REG',
        net_amount: '-1.24',
        description: `REG fee for proceed of $${proceeds.toFixed(2)} on 2026-09-08 by SIM000001`,
      }),
    ]);
    expect((Number(before) - Number(await cash())).toFixed(2)).toBe('1.36');
    expect((await account.get('/v2/account')).body.pending_reg_taf_fees).toBe('0');
    await to('23:59');
    expect((await account.get('/v2/account/activities/FEE')).body).toHaveLength(2);
  });

  it('are non-trade activities, beside the fills', async () => {
    account = await openAccount(feeDay());
    await trade();
    await to('20:15');
    const list = async (query: string): Promise<string[]> =>
      (await account.get(`/v2/account/activities${query}`)).body.map(
        ({ activity_type }: { activity_type: string }) => activity_type,
      );
    expect(await list('')).toEqual(['FEE', 'FEE', 'FILL', 'FILL']);
    expect(await list('?category=non_trade_activity')).toEqual(['FEE', 'FEE']);
    expect(await list('?category=trade_activity')).toEqual(['FILL', 'FILL']);
    expect(await list('?activity_types=FILL')).toEqual(['FILL', 'FILL']);
    expect(await list('?after=2026-09-09T00:00:00Z')).toEqual(['FEE', 'FEE']);
    expect(await list('?until=2026-09-09T00:00:00Z')).toEqual(['FILL', 'FILL']);
    expect(await list('?date=2026-09-08')).toHaveLength(4);
  });

  // The specification calls the date a time, and its own example is a date.
  (hasSpecifications ? it : it.skip)(
    'are what the specification says, but for the date',
    async () => {
      account = await openAccount(feeDay());
      await trade();
      await to('20:15');
      const { body } = await account.get('/v2/account/activities');
      const timed = body.map((one: { activity_type: string }) =>
        one.activity_type === 'FEE' ? { ...one, date: '2026-09-08T00:00:00Z' } : one,
      );
      const { violations } = readSpecifications();
      expect(violations('trading-api', 'get', '/v2/account/activities', 200, timed)).toEqual([]);
    },
  );

  it('are none of a day without sales, and only what is due of a day on which the SEC charges nothing', async () => {
    account = await openAccount(quietDay([]));
    await to('10:00');
    await account.place({ qty: '100' });
    await to('10:02');
    await to('20:15');
    expect((await account.get('/v2/account/activities/FEE')).body).toEqual([]);
    await account.close();
    account = await openAccount(quietDay([]));
    await trade();
    await to('20:15');
    expect((await account.get('/v2/account/activities/FEE')).body).toMatchObject([
      { activity_sub_type: 'TAF', net_amount: '-0.12' },
    ]);
  });

  it('leave a ledger in which cash is what fills and fees say', async () => {
    account = await openAccount(feeDay());
    await trade();
    await to('20:15');
    const rows = account.simulator.simulation.ledger.after(0);
    expect(rows.filter(({ kind }) => kind === 'fee')).toHaveLength(2);
    expect(checkLedger(rows)).toEqual([]);
  });

  it('are booked by a clock that runs, which stands still then', async () => {
    const w0 = performance.timeOrigin + performance.now();
    account = await openAccount(feeDay(), {
      at: '09:59',
      clock: 'line',
      line: { w0, s0: Date.parse('2026-09-08T14:00:00Z'), f: 1e-9 },
    });
    await account.place({ qty: '100' });
    await account.place({ qty: '100', side: 'sell' });
    const line = { w0, s0: Date.parse('2026-09-09T00:14:59.999Z'), f: 1e-9 };
    await account.request('POST', '/sim/clock', line);
    expect((await account.get('/v2/account/activities/FEE')).body).toHaveLength(0);
    await account.request('POST', '/sim/clock', { ...line, s0: line.s0 + 3_600_000 });
    expect((await account.get('/v2/account/activities/FEE')).body).toHaveLength(2);
    expect((await account.get('/sim/status')).body).toMatchObject({
      now: '2026-09-09T00:15:00.000Z',
      clock_ended: true,
    });
  });
});
