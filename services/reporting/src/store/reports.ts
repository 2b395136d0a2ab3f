import type { DailyReport, StandingPerformance } from '@catalyst/contracts';
import type { ChargedFee, Sale } from '@catalyst/domain';
import type { Database, Transaction } from '@catalyst/service-kit';
import type { DayError } from '../domain/day-errors.ts';
import type { AccountReading } from '../domain/metrics/max-drawdown.ts';
import type { ClosedPosition } from '../domain/trade.ts';

/** A report as stored: everything but how its mail went. */
export type StoredContent = Omit<DailyReport, 'mail'>;

export interface StoredReport {
  content: StoredContent;
  html: string;
  plain_text: string;
  equity_curve: Buffer;
}

export type CycleRow = Pick<DailyReport, 'cycle_id' | 'trade_date'> & {
  state: DailyReport['cycle_state'];
};

export interface DayCounts {
  orders: number;
  fills: number;
  open_positions: number;
  open_orders: number;
  securities: number;
}

export type OpenPositions = NonNullable<StandingPerformance['open']>;

const TRADE_COLUMNS =
  'position_id, trade_date, symbol, direction, qty, entered_at, entry_price, exited_at, exit_price, exit_reason, initial_stop_price, realized_pnl_usd, decision_reason, pattern, catalyst_type, headline, sentiment';

