import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SizeQuestion } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { openRisk, type RiskDesk } from './open-risk.ts';

let desk: RiskDesk;
beforeAll(async () => {
  desk = await openRisk(['AAA', 'BBB']);
});
afterAll(() => desk.close());

const size = (over: Partial<SizeQuestion> = {}) =>
  desk.at(() =>
    desk.client().sizePosition({
      body: {
        symbol: 'AAA',
        direction: 'long',
        entry_price: '50',
        stop_price: '49',
        limit_price: '50.1',
        ...over,
      },
    }),
  );
/** Closed trades of a pattern, the n-th ended n minutes after the time. */
const closeTrades = async (from: string, pattern: string, exits: readonly number[]) => {
  for (const [index, exit_price] of exits.entries()) {
    const name = `${from} ${pattern} ${index}`;
    const at = new Date(Date.parse(from) + index * 60_000).toISOString();
    await desk.database.query(
      `INSERT INTO decision_logs (decision_id, cycle_id, security_id, decided_at, kind, outcome,
         reason, intent_id, pattern, inputs)
       SELECT $1, $2, security_id, $3, 'enter', 'submitted', 'test', $4, $5, '{}'
       FROM securities WHERE symbol = 'BBB'`,
      [stableId('decision', name), desk.cycle_id, at, stableId('intent', name), pattern],
    );
    await desk.database.query(
      `INSERT INTO positions (position_id, cycle_id, security_id, intent_id, direction, status, qty,
         entered_qty, entry_price, exit_price, initial_stop_price, exited_at, created_at, updated_at)
       SELECT $1, $2, security_id, $3, 'long', 'closed', 0, 100, 50, $4, 49, $5, $5, $5
       FROM securities WHERE symbol = 'BBB'`,
      [stableId('position', name), desk.cycle_id, stableId('intent', name), exit_price, at],
    );
  }
};

describe('the size of a position', () => {
  it('is told with each factor of its stake, and each limit with the shares it allows', async () => {
    const told = await size();
    expect(told).toMatchObject({
      symbol: 'AAA',
      qty: '399',
      stake_ratio: 0.005,
      method: 'fixed_fraction',
      tightest: 'max_position_ratio',
    });
    expect(told.factors.map(({ name, value }) => [name, value])).toEqual([
      ['base', '0.005'],
      ['history', '0'],
      ['volatility', '1'],
    ]);
    expect(told.caps.map(({ name, value }) => [name, value])).toEqual([
      ['risk_per_trade', '500 shares'],
      ['daily_loss_room', '1818 shares'],
      ['max_position_ratio', '399 shares'],
      ['max_sector_ratio', '1197 shares'],
      ['max_gross_ratio', '1996 shares'],
      ['cash', '1996 shares'],
      ['buying_power', '3992 shares'],
      ['intraday_margin', '6653 shares'],
      ['max_volume_ratio', '50000 shares'],
    ]);
  });

  it('refuses what has no risk to size by, and reserves nothing', async () => {
    await expect(size({ stop_price: '50' })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    await expect(size({ entry_price: '0' })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    await expect(size({ symbol: 'ZZZ' })).rejects.toMatchObject({ code: 'UNKNOWN_SYMBOL' });
    expect(await desk.database.query('SELECT 1 FROM risk_decisions')).toEqual([]);
  });

  it('is smaller for a stock that moves more than 5 % a day', async () => {
    await desk.database.query(
      "UPDATE trading_history SET high = 55, low = 45 WHERE security_id = (SELECT security_id FROM securities WHERE symbol = 'AAA')",
    );
    const told = await size();
    expect(told.stake_ratio).toBeCloseTo(0.00125, 4);
    expect(told.factors.at(-1)).toMatchObject({ name: 'volatility' });
    await desk.seed();
  });

  it('follows the latest trades, those of its pattern most, and not the oldest', async () => {
    // 500 old trades that always won; then 500 that lose in one pattern and win in another
    await closeTrades('2026-01-05T15:00:00Z', 'old', Array(500).fill(52));
    expect((await size({ pattern: 'good' })).method).toBe('quarter_kelly');
    await closeTrades('2026-02-02T15:00:00Z', 'good', Array(250).fill(52));
    await closeTrades('2026-02-03T15:00:00Z', 'poor', Array(250).fill(49));
    const [good, poor] = [await size({ pattern: 'good' }), await size({ pattern: 'poor' })];
    expect(good.stake_ratio).toBe(0.005);
    expect(poor.stake_ratio).toBe(0.00125);
    expect(poor.factors.map(({ name }) => name)).toEqual([
      'base',
      'edge_all',
      'edge_pattern',
      'edge_kind',
      'quarter_kelly',
      'volatility',
    ]);
    // all that are counted are the latest: half of them won
    expect(good.factors[1]!.reason).toMatch(/^500 trades: wins 50.0 %/);
  });
});
