import { afterEach, describe, expect, it } from '@jest/globals';
import type { Day } from '../../src/day/day.ts';
import type { SimulatorOptions } from '../../src/index.ts';
import { checkLedger } from '../../../platform/src/ledger/index.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { quietDay } from '../small-day.ts';

let account: OpenAccount;
const open = async (day: Day, options: Partial<SimulatorOptions> = {}): Promise<OpenAccount> =>
  (account = await openAccount(day, options));
afterEach(() => account.close());

describe('activities', () => {
  it('are named after New York time and the execution, and page by the last id', async () => {
    await open(quietDay([]), { volume_share: 0.05 });
    await account.step('10:00');
    await account.place({ qty: '1200' });
    await account.step('10:03');
    const executions = account
      .updates()
      .filter(({ event }) => event.endsWith('fill'))
      .map(({ execution_id }) => execution_id);
    const page = (
      await account.get('/v2/account/activities?activity_types=FILL&page_size=2&direction=asc')
    ).body;
    expect(page.map(({ id }: { id: string }) => id)).toEqual([
      `20260310100100000::${executions[0]}`,
      `20260310100200000::${executions[1]}`,
    ]);
    const rest = (
      await account.get(
        `/v2/account/activities?page_size=2&direction=asc&page_token=${encodeURIComponent(page[1].id)}`,
      )
    ).body;
    expect(rest).toHaveLength(1);
    expect(rest[0]).toMatchObject({ type: 'fill', qty: '200', cum_qty: '1200', leaves_qty: '0' });
  });

  it('tell of cash that the owner moves, which is in the account at once and in no other sum', async () => {
    await open(quietDay([]));
    const account_of = async () => (await account.get('/v2/account')).body;
    const { last_equity } = await account_of();
    const move = (body: unknown) => account.request('POST', '/sim/transfer', body);
    const deposit = await move({ amount_usd: '2500.50' });
    expect(deposit.body).toMatchObject({ activity_type: 'CSD', net_amount: '2500.5' });
    await move({ amount_usd: '-500' });
    expect(await account_of()).toMatchObject({
      cash: '102000.5',
      equity: '102000.5',
      last_equity,
    });
    const told = (await account.get('/v2/account/activities?activity_types=TRANS&direction=asc'))
      .body;
    expect(told).toMatchObject([
      { activity_type: 'CSD', date: '2026-03-10', status: 'executed' },
      { activity_type: 'CSW', net_amount: '-500' },
    ]);
    expect((await account.get('/v2/account/activities/CSW')).body).toHaveLength(1);
    const ledger = account.simulator.simulation.ledger.after(0, 1000);
    expect(ledger.filter(({ kind }) => kind === 'transfer')).toHaveLength(2);
    expect(checkLedger(ledger)).toEqual([]);
    for (const body of [
      {},
      { amount_usd: '0' },
      { amount_usd: 5 },
      { amount_usd: '1.001' },
      { amount_usd: 'NaN' },
      { amount_usd: '-200000' },
      { amount_usd: '5', account_number: 'SIM9' },
      'deposit',
    ])
      expect((await move(body)).status).toBe(400);
  });
});
