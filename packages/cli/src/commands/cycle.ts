import { type Command, InvalidArgumentError, Option } from 'commander';
import { sessionMode, type CycleProgress, type SessionMode } from '@catalyst/contracts';
import { inNewYork, later, newYorkTime } from '@catalyst/domain';
import { operatorName, runningDesk } from '../desk-connection.ts';
import { UsageError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../program.ts';

const wholeNumber = (text: string): number => {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
};

/** One line that tells where the day stands. */
export const describeProgress = ({ cycle, as_of, candidates, open_positions, closed_positions, day_pnl_usd }: CycleProgress): string =>
  `${inNewYork(as_of).clock} New York · ${cycle.state} · ${candidates.length} candidates · ${open_positions} open, ${closed_positions} closed · ${signed(day_pnl_usd)}`;

const signed = (usd: string): string => (usd.startsWith('-') ? `-$${usd.slice(1)}` : `+$${usd}`);

const describe = (progress: CycleProgress): string =>
  [
    `cycle ${progress.cycle.cycle_id} of ${progress.cycle.trade_date} (${progress.cycle.session_mode})`,
    describeProgress(progress),
    ...(progress.candidates.length > 0 ? [`candidates: ${progress.candidates.join(', ')}`] : []),
    ...(progress.next_job === null ? [] : [`next: ${progress.next_job.job} at ${inNewYork(progress.next_job.due_at).clock} New York`]),
  ].join('\n');

/** An instant, or a clock time of the trading date in New York. */
const readTime = (text: string, trade_date: string): string => {
  if (/^\d\d:\d\d$/.test(text)) return newYorkTime(trade_date, text);
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new UsageError(`--to expects hh:mm (New York) or an ISO instant, was "${text}"`);
  return at.toISOString();
};

/** `catalyst cycle start|stop|status|advance`: the trading day of the running desk. */
export const addCycle = (program: Command): void => {
  const cycle = program.command('cycle').summary("start, stop, show or advance the day's cycle").description("The trading day of the desk that runs (catalyst up --embedded).");

  addVerb(cycle, 'start', 'open the cycle of a trading date')
    .option('--date <YYYY-MM-DD>', "the trading date; otherwise the day's own")
    .addOption(new Option('--mode <mode>', 'autonomous trades by itself, supervised proposes and waits for a person').choices(sessionMode.options).default('autonomous'))
    .option('--universe-size <count>', 'how many stocks the scan begins with (50 to 200)', wholeNumber, 100)
    .action(async (options: { date?: string; mode: SessionMode; universeSize: number; json?: boolean }) => {
      const { run, clients } = runningDesk();
      const trade_date = options.date ?? run.trade_date ?? undefined;
      const started = await clients.workflow.startCycle({ body: { session_mode: options.mode, universe_size: options.universeSize, ...(trade_date === undefined ? {} : { trade_date }) } });
      terminalOf(options).result(started, () => `cycle ${started.cycle_id} of ${started.trade_date} is ${started.state}`);
    });

  addVerb(cycle, 'stop', 'end the day now: close everything, reconcile, report')
    .option('--reason <text>', 'why, for the record', 'stopped by the operator')
    .action(async (options: { reason: string; json?: boolean }) => {
      const { workflow } = runningDesk().clients;
      const { cycle: current } = await workflow.showCurrentCycle();
      const stopped = await workflow.stopCycle({ params: { cycle_id: current.cycle_id }, body: { by: operatorName(), reason: options.reason } });
      terminalOf(options).result(stopped, () => `cycle ${stopped.cycle_id} is ${stopped.state}`);
    });

  addVerb(cycle, 'status', 'show where the day stands').action(async (options: { json?: boolean }) => {
    const progress = await runningDesk().clients.workflow.showCurrentCycle();
    terminalOf(options).result(progress, () => describe(progress));
  });

  addVerb(cycle, 'advance', 'replay: let the recorded day go on')
    .option('--to <time>', 'until this clock time in New York (hh:mm) or instant; otherwise ten minutes')
    .action(async (options: { to?: string; json?: boolean }) => {
      const { workflow } = runningDesk().clients;
      const before = await workflow.showCurrentCycle();
      await workflow.advanceReplay({ body: { to: options.to === undefined ? later(before.as_of, 10 * 60_000) : readTime(options.to, before.cycle.trade_date) } });
      const progress = await workflow.showCurrentCycle();
      terminalOf(options).result(progress, () => describe(progress));
    });
};
