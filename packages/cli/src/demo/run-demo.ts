import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DailyReport, SessionMode } from '@catalyst/contracts';
import { homeFolder, startDesk } from '@catalyst/platform';
import { connectDesk, operatorName } from '../desk-connection.ts';
import { describeReport } from '../describe-report.ts';
import { findDay } from '../find-day.ts';
import type { Terminal } from '../terminal.ts';
import { conductDay } from './conduct-day.ts';
import { describeFriends } from './describe-friends.ts';
import { demoFaults, demoResult } from './demo-result.ts';
import type { FollowedDesk } from './follow-desk.ts';
import { typed } from '../typed.ts';

type Options = {
  day: string | undefined;
  session_mode: SessionMode;
  /** Friends that follow the desk's signals on accounts of their own. */
  friends: number;
  terminal: Terminal;
  signal: AbortSignal;
};

/** The report as this run leaves it for `catalyst report`. */
export const saved_report = 'daily-report.json';

/** The command that leads from a headline to a result: of the trade that made or cost the most. */
const whyLine = ({ trades }: DailyReport): string[] => {
  const [most] = [...trades].sort(
    (a, b) => Math.abs(Number(b.realized_pnl_usd)) - Math.abs(Number(a.realized_pnl_usd)),
  );
  if (most === undefined) return [];
  const act = most.side === 'long' ? 'bought' : 'sold short';
  return [`why was ${most.symbol} ${act}? ask: ${typed(`why ${most.symbol}`)}`];
};

/**
 * Replays a recorded day through a desk of its own and prints what came of it; throws when the day
 * did not end well.
 */
export const runDemo = async ({
  day: wanted_day,
  session_mode,
  friends: friend_count,
  terminal,
  signal,
}: Options): Promise<void> => {
  const started_at = performance.now();
  const day = await findDay(wanted_day);
  const desk = await startDesk({
    home: homeFolder(),
    mode: 'replay',
    day_dir: day.dir,
    keep_database: true,
    simulator_args: friend_count > 0 ? ['--accounts', String(1 + friend_count)] : [],
    signal,
    on_progress: (line) => terminal.note(`${line} …`),
  });
  let followed: FollowedDesk | null = null;
  try {
    const trade_date = desk.simulator!.trade_date;
    const clients = connectDesk(desk.fleet.urls, desk.fleet.keys.cli);
    await clients.risk.arm({
      body: { by: operatorName(), reason: 'the demo arms its own replay' },
    });
    terminal.note(
      `the demo has armed its own desk; replaying ${trade_date} (simulated exchange, fictional money)`,
    );
    if (friend_count > 0) {
      const { followDesk } = await import('./follow-desk.ts');
      followed = await followDesk(desk, clients, friend_count);
    }
    const progress = terminal.progress();
    const { end, report } = await conductDay(clients, {
      trade_date,
      session_mode,
      progress,
      signal,
      follow: followed?.step,
    }).finally(progress.finish);
    writeFileSync(join(desk.home, saved_report), JSON.stringify(report));
    const friends = (await followed?.results()) ?? [];
    const result = demoResult({
      day: day.name,
      services: desk.fleet.processes().filter(({ pid }) => pid !== null).length,
      end,
      report,
      mail_dir: desk.mail_dir,
      friends,
      duration_s: (performance.now() - started_at) / 1000,
    });
    terminal.result(result, () =>
      [
        describeReport(report, terminal),
        ...(friends.length === 0 ? [] : [describeFriends(result, terminal), '']),
        `report   ${result.report_path}`,
        `mail     ${result.mail_path ?? 'none'}`,
        `logs     ${desk.fleet.logs_dir} (${typed('logs')})`,
        `${result.services} services replayed the day in ${result.duration_s} s; the same day gives the same trades: ${result.trades_digest.slice(0, 16)}`,
        ...whyLine(report),
        `next: ${typed('up --embedded')} leaves a desk running; README.md says how to go on with a paper account`,
      ].join('\n'),
    );
    const faults = demoFaults(result);
    if (faults.length > 0) throw new Error(`the day did not end as it must: ${faults.join('; ')}`);
  } finally {
    await followed?.stop();
    await desk.stop();
  }
};
