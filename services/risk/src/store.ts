import type {
  OrderIntent,
  RiskApproval,
  RiskDecision,
  RiskParameters,
  TradingState,
} from '@catalyst/contracts';
import { canonicalJson, type DecimalString, type Direction } from '@catalyst/domain';
import type { Database, Queryable, Transaction } from '@catalyst/service-kit';
import { createHash } from 'node:crypto';

// serialises reviews, so that two orders at once cannot both take the last place
const REVIEW_LOCK = 5004;

export interface StateRow {
  state: TradingState;
  reason: string;
}
export interface AccountRow {
  equity_usd: DecimalString;
  last_equity_usd: DecimalString;
  buying_power_usd: DecimalString;
}
export interface CommitmentRow {
  security_id: number;
  symbol: string;
  sector: string | null;
  notional_usd: DecimalString;
  kind: 'position' | 'approval';
}
export interface Standing {
  state: StateRow | undefined;
  account: AccountRow | null;
  commitments: CommitmentRow[];
}
/** As a row of an outer join has it. */
type Nullable<T> = { [K in keyof T]: T[K] | null };
export interface RiskEvent {
  event_id: string;
  cycle_id: string | null;
  severity: 'info' | 'warning' | 'critical';
  code: string;
  message: string;
  used_ratio: number | null;
  at: string;
}
export interface ParametersRow {
  version: number;
  parameters: RiskParameters;
}
export interface ParametersChange {
  name: string | null;
  old_value: unknown;
  new_value: unknown;
  by: string;
  reason: string;
  at: string;
}

/** The hash by which trading recognises the intent that was approved. */
export const hashIntent = (intent: OrderIntent): string =>
  createHash('sha256').update(canonicalJson(intent)).digest('hex');

