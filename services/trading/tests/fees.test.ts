import { afterEach, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { openDesk, type OpenDesk } from './open-desk.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

const charge = (...fees: Record<string, unknown>[]): void =>
  desk.broker.onPassing(({ path, phase }) =>
    phase === 'answer' && path.startsWith('/v2/account/activities/FEE')
      ? {
          status: 200,
          text: JSON.stringify(fees.map((fee) => ({ activity_type: 'FEE', ...fee }))),
        }
      : 'pass',
  );
const reconcile = () => desk.trading.reconcile({ body: { cycle_id: null } });
const taf = {
  id: '20260311000000000::taf',
  activity_sub_type: 'TAF',
  date: '2026-03-11',
  net_amount: '-0.03',
  description: 'TAF fee for proceed of 100 shares (1 trades) on 2026-03-10 by 1',
  status: 'executed',
};
const reg = {
  id: '20260311000000000::reg',
  activity_sub_type: 'REG',
  date: '2026-03-10',
  net_amount: '-0.01',
  status: 'executed',
};

describe('the fees of the account', () => {
  it('are estimated once something was sold, and what the broker charges afterwards, each once', async () => {
    desk = await openDesk();
    await desk.enter();
    await desk.step('10:01');
    expect(await desk.trading.showAccount({})).toMatchObject({
      fees_usd: '0.00',
      fees_are_estimated: false,
    });
    await desk.trading.closeAllPositions({
      body: { request_id: stableId('c'), by: 'test', reason: 'manual' },
    });
    await desk.step('10:03');
    await reconcile();
    // 100 shares x 0.000195, up to the cent; the SEC's rate was 0 until 2026-04-04
    expect(await desk.trading.showAccount({})).toMatchObject({
      fees_usd: '0.02',
      fees_are_estimated: true,
    });
    charge(taf, reg, { ...reg, id: 'of-options', activity_sub_type: 'ORF', net_amount: '-9' });
    expect(await reconcile()).toMatchObject({ reconciled: true });
    await reconcile();
    expect(await desk.trading.showAccount({})).toMatchObject({
      fees_usd: '0.04',
      fees_are_estimated: false,
    });
    charge({ ...taf, status: 'canceled' }, reg);
    await reconcile();
    expect(await desk.trading.showAccount({})).toMatchObject({
      fees_usd: '0.03',
      fees_are_estimated: true,
    });
  });

  it('that cannot be read are a difference, and the others are kept', async () => {
    desk = await openDesk();
    charge({ ...taf, net_amount: null }, reg);
    expect(await reconcile()).toMatchObject({
      reconciled: false,
      differences: [{ kind: 'cash', broker: expect.stringContaining('net_amount: ') }],
    });
    expect(await desk.trading.showAccount({})).toMatchObject({ fees_usd: '0.01' });
  });
});
