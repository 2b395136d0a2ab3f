import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { sessionMode, type SessionMode } from '@catalyst/contracts';
import { homeFolder, startDesk } from '@catalyst/platform';
import { connectDesk, operatorName } from '../desk-connection.ts';
import { conductDay } from '../demo/conduct-day.ts';
import { demoFaults, demoResult } from '../demo/demo-result.ts';
import { describeReport } from '../describe-report.ts';
import { findDay } from '../find-day.ts';
import { addVerb, terminalOf } from '../program.ts';
import { InterruptedError, watchStopSignals } from '../stop-signals.ts';

type Options = { day?: string; mode: SessionMode; json?: boolean };

/** The report as this run leaves it for `catalyst report`. */
export const saved_report = 'daily-report.json';

const runDemo = async (options: Options, signal: AbortSignal): Promise<void> => {
  const started_at = performance.now();
  const terminal = terminalOf(options);
  const day = await findDay(options.day);
  const desk = await startDesk({ home: homeFolder(), mode: 'replay', day_dir: day.dir, signal, on_progress: (line) => terminal.note(`${line} …`) });
  try {
    const trade_date = desk.simulator!.trade_date;
    const clients = connectDesk(desk.fleet.urls, desk.fleet.keys.cli);
    await clients.risk.arm({ body: { by: operatorName(), reason: 'the demo arms its own replay' } });
    terminal.note(`the demo has armed its own desk; replaying ${trade_date} (simulated exchange, fictional money)`);
    const progress = terminal.progress();
    const { end, report } = await conductDay(clients, { trade_date, session_mode: options.mode, progress, signal }).finally(progress.finish);
    writeFileSync(join(desk.home, saved_report), JSON.stringify(report));
    const result = demoResult({ day: day.name, services: desk.fleet.processes().filter(({ pid }) => pid !== null).length, end, report, mail_dir: desk.mail_dir, duration_s: (performance.now() - started_at) / 1000 });
    terminal.result(result, () =>
      [
        describeReport(report, terminal),
        `report   ${result.report_path}`,
        `mail     ${result.mail_path ?? 'none'}`,
        `logs     ${desk.fleet.logs_dir} (catalyst logs)`,
        `${result.services} services replayed the day in ${result.duration_s} s; the same day gives the same trades: ${result.trades_digest.slice(0, 16)}`,
        'next: catalyst up --embedded leaves a desk running; README.md says how to go on with a paper account',
      ].join('\n'),
    );
    const faults = demoFaults(result);
    if (faults.length > 0) throw new Error(`the day did not end as it must: ${faults.join('; ')}`);
  } finally {
    await desk.stop();
  }
};

/** `catalyst demo`: a recorded trading day through the whole desk, on this machine alone. */
export const addDemo = (program: Command): void => {
  addVerb(program, 'demo', 'replay a recorded trading day through all nine services, on this machine alone')
    .option('--day <name or folder>', 'the recorded day; otherwise the one that ships with the project')
    .addOption(new Option('--mode <mode>', 'autonomous trades by itself, supervised proposes and waits for a person').choices(sessionMode.options).default('autonomous'))
    .action(async (options: Options) => {
      const { signal, release } = watchStopSignals();
      try {
        await runDemo(options, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        const reason: unknown = signal.reason;
        process.stderr.write('catalyst: stopped; nothing is left running\n');
        process.exit(reason instanceof InterruptedError ? reason.exit_code : 1);
      } finally {
        release();
      }
    });
};
