import type { TradingState } from '@catalyst/contracts';
import type { DecimalString } from '@catalyst/domain';
import type { Queryable, Transaction } from '@catalyst/service-kit';
import {
  nameActor,
  NEVER_ARMED,
  type Act,
  type Actor,
  type Standing as TradingStanding,
} from '../domain/trading-acts.ts';

interface StateRow extends Actor {
  state: TradingState;
  reason: string;
  act: Act;
  set_at: string;
}
const readStateRow = ({ state, reason, act, set_at, ...by }: StateRow): TradingStanding => ({
  state,
  reason,
  act,
  set_by: nameActor(by),
  set_at,
});
export interface StateChange {
  act: Act;
  state: TradingState;
  reason: string;
  actor: string;
  on_behalf_of?: string;
  at: string;
}
export interface AccountRow {
  equity_usd: DecimalString;
  last_equity_usd: DecimalString;
  buying_power_usd: DecimalString;
  /** What executions since the account was read made of the day's result. */
  result_since_usd: DecimalString;
}
export interface CommitmentRow {
  security_id: number;
  symbol: string;
  sector: string | null;
  notional_usd: DecimalString;
  /** What is lost from here on if each stop is hit. */
  risk_usd: DecimalString;
  kind: 'position' | 'approval';
}
export interface Standing {
  state: TradingStanding;
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

/** An approval that was used in its last moment becomes an order a little later. */
const USE_GRACE_SECONDS = 10;
/** How far the broker's clock and the desk's may be apart, and a read may take. */
const CLOCKS_APART_SECONDS = 5;
/** Whether more can come of an order; in the words of the index `orders_open`. */
const IS_OPEN =
  "status NOT IN ('filled', 'canceled', 'expired', 'replaced', 'rejected', 'refused')";

/** The columns of a change of the trading state, as of a table `t`. */
const STATE =
  't.state, t.reason, t.act, t.changed_by AS actor, t.on_behalf_of, t.changed_at AS set_at';

/** The trading state and how the desk stands; what risk tells of it. */
export const createStandingStore = () => ({
  readState: async (db: Queryable): Promise<TradingStanding> => {
    const [row] = await db.query<StateRow>(
      `SELECT ${STATE} FROM trading_state_changes t ORDER BY seq DESC LIMIT 1`,
    );
    return row === undefined ? NEVER_ARMED : readStateRow(row);
  },

  /** Whether a person has ever let the desk trade. */
  wasArmed: async (db: Queryable): Promise<boolean> =>
    (await db.query("SELECT 1 FROM trading_state_changes WHERE act = 'arm' LIMIT 1")).length > 0,

  addState: (
    tx: Transaction,
    { act, state, reason, actor, on_behalf_of = undefined, at }: StateChange,
  ): void =>
    tx.beforeCommit(async () => {
      await tx.query(
        `INSERT INTO trading_state_changes (seq, act, state, changed_by, on_behalf_of, reason,
           changed_at) VALUES (next_seq('trading_state'), $1, $2, $3, $4, $5, $6)`,
        [act, state, actor, on_behalf_of ?? null, reason, at],
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
      `WITH account AS (SELECT * FROM v_account_latest),
       held AS (
         SELECT p.*, coalesce(p.last_price, p.entry_price) AS price
         FROM v_positions p WHERE p.status <> 'closed'),
       stops AS (
         SELECT position_id, min(stop_price) AS lowest, max(stop_price) AS highest
         FROM v_orders WHERE role = 'stop' AND stop_price IS NOT NULL AND ${IS_OPEN}
         GROUP BY position_id),
       entries AS (
         SELECT o.position_id, o.qty, o.qty - o.filled_qty AS open_qty, o.approval_id,
           coalesce(o.limit_price, o.filled_avg_price) AS price, o.${IS_OPEN} AS is_open
         FROM v_orders o JOIN held USING (position_id) WHERE o.role = 'entry'),
       commitments AS (
         SELECT p.security_id, p.symbol, p.sector, 'position' AS kind,
           coalesce(
             (SELECT max(e.qty * coalesce(e.price, p.entry_price, p.last_price,
                p.initial_stop_price)) FROM entries e WHERE e.position_id = p.position_id),
             p.qty * coalesce(p.price, 0)) AS notional_usd,
           -- of shares whose stop nobody knows, all that they are worth
           greatest(0, p.qty * coalesce(
             CASE p.direction
               WHEN 'long' THEN p.price - coalesce(s.lowest, p.initial_stop_price)
               ELSE coalesce(s.highest, p.initial_stop_price) - p.price END,
             p.price, 0))
           + coalesce((SELECT sum(coalesce(a.risk_usd * e.open_qty / e.qty,
               e.open_qty * abs(e.price - p.initial_stop_price), e.open_qty * e.price, 0))
             FROM entries e LEFT JOIN risk_approvals a USING (approval_id)
             WHERE e.position_id = p.position_id AND e.is_open), 0) AS risk_usd
         FROM held p LEFT JOIN stops s USING (position_id)
         UNION ALL
         SELECT a.security_id, a.symbol, s.sector, 'approval', a.notional_usd, a.risk_usd
         FROM v_unused_approvals a JOIN v_securities s USING (security_id)
         WHERE a.expires_at > $1::timestamptz - interval '${USE_GRACE_SECONDS} s'),
       -- each execution against the price at which the account valued its shares: what may be in
       -- the account's figures already and what may not counts where it is a loss
       since AS (
         SELECT coalesce(sum(r.usd) FILTER (WHERE r.usd < 0
             OR r.filled_at > r.read_at + interval '${CLOCKS_APART_SECONDS} s'), 0) AS result_usd
         FROM (
           SELECT f.filled_at, a.read_at, f.qty * (f.price - coalesce(p.last_price, f.price))
             * CASE f.side WHEN 'sell' THEN 1 ELSE -1 END AS usd
           FROM account a
           JOIN v_fills f ON f.filled_at >= a.read_at - interval '${CLOCKS_APART_SECONDS} s'
           JOIN v_positions p USING (position_id)) r)
       SELECT ${STATE}, a.equity_usd, a.last_equity_usd, a.buying_power_usd,
         since.result_usd AS result_since_usd,
         c.security_id, c.symbol, c.sector, c.kind, c.notional_usd, c.risk_usd
       FROM (VALUES (1)) AS one
       LEFT JOIN (SELECT * FROM trading_state_changes ORDER BY seq DESC LIMIT 1) t ON true
       CROSS JOIN since
       LEFT JOIN account a ON true
       LEFT JOIN commitments c ON true
       ORDER BY c.symbol, c.kind`,
      [now],
    );
    const { state, reason, act, actor, on_behalf_of, set_at } = rows[0]!;
    const { equity_usd, last_equity_usd, buying_power_usd, result_since_usd } = rows[0]!;
    return {
      state:
        state === null
          ? NEVER_ARMED
          : readStateRow({
              state,
              reason: reason!,
              act: act!,
              actor: actor!,
              on_behalf_of,
              set_at: set_at!,
            }),
      account:
        equity_usd === null
          ? null
          : {
              equity_usd,
              last_equity_usd: last_equity_usd!,
              buying_power_usd: buying_power_usd!,
              result_since_usd: result_since_usd!,
            },
      commitments: rows
        .filter(({ security_id }) => security_id !== null)
        .map(({ security_id, symbol, sector, kind, notional_usd, risk_usd }) => ({
          security_id: security_id!,
          symbol: symbol!,
          sector,
          kind: kind!,
          notional_usd: notional_usd!,
          risk_usd: risk_usd!,
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
