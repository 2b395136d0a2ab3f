import type { Cycle, CycleState } from '@catalyst/contracts';
import type { ExitReason, Instant, TradeDate } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

const COLUMNS =
  'cycle_id, trade_date, state, session_mode, universe_size, open_at, close_at, is_half_day, created_at, updated_at';

/** Stores a new cycle; false when its date has one. */
export const insertCycle = async (db: Queryable, cycle: Cycle): Promise<boolean> => {
  const rows = await db.query(
    `INSERT INTO trading_cycles (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT DO NOTHING RETURNING cycle_id`,
    [
      cycle.cycle_id,
      cycle.trade_date,
      cycle.state,
      cycle.session_mode,
      cycle.universe_size,
      cycle.open_at,
      cycle.close_at,
      cycle.is_half_day,
      cycle.created_at,
      cycle.updated_at,
    ],
  );
  return rows.length > 0;
};

export const findCycle = async (db: Queryable, cycle_id: string): Promise<Cycle | null> => {
  const [row] = await db.query<Cycle>(`SELECT ${COLUMNS} FROM trading_cycles WHERE cycle_id = $1`, [
    cycle_id,
  ]);
  return row ?? null;
};

export const findCycleOn = async (db: Queryable, trade_date: TradeDate): Promise<Cycle | null> => {
  const [row] = await db.query<Cycle>(
    `SELECT ${COLUMNS} FROM trading_cycles WHERE trade_date = $1`,
    [trade_date],
  );
  return row ?? null;
};

/** The latest cycle up to a date; before the first one, the next. */
export const findCurrentCycle = async (db: Queryable, today: TradeDate): Promise<Cycle | null> => {
  const [row] = await db.query<Cycle>(
    `SELECT ${COLUMNS} FROM trading_cycles
     ORDER BY trade_date > $1, CASE WHEN trade_date <= $1 THEN trade_date END DESC, trade_date
       LIMIT 1`,
    [today],
  );
  return row ?? null;
};

/** Moves a cycle from the state that it is known to be in; false when it is in another. */
export const updateCycleState = async (
  db: Queryable,
  cycle_id: string,
  from: CycleState,
  to: CycleState,
  at: Instant,
): Promise<boolean> => {
  const rows = await db.query(
    `UPDATE trading_cycles SET state = $3, updated_at = $4 WHERE cycle_id = $1 AND state = $2
     RETURNING cycle_id`,
    [cycle_id, from, to, at],
  );
  return rows.length > 0;
};

/** Says whether a cycle proposes or trades by itself, from here on. */
export const updateSessionMode = async (
  db: Queryable,
  cycle_id: string,
  mode: Cycle['session_mode'],
  at: Instant,
): Promise<void> => {
  await db.query(
    'UPDATE trading_cycles SET session_mode = $2, updated_at = $3 WHERE cycle_id = $1',
    [cycle_id, mode, at],
  );
};

export interface LogEntry {
  cycle_id: string;
  at: Instant;
  kind: 'transition' | 'job' | 'alert';
  title: string;
  details: Record<string, unknown>;
}

/**
 * Appends to the cycle's log under its next gapless number; belongs at the end of a transaction.
 */
export const appendLog = async (
  db: Queryable,
  { cycle_id, at, kind, title, details }: LogEntry,
): Promise<void> => {
  await db.query(
    `INSERT INTO workflow_log (cycle_id, seq, at, kind, title, details)
     VALUES ($1::uuid, next_seq($2), $3, $4, $5, $6)`,
    [cycle_id, `workflow_log:${cycle_id}`, at, kind, title, JSON.stringify(details)],
  );
};

export const PRICE_MISSING = 'PRICE_MISSING';
export const PRICE_RETURNED = 'PRICE_RETURNED';
/** What was told last of each stock's price. */
export const lastPriceAlerts = async (
  db: Queryable,
  cycle_id: string,
): Promise<Map<string, string>> => {
  const rows = await db.query<{ symbol: string; code: string }>(
    `SELECT DISTINCT ON (symbol) details ->> 'symbol' AS symbol, details ->> 'code' AS code
     FROM workflow_log
     WHERE cycle_id = $1 AND kind = 'alert' AND details ->> 'code' IN ($2, $3)
     ORDER BY symbol, seq DESC`,
    [cycle_id, PRICE_MISSING, PRICE_RETURNED],
  );
  return new Map(rows.map(({ symbol, code }) => [symbol, code]));
};

export const listLog = (db: Queryable, cycle_id: string): Promise<(LogEntry & { seq: number })[]> =>
  db.query(
    `SELECT cycle_id, seq, at, kind, title, details FROM workflow_log WHERE cycle_id = $1
     ORDER BY seq`,
    [cycle_id],
  );

/** Why the positions of a cycle are being closed, as the transition to `closing` says. */
export const findExitReason = async (db: Queryable, cycle_id: string): Promise<ExitReason> => {
  const [row] = await db.query<{ exit_reason: ExitReason | null }>(
    `SELECT details ->> 'exit_reason' AS exit_reason FROM workflow_log
     WHERE cycle_id = $1 AND kind = 'transition' AND details ->> 'to' = 'closing'
     ORDER BY seq DESC LIMIT 1`,
    [cycle_id],
  );
  return row?.exit_reason ?? 'end_of_day';
};
