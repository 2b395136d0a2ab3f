import { reconciliation as reconciliationSchema, type DailyReport } from '@catalyst/contracts';
import { stableId, tradesDigest } from '@catalyst/domain';
import { AppError, type Clock, type EventBus, type RecordAudit } from '@catalyst/service-kit';
import type { ReportFiles } from '../adapters/report-files.ts';
import { errorLines } from '../domain/day-errors.ts';
import { fingerprint } from '../domain/fingerprint.ts';
import { newsOutcomes } from '../domain/news-outcome.ts';
import { describeSession } from '../domain/next-session.ts';
import { equityChart } from '../domain/report/equity-chart.ts';
import { renderHtml } from '../domain/report/render-html.ts';
import { renderText } from '../domain/report/render-text.ts';
import { riskUsedRatio } from '../domain/risk-used.ts';
import { toTrade } from '../domain/trade.ts';
import { subject, verdict } from '../domain/verdict.ts';
import type { CycleRow, MailRow, Store, StoredContent, StoredReport } from '../store/reports.ts';
import type { DeliverMail } from './deliver-mail.ts';
import type { LoadPerformance } from './load-performance.ts';
import type { ShowDailyReport } from './show-daily-report.ts';

interface Deps {
  store: Store;
  bus: EventBus;
  audit: RecordAudit;
  clock: Clock;
  loadPerformance: LoadPerformance;
  showDailyReport: ShowDailyReport;
  deliverMail: DeliverMail;
  drawPng: (svg: string) => Buffer;
  files: ReportFiles;
  mail: { to: string; from_domain: string } | null;
  desk: { mode: DailyReport['mode']; account: string; run_id: string };
}

/** Computes a day, stores it with its mail to be sent, writes its files, and mails it. */
export const createMakeDailyReport = ({
  store,
  bus,
  audit,
  clock,
  loadPerformance,
  showDailyReport,
  deliverMail,
  drawPng,
  files,
  mail,
  desk,
}: Deps) => {
  let queue: Promise<unknown> = Promise.resolve();

  const compute = async (cycle: CycleRow): Promise<StoredContent> => {
    const { cycle_id, trade_date } = cycle;
    const [
      { performance, positions, readings },
      counts,
      scanCounts,
      books,
      faults,
      limits_in_part,
      limit,
      next,
    ] = await Promise.all([
      loadPerformance('daily', trade_date),
      store.counts(cycle_id),
      store.scanCounts(cycle_id),
      store.reconciliation(cycle_id),
      store.errors(cycle_id),
      store.limitsInPart(cycle_id),
      store.dailyLossLimit(),
      store.nextTradingDay(trade_date),
    ]);
    const trades = positions.map(toTrade);
    const facts = {
      mode: desk.mode,
      trade_date,
      performance,
      open_positions: counts.open_positions,
      open_orders: counts.open_orders,
      reconciliation: books && reconciliationSchema.parse(books),
      errors: errorLines(faults),
    };
    return {
      report_id: stableId('report', 'daily', trade_date),
      cycle_id,
      cycle_state: cycle.state,
      ...facts,
      subject: subject(facts),
      verdict: verdict(facts),
      limits_in_part,
      trades,
      trades_digest: tradesDigest(trades),
      candidates: scanCounts.ranking ?? 0,
      universe: scanCounts.universe ?? 0,
      securities: counts.securities,
      orders: counts.orders,
      fills: counts.fills,
      equity_curve: readings.map(({ read_at, equity_usd }) => ({ at: read_at, equity_usd })),
      risk_used_ratio: riskUsedRatio(readings, limit),
      news: newsOutcomes(positions),
      next_session: next ? describeSession(next) : null,
      report_path: files.pathOf(trade_date),
      created_at: clock.now(),
    };
  };

  const newMail = (report: StoredContent): MailRow => ({
    report_id: report.report_id,
    recipient: mail?.to ?? null,
    status: mail ? 'pending' : 'not_configured',
    attempts: 0,
    error: null,
    message_id:
      mail &&
      `${stableId('mail', desk.mode, desk.account, desk.run_id, report.report_id, fingerprint(report))}@${mail.from_domain}`,
  });

  const save = async (content: StoredContent): Promise<StoredReport> => {
    const report: StoredReport = {
      content,
      html: renderHtml(content, 'equity.png'),
      plain_text: renderText(content),
      equity_curve: drawPng(equityChart(content.equity_curve)),
    };
    await store.transaction(async (tx) => {
      await store.saveReport(tx, report);
      await store.saveMail(tx, newMail(content), content.created_at);
      audit(tx, {
        actor: 'reporting',
        action: 'report_made',
        subject: content.report_id,
        details: { trade_date: content.trade_date, fingerprint: fingerprint(content) },
      });
      bus.stage(tx, 'catalyst:report_ready', {
        cycle_id: content.cycle_id,
        trade_date: content.trade_date,
        report_id: content.report_id,
        realized_pnl_usd: content.performance.realized_pnl_usd,
      });
    });
    return report;
  };

  const make = async (cycleId: string): Promise<DailyReport> => {
    const cycle = await store.findCycle(cycleId);
    if (!cycle)
      throw new AppError('NOT_FOUND', `there is no cycle ${cycleId}`, { cycle_id: cycleId });
    const content = await compute(cycle);
    const stored = await store.findReport(cycle.trade_date);
    const isUnchanged =
      stored !== undefined && fingerprint(stored.content) === fingerprint(content);
    const report = isUnchanged ? stored : await save(content);
    const row = await store.findMail(report.content.report_id);
    // mail was set up after the report was made
    if (mail && row?.status === 'not_configured')
      await store.transaction((tx) => store.saveMail(tx, newMail(report.content), clock.now()));
    // also when nothing changed: a crash may have come between the row and its files
    await files.write(cycle.trade_date, {
      html: report.html,
      plain_text: report.plain_text,
      equity_curve: report.equity_curve,
      json: `${JSON.stringify(report.content, null, 2)}\n`,
    });
    await deliverMail.deliverReport(report.content.report_id);
    return showDailyReport(cycle.trade_date);
  };

  /** A repeated request waits for the first, so that it finds what that one stored and sent. */
  return (cycleId: string): Promise<DailyReport> => {
    const made = queue.then(() => make(cycleId));
    queue = made.catch(() => undefined);
    return made;
  };
};
