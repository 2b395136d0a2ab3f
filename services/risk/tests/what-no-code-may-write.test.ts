import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { after, NOW, openRisk, type RiskDesk } from './open-risk.ts';

let desk: RiskDesk;
const ORDER = `INSERT INTO orders (client_order_id, security_id, position_id, side, role, type,
    order_class, time_in_force, qty, status, request, created_at, updated_at)
  SELECT 'order', security_id, $1, 'sell', 'exit', 'market', 'simple', 'day', 100, 'new', '{}', $2, $2
  FROM securities WHERE symbol = 'AAA'`;

beforeAll(async () => {
  desk = await openRisk(['AAA']);
  await desk.arm();
  const { database } = desk;
  await desk.check(desk.intentFor('AAA'));
  const position = await desk.hold({ symbol: 'AAA', stop_price: 49 });
  await database.query(ORDER, [position, NOW]);
  await database.query("INSERT INTO fills VALUES (1, 'x1', 'order', 60, 50, $1)", [NOW]);
  await database.query(
    "INSERT INTO order_events VALUES (1, 'order', 'new', 'new', 'desk', '{}', $1)",
    [NOW],
  );
  await database.query("INSERT INTO account_fees VALUES ('f', '2026-03-10', 'TAF', 1, false, $1)", [
    NOW,
  ]);
  await database.query("INSERT INTO account_transfers VALUES ('t', '2026-03-10', 1, false, $1)", [
    NOW,
  ]);
  await database.query(
    `INSERT INTO pattern_detections SELECT gen_random_uuid(), security_id, 29552000, '1min',
       'bull_flag', 0.8, 50, 50, 49, 53, 3, '{}', 'intraday', $1 FROM securities`,
    [NOW],
  );
  await database.query(
    `INSERT INTO decision_logs (decision_id, cycle_id, security_id, decided_at, kind, outcome,
       reason, inputs) SELECT gen_random_uuid(), $1, security_id, $2, 'enter', 'decided', 'test',
       '{}' FROM securities`,
    [desk.cycle_id, NOW],
  );
  await database.query(
    `INSERT INTO trading_signals (seq, signal_id, kind, origin, decision_id, security_id, side,
       entry_price, stop_price, target_price, confidence, reason, created_at, valid_until, payload)
     SELECT 1, gen_random_uuid(), 'signal', 'test', decision_id, security_id, 'buy', 50, 49, 53, 0.8,
       'test', $1, $2, '{}' FROM decision_logs`,
    [NOW, after(300)],
  );
  // their rows are never changed at all; here each of their constraints is looked at by itself
  await changesOfHistory('DISABLE');
});
afterAll(() => desk.close());

const changesOfHistory = async (may: 'ENABLE' | 'DISABLE'): Promise<void> => {
  for (const table of ['fills', 'order_events'])
    await desk.database.query(`ALTER TABLE ${table} ${may} TRIGGER ${table}_are_kept`);
};

const NUMBERS = ["'NaN'", "'Infinity'", "'-Infinity'"];
const AMOUNTS: Record<string, { of: string[]; least?: 0 | '> 0' }[]> = {
  orders: [
    { of: ['filled_avg_price', 'limit_price', 'stop_price'], least: '> 0' },
    { of: ['qty', 'filled_qty'], least: 0 },
  ],
  fills: [{ of: ['qty', 'price'], least: '> 0' }],
  positions: [
    { of: ['entry_price', 'exit_price', 'initial_stop_price', 'target_price'], least: '> 0' },
    { of: ['qty', 'entered_qty', 'entry_notional', 'exit_notional', 'last_price'], least: 0 },
    { of: ['unrealized_pnl_usd', 'realized_pnl_usd'] },
  ],
  risk_approvals: [
    { of: ['qty', 'entry_price', 'notional_usd'], least: '> 0' },
    { of: ['risk_usd'], least: 0 },
  ],
  account_snapshots: [
    { of: ['equity_usd', 'last_equity_usd', 'cash_usd', 'buying_power_usd'] },
    { of: ['maintenance_margin_usd'], least: 0 },
  ],
  account_fees: [{ of: ['amount_usd'] }],
  account_transfers: [{ of: ['amount_usd'] }],
  latest_quotes: [{ of: ['bid_price', 'ask_price', 'bid_size', 'ask_size'], least: 0 }],
  trading_history: [
    { of: ['open', 'high', 'low', 'close'], least: '> 0' },
    { of: ['volume'], least: 0 },
  ],
  pattern_detections: [
    { of: ['level', 'entry', 'stop', 'target', 'reward_to_risk', 'confidence'] },
  ],
};
const badAmounts = Object.entries(AMOUNTS).flatMap(([table, groups]) =>
  groups.flatMap(({ of, least }) =>
    of.flatMap((column) =>
      [...NUMBERS, ...(least === undefined ? [] : ['-1']), ...(least === '> 0' ? ['0'] : [])].map(
        (value) => [table, column, value] as const,
      ),
    ),
  ),
);

