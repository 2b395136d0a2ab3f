import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { SessionMode } from '@catalyst/contracts';
import { askOnce, NOTHING_DONE } from '../ask-once.ts';
import { UsageError } from '../exit-codes.ts';
import { typed } from '../typed.ts';
import { readReason } from '../read-reason.ts';
import { untilStopped } from '../stop-signals.ts';
import { addVerb, terminalOf } from '../verb.ts';
import { readDate } from './day-summary.ts';

const wholeNumber = (text: string): number => {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
};

/** How a day may be conducted; the contract's words. */
export const session_modes = ['autonomous', 'supervised'] as const satisfies readonly SessionMode[];

// Loaded when a verb runs: help and usage errors answer at once.
const load = async () => {
  const [
    { currentCycle, findCurrentCycle, operatorName, reachDesk, runningDesk },
    { describeCycle },
    { describeMarket },
    { inNewYork, later, newYorkTime },
  ] = await Promise.all([
    import('../desk-connection.ts'),
    import('../describe-progress.ts'),
    import('../describe-market.ts'),
    import('@catalyst/domain'),
  ]);
  return {
    currentCycle,
    findCurrentCycle,
    describeMarket,
    operatorName,
    reachDesk,
    runningDesk,
    describeCycle,
    inNewYork,
    later,
    newYorkTime,
  };
};

/** `catalyst cycle start|stop|mode|status|advance`: the trading day of the running desk. */
export const addCycle = (program: Command): void => {
  const cycle = program
    .command('cycle')
    .summary("start, stop, change, show or advance the day's cycle")
    .description(`The trading day of the desk that runs (${typed('up --embedded')}).`);

  addVerb(cycle, 'start', 'open the cycle of a trading date')
    .option('--date <YYYY-MM-DD>', "the trading date; otherwise the day's own", readDate)
    .addOption(
      new Option(
        '--mode <mode>',
        'autonomous trades by itself, supervised proposes and waits for a person',
      )
        .choices(session_modes)
        .default('autonomous'),
    )
    .option(
      '--universe-size <count>',
      'how many stocks the scan begins with (50 to 200)',
      wholeNumber,
      100,
    )
    .action(
      async (options: {
        date?: string;
        mode: SessionMode;
        universeSize: number;
        json?: boolean;
      }) => {
        const { run, clients } = (await load()).reachDesk();
        const trade_date = options.date ?? run?.trade_date ?? undefined;
        const started = await clients.workflow.startCycle({
          body: {
            session_mode: options.mode,
            universe_size: options.universeSize,
            ...(trade_date === undefined ? {} : { trade_date }),
          },
        });
        terminalOf(options).result(
          started,
          () =>
            `cycle ${started.cycle_id} of ${started.trade_date} is ${started.state}${run?.mode === 'replay' ? `\nnext: ${typed('cycle advance --to 10:30')}` : ''}`,
        );
      },
    );

  addVerb(cycle, 'stop', 'end the day now: close everything, reconcile, report')
    .option('--reason <text>', 'why, for the record', readReason, 'stopped by the operator')
    .action(async (options: { reason: string; json?: boolean }) => {
      const { currentCycle, operatorName, reachDesk } = await load();
      const { clients } = reachDesk();
      const { cycle: current } = await currentCycle(clients);
      const stopped = await clients.workflow.stopCycle({
        params: { cycle_id: current.cycle_id },
        body: { by: operatorName(), reason: options.reason },
      });
      terminalOf(options).result(stopped, () => `cycle ${stopped.cycle_id} is ${stopped.state}`);
    });

  addVerb(
    cycle,
    'mode',
    'from now on: supervised proposes and waits for a person, autonomous trades by itself',
  )
    .addArgument(new Argument('<mode>', 'which of the two').choices(session_modes))
    .requiredOption('--reason <text>', 'why, for the record', readReason)
    .option('-y, --yes', 'do not ask before it trades by itself')
    .action(
      async (
        session_mode: SessionMode,
        options: { reason: string; yes?: boolean; json?: boolean },
      ) => {
        const { operatorName, reachDesk } = await load();
        const terminal = terminalOf(options);
        if (
          session_mode === 'autonomous' &&
          !(await askOnce('let the session trade by itself?', options))
        ) {
          terminal.result({ act: 'mode', ...NOTHING_DONE }, () => 'nothing was done');
          return;
        }
        const changed = await reachDesk().clients.workflow.setSessionMode({
          body: { session_mode, by: operatorName(), reason: options.reason },
        });
        terminal.result(
          changed,
          () => `the session of ${changed.trade_date} is ${changed.session_mode}`,
        );
      },
    );

  addVerb(cycle, 'status', 'show where the day stands').action(
    async (options: { json?: boolean }) => {
      const { findCurrentCycle, reachDesk, describeCycle, describeMarket } = await load();
      const { clients } = reachDesk();
      const [progress, market] = await Promise.all([
        findCurrentCycle(clients),
        clients.workflow.showMarket(),
      ]);
      terminalOf(options).result({ ...(progress ?? { cycle: null }), market }, () =>
        [
          progress === null ? 'no cycle was opened yet' : describeCycle(progress),
          describeMarket(market),
        ].join('\n'),
      );
    },
  );

  addVerb(cycle, 'advance', 'replay: let the recorded day go on')
    .option(
      '--to <time>',
      'until this clock time in New York (hh:mm) or instant; otherwise ten minutes',
    )
    .action(async (options: { to?: string; json?: boolean }) => {
      const { currentCycle, runningDesk, describeCycle, inNewYork, later, newYorkTime } =
        await load();
      const { run, clients } = runningDesk();
      if (run.mode !== 'replay')
        throw new UsageError(
          `the desk is on ${run.mode}: only a replay can be advanced, its day goes on by itself`,
        );
      const before = await currentCycle(clients);
      const readTime = (text: string): string => {
        if (/^([01]\d|2[0-3]):[0-5]\d$/.test(text))
          return newYorkTime(before.cycle.trade_date, text);
        const at = new Date(text);
        if (Number.isNaN(at.getTime()))
          throw new UsageError(
            `--to expects hh:mm (New York, 00:00 to 23:59) or an ISO instant, was "${text}"`,
          );
        return at.toISOString();
      };
      const to = options.to === undefined ? later(before.as_of, 10 * 60_000) : readTime(options.to);
      if (to < before.as_of)
        throw new UsageError(
          `the recorded day is at ${inNewYork(before.as_of).clock} New York already and never goes back`,
        );
      await untilStopped(
        async (signal) => {
          const left = new Promise<never>((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
          );
          await Promise.race([clients.workflow.advanceReplay({ body: { to } }), left]);
        },
        `the day goes on to ${inNewYork(to).clock} New York by itself; ${typed('cycle status')} shows where it is, ${typed('down')} ends it`,
      );
      const progress = await currentCycle(clients);
      terminalOf(options).result(progress, () => describeCycle(progress));
    });
};
