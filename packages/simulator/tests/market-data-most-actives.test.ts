import { afterEach, describe, expect, it } from '@jest/globals';
import { openAccount, type OpenAccount } from './open-account.ts';
import { flat, OPEN, CLOSE, security, smallDay } from './small-day.ts';

let account: OpenAccount;
afterEach(() => account?.close());

describe('most actives', () => {
  it('are those of the session before until the open, then by volume so far', async () => {
    account = await openAccount(
      smallDay({
        bars: { ACME: flat(OPEN, CLOSE, 100, 10), BETA: flat(OPEN, CLOSE, 5, 900) },
        securities: [security('ACME'), security('BETA')],
      }),
    );
    const top = async () =>
      (await account.get('/v1beta1/screener/stocks/most-actives?top=1')).body.most_actives;
    await account.step('09:30');
    expect(await top()).toEqual([{ symbol: 'ACME', volume: 1_000_033, trade_count: 10_000 }]);
    await account.step('09:32');
    expect(await top()).toEqual([{ symbol: 'BETA', volume: 1_800, trade_count: 18 }]);
  });
});
