import { reconciliation as reconciliationSchema, type DailyReport } from '@catalyst/contracts';
import { stableId, tradesDigest } from '@catalyst/domain';
import {
  AppError,
  type Clock,
  type EventBus,
  type RecordAudit,
  type Transaction,
} from '@catalyst/service-kit';
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
import type { OutgoingStore } from '../store/outgoing.ts';
import type { CycleRow, Store, StoredContent, StoredReport } from '../store/reports.ts';
import type { LoadPerformance } from './load-performance.ts';
import type { SendOutgoing } from './send-outgoing.ts';
import type { ShowDailyReport } from './show-daily-report.ts';

interface Deps {
  store: Store;
  bus: EventBus;
  audit: RecordAudit;
  clock: Clock;
  loadPerformance: LoadPerformance;
  showDailyReport: ShowDailyReport;
  outgoing: { store: OutgoingStore; sendNow: SendOutgoing['sendNow'] };
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
  outgoing,
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

  /** Writes the mail of a report that is to be sent, where mail is set up. */
  const writeMail = async (tx: Transaction, report: StoredReport, at: string): Promise<void> => {
    if (!mail) return;
    const { content, plain_text } = report;
    const { mode, account, run_id } = desk;
    const mail_id = stableId(
      'mail',
      mode,
      account,
      run_id,
      content.report_id,
      fingerprint(content),
    );
    await outgoing.store.writeReport(tx, {
      mail_id,
      door: 'mail',
      severity: 'info',
      message_id: `${mail_id}@${mail.from_domain}`,
      recipient: mail.to,
      subject: content.subject,
      plain_text,
      body: null,
      report_id: content.report_id,
      written_at: at,
    });
  };

  const save = async (content: StoredContent): Promise<StoredReport> => {
    const report: StoredReport = {
      content,
      html: renderHtml(content, 'equity.png'),
      plain_text: renderText(content),
      equity_curve: drawPng(equityChart(content.equity_curve)),
    };
    await store.transaction(async (tx) => {
      await store.saveReport(tx, report);
      await writeMail(tx, report, content.created_at);
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
    const tried = isUnchanged ? await outgoing.store.findReportMail(content.report_id) : undefined;
    const report = isUnchanged ? stored : await save(content);
    // mail was set up after the report was made
    if (!(await outgoing.store.findReportMail(content.report_id)))
      await store.transaction((tx) => writeMail(tx, report, clock.now()));
    // also when nothing changed: a crash may have come between the row and its files
    await files.write(cycle.trade_date, {
      html: report.html,
      plain_text: report.plain_text,
      equity_curve: report.equity_curve,
      json: `${JSON.stringify(report.content, null, 2)}\n`,
    });
    const written = await outgoing.store.findReportMail(content.report_id);
    if (written) await outgoing.sendNow(written.mail_id, tried?.attempts ?? 0);
    return showDailyReport(cycle.trade_date);
  };

  /** A repeated request waits for the first, so that it finds what that one stored and sent. */
  return (cycleId: string): Promise<DailyReport> => {
    const made = queue.then(() => make(cycleId));
    queue = made.catch(() => undefined);
    return made;
  };
};
