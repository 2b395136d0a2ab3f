import { inNewYork } from '@catalyst/domain';
import type { DailyReport, Metric, PeriodFees, Trade } from '@catalyst/contracts';
import type { Terminal } from './terminal.ts';
import { showGain } from './show-gain.ts';
import { count, oneLine } from './wording.ts';

const reason_width = 56;

const clip = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`;
const showMetric = ({ value, note }: Metric, digits: number): string =>
  value === null ? `n/a${note === null ? '' : ` (${note})`}` : value.toFixed(digits);

/** Net beside gross, and whether the fees between them are final. */
export const describeFees = ({ fees_usd, is_estimated, net_pnl_usd }: PeriodFees): string =>
  `net ${showGain(net_pnl_usd)} after $${fees_usd} of fees${is_estimated ? ' (estimated)' : ''}`;

const tradeRow = (trade: Trade, { colors }: Terminal): string[] => {
  const paint = trade.realized_pnl_usd.startsWith('-') ? colors.red : colors.green;
  return [
    trade.symbol,
    trade.side,
    trade.qty,
    `${inNewYork(trade.entry_at).clock} ${trade.entry_price}`,
    `${inNewYork(trade.exit_at).clock} ${trade.exit_price}`,
    paint(showGain(trade.realized_pnl_usd)),
    trade.r_multiple === null ? 'n/a' : trade.r_multiple.toFixed(2),
    clip(oneLine(trade.entry_reason ?? trade.headline ?? ''), reason_width),
    trade.exit_reason,
  ];
};

/** The day for a person: its trades, why each began and ended, and whether the books agree. */
export const describeReport = (report: DailyReport, terminal: Terminal): string => {
  const { performance, reconciliation } = report;
  const trades = [...report.trades].sort((a, b) =>
    a.entry_at < b.entry_at ? -1 : a.entry_at > b.entry_at ? 1 : a.symbol < b.symbol ? -1 : 1,
  );
  return [
    terminal.colors.bold(`${report.trade_date} (${report.mode}): ${report.verdict}`),
    trades.length === 0
      ? 'no trades'
      : terminal.table(
          ['symbol', 'side', 'qty', 'in', 'out', 'result', 'R', 'why entered', 'why left'],
          trades.map((trade) => tradeRow(trade, terminal)),
          [2, 5, 6],
        ),
    `realised ${showGain(performance.realized_pnl_usd)} in ${count(performance.trades, 'trade')} · win rate ${showMetric(performance.win_rate, 2)} · profit factor ${showMetric(performance.profit_factor, 2)}`,
    ...(performance.fees === null ? [] : [describeFees(performance.fees)]),
    reconciliation === null
      ? 'not reconciled with the broker'
      : reconciliation.reconciled
        ? `reconciled with the broker: ${count(reconciliation.orders, 'order')}, ${count(reconciliation.fills, 'fill')}, realised ${showGain(reconciliation.broker_realized_pnl_usd)} on both sides`
        : `NOT reconciled: ${reconciliation.differences.map(({ kind, symbol, desk, broker }) => `${kind}${symbol === null ? '' : ` ${symbol}`}: desk ${desk}, broker ${broker}`).join('; ')}`,
    ...report.errors.map((line) => `error: ${line}`),
    ...report.limits_in_part.map((line) => `limit: ${line}`),
  ].join('\n');
};
