import type { DailyReport } from '@catalyst/contracts';
import { compare } from '@catalyst/domain';
import { count, signedUsd, usd } from './report/wording.ts';

type Facts = Pick<
  DailyReport,
  | 'performance'
  | 'open_positions'
  | 'open_orders'
  | 'reconciliation'
  | 'errors'
  | 'mode'
  | 'trade_date'
>;

const result = ({ performance: { trades, wins, losses, realized_pnl_usd } }: Facts): string => {
  if (trades === 0) return 'No trades';
  const sign = compare(realized_pnl_usd, 0);
  const amount =
    sign > 0
      ? `Made ${usd(realized_pnl_usd)}`
      : sign < 0
        ? `Lost ${usd(realized_pnl_usd.slice(1))}`
        : 'Broke even';
  return `${amount} on ${count(trades, 'trade')}, ${wins} won and ${losses} lost`;
};

const book = ({ reconciliation, open_positions, open_orders }: Facts): string => {
  const open =
    open_positions > 0 || open_orders > 0
      ? `${count(open_positions, 'position')} and ${count(open_orders, 'order')} still open`
      : 'flat';
  if (!reconciliation) return `${open}, not reconciled with the broker`;
  return reconciliation.reconciled
    ? `${open} and reconciled with the broker`
    : `${open}, and the books differ from the broker's in ${count(reconciliation.differences.length, 'place')}`;
};

/** The result in one sentence. */
export const verdict = (facts: Facts): string =>
  `${result(facts)}; ${book(facts)}.${facts.errors.length > 0 ? ` ${count(facts.errors.length, 'error')}.` : ''}`;

/** The mail's subject: the mode and the result, and what a person must look at. */
export const subject = (facts: Facts): string => {
  const { performance, reconciliation, open_positions } = facts;
  const alarms = [
    ...(reconciliation?.reconciled ? [] : ['NOT RECONCILED']),
    ...(open_positions > 0 ? [`${open_positions} OPEN`] : []),
  ];
  return `Catalyst ${facts.mode.toUpperCase()} ${facts.trade_date}: ${signedUsd(performance.realized_pnl_usd)}, ${count(performance.trades, 'trade')}${alarms.map((alarm) => `, ${alarm}`).join('')}`;
};
