import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { atStep, startTestService } from '@catalyst/testkit';
import { riskService } from '../services/risk/src/service.ts';
import { CYCLE, type OpenDesk, openDesk } from '../services/trading/tests/open-desk.ts';

let desk: OpenDesk;
let risk: Awaited<ReturnType<typeof startRisk>>;
const startRisk = () =>
  startTestService(riskService, {
    database_url: desk.database.url,
    replay_start_at: '2026-03-10T08:00:00.000Z',
    env: { CATALYST_HOME: mkdtempSync(join(tmpdir(), 'catalyst-transfers-')) },
  });
beforeAll(async () => {
  desk = await openDesk();
  risk = await startRisk();
});
afterAll(async () => {
  await risk.close();
  await desk.close();
});

/** The owner moves cash at the broker; then a minute of the desk. */
const move = async (amount_usd: string, clock: string) => {
  await fetch(`${desk.simulator.url}/sim/transfer`, {
    method: 'POST',
    body: JSON.stringify({ amount_usd }),
  });
  await desk.step(clock);
  const { account } = await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
  const { flatten, status } = await atStep(desk.now(), () =>
    risk.client().checkLimits({ body: { cycle_id: CYCLE } }),
  );
  return { equity: account.equity_usd, flatten, result: status.daily_pnl_usd, of: status };
};

it('money that its owner moves is no result: a withdrawal beyond the daily loss sells nothing, a deposit hides no loss', async () => {
  await desk.enter({ symbol: 'OTHR' });
  const before = await move('0.01', '10:02');
  const { trading_state } = before.of;
  const withdrawn = await move('-5000', '10:03');
  expect(Number(before.equity) - Number(withdrawn.equity)).toBeCloseTo(5000, 0);
  expect(withdrawn).toMatchObject({ flatten: false, result: before.result });
  expect(withdrawn.of).toMatchObject({ trading_state, daily_loss_used_ratio: 0 });
  const deposited = await move('20000', '10:04');
  expect(deposited.result).toBe(before.result);
  expect(
    await desk.database.database.query(
      'SELECT sum(amount_usd) AS usd FROM v_account_transfers WHERE trade_date = $1',
      ['2026-03-10'],
    ),
  ).toEqual([{ usd: '15000.01' }]);
});
