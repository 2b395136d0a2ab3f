import type { DailyReport, reportingApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import type { Handlers } from '@catalyst/service-kit';
import { nobodyAsks } from './nobody-asks.ts';
import { DATE } from './script.ts';

/** Reports a day without trades; `open` are the positions that are left. */
export const createFixtureReporting = (
  open: () => readonly unknown[],
  clock: () => string,
): Handlers<typeof reportingApi> => ({
  makeDailyReport: ({ body }) => {
    const metric = { value: null, note: 'no trades' };
    const report: DailyReport = {
      report_id: stableId('report', body.cycle_id),
      cycle_id: body.cycle_id,
      trade_date: DATE,
      mode: 'replay',
      cycle_state: 'reporting',
      subject: 's',
      verdict: 'v',
      performance: {
        period: 'daily',
        from: DATE,
        to: DATE,
        trades: 0,
        wins: 0,
        losses: 0,
        realized_pnl_usd: '0',
        fees: null,
        return_ratio: metric,
        win_rate: metric,
        profit_factor: metric,
        average_win_usd: metric,
        average_loss_usd: metric,
        largest_win_usd: metric,
        largest_loss_usd: metric,
        expectancy_r: metric,
        average_hold_minutes: metric,
        sharpe_ratio: metric,
        max_drawdown_usd: metric,
        by_pattern: [],
      },
      trades: [],
      trades_digest: '0'.repeat(64),
      candidates: 0,
      universe: 0,
      securities: 0,
      orders: 0,
      fills: 0,
      open_positions: open().length,
      open_orders: 0,
      reconciliation: null,
      equity_curve: [],
      risk_used_ratio: null,
      news: [],
      errors: [],
      limits_in_part: [],
      next_session: null,
      report_path: '/r',
      mail: { status: 'sent', to: null, attempts: 1, message_id: null, error: null },
      created_at: clock(),
    };
    return report;
  },
  showDailyReport: nobodyAsks,
  showPerformance: nobodyAsks,
  tellStory: nobodyAsks,
  showJournal: nobodyAsks,
});