describe('the schema refuses what no code may write', () => {
  const refuses = (statement: string) =>
    expect(desk.database.query(statement)).rejects.toThrow(
      /violates check constraint|more than the|cannot hold an infinite value|infinity|overflow/i,
    );

  it.each(badAmounts)('%s.%s = %s', async (table, column, value) => {
    const [row] = await desk.database.query<{ n: number }>(
      `SELECT count(*)::int4 AS n FROM ${table}`,
    );
    expect(row!.n).toBeGreaterThan(0);
    await refuses(`UPDATE ${table} SET ${column} = ${value}`);
  });

  it.each([
    ['a word that no broker says for a status', "UPDATE orders SET status = 'banana'"],
    ['the same in what happened to an order', "UPDATE order_events SET status = 'banana'"],
    ['a position of an unknown state', "UPDATE positions SET status = 'banana'"],
    ['a closed position that holds shares', "UPDATE positions SET status = 'closed'"],
    ['an order filled beyond its size', 'UPDATE orders SET filled_qty = 101'],
    ['an execution larger than its order', 'UPDATE fills SET qty = 100.000000001'],
    [
      'executions that are together more',
      "INSERT INTO fills VALUES (2, 'x2', 'order', 41, 50, '2026-03-10')",
    ],
    [
      'an approval that ends before it begins',
      'UPDATE risk_approvals SET expires_at = approved_at',
    ],
    ['a refusal without its code', "UPDATE risk_decisions SET verdict = 'refused'"],
    ['an approval with a code', "UPDATE risk_decisions SET code = 'CASH'"],
    ...['entry_price', 'stop_price', 'target_price', 'confidence'].flatMap((column) =>
      [...NUMBERS, "'-1'"].map((value): [string, string] => [
        `a signal whose ${column} is ${value}`,
        // all but one column of the row that is there, under another number
        `INSERT INTO trading_signals SELECT (jsonb_populate_record(t, jsonb_build_object('seq', 2,
           'signal_id', gen_random_uuid(), 'origin', 'other', '${column}', ${value}))).* FROM trading_signals t`,
      ]),
    ),
  ])('%s', async (_, statement) => refuses(statement));

  it.each([
    ['changed', "UPDATE trading_signals SET reason = 'another'"],
    ['deleted', 'DELETE FROM trading_signals'],
    ['emptied', 'TRUNCATE trading_signals CASCADE'],
  ])('the log of signals %s', async (_, statement) => {
    await expect(desk.database.query(statement)).rejects.toThrow('trading_signals is append-only');
  });

  it('what happened to orders and positions changed, deleted or emptied', async () => {
    await changesOfHistory('ENABLE');
    for (const table of ['order_events', 'position_events', 'fills'])
      for (const statement of [
        `UPDATE ${table} SET seq = seq`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table} CASCADE`,
      ])
        await expect(desk.database.query(statement)).rejects.toThrow(`${table} is append-only`);
    await changesOfHistory('DISABLE');
  });

  it('and takes the rest of an order, however its parts come', async () => {
    await desk.database.query(
      "INSERT INTO fills VALUES (2, 'x2', 'order', 39.5, 50, '2026-03-10')",
    );
    await desk.database.query("INSERT INTO fills VALUES (3, 'x3', 'order', 0.5, 50, '2026-03-10')");
    expect(await desk.database.query('SELECT 1 FROM fills')).toHaveLength(3);
  });
});