export const createStore = (database: Database) => ({
  query: database.query,
  transaction: database.transaction,

  lockReviews: async (tx: Queryable): Promise<void> =>
    void (await tx.query('SELECT pg_advisory_xact_lock($1)', [REVIEW_LOCK])),

  readParameters: async (db: Queryable = database): Promise<ParametersRow | undefined> =>
    (
      await db.query<ParametersRow>(
        'SELECT version, parameters FROM risk_parameters ORDER BY version DESC LIMIT 1',
      )
    )[0],

  addParameters: async (
    tx: Queryable,
    parameters: RiskParameters,
    { name, old_value, new_value, by, reason, at }: ParametersChange,
  ): Promise<number> => {
    const [row] = await tx.query<{ version: number }>(
      `INSERT INTO risk_parameters (version, parameters, changed_name, old_value, new_value,
         changed_by, reason, changed_at)
       SELECT coalesce(max(version), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM risk_parameters
       RETURNING version`,
      [
        JSON.stringify(parameters),
        name,
        JSON.stringify(old_value ?? null),
        JSON.stringify(new_value ?? null),
        by,
        reason,
        at,
      ],
    );
    return row!.version;
  },

  readState: async (db: Queryable): Promise<StateRow | undefined> =>
    (
      await db.query<StateRow>(
        'SELECT state, reason FROM trading_state_changes ORDER BY seq DESC LIMIT 1',
      )
    )[0],

  addState: (tx: Transaction, state: TradingState, by: string, reason: string, at: string): void =>
    tx.beforeCommit(async () => {
      await tx.query(
        `INSERT INTO trading_state_changes (seq, state, changed_by, reason, changed_at)
         VALUES (next_seq('trading_state'), $1, $2, $3, $4)`,
        [state, by, reason, at],
      );
    }),

  /**
   * How the desk stands: the stored trading state, the account, and what is committed (open
   * positions with their pending entries, and approvals that have not become an order yet), all as
   * of one instant, in one statement.
   */
  readStanding: async (db: Queryable, now: string): Promise<Standing> => {
    const rows = await db.query<
      Nullable<StateRow> & Nullable<AccountRow> & Nullable<CommitmentRow>
    >(
      `WITH commitments AS (
         SELECT p.security_id, p.symbol, p.sector, 'position' AS kind,
           coalesce(
             (SELECT max(o.qty * coalesce(o.limit_price, o.filled_avg_price, p.entry_price,
                p.last_price, p.initial_stop_price))
              FROM v_orders o WHERE o.position_id = p.position_id AND o.role = 'entry'),
             p.qty * coalesce(p.last_price, p.entry_price, 0)) AS notional_usd
         FROM v_positions p WHERE p.status <> 'closed'
         UNION ALL
         SELECT a.security_id, a.symbol, s.sector, 'approval', a.notional_usd
         FROM v_unused_approvals a JOIN v_securities s USING (security_id) WHERE a.expires_at > $1)
       SELECT t.state, t.reason, a.equity_usd, a.last_equity_usd, a.buying_power_usd,
         c.security_id, c.symbol, c.sector, c.kind, c.notional_usd
       FROM (VALUES (1)) AS one
       LEFT JOIN (SELECT state, reason FROM trading_state_changes ORDER BY seq DESC LIMIT 1) t
         ON true
       LEFT JOIN v_account_latest a ON true
       LEFT JOIN commitments c ON true
       ORDER BY c.symbol, c.kind`,
      [now],
    );
    const { state, reason, equity_usd, last_equity_usd, buying_power_usd } = rows[0]!;
    return {
      state: state === null ? undefined : { state, reason: reason! },
      account:
        equity_usd === null
          ? null
          : { equity_usd, last_equity_usd: last_equity_usd!, buying_power_usd: buying_power_usd! },
      commitments: rows
        .filter(({ security_id }) => security_id !== null)
        .map(({ security_id, symbol, sector, kind, notional_usd }) => ({
          security_id: security_id!,
          symbol: symbol!,
          sector,
          kind: kind!,
          notional_usd: notional_usd!,
        })),
    };
  },

  readSecurity: async (
    db: Queryable,
    symbol: string,
  ): Promise<{ security_id: number; sector: string | null; is_shortable: boolean } | undefined> =>
    (
      await db.query<{ security_id: number; sector: string | null; is_shortable: boolean }>(
        'SELECT security_id, sector, is_shortable FROM v_securities WHERE symbol = $1',
        [symbol],
      )
    )[0],

  readQuote: async (db: Queryable, securityId: number) =>
    (
      await db.query<{ bid_price: string; ask_price: string; quoted_at: string }>(
        'SELECT bid_price, ask_price, quoted_at FROM v_quotes_latest WHERE security_id = $1',
        [securityId],
      )
    )[0],

  readCycle: async (db: Queryable, cycleId: string) =>
    (
      await db.query<{ trade_date: string; close_at: string }>(
        'SELECT trade_date, close_at FROM v_cycle_hours WHERE cycle_id = $1',
        [cycleId],
      )
    )[0],

  readCloses: (db: Queryable, securityIds: readonly number[], asOf: string, since: number) =>
    db.query<{ security_id: number; trade_date: string; close: number }>(
      'SELECT security_id, trade_date, close FROM split_adjusted_closes($1, $2, $3)',
      [securityIds, asOf, since],
    ),

  isReconciled: async (db: Queryable = database): Promise<boolean> =>
    (await db.query<{ reconciled: boolean }>('SELECT reconciled FROM v_reconciliation_latest'))[0]
      ?.reconciled ?? false,

  lastApprovedAt: async (db: Queryable, securityId: number): Promise<string | null> =>
    (
      await db.query<{ at: string | null }>(
        'SELECT max(approved_at) AS at FROM risk_approvals WHERE security_id = $1',
        [securityId],
      )
    )[0]?.at ?? null,

  /** Profit of the symbol's trades closed in this cycle, newest first. */
  readClosedProfits: (db: Queryable, securityId: number, cycleId: string) =>
    db.query<{ realized_pnl_usd: DecimalString }>(
      `SELECT realized_pnl_usd FROM v_positions
       WHERE security_id = $1 AND cycle_id = $2 AND status = 'closed' AND entered_qty > 0
       ORDER BY exited_at DESC`,
      [securityId, cycleId],
    ),

  readClosedTrades: (db: Queryable = database) =>
    db.query<{
      direction: Direction;
      entry_price: DecimalString;
      exit_price: DecimalString;
      initial_stop_price: DecimalString | null;
    }>(
      `SELECT direction, entry_price, exit_price, initial_stop_price FROM v_positions
       WHERE status = 'closed' AND entered_qty > 0 AND exit_price IS NOT NULL
       ORDER BY exited_at, symbol LIMIT 500`,
    ),

  readDecision: async (db: Queryable, intentId: string) =>
    (
      await db.query<{ intent: OrderIntent; decision: RiskDecision }>(
        'SELECT intent, decision FROM risk_decisions WHERE intent_id = $1',
        [intentId],
      )
    )[0],

  addDecision: async (
    tx: Queryable,
    intent: OrderIntent,
    securityId: number,
    decision: RiskDecision,
    at: string,
  ): Promise<void> => {
    await tx.query(
      `INSERT INTO risk_decisions (intent_id, cycle_id, security_id, intent, verdict, code,
         decision, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        intent.intent_id,
        intent.cycle_id,
        securityId,
        JSON.stringify(intent),
        decision.verdict,
        decision.verdict === 'refused' ? decision.code : null,
        JSON.stringify(decision),
        at,
      ],
    );
  },

  addApproval: async (
    tx: Queryable,
    intent: OrderIntent,
    securityId: number,
    approval: RiskApproval,
    at: string,
  ): Promise<void> => {
    await tx.query(
      `INSERT INTO risk_approvals (approval_id, intent_id, intent_hash, cycle_id, security_id,
         direction, qty, entry_price, risk_usd, notional_usd, approved_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        approval.approval_id,
        intent.intent_id,
        hashIntent(intent),
        intent.cycle_id,
        securityId,
        intent.direction,
        approval.qty,
        intent.entry_price,
        approval.risk_usd,
        approval.notional_usd,
        at,
        approval.expires_at,
      ],
    );
  },

  /** Writes an event once; false when it was there already. */
  addEvent: async (tx: Queryable, event: RiskEvent): Promise<boolean> => {
    const rows = await tx.query(
      `INSERT INTO risk_events (event_id, cycle_id, severity, code, message, used_ratio, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING event_id`,
      [
        event.event_id,
        event.cycle_id,
        event.severity,
        event.code,
        event.message,
        event.used_ratio,
        event.at,
      ],
    );
    return rows.length > 0;
  },
});
export type Store = ReturnType<typeof createStore>;
