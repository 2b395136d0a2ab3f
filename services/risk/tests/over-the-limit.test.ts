import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { NOW, openRisk, type RiskDesk } from './open-risk.ts';

let desk: RiskDesk;
beforeAll(async () => {
  desk = await openRisk(['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG']);
  await desk.arm();
});
afterAll(() => desk.close());

describe('the daily loss limit of what is held', () => {
  const held = stableId('position', 'held');
  const act = (name: 'pause' | 'halt' | 'flatten' | 'resume') =>
    desk.at(() =>
      desk.client().changeTradingState({ body: { act: name, by: 'test', reason: 'table' } }),
    );
  const states = {
    active: async () => undefined,
    paused: () => act('pause'),
    halted: () => act('halt'),
    'halted by the file': async () => writeFileSync(join(desk.home, 'state', 'halt'), 'by hand'),
    'halted by a file that was there before': async () => {
      writeFileSync(join(desk.home, 'state', 'halt'), 'by hand');
      await desk.client().showStatus();
    },
    flattening: () => act('flatten'),
  };
  const table = Object.keys(states).flatMap((name) =>
    [0, 74, 75, 99, 100, 130].map((used) => [name as keyof typeof states, used] as const),
  );

  beforeAll(async () => {
    await desk.database.query(
      `INSERT INTO positions (position_id, cycle_id, security_id, direction, status, qty,
         entered_qty, entry_price, last_price, created_at, updated_at)
       SELECT $1, $2, security_id, 'long', 'open', 100, 100, 50, 50, $3, $3
       FROM securities WHERE symbol = 'AAA'`,
      [held, desk.cycle_id, NOW],
    );
  });
  afterAll(async () => {
    await act('resume');
    await desk.database.query(
      "UPDATE positions SET status = 'closed', qty = 0 WHERE position_id = $1",
      [held],
    );
  });

  it.each(table)('of a desk that is %s is enforced at 100 %%, not at %d %%', async (name, used) => {
    await act('resume');
    const checkedAt = '2026-03-10T15:30:00.000Z';
    await desk.setAccount(String(100_000 - 20 * used), checkedAt);
    await states[name]();
    const { flatten, status } = await desk.at(
      () => desk.client().checkLimits({ body: { cycle_id: desk.cycle_id } }),
      checkedAt,
    );
    const isOver = used >= 100;
    expect(flatten).toBe(isOver || name === 'flattening');
    if (isOver) expect(status.trading_state).toBe('flattening');
    else if (name === 'active') expect(status.trading_state).toBe('active');
    else expect(status.trading_state).not.toBe('active');
  });
});
