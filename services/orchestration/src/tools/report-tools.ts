import { dailyReport, standingPerformance, trade, type DailyReport } from '@catalyst/contracts';
import { z } from 'zod';
import { performanceLines } from '../domain/performance-words.ts';
import { URI } from '../domain/affected-resources.ts';
import { moreLines, pageOf } from './paging.ts';
import { count, dateAndTime, gain, price, shares } from '../domain/wording.ts';
import type { ReadPerformance } from '../flows/read-performance.ts';
import type { Services } from '../services.ts';
import { fixedView, templateView } from './resource-view.ts';
import { cursorInput, defineTool, READS, tickerInput } from './tool.ts';

const tradeDate = z.iso.date().optional();

/** News and errors of a report that an answer shows. */
const REPORT_ROWS = 8;
const shownReport = z.object({
  verdict: z.string(),
  cycle_state: z.string(),
  reconciled: z.boolean().nullable(),
  differences: z.int(),
  news: dailyReport.shape.news,
  errors: dailyReport.shape.errors,
  risk_used_ratio: z.number().nullable(),
  next_session: z.string().nullable(),
  mail_status: z.string(),
});
/** What a day's report adds to its numbers; null before the day is reported. */
const daySummary = (report: DailyReport | null): z.input<typeof shownReport> | null =>
  report && {
    ...report,
    reconciled: report.reconciliation?.reconciled ?? null,
    differences: report.reconciliation?.differences.length ?? 0,
    news: report.news.slice(0, REPORT_ROWS),
    errors: report.errors.slice(0, REPORT_ROWS),
    mail_status: report.mail.status,
  };
const shownPerformance = standingPerformance.omit({ by_pattern: true });
const shownTrade = trade.omit({ entry_reason: true, hold_minutes: true });

export const createReportTools = (
  { reporting }: Pick<Services, 'reporting'>,
  readPerformance: ReadPerformance,
) => [
  defineTool({
    name: 'get_performance_report',
    scope: 'read',
    title: 'How did we do?',
    description:
      'How the equity changed, what is realised and what open positions add, win rate, profit factor, expectancy, drawdown and more for the day, week or month that ends with a date, by default today. For a day that is reported: the verdict, whether the books agree with the broker, whether the news was right, errors.',
    input: z.strictObject({
      period: z.enum(['daily', 'weekly', 'monthly']).default('daily'),
      trade_date: tradeDate.describe('New York date; today when left out'),
    }),
    output: z.object({ performance: shownPerformance, report: shownReport.nullable() }),
    annotations: READS,
    resources: [
      fixedView(URI.daily, {
        name: 'daily-performance',
        title: 'Performance today',
        description: 'Equity, what is realised and what is open, and the metrics of today.',
      }),
      fixedView(
        URI.weekly,
        {
          name: 'weekly-performance',
          title: 'Performance this week',
          description: 'The same of the seven days that end today.',
        },
        { period: 'weekly' },
      ),
      templateView(
        URI.report('{trade_date}'),
        {
          name: 'report-of-a-day',
          title: 'Report of a day',
          description: 'How a day went, with its report where it is reported.',
        },
        z.iso.date(),
      ),
    ],
    run: async ({ period, trade_date }) => {
      const { performance, report, today, standing } = await readPerformance(period, trade_date);
      const isToday = performance.to === today;
      return {
        text: [
          ...performanceLines(performance, today),
          ...(isToday && standing.closed_because
            ? [
                `${standing.closed_because}; the next session is on ${standing.next_session.trade_date}.`,
              ]
            : []),
          ...(report
            ? [
                report.verdict,
                ...(report.errors.length > 0
                  ? [`${count(report.errors.length, 'error')}; see errors.`]
                  : []),
              ]
            : period === 'daily' && performance.sessions > 0
              ? [
                  isToday
                    ? "Not there yet: the day's report, with its verdict and whether the books agree with the broker."
                    : 'The day was never reported.',
                ]
              : []),
        ].join('\n'),
        data: { performance, report: daySummary(report) },
        quotes: report
          ? [
              ...report.news
                .slice(0, REPORT_ROWS)
                .map(
                  ({ symbol, headline, was_right }) =>
                    `${symbol} (${was_right === null ? 'open' : was_right ? 'right' : 'wrong'}): ${headline}`,
                ),
              ...report.errors.slice(0, REPORT_ROWS).map((line) => `error: ${line}`),
            ]
          : [],
      };
    },
  }),
  defineTool({
    name: 'get_trade_journal',
    scope: 'read',
    title: 'Show the trade journal',
    description:
      'Closed trades, newest first: prices, result in dollars and R, why each was entered and how it ended.',
    input: z.strictObject({
      trade_date: tradeDate.describe('New York date on which they ended; any when left out'),
      symbol: tickerInput.optional(),
      limit: z.int().min(1).max(50).default(10),
      cursor: cursorInput,
    }),
    output: z.object({
      trades: z.array(shownTrade),
      total: z.int(),
      next: z.string().nullable(),
    }),
    annotations: READS,
    resources: [
      fixedView(URI.journal, {
        name: 'trade-journal',
        title: 'Trade journal',
        description: 'The last closed trades, newest first.',
      }),
    ],
    run: async ({ trade_date, symbol, limit, cursor }) => {
      const { trades } = await reporting.showJournal({
        query: { limit: 500, ...(trade_date && { trade_date }) },
      });
      const page = pageOf(
        trades.filter((one) => !symbol || one.symbol === symbol),
        { list: ['journal', trade_date, symbol].filter(Boolean).join(' '), limit, cursor },
      );
      return {
        text: [
          count(page.total, 'closed trade'),
          ...page.shown.map(
            (one) =>
              `${one.symbol} ${one.side} ${shares(one.qty)}: in ${dateAndTime(one.entry_at)} at ${price(one.entry_price)}, out ${dateAndTime(one.exit_at)} at ${price(one.exit_price)} (${one.exit_reason.replaceAll('_', ' ')}), ${gain(one.realized_pnl_usd)}, ${one.r_multiple === null ? 'no R' : `${one.r_multiple.toFixed(2)} R`}${one.entry_reason ? `; entered because: ${one.entry_reason}` : ''}`,
          ),
          ...moreLines(page),
        ].join('\n'),
        data: { trades: page.shown, total: page.total, next: page.next },
        quotes: page.shown.flatMap(({ symbol: name, headline }) =>
          headline ? [`${name} headline: ${headline}`] : [],
        ),
      };
    },
  }),
];
