import { createHash } from 'node:crypto';
import type { OrderIntent } from '@catalyst/contracts';
import { canonicalJson, stableId } from '@catalyst/domain';
import type { TestDatabase } from '@catalyst/testkit';
import { at, TRADE_DATE } from './quiet-day.ts';

export const CYCLE = stableId('test-cycle');

const hash = (intent: OrderIntent): string =>
  createHash('sha256').update(canonicalJson(intent)).digest('hex');
let named = 0;

/** Writes what risk does when it approves an order, and the cycle that the order is of. */
export const approveIn = async (
  database: TestDatabase['database'],
  now: string,
  fields: Partial<OrderIntent>,
  { qty = '100', expires_at = new Date(Date.parse(now) + 60_000).toISOString() } = {},
) => {
  named += 1;
  const intent: OrderIntent = {
    intent_id: stableId('intent', named),
    cycle_id: CYCLE,
    symbol: 'ACME',
    direction: 'long',
    qty: null,
    entry_price: '100',
    limit_price: '100.5',
    stop_price: '98',
    target_price: '104',
    ...fields,
  };
  const approval_id = stableId('approval', intent.intent_id);
  const [security] = await database.query<{ id: number }>(
    'SELECT get_or_create_security($1) AS id',
    [intent.symbol],
  );
  await database.query(
    `INSERT INTO trading_cycles (cycle_id, trade_date, state, session_mode, universe_size, open_at, close_at, is_half_day, created_at, updated_at) VALUES ($1, $2, 'trading', 'autonomous', 100, $3, $4, false, $3, $3) ON CONFLICT DO NOTHING`,
    [CYCLE, TRADE_DATE, at('09:30'), at('16:00')],
  );
  await database.query(
    `INSERT INTO risk_decisions (intent_id, cycle_id, security_id, intent, verdict, decision, decided_at) VALUES ($1, $2, $3, $4, 'approved', '{}', $5)`,
    [intent.intent_id, CYCLE, security!.id, JSON.stringify(intent), now],
  );
  await database.query(
    `INSERT INTO risk_approvals (approval_id, intent_id, intent_hash, cycle_id, security_id, direction, qty, entry_price, risk_usd, notional_usd, approved_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 100, 200, 10000, least($8::timestamptz, $9::timestamptz - interval '1 minute'), $9)`,
    [
      approval_id,
      intent.intent_id,
      hash(intent),
      CYCLE,
      security!.id,
      intent.direction,
      qty,
      now,
      expires_at,
    ],
  );
  return { approval_id, intent };
};

/** Arms the desk, as its operator does once. */
export const arm = (database: TestDatabase['database']) =>
  database.query(
    `INSERT INTO trading_state_changes (seq, state, act, changed_by, reason, changed_at)
     VALUES (next_seq('trading_state'), 'active', 'arm', 'test', 'armed', $1)`,
    [at('04:00')],
  );
