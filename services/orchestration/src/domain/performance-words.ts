import type { StandingPerformance } from '@catalyst/contracts';
import { count, dollars, gain, metricWords, percent } from './wording.ts';

/** How a period went: the equity's change first, then what is closed and what is open. */
export const performanceLines = (
  { period, from, to, sessions, equity_change_usd, open, fees, ...rest }: StandingPerformance,
  today: string,
): string[] => {
  const dates = period === 'daily' ? to : `${from} to ${to}`;
  const when = to === today ? `${dates}, as it stands today` : dates;
  const { realized_pnl_usd, trades, wins, losses } = rest;
  return [
    equity_change_usd === null
      ? `${when}: the account was not read, so the change of its equity is not known.`
      : `${when}: the equity changed by ${gain(equity_change_usd)}.`,
    ...(sessions === 0
      ? [`The desk had no session ${period === 'daily' ? 'on that day' : 'in that time'}.`]
      : []),
    `Realised ${gain(realized_pnl_usd)} on ${count(trades, 'closed trade')} (${wins} won, ${losses} lost).`,
    ...(open === null
      ? []
      : open.positions === 0
        ? ['Nothing is open.']
        : [
            `Unrealised ${gain(open.unrealized_pnl_usd)} in ${count(open.positions, 'open position')}${Number(open.realized_pnl_usd) === 0 ? '' : `, of which ${gain(open.realized_pnl_usd)} more is realised by partial exits`}.`,
          ]),
    ...(fees && Number(fees.fees_usd) > 0
      ? [
          `Net of fees: ${dollars(fees.net_pnl_usd)} after ${dollars(fees.fees_usd)}${fees.is_estimated ? ' (estimated until the broker charges them)' : ''}.`,
        ]
      : []),
    `Win rate ${metricWords(rest.win_rate, percent)}, profit factor ${metricWords(rest.profit_factor)}, expectancy ${metricWords(rest.expectancy_r, (value) => `${value.toFixed(2)} R`)}, drawdown ${metricWords(rest.max_drawdown_usd, dollars)}.`,
  ];
};
