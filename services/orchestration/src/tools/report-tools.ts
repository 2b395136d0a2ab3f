import type { DailyReport } from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import { count, dollars, metricWords, percent } from '../domain/wording.ts';
import type { Services } from '../services.ts';
import { defineTool, READS } from './tool.ts';

const tradeDate = z.iso
  .date()
  .optional()
  .describe('New York date; the latest trading date when left out');

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

export const createReportTools = ({ reporting }: Pick<Services, 'reporting'>) => {
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
        'Profit and loss, win rate, profit factor, expectancy, drawdown and more for the day, week or month that ends with a date. For a day that is reported: the verdict, whether the books agree with the broker, whether the news was right, errors.',
      input: z.strictObject({
        period: z.enum(['daily', 'weekly', 'monthly']).default('daily'),
        trade_date: tradeDate,
      }),
      annotations: READS,
      run: async ({ period, trade_date }) => {
        const performance = await reporting.showPerformance({
          query: { period, ...(trade_date && { trade_date }) },
        });
        const report = period === 'daily' ? await findReport(performance.to) : null;
        return {
          text: [
            `${period === 'daily' ? performance.to : `${performance.from} to ${performance.to}`}: ${dollars(performance.realized_pnl_usd)} on ${count(performance.trades, 'trade')} (${performance.wins} won, ${performance.losses} lost).`,
            ...(performance.fees
              ? [
                  `Net of fees: ${dollars(performance.fees.net_pnl_usd)} after ${dollars(performance.fees.fees_usd)}${performance.fees.is_estimated ? ' (estimated until the broker charges them)' : ''}.`,
                ]
              : []),
            `Win rate ${metricWords(performance.win_rate, percent)}, profit factor ${metricWords(performance.profit_factor)}, expectancy ${metricWords(performance.expectancy_r, (value) => `${value.toFixed(2)} R`)}, drawdown ${metricWords(performance.max_drawdown_usd, dollars)}.`,
            ...(report
              ? [
                  report.verdict,
                  ...(report.errors.length > 0
                    ? [`${count(report.errors.length, 'error')}; see errors.`]
                    : []),
                ]
              : period === 'daily'
                ? ['The day is not reported yet.']
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
      input: z.strictObject({ trade_date: tradeDate, limit: z.int().min(1).max(200).default(20) }),
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
                `${trade.symbol} ${trade.side} ${trade.qty}: in ${trade.entry_at} at ${trade.entry_price}, out ${trade.exit_at} at ${trade.exit_price} (${trade.exit_reason}), ${dollars(trade.realized_pnl_usd)}, ${trade.r_multiple === null ? 'no R' : `${trade.r_multiple.toFixed(2)} R`}${trade.pattern ? `, ${trade.pattern}` : ''}`,
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
