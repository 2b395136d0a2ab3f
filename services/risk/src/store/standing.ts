import type { TradingState } from '@catalyst/contracts';
import type { DecimalString } from '@catalyst/domain';
import type { Queryable, Transaction } from '@catalyst/service-kit';

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

/** The trading state and how the desk stands; what risk tells of it. */
export const createStandingStore = () => ({
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

  /** Held stocks whose last price was made before an instant, or never. */
  readStalePrices: (
    db: Queryable,
    before: string,
  ): Promise<{ symbol: string; last_price_at: string | null }[]> =>
    db.query(
      `SELECT symbol, last_price_at FROM v_positions
       WHERE status <> 'closed' AND qty > 0 AND coalesce(last_price_at, entered_at) < $1
       ORDER BY symbol`,
      [before],
    ),

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
