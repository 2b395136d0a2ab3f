import type { DailyReport } from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import { performanceLines } from '../domain/performance-words.ts';
import { count, dateAndTime, dollars } from '../domain/wording.ts';
import type { ReadPerformance } from '../flows/read-performance.ts';
import type { Services } from '../services.ts';
import { defineTool, READS } from './tool.ts';

const tradeDate = z.iso.date().optional();

/** What a day's report adds to its numbers; null before the day is reported. */
const daySummary = (report: DailyReport | null) =>
  report && {
    verdict: report.verdict,
    cycle_state: report.cycle_state,
    reconciled: report.reconciliation?.reconciled ?? null,
    differences: report.reconciliation?.differences ?? [],
    news: report.news,
    errors: report.errors,
    risk_used_ratio: report.risk_used_ratio,
    next_session: report.next_session,
    mail_status: report.mail.status,
  };

export const createReportTools = (
  { reporting }: Pick<Services, 'reporting'>,
  readPerformance: ReadPerformance,
) => {
  const findReport = async (date: string): Promise<DailyReport | null> => {
    try {
      return await reporting.showDailyReport({ params: { trade_date: date } });
    } catch (error) {
      if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  };
  return [
    defineTool({
      name: 'get_performance_report',
      title: 'How did we do?',
      description:
        'How the equity changed, what is realised and what open positions add, win rate, profit factor, expectancy, drawdown and more for the day, week or month that ends with a date, by default today. For a day that is reported: the verdict, whether the books agree with the broker, whether the news was right, errors.',
      input: z.strictObject({
        period: z.enum(['daily', 'weekly', 'monthly']).default('daily'),
        trade_date: tradeDate.describe('New York date; today when left out'),
      }),
      annotations: READS,
      run: async ({ period, trade_date }) => {
        const { performance, today, market } = await readPerformance(period, trade_date);
        const report = period === 'daily' ? await findReport(performance.to) : null;
        const isToday = performance.to === today;
        return {
          text: [
            ...performanceLines(performance, today),
            ...(isToday && market.closed_because
              ? [
                  `${market.closed_because}; the next session is on ${market.next_session.trade_date}.`,
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
                ...report.news.map(
                  ({ symbol, headline, was_right }) =>
                    `${symbol} (${was_right === null ? 'open' : was_right ? 'right' : 'wrong'}): ${headline}`,
                ),
                ...report.errors.map((line) => `error: ${line}`),
              ]
            : [],
          untrusted_fields: ['errors'],
        };
      },
    }),
    defineTool({
      name: 'get_trade_journal',
      title: 'Show the trade journal',
      description:
        'Closed trades, newest first: prices, result in dollars and R, why each was entered and how it ended.',
      input: z.strictObject({
        trade_date: tradeDate.describe('New York date on which they ended; any when left out'),
        limit: z.int().min(1).max(200).default(20),
      }),
      annotations: READS,
      run: async ({ trade_date, limit }) => {
        const { trades } = await reporting.showJournal({
          query: { limit, ...(trade_date && { trade_date }) },
        });
        return {
          text: [
            count(trades.length, 'trade'),
            ...trades.map(
              (trade) =>
                `${trade.symbol} ${trade.side} ${trade.qty}: in ${dateAndTime(trade.entry_at)} at ${trade.entry_price}, out ${dateAndTime(trade.exit_at)} at ${trade.exit_price} (${trade.exit_reason}), ${dollars(trade.realized_pnl_usd)}, ${trade.r_multiple === null ? 'no R' : `${trade.r_multiple.toFixed(2)} R`}${trade.pattern ? `, ${trade.pattern}` : ''}`,
            ),
          ].join('\n'),
          data: { trades },
          quotes: trades.flatMap(({ symbol, entry_reason, headline }) => [
            ...(entry_reason ? [`${symbol} why: ${entry_reason}`] : []),
            ...(headline ? [`${symbol} headline: ${headline}`] : []),
          ]),
        };
      },
    }),
  ];
};
