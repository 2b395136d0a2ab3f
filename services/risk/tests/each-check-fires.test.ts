import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { refusalCodes, type OrderIntent, type RefusalCode } from '@catalyst/contracts';
import { CAPS, CHECKS } from '../src/domain/review/all-checks.ts';
import { after, NOW, openRisk, type RiskDesk } from './open-risk.ts';

let desk: RiskDesk;
beforeAll(async () => {
  desk = await openRisk(['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG']);
  await desk.arm();
});
afterAll(() => desk.close());

const sql = (statement: string) => (): Promise<unknown> => desk.database.query(statement);
const ask = (over: Partial<OrderIntent> = {}) => desk.preview(desk.intentFor('AAA', over));
const short: Partial<OrderIntent> = {
  direction: 'short',
  limit_price: '49.9',
  stop_price: '51',
  target_price: '47.5',
};
const id = (symbol: string): string =>
  `(SELECT security_id FROM securities WHERE symbol = '${symbol}')`;
/** Trades in AAA that are over. */
const ended = (results: readonly number[], seconds: number) => async (): Promise<void> => {
  for (const [index, result] of results.entries()) {
    const position = await desk.hold({ symbol: 'AAA', status: 'closed' });
    await desk.database.query(
      'UPDATE positions SET realized_pnl_usd = $2, exited_at = $3, exit_price = 49 WHERE position_id = $1',
      [position, result, after(-seconds - index)],
    );
  }
};
const minuteBars = (from: number, to: number): string => `
  SELECT get_or_create_times(ARRAY(SELECT generate_series(t + ${from}, t + ${to})
    FROM (SELECT extract(epoch FROM timestamptz '${NOW}')::int4 / 60 AS t) x));
  INSERT INTO trading_history (security_id, time_id, timeframe, feed, open, high, low, close, volume)
  SELECT ${id('AAA')}, n, '1min', 'iex', 50, 50, 50, 50, 1000
  FROM (SELECT extract(epoch FROM timestamptz '${NOW}')::int4 / 60 AS t) x,
    generate_series(t + ${from}, t + ${to}) n`;
const alikeDays = `
  INSERT INTO trading_history (security_id, time_id, timeframe, feed, open, high, low, close, volume)
  SELECT s, n, '1day', 'sip', 50, 60, 40, 50 + n / 1440 % 7, 5000000
  FROM unnest(ARRAY[${id('AAA')}, ${id('BBB')}]) s, (
    SELECT extract(epoch FROM timestamptz '2026-01-05T05:00Z')::int4 / 60 + 1440 * d AS n
    FROM generate_series(0, 34) d) x`;
const alikeTimes = `SELECT get_or_create_times(ARRAY(
  SELECT extract(epoch FROM timestamptz '2026-01-05T05:00Z')::int4 / 60 + 1440 * d
  FROM generate_series(0, 34) d))`;
/** All but the first daily bars taken away. */
const leaveDays = (count: number) =>
  sql(`DELETE FROM trading_history WHERE security_id = ${id('AAA')} AND time_id > (
    SELECT time_id FROM trading_history WHERE security_id = ${id('AAA')}
    ORDER BY time_id OFFSET ${count - 1} LIMIT 1)`);
const holdMany = (symbol: string, qty: number) => async (): Promise<void> =>
  void (await desk.hold({ symbol, qty, stop_price: 49.9 }));

/** What of the rows, or of the order, makes a code; each alone. */
const CASES: Record<
  Exclude<RefusalCode, 'DISK_SPACE_LOW'>,
  { given?: () => Promise<unknown>; order?: Partial<OrderIntent> }[]
