import type { DecimalString, Direction } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';
import type { AccountFacts } from '../domain/review/risk-facts.ts';
import { NEVER_ARMED, type Standing as TradingStanding } from '../domain/trading-acts.ts';
import { readStateRow, STATE, type StateRow } from './trading-state.ts';

const ACCOUNT_COLUMNS = [
  'read_at',
  'equity_usd',
  'last_equity_usd',
  'cash_usd',
  'buying_power_usd',
  'transfers_usd',
  'result_since_usd',
  'cash_since_usd',
  'maintenance_margin_usd',
  'blocked_reason',
] as const satisfies readonly (keyof AccountFacts)[];
export interface CommitmentRow {
  security_id: number;
  symbol: string;
  direction: Direction;
  sector: string | null;
  notional_usd: DecimalString;
  /** The part of it that the account has not paid yet. */
  pending_usd: DecimalString;
  /** What is lost from here on if each stop is hit. */
  risk_usd: DecimalString;
  kind: 'position' | 'approval';
}
export interface Standing {
  state: TradingStanding;
  account: AccountFacts | null;
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
/** An execution that is told later than this was in the account's figures meanwhile. */
const TOLD_WITHIN_SECONDS = 60;
/** Sum of what executions made of a number, as far as the account may not know it. */
const OF_LOSS = (what: 'result' | 'cash'): string =>
  `coalesce(sum(r.${what}) FILTER (WHERE r.${what} < 0 OR r.is_later), 0)`;
/** Whether more can come of an order; in the words of the index `orders_open`. */
const IS_OPEN =
  "status NOT IN ('filled', 'canceled', 'expired', 'replaced', 'rejected', 'refused')";

/** How the desk stands, and what risk tells of it. */
export const createStandingStore = () => ({
  /**
   * How the desk stands: the stored trading state, the account, and what is committed (open
   * positions with their pending entries, and approvals that have not become an order yet), all as
   * of one instant, in one statement.
   */
  readStanding: async (db: Queryable, now: string): Promise<Standing> => {
    const rows = await db.query<
      Nullable<StateRow> & Nullable<AccountFacts> & Nullable<CommitmentRow>
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
         SELECT p.security_id, p.symbol, p.direction, p.sector, 'position' AS kind,
           coalesce(
             (SELECT sum(e.qty * coalesce(e.price, p.entry_price, p.last_price,
                p.initial_stop_price)) FROM entries e
              WHERE e.position_id = p.position_id AND (e.is_open OR e.open_qty < e.qty)),
             p.qty * coalesce(p.price, 0)) AS notional_usd,
           coalesce((SELECT sum(e.open_qty * coalesce(e.price, a.entry_price, 0))
             FROM entries e LEFT JOIN risk_approvals a USING (approval_id)
             WHERE e.position_id = p.position_id AND e.is_open), 0) AS pending_usd,
           -- of shares whose stop nobody knows, all that they are worth
           greatest(0, p.qty * coalesce(
             CASE p.direction
               WHEN 'long' THEN p.price - coalesce(s.lowest, p.initial_stop_price)
               ELSE coalesce(s.highest, p.initial_stop_price) - p.price END,
             p.price, 0))
           + coalesce((SELECT sum(coalesce(a.risk_usd * e.open_qty / a.qty,
               e.open_qty * abs(e.price - p.initial_stop_price), e.open_qty * e.price, 0))
             FROM entries e LEFT JOIN risk_approvals a USING (approval_id)
             WHERE e.position_id = p.position_id AND e.is_open), 0) AS risk_usd
         FROM held p LEFT JOIN stops s USING (position_id)
         UNION ALL
         SELECT a.security_id, a.symbol, a.direction, s.sector, 'approval', a.notional_usd,
           a.notional_usd, a.risk_usd
         FROM v_unused_approvals a JOIN v_securities s USING (security_id)
         WHERE a.expires_at > $1::timestamptz - interval '${USE_GRACE_SECONDS} s'),
       -- executions that the account's figures may not have: each against the price at which they
       -- valued its shares, and what it did to the cash. What they may have already counts where it
       -- is to the desk's loss
       since AS (
         SELECT ${OF_LOSS('result')} AS result_since_usd, ${OF_LOSS('cash')} AS cash_since_usd
         FROM (
           SELECT f.filled_at > a.read_at + interval '${CLOCKS_APART_SECONDS} s' AS is_later,
             x.sign * f.qty * (f.price - coalesce(p.last_price, f.price)) AS result,
             x.sign * f.qty * f.price AS cash
           FROM account a
           JOIN v_fills f ON f.seq > coalesce(a.fills_seq, 0)
             AND f.filled_at > a.read_at - interval '${TOLD_WITHIN_SECONDS} s'
           JOIN v_positions p USING (position_id)
           CROSS JOIN LATERAL (SELECT CASE f.side WHEN 'sell' THEN 1 ELSE -1 END AS sign) x) r),
       -- since the last close: what came on a weekend too
       transfers AS (
         SELECT coalesce(sum(t.amount_usd), 0) AS transfers_usd
         FROM account a CROSS JOIN LATERAL (
           SELECT (a.read_at AT TIME ZONE 'America/New_York')::date AS today) d
         JOIN v_account_transfers t ON t.trade_date <= d.today AND t.trade_date > coalesce(
           (SELECT max(m.trade_date) FROM v_market_calendar m WHERE m.trade_date < d.today),
           d.today - 1))
       SELECT ${STATE}, a.read_at, a.equity_usd, a.last_equity_usd, a.cash_usd,
         a.buying_power_usd, a.maintenance_margin_usd, a.blocked_reason,
         since.result_since_usd, since.cash_since_usd, transfers.transfers_usd,
         c.security_id, c.symbol, c.direction, c.sector, c.kind, c.notional_usd, c.pending_usd,
         c.risk_usd
       FROM (VALUES (1)) AS one
       LEFT JOIN (SELECT * FROM trading_state_changes ORDER BY seq DESC LIMIT 1) t ON true
       CROSS JOIN since
       CROSS JOIN transfers
       LEFT JOIN account a ON true
       LEFT JOIN commitments c ON true
       ORDER BY c.symbol, c.kind`,
      [now],
    );
    const { state, reason, act, actor, on_behalf_of, set_at } = rows[0]!;
    const first = rows[0]!;
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
        first.read_at === null
          ? null
          : (Object.fromEntries(
              ACCOUNT_COLUMNS.map((name) => [name, first[name]]),
            ) as unknown as AccountFacts),
      commitments: rows
        .filter(({ security_id }) => security_id !== null)
        .map((row) => ({
          security_id: row.security_id!,
          symbol: row.symbol!,
          direction: row.direction!,
          sector: row.sector,
          kind: row.kind!,
          notional_usd: row.notional_usd!,
          pending_usd: row.pending_usd!,
          risk_usd: row.risk_usd!,
        })),
    };
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
