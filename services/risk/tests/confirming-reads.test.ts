import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { openRisk, type RiskDesk } from './open-risk.ts';

let desk: RiskDesk;
beforeAll(async () => {
  desk = await openRisk(['AAA'], { isLive: true });
  await desk.arm();
  await desk.hold({ symbol: 'AAA', stop_price: 49 });
});
afterAll(() => desk.close());
beforeEach(async () => {
  await desk.client('cli').changeTradingState({
    body: { act: 'resume', by: 'test', reason: 'the next case' },
  });
  await desk.database.query('DELETE FROM account_snapshots');
  await desk.database.query('DELETE FROM risk_events');
});

/** The account as it was read, so many seconds ago. */
const read = async (...reads: readonly (readonly [ago: number, equity: number])[]) => {
  for (const [ago, equity] of reads)
    await desk.setAccount(String(equity), new Date(Date.now() - ago * 1000).toISOString());
};
const check = () => desk.client().checkLimits({ body: { cycle_id: desk.cycle_id } });
const told = async (): Promise<string[]> =>
  (
    await desk.database.query<{ code: string }>(
      "SELECT code FROM risk_events WHERE severity = 'critical' ORDER BY code",
    )
  ).map(({ code }) => code);

describe('a limit that sells, of a live desk', () => {
  it('acts on no single read: one phantom quote does nothing', async () => {
    await read([70, 100_000], [1, 97_000]);
    expect(await check()).toMatchObject({
      confirm: true,
      flatten: false,
      status: { trading_state: 'active' },
    });
    await read([0, 100_000]);
    expect(await check()).toMatchObject({
      confirm: false,
      flatten: false,
      status: { trading_state: 'active' },
    });
    expect(await told()).toEqual([]);
  });

  it('acts on no two reads, nor on three of one moment', async () => {
    await read([70, 100_000], [6, 97_000], [1, 97_000]);
    expect(await check()).toMatchObject({ confirm: true, flatten: false });
    await read([0, 97_000]);
    expect(await check()).toMatchObject({ confirm: true, flatten: false });
    expect(await told()).toEqual([]);
  });

  it('acts once two more reads, five seconds apart, agree with the first', async () => {
    await read([70, 100_000], [11, 97_000], [6, 97_100], [1, 97_200]);
    expect(await check()).toMatchObject({
      confirm: false,
      flatten: true,
      status: { trading_state: 'flattening' },
    });
    expect(await told()).toEqual(['DAILY_LOSS_LIMIT']);
  });

  it('is the drawdown too, where the operator has set it, from a highest that two reads saw', async () => {
    const path = join(desk.home, 'config/risk_parameters.yaml');
    const fall = [
      [300, 102_000],
      [240, 102_000],
      // a phantom that one read saw is no highest
      [180, 130_000],
      [120, 102_000],
    ] as const;
    await read(...fall, [11, 100_900], [6, 100_900], [1, 100_900]);
    expect(await check()).toMatchObject({ confirm: false, flatten: false });
    writeFileSync(path, `${readFileSync(path, 'utf8')}\nmax_drawdown_usd: 1000\n`);
    await eventually(async () =>
      expect((await desk.client().showParameters()).parameters.max_drawdown_usd).toBe(1000),
    );
    expect(await check()).toMatchObject({ flatten: true, status: { trading_state: 'flattening' } });
    expect(await told()).toEqual(['DRAWDOWN_LIMIT']);
  });

  it('warns of the drawdown at 75 %', async () => {
    await read([300, 102_000], [240, 102_000], [1, 101_200]);
    expect(await check()).toMatchObject({ confirm: false, flatten: false });
    expect(
      await desk.database.query("SELECT severity FROM risk_events WHERE code = 'DRAWDOWN_WARNING'"),
    ).toEqual([{ severity: 'warning' }]);
  });
});