/** Reporting's only SQL: its own table reports, and the v_ views of the rest. */
export const createStore = (database: Database) => ({
  transaction: database.transaction,

  findCycle: async (cycleId: string): Promise<CycleRow | undefined> =>
    (
      await database.query<CycleRow>(
        'SELECT cycle_id, trade_date, state FROM v_report_cycles WHERE cycle_id = $1',
        [cycleId],
      )
    )[0],
  cycleDates: async (from: string, to: string): Promise<string[]> =>
    (
      await database.query<{ trade_date: string }>(
        `SELECT trade_date FROM v_report_cycles WHERE trade_date BETWEEN $1 AND $2
         ORDER BY trade_date`,
        [from, to],
      )
    ).map((row) => row.trade_date),

  closedPositions: (from: string, to: string): Promise<ClosedPosition[]> =>
    database.query(
      `SELECT ${TRADE_COLUMNS} FROM v_report_trades WHERE trade_date BETWEEN $1 AND $2
       ORDER BY entered_at, symbol, exited_at`,
      [from, to],
    ),
  /** Of a date, or the last ones up to today. */
  latestClosedPositions: (
    tradeDate: string | null,
    today: string,
    limit: number,
  ): Promise<ClosedPosition[]> =>
    database.query(
      `SELECT ${TRADE_COLUMNS} FROM v_report_trades 
       WHERE trade_date = $1 OR ($1::date IS NULL AND trade_date <= $2)
       ORDER BY exited_at DESC, symbol LIMIT $3`,
      [tradeDate, today, limit],
    ),
  readings: (from: string, to: string): Promise<(AccountReading & { read_at: string })[]> =>
    database.query(
      `SELECT read_at, trade_date, equity_usd, last_equity_usd FROM v_report_account_snapshots
       WHERE trade_date BETWEEN $1 AND $2 ORDER BY read_at`,
      [from, to],
    ),

  sales: (from: string, to: string): Promise<(Sale & { trade_date: string })[]> =>
    database.query(
      'SELECT trade_date, qty, price FROM v_report_sales WHERE trade_date BETWEEN $1 AND $2',
      [from, to],
    ),
  chargedFees: (from: string, to: string): Promise<(ChargedFee & { trade_date: string })[]> =>
    database.query(
      'SELECT trade_date, kind, amount_usd FROM v_report_fees WHERE trade_date BETWEEN $1 AND $2',
      [from, to],
    ),

  openPositions: async (): Promise<OpenPositions> =>
    (
      await database.query<OpenPositions>(
        `SELECT count(*) AS positions, coalesce(sum(unrealized_pnl_usd), 0) AS unrealized_pnl_usd,
           coalesce(sum(realized_pnl_usd), 0) AS realized_pnl_usd
         FROM v_positions WHERE status <> 'closed' AND qty > 0`,
      )
    )[0]!,

  counts: async (cycleId: string): Promise<DayCounts> =>
    (
      await database.query<DayCounts>(
        `SELECT (SELECT count(*) FROM v_orders WHERE cycle_id = $1) AS orders,
        (SELECT count(*) FROM v_fills WHERE cycle_id = $1) AS fills,
        (SELECT count(*) FROM v_positions WHERE status <> 'closed') AS open_positions,
        (SELECT count(*) FROM v_orders WHERE status NOT IN ('filled', 'canceled', 'expired',
          'replaced', 'rejected', 'refused')) AS open_orders,
        (SELECT securities FROM v_report_securities) AS securities`,
        [cycleId],
      )
    )[0]!,
  /**
   * How many stocks passed each stage of the day's plan: the scan before the open, or the last one
   * where there was none.
   */
  scanCounts: async (cycleId: string): Promise<Record<string, number>> =>
    (
      await database.query<{ counts: Record<string, number> }>(
        `SELECT counts FROM v_report_scans WHERE cycle_id = $1 AND status = 'complete'
         ORDER BY (phase = 'pre_market') DESC, completed_at DESC, scan_id LIMIT 1`,
        [cycleId],
      )
    )[0]?.counts ?? {},
  reconciliation: async (cycleId: string): Promise<Record<string, unknown> | null> => {
    const [row] = await database.query<{
      result: object;
      reconciliation_id: string;
      reconciled: boolean;
      checked_at: string;
    }>(
      `SELECT reconciliation_id, reconciled, result, checked_at FROM v_report_reconciliations
       WHERE cycle_id = $1 ORDER BY checked_at DESC, reconciliation_id DESC LIMIT 1`,
      [cycleId],
    );
    return row
      ? {
          ...row.result,
          reconciliation_id: row.reconciliation_id,
          reconciled: row.reconciled,
          checked_at: row.checked_at,
        }
      : null;
  },
  limitsInPart: async (cycleId: string): Promise<string[]> =>
    (
      await database.query<{ message: string }>(
        'SELECT message FROM v_report_limits_in_part WHERE cycle_id = $1 ORDER BY at, message',
        [cycleId],
      )
    ).map(({ message }) => message),
  errors: (cycleId: string): Promise<DayError[]> =>
    database.query('SELECT at, kind, subject, words FROM v_report_errors WHERE cycle_id = $1', [
      cycleId,
    ]),
  dailyLossLimit: async (): Promise<string | null> =>
    (
      await database.query<{ daily_loss_limit_usd: string }>(
        'SELECT daily_loss_limit_usd FROM v_report_risk_limits',
      )
    )[0]?.daily_loss_limit_usd ?? null,
  nextTradingDay: async (
    after: string,
  ): Promise<{ trade_date: string; open: string; close: string } | undefined> =>
    (
      await database.query<{ trade_date: string; open: string; close: string }>(
        `SELECT trade_date, open, close FROM v_report_calendar WHERE trade_date > $1
         ORDER BY trade_date LIMIT 1`,
        [after],
      )
    )[0],

  findReport: async (tradeDate: string): Promise<StoredReport | undefined> =>
    (
      await database.query<StoredReport>(
        `SELECT report AS content, html, plain_text, equity_curve FROM reports
         WHERE kind = 'daily' AND trade_date = $1`,
        [tradeDate],
      )
    )[0],
  /** Writes the report, or puts it in the place of the day's earlier one. */
  saveReport: (tx: Transaction, { content, html, plain_text, equity_curve }: StoredReport) =>
    tx.query(
      `INSERT INTO reports (report_id, cycle_id, kind, trade_date, report, html, plain_text,
         equity_curve, created_at) VALUES ($1, $2, 'daily', $3, $4, $5, $6, $7, $8)
       ON CONFLICT (report_id) DO UPDATE SET cycle_id = excluded.cycle_id, report = excluded.report,
         html = excluded.html, plain_text = excluded.plain_text,
         equity_curve = excluded.equity_curve, created_at = excluded.created_at`,
      [
        content.report_id,
        content.cycle_id,
        content.trade_date,
        JSON.stringify(content),
        html,
        plain_text,
        equity_curve,
        content.created_at,
      ],
    ),
});
export type Store = ReturnType<typeof createStore>;
