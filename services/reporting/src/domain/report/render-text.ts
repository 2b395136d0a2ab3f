import type { DailyReport } from '@catalyst/contracts';
import {
  clock,
  exitWords,
  feeWords,
  metricWords,
  modeWords,
  outsideText,
  percent,
  price,
  rWords,
  signedUsd,
  usd,
} from './wording.ts';

type Content = Omit<DailyReport, 'mail'>;

const tradeLines = ({ trades }: Content): string[] =>
  trades.length === 0
    ? ['None.']
    : trades.flatMap((trade) => [
        `${trade.symbol} ${trade.side} ${trade.qty}: ${signedUsd(trade.realized_pnl_usd)}, ${rWords(trade.r_multiple)}`,
        `  in ${clock(trade.entry_at)} at ${price(trade.entry_price)}, out ${clock(trade.exit_at)} at ${price(trade.exit_price)}: ${exitWords[trade.exit_reason]}`,
        `  why: ${outsideText(trade.entry_reason ?? 'no reason was kept')}`,
      ]);

const newsLines = ({ news }: Content): string[] =>
  news.length === 0
    ? ['None behind a trade.']
    : news.map(
        ({ symbol, headline, sentiment, was_right }) =>
          `${symbol} (${sentiment > 0 ? '+' : ''}${sentiment.toFixed(2)}, ${was_right === null ? 'open' : was_right ? 'right' : 'wrong'}): "${outsideText(headline)}"`,
      );

export const reconciliationLines = ({ reconciliation }: Content): string[] => {
  if (!reconciliation) return ['The day was not reconciled with the broker.'];
  const { reconciled, desk_realized_pnl_usd, broker_realized_pnl_usd, orders, fills, differences } =
    reconciliation;
  return [
    `${reconciled ? 'To the cent' : 'NOT RECONCILED'}: the desk has ${usd(desk_realized_pnl_usd)} realized, the broker ${usd(broker_realized_pnl_usd)}; ${orders} orders, ${fills} fills.`,
    ...differences.map(
      ({ kind, symbol, desk, broker, action }) =>
        `${kind}${symbol ? ` ${symbol}` : ''}: desk ${desk}, broker ${broker}; ${action}`,
    ),
  ];
};

/** The figures that are read first, each with its name. */
export const keyFigures = ({ performance, risk_used_ratio }: Content): [string, string][] => [
  ['Trades', `${performance.trades} (${performance.wins} won, ${performance.losses} lost)`],
  ['Win rate', metricWords(performance.win_rate, (value) => percent(value))],
  ['Profit factor', metricWords(performance.profit_factor, (value) => value.toFixed(2))],
  ['Biggest win', metricWords(performance.largest_win_usd, signedUsd)],
  ['Biggest loss', metricWords(performance.largest_loss_usd, signedUsd)],
  ['Expectancy', metricWords(performance.expectancy_r, (value) => rWords(value))],
  ['Drawdown', metricWords(performance.max_drawdown_usd, usd)],
  [
    'Risk used',
    risk_used_ratio === null
      ? 'n/a (the account or its limit was not read)'
      : `${percent(risk_used_ratio)} of the daily loss limit`,
  ],
];

/** The report for a reader without HTML. */
export const renderText = (report: Content): string => {
  const fees = feeWords(report.performance);
  const section = (title: string, lines: readonly string[]) => ['', title.toUpperCase(), ...lines];
  return [
    `${report.mode.toUpperCase()} ${report.trade_date}`,
    report.verdict,
    modeWords[report.mode],
    '',
    `Profit and loss: ${signedUsd(report.performance.realized_pnl_usd)} (${metricWords(report.performance.return_ratio, (value) => percent(value, 2))})`,
    ...(fees === null ? [] : [`Net: ${fees}`]),
    ...keyFigures(report).map(([name, value]) => `${name}: ${value}`),
    ...section('Trades', tradeLines(report)),
    ...section('The news, and whether it was right', newsLines(report)),
    ...section('Books against the broker', reconciliationLines(report).map(outsideText)),
    ...section('Errors', report.errors.length === 0 ? ['None.'] : report.errors.map(outsideText)),
    ...(report.limits_in_part.length === 0
      ? []
      : section('Limits not checked in full', report.limits_in_part.map(outsideText))),
    ...section('Next session', [report.next_session ?? 'The calendar does not have it yet.']),
    '',
  ].join('\n');
};