> = {
  TRADING_HALTED: [{ given: () => desk.act('halt') }],
  ONLY_REDUCING: [{ given: () => desk.act('pause') }, { given: () => desk.act('flatten') }],
  ACCOUNT_UNKNOWN: [{ given: sql('DELETE FROM account_snapshots') }],
  ACCOUNT_STALE: [
    { given: sql("UPDATE account_snapshots SET read_at = read_at - interval '181 s'") },
    { given: sql("UPDATE account_snapshots SET read_at = read_at + interval '6 s'") },
  ],
  ACCOUNT_BLOCKED: [
    { given: sql("UPDATE account_snapshots SET blocked_reason = 'trading is blocked'") },
  ],
  NOT_RECONCILED: [
    { given: sql('UPDATE reconciliations SET reconciled = false') },
    { given: sql('DELETE FROM reconciliations') },
  ],
  RECONCILIATION_STALE: [
    { given: sql("UPDATE reconciliations SET checked_at = checked_at - interval '1801 s'") },
    { given: sql("UPDATE reconciliations SET checked_at = checked_at + interval '6 s'") },
  ],
  BEFORE_OPEN: [{ given: sql(`UPDATE trading_cycles SET open_at = '${after(1)}'`) }],
  AFTER_LAST_ENTRY: [{ given: sql(`UPDATE trading_cycles SET close_at = '${after(3599)}'`) }],
  DAILY_LOSS_LIMIT: [
    { given: () => desk.setAccount('98000') },
    {
      given: sql(
        "INSERT INTO account_transfers VALUES ('t', '2026-03-10', 2000, false, '2026-03-10')",
      ),
    },
    {
      // on the Saturday after the last close
      given: async () => {
        await sql("INSERT INTO market_calendar VALUES ('2026-03-06', '09:30', '16:00')")();
        await sql(
          "INSERT INTO account_transfers VALUES ('t', '2026-03-07', 2000, false, '2026-03-10')",
        )();
      },
    },
    { given: async () => void (await desk.hold({ symbol: 'BBB', qty: 500, stop_price: 46 })) },
  ],
  NOT_TRADABLE: [{ given: sql('UPDATE securities SET is_tradable = false') }],
  SYMBOL_HALTED: [
    {
      given: async () => {
        for (const one of minuteBars(-34, -4).split(';')) await desk.database.query(one);
      },
    },
    {
      given: async () => {
        await sql(
          `INSERT INTO trading_statuses SELECT security_id, true, 'Trading Halt: News Pending', '${after(-30)}' FROM securities`,
        )();
        await sql(
          `INSERT INTO status_listening VALUES (true, '${after(-3600)}', '${after(-5)}')`,
        )();
      },
    },
  ],
  ALREADY_HELD: [{ given: async () => void (await desk.hold({ symbol: 'AAA', stop_price: 49 })) }],
  DUPLICATE_INTENT: [
    {
      given: async () => {
        await desk.check(desk.intentFor('AAA'));
        await desk.database.query(
          `UPDATE risk_approvals SET approved_at = '${after(-29)}', expires_at = '${after(-11)}'`,
        );
      },
    },
  ],
  MAX_POSITIONS: [
    {
      given: async () => {
        for (const symbol of ['BBB', 'CCC', 'DDD', 'EEE', 'FFF'])
          await desk.hold({ symbol, stop_price: 49.9 });
      },
    },
  ],
  SHORT_NOT_ALLOWED: [{ order: short }],
  LOSS_STREAK: [{ given: ended([-1, -1], 3600) }],
  COOL_DOWN: [{ given: ended([1], 899) }],
  FRACTIONAL_SHARES: [{ order: { qty: '10.5' } }, { order: { qty: '0.5' } }],
  PRICE_OFF_TICK: [
    { order: { stop_price: '49.001' } },
    { order: { limit_price: '50.105' } },
    { order: { stop_price: '0', target_price: '0' } },
    { order: { scale_out: ['51.001'] } },
  ],
  STOP_MISSING_OR_WRONG_SIDE: [
    { order: { stop_price: '50' } },
    { order: { stop_price: '51' } },
    { order: { target_price: '49.5', limit_price: null } },
    { order: { scale_out: ['49.5'], limit_price: null } },
  ],
  LIMIT_BEYOND_LEVELS: [
    { order: { limit_price: '52.5' } },
    { order: { limit_price: '48.9' } },
    { order: { scale_out: ['50.05'], target_price: '54' } },
  ],
  STOP_TOO_CLOSE: [{ order: { stop_price: '49.95' } }],
  STOP_TOO_FAR: [{ order: { stop_price: '44', target_price: '70' } }],
  STOP_NOT_SUPPORTED: [
    { order: { stop_price: '46.9', target_price: '60' } },
    { given: leaveDays(14) },
  ],
  REWARD_TO_RISK: [{ order: { target_price: '51.4' } }, { order: { scale_out: ['50.2'] } }],
  QUOTE_STALE: [
    { given: sql('DELETE FROM latest_quotes') },
    { given: sql("UPDATE latest_quotes SET quoted_at = quoted_at - interval '121 s'") },
    { given: sql("UPDATE latest_quotes SET quoted_at = quoted_at + interval '60 s'") },
  ],
  SPREAD_TOO_WIDE: [
    { given: sql('UPDATE latest_quotes SET bid_price = 49.4') },
    { given: sql('UPDATE latest_quotes SET bid_price = 50.1') },
  ],
  PRICE_FAR_FROM_QUOTE: [
    { order: { entry_price: '25', limit_price: null, stop_price: '24', target_price: '28' } },
    { order: { entry_price: '51.1', limit_price: '51.1', stop_price: '50.5', target_price: '60' } },
  ],
  CORRELATION: [
    {
      given: async () => {
        await desk.database.query(alikeTimes);
        await desk.database.query(alikeDays);
        await desk.hold({ symbol: 'BBB', stop_price: 49 });
      },
    },
  ],
  SIZE_BELOW_ONE_SHARE: [
    { given: sql('UPDATE account_snapshots SET equity_usd = 100, last_equity_usd = 100') },
  ],
  POSITION_SIZE_LIMIT: [
    { order: { qty: '400', stop_price: '49.5' } },
    { order: { qty: '999999999999', stop_price: '49.5' } },
  ],
  SECTOR_SHARE: [
    {
      given: async () => {
        await sql(
          `UPDATE securities SET sector_id = (SELECT sector_id FROM securities WHERE symbol = 'AAA') WHERE symbol = 'BBB'`,
        )();
        await holdMany('BBB', 1200)();
      },
    },
  ],
  GROSS_EXPOSURE: [{ given: holdMany('BBB', 2000) }],
  CASH: [{ given: sql('UPDATE account_snapshots SET cash_usd = 40') }],
  BUYING_POWER: [{ given: sql('UPDATE account_snapshots SET buying_power_usd = 40') }],
  INTRADAY_MARGIN: [{ given: sql('UPDATE account_snapshots SET maintenance_margin_usd = 99990') }],
  LIQUIDITY: [
    { given: sql('UPDATE latest_quotes SET ask_size = 0') },
    { given: sql('UPDATE trading_history SET volume = 5000'), order: { qty: '100' } },
    {
      given: async () => {
        await leaveDays(4)();
        await desk.database.query(
          `INSERT INTO pattern_detections SELECT gen_random_uuid(), ${id('AAA')}, 29552000, '1min',
             'bull_flag', 0.8, 50, 50, 49.004, 53, 3, '{}', 'intraday', '${NOW}'`,
        );
      },
    },
  ],
};

