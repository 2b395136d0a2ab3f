import { afterEach, describe, expect, it } from '@jest/globals';
import type { Day } from '../../src/day/day.ts';
import type { SimulatorOptions } from '../../src/index.ts';
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
});
