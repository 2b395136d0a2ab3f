import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FriendResult } from './follow-desk.ts';
import type { CycleProgress, DailyReport } from '@catalyst/contracts';

/** What `demo --json` prints: one day of the desk in one line. */
export type DemoResult = {
  mode: string;
  day: string;
  trade_date: string;
  cycle_state: string;
  services: number;
  securities: number;
  universe: number;
  candidates: number;
  orders: number;
  fills: number;
  /** Round trips. */
  trades: number;
  realized_pnl: string;
  open_positions: number;
  open_orders: number;
  reconciled: boolean;
  trades_digest: string;
  report_path: string;
  mail_path: string | null;
  duration_s: number;
  /** Those who followed the desk, in the order in which they joined. */
  friends: FriendResult[];
};

/** The report of a date among the mails that the simulator's mail server caught, or null. */
const reportMail = (mail_dir: string, trade_date: string): string | null => {
  if (!existsSync(mail_dir)) return null;
  const isReport = (path: string): boolean =>
    new RegExp(`^Subject: .*${trade_date}`, 'm').test(readFileSync(path, 'utf8'));
  return (
    readdirSync(mail_dir)
      .filter((name) => name.endsWith('.eml'))
      .sort()
      .map((name) => join(mail_dir, name))
      .findLast(isReport) ?? null
  );
};

export const demoResult = ({
  day,
  services,
  end,
  report,
  mail_dir,
  duration_s,
  friends,
}: {
  day: string;
  services: number;
  end: CycleProgress;
  report: DailyReport;
  mail_dir: string;
  duration_s: number;
  friends: FriendResult[];
}): DemoResult => ({
  mode: report.mode,
  day,
  trade_date: report.trade_date,
  cycle_state: end.cycle.state,
  services,
  securities: report.securities,
  universe: report.universe,
  candidates: report.candidates,
  orders: report.orders,
  fills: report.fills,
  trades: report.trades.length,
  realized_pnl: report.performance.realized_pnl_usd,
  open_positions: report.open_positions,
  open_orders: report.open_orders,
  reconciled: report.reconciliation?.reconciled ?? false,
  trades_digest: report.trades_digest,
  report_path: report.report_path,
  mail_path: reportMail(mail_dir, report.trade_date),
  duration_s: Math.round(duration_s * 10) / 10,
  friends,
});

/** What is not as a finished day must be; empty when all is well. */
export const demoFaults = (result: DemoResult): string[] => [
  ...(result.cycle_state === 'closed' ? [] : [`the cycle ended ${result.cycle_state}`]),
  ...(result.reconciled ? [] : ['the books differ from the broker']),
  ...(result.open_positions === 0 ? [] : [`${result.open_positions} positions are still open`]),
  ...(result.open_orders === 0 ? [] : [`${result.open_orders} orders are still open`]),
  ...(result.mail_path === null ? ['no mail arrived'] : []),
  ...result.friends.flatMap(({ name, reconciled, open_positions }) => [
    ...(reconciled ? [] : [`the book of ${name} differs from the broker`]),
    ...(open_positions === 0 ? [] : [`${name} still has ${open_positions} positions`]),
  ]),
];