/** The rows as they were. */
const restore = async (): Promise<void> => {
  await desk.act('resume');
  await desk.truncate(
    'positions, orders, fills, risk_approvals, risk_decisions, account_transfers, account_snapshots',
  );
  for (const statement of [
    'TRUNCATE trading_statuses, status_listening',
    "DELETE FROM trading_history WHERE timeframe = '1min'",
    'DELETE FROM latest_quotes',
    'DELETE FROM pattern_detections',
    'DELETE FROM market_calendar',
    'DELETE FROM reconciliations',
    "UPDATE trading_cycles SET open_at = '2026-03-10T13:30:00Z', close_at = '2026-03-10T20:00:00Z'",
  ])
    await desk.database.query(statement);
  await desk.seed();
};

describe('each check', () => {
  afterEach(restore);

  it('is known by a case that makes it fire, and belongs to a code', () => {
    const codes = [...CHECKS, ...CAPS].map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(refusalCodes));
    const names = [...CHECKS, ...CAPS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('lets an ordinary trade pass, and is kept with it, with what it read', async () => {
    const intent = desk.intentFor('AAA');
    const decision = await desk.check(intent);
    expect(decision.verdict).toBe('approved');
    expect(decision.checks.map(({ name }) => name)).toEqual(
      [...CHECKS, ...CAPS].map(({ name }) => name),
    );
    expect(decision.checks.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
    expect(decision.checks.find(({ name }) => name === 'stop_supported')).toMatchObject({
      read: { true_range: '1.5', support: null },
      limit: '2',
      value: expect.stringMatching(/^0\.66/),
    });
    const [row] = await desk.database.query<{ checks: unknown }>(
      "SELECT decision -> 'checks' AS checks FROM risk_decisions WHERE intent_id = $1",
      [intent.intent_id],
    );
    expect(row!.checks).toEqual(decision.checks);
  });

  const table = Object.entries(CASES).flatMap(([code, cases]) =>
    cases.map((one, index) => [code as RefusalCode, index + 1, one] as const),
  );
  it.each(table)('refuses with %s by its case %d, and not without it', async (code, _, one) => {
    expect(await ask()).toMatchObject({ verdict: 'approved' });
    await one.given?.();
    const refused = await ask(one.order);
    expect(refused).toMatchObject({ verdict: 'refused', code });
    expect(refused.checks.find(({ verdict }) => verdict === 'refused')).toBeDefined();
    await restore();
    expect(await ask()).toMatchObject({ verdict: 'approved' });
  });
});
