import type { Alert, Position } from '@catalyst/contracts';
import type { DecimalString } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

export interface HeldPosition {
  position_id: string;
  symbol: string;
  direction: 'long' | 'short';
  status: Position['status'];
}

/** What the desk holds or is about to, as trading wrote it; by symbol. */
export const listHeld = (db: Queryable): Promise<HeldPosition[]> =>
  db.query<HeldPosition>(
    `SELECT position_id, symbol, direction, status FROM v_positions WHERE status <> 'closed'
     ORDER BY symbol, position_id`,
  );

export interface MinuteFacts {
  held: HeldPosition[];
  has_proposals: boolean;
  has_watches: boolean;
}

/**
 * What a minute begins with, in one statement: what is held, as `listHeld` has it, and whether any
 * proposal or watch waits, which most often none does.
 */
export const readMinuteFacts = async (db: Queryable): Promise<MinuteFacts> => {
  const [row] = await db.query<MinuteFacts>(
    `SELECT (SELECT coalesce(json_agg(json_build_object('position_id', position_id,
         'symbol', symbol, 'direction', direction, 'status', status)
         ORDER BY symbol, position_id), '[]') FROM v_positions WHERE status <> 'closed') AS held,
       EXISTS (SELECT 1 FROM trade_proposals WHERE state = 'waiting') AS has_proposals,
       EXISTS (SELECT 1 FROM watches WHERE state = 'waiting') AS has_watches`,
  );
  return row!;
};

export const findPosition = async (
  db: Queryable,
  position_id: string,
): Promise<HeldPosition | null> => {
  const [row] = await db.query<HeldPosition>(
    'SELECT position_id, symbol, direction, status FROM v_positions WHERE position_id = $1',
    [position_id],
  );
  return row ?? null;
};

export const findEquity = async (db: Queryable): Promise<DecimalString | null> => {
  const [row] = await db.query<{ equity_usd: DecimalString }>(
    'SELECT equity_usd FROM v_account_latest',
  );
  return row?.equity_usd ?? null;
};

export interface DayTotals {
  open_positions: number;
  closed_positions: number;
  day_pnl_usd: DecimalString;
}

/** Positions of a cycle, and their profit realised and not. */
export const sumPositions = async (db: Queryable, cycle_id: string): Promise<DayTotals> => {
  const [row] = await db.query<DayTotals>(
    `SELECT count(*) FILTER (WHERE status <> 'closed')::integer AS open_positions,
       count(*) FILTER (WHERE status = 'closed' AND entered_qty > 0)::integer AS closed_positions,
       coalesce(sum(realized_pnl_usd + unrealized_pnl_usd), 0) AS day_pnl_usd
     FROM v_positions WHERE cycle_id = $1`,
    [cycle_id],
  );
  return row!;
};

/** Alerts of workflow and risk for a cycle, newest first. */
export const listStoredAlerts = (db: Queryable, cycle_id: string): Promise<Alert[]> =>
  db.query<Alert>(
    `SELECT * FROM (
       SELECT 'workflow:' || seq AS alert_id, at, details ->> 'severity' AS severity,
         details ->> 'code' AS code, title AS message FROM workflow_log
       WHERE cycle_id = $1 AND kind = 'alert'
       UNION ALL
       SELECT 'risk:' || event_id, at, severity, code, message FROM v_risk_events
       WHERE cycle_id = $1
     ) AS alerts ORDER BY at DESC, alert_id LIMIT 200`,
    [cycle_id],
  );
