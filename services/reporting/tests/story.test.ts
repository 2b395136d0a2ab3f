import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { reportingApi } from '@catalyst/contracts';
import { stableId, toTimeId } from '@catalyst/domain';
import {
  createTestDatabase,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { reportingService } from '../src/service.ts';
import { CYCLE, DATE, seedDay, seedDesk } from './trading-day.ts';

let database: TestDatabase;
let service: TestService<typeof reportingApi>;
let home: string;
const at = (clock: string): string => `${DATE}T${clock}:00.000Z`;
const scanId = stableId('scan', DATE, 2);
const securityOf = '(SELECT get_or_create_security($1))';

const scanned = (symbol: string, stage: string, reason: string, passed = false): Promise<unknown> =>
  database.database.query(
    `INSERT INTO scan_results (scan_id, security_id, stage, passed, reason, rank, composite_score) VALUES ($2, ${securityOf}, $3, $4, $5, $6, $7)`,
    [symbol, scanId, stage, passed, reason, passed ? 1 : null, passed ? 0.8 : null],
  );
const decided = (
  symbol: string,
  clock: string,
  kind: string,
  outcome: string,
  reason: string,
): Promise<unknown> =>
  database.database.query(
    `INSERT INTO decision_logs (decision_id, cycle_id, security_id, decided_at, kind, outcome, reason, scan_id) VALUES ($2, $3, ${securityOf}, $4, $5, $6, $7, $8)`,
    [symbol, stableId(symbol, clock), CYCLE, at(clock), kind, outcome, reason, scanId],
  );
const story = (symbol: string, trade_date?: string) =>
  service.client('cli').tellStory({ params: { symbol }, query: trade_date ? { trade_date } : {} });

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'catalyst-story-'));
  database = await createTestDatabase();
  await seedDesk(database.database);
  await seedDay(database.database);
  const intent = {
    intent_id: stableId('intent', 'RFSD'),
    cycle_id: CYCLE,
    symbol: 'RFSD',
    direction: 'long',
    qty: null,
    entry_price: '10.00',
    limit_price: null,
    stop_price: '9.90',
    target_price: '10.05',
  };
  const refusal = {
    verdict: 'refused',
    intent_id: intent.intent_id,
    code: 'REWARD_TO_RISK',
    message: 'reward to risk is 0.5, at least 1.5',
    limit: '1.5',
    value: '0.5',
    max_qty: '0',
  };
  await scanned('ACME', 'ranking', 'rank 1 with a composite score of 0.800', true);
  await scanned('RFSD', 'ranking', 'rank 2 with a composite score of 0.700', true);
  await decided('RFSD', '14:00', 'skip', 'waiting_for_trigger', 'close was 9.99, not above 10');
  await decided('RFSD', '14:01', 'enter', 'REWARD_TO_RISK', 'risk refused: reward to risk is 0.5');
  await database.database.query(
    `INSERT INTO risk_decisions (intent_id, cycle_id, security_id, intent, verdict, code, decision, decided_at) VALUES ($2, $3, ${securityOf}, $4, 'refused', 'REWARD_TO_RISK', $5, $6)`,
    ['RFSD', intent.intent_id, CYCLE, intent, refusal, at('14:01')],
  );
  await scanned('FELL', 'technical', 'rsi_14 was 78.8, above 70');
  await scanned('WAIT', 'ranking', 'rank 3 with a composite score of 0.600', true);
  await decided('WAIT', '14:05', 'skip', 'waiting_for_trigger', 'close was 5, not above 5.1');
  await database.database.query("SELECT get_or_create_security('QUIET')");
  const [acme] = await database.database.query<{ entry: string }>(
    "SELECT client_order_id AS entry FROM v_orders WHERE symbol = 'ACME' AND role = 'entry'",
  );
  for (const [seq, event, status, source, details] of [
    [1, 'intended', 'intended', 'desk', {}],
    [2, 'fill', 'filled', 'stream', { filled_qty: '100' }],
    [3, 'stop_moved', 'filled', 'desk', { from: '44.00', to: '45.10', why: 'one R was reached' }],
  ] as const)
    await database.database.query(
      `INSERT INTO order_events (seq, client_order_id, event, status, source, details, occurred_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [seq, acme!.entry, event, status, source, details, at('13:47')],
    );
  await database.database.query(
    `INSERT INTO trade_proposals (proposal_id, cycle_id, origin, security_id, intent, verdict, summary, state, outcome, created_at, expires_at)
     VALUES ($2, $3, 'person', ${securityOf}, $4, $5, 'buy RFSD', 'refused', 'reward to risk is 0.5', $6, $7)`,
    [
      'RFSD',
      stableId('proposal', 'RFSD'),
      CYCLE,
      { ...intent, qty: '5' },
      refusal,
      at('14:02'),
      at('14:07'),
    ],
  );
  const bars = [
    ['15:01', 47.3, 47.4, 47.3],
    ['15:02', 47.2, 48, 47.5],
    ['15:03', 46, 47.6, 46.5],
  ] as const;
  const minutes = bars.map(([clock]) => toTimeId(at(clock)));
  await database.database.query('SELECT get_or_create_times($1)', [minutes]);
  for (const [index, [, low, high, close]] of bars.entries())
    for (const [feed, volume, off] of [
      ['sip', 1000, 0],
      ['iex', 10, 1],
    ] as const)
      await database.database.query(
        `INSERT INTO trading_history (security_id, time_id, timeframe, feed, open, high, low, close, volume)
         VALUES (${securityOf}, $2, '1min', $3, $4, $5, $4, $6, $7)`,
        ['ACME', minutes[index], feed, low + off, high + off, close + off, volume],
      );
  service = await startTestService(reportingService, {
    database_url: database.url,
    replay_start_at: `${DATE}T08:00:00.000Z`,
    env: { CATALYST_HOME: home },
  });
});
afterAll(async () => {
  await service?.close();
  await database?.drop();
  rmSync(home, { recursive: true, force: true });
});

describe('the story of a stock on a day', () => {
  it('leads from the headline over scan, decision, risk, orders and fills to the result of one that was traded', async () => {
    const told = await story('ACME');
    expect(told).toMatchObject({
      symbol: 'ACME',
      trade_date: DATE,
      verdict:
        'bought 100 at 45.10 at 09:47, sold at 47.30 at 11:02, target reached: +$220.00, +2.00 R.',
      news: [
        {
          headline: 'Acme wins $2 billion contract',
          source: 'test wire',
          sentiment: 0.8,
          catalyst_type: 'contract_product',
          catalyst_strength: 0.9,
          is_repeat: false,
        },
      ],
      scans: [{ stage: 'ranking', passed: true, rank: 1, composite_score: 0.8 }],
      decisions: [{ kind: 'enter', pattern: 'bull_flag' }],
      reviews: [{ decision: { verdict: 'approved', qty: '100' }, intent: { symbol: 'ACME' } }],
      orders: [
        { role: 'entry', fills: [{ qty: '100', price: '45.1', filled_at: at('13:47') }] },
        { role: 'exit', fills: [{ qty: '100', price: '47.3', filled_at: at('15:02') }] },
      ],
      positions: [{ realized_pnl_usd: '220', r_multiple: 2, exit_reason: 'target' }],
    });
    const [decision] = told.decisions;
    expect(decision!.article_id).toBe(told.news[0]!.article_id);
    expect(decision!.intent_id).toBe(told.reviews[0]!.intent_id);
    expect(told.positions[0]!.intent_id).toBe(decision!.intent_id);
    expect(told.orders[0]!.changes).toEqual([
      expect.objectContaining({ event: 'intended', told_by: 'desk', to_price: null }),
      expect.objectContaining({ event: 'fill', status: 'filled', told_by: 'stream' }),
      expect.objectContaining({
        event: 'stop_moved',
        from_price: '44',
        to_price: '45.1',
        why: 'one R was reached',
      }),
    ]);
    // sold at 11:02; the bar that ended then is where it stood
    expect(told.afterwards).toEqual({
      since: at('15:02'),
      price: '47.3',
      highest: '48',
      lowest: '46',
      last: '46.5',
      until: at('15:04'),
    });
  });
  it('tells of a trade that waited for a person, and what came of it', async () => {
    const { proposals } = await story('RFSD');
    expect(proposals).toEqual([
      expect.objectContaining({
        origin: 'person',
        direction: 'long',
        qty: '5',
        state: 'refused',
        outcome: 'reward to risk is 0.5',
        verdict: expect.objectContaining({ code: 'REWARD_TO_RISK' }),
      }),
    ]);
  });
  it.each([
    ['RFSD', 'Not bought so far: risk refused it at 10:01: reward to risk is 0.5, at least 1.5.'],
    [
      'WAIT',
      'Not bought so far: last decided at 10:05 (waiting for trigger): close was 5, not above 5.1.',
    ],
    [
      'FELL',
      'Not bought so far: in 1 scan it came no farther than the stage technical, last at 09:35: rsi_14 was 78.8, above 70.',
    ],
    ['QUIET', 'Not bought so far: no news told of it, and no scan looked at it.'],
  ])('says where %s ended and why', async (symbol, verdict) => {
    expect(await story(symbol)).toMatchObject({ verdict, positions: [] });
  });
  it('says which stocks there are to one that nobody knows', async () => {
    await expect(story('ACNE')).rejects.toMatchObject({
      code: 'UNKNOWN_SYMBOL',
      message: 'the desk knows no stock ACNE; did you mean ACME?',
    });
    await expect(story('ZZZZZ')).rejects.toMatchObject({
      code: 'UNKNOWN_SYMBOL',
      message:
        'the desk knows no stock ZZZZZ; it knows 7 stocks, and traded ACME, BOLT, CRUX on 2026-03-10',
      details: { near: [], traded: ['ACME', 'BOLT', 'CRUX'] },
    });
    await expect(story('ACME', '2026-03-09')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'the desk has no cycle of 2026-03-09',
    });
  });
});
