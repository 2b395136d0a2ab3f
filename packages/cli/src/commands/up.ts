import { type Command, Option } from 'commander';
import { chooseMode, embedded_modes, type EmbeddedMode } from '../choose-mode.ts';
import { UnhealthyError, UsageError } from '../exit-codes.ts';
import { untilStopped } from '../stop-signals.ts';
import { tryAlpacaKeys } from '../try-alpaca-keys.ts';
import { typed } from '../typed.ts';
import { addVerb, terminalOf } from '../verb.ts';

type Options = {
  embedded?: boolean;
  mode?: EmbeddedMode;
  day?: string;
  fixedPorts?: boolean;
  json?: boolean;
};

/** `catalyst up --embedded`: a desk in the background, without Docker. */
export const addUp = (program: Command): void => {
  addVerb(program, 'up', 'start a desk in the background and print its addresses and keys')
    .option('--embedded', 'with a PostgreSQL and a Redis of its own on this machine')
    .addOption(
      new Option(
        '--mode <mode>',
        'replay a recorded day, or trade on paper at Alpaca; otherwise paper where ALPACA_API_KEY is set and a replay where it is not',
      ).choices(embedded_modes),
    )
    .option(
      '--day <name or folder>',
      'the recorded day to replay; otherwise the one that ships with the project',
    )
    .option('--fixed-ports', 'bind ports 5000 to 5009 instead of free ones')
    .action(async (options: Options) => {
      if (options.embedded !== true)
        throw new UsageError(
          `say how: ${typed('up --embedded')} runs everything on this machine; with Docker use: docker compose up -d`,
        );
      const { mode, why } = chooseMode(
        options.mode ?? (options.day === undefined ? undefined : 'replay'),
        process.env,
      );
      if (mode === 'paper' && options.day !== undefined)
        throw new UsageError('--day is for a replay; a paper desk trades today');
      const [
        { homeFolder, readRunFile, startInBackground },
        { findDay },
        { deskData, describeDesk },
      ] = await Promise.all([
        import('@catalyst/platform'),
        import('../find-day.ts'),
        import('../describe-desk.ts'),
      ]);
      const terminal = terminalOf(options);
      const day = mode === 'replay' ? await findDay(options.day) : undefined;
      if (mode === 'paper' && readRunFile(homeFolder()) === undefined) {
        const { account_number, status } = await tryAlpacaKeys(process.env);
        terminal.note(`alpaca takes the keys: account ${account_number} is ${status}`);
      }
      const { run, was_running } = await untilStopped((signal) =>
        startInBackground({
          signal,
          home: homeFolder(),
          mode,
          on_begin: () =>
            terminal.note(
              day === undefined
                ? `a desk on paper at Alpaca (${why})`
                : `a desk that replays the recorded day ${day.name} on the simulated exchange (${options.mode === undefined && options.day !== undefined ? 'as --day says' : why})`,
            ),
          on_progress: (line) => terminal.note(`${line} …`),
          ...(day === undefined ? {} : { day_dir: day.dir }),
          ...(options.fixedPorts === true ? { fixed_ports: true } : {}),
        }),
      );
      if (was_running) {
        // what runs is not what was asked for: saying nothing would let a person believe that it is
        const is_other =
          (options.mode !== undefined && run.mode !== options.mode) ||
          (options.day !== undefined && run.day_dir !== day?.dir);
        if (is_other)
          throw new UsageError(
            `another desk is running already (${run.run_id}, ${run.mode}${run.trade_date === null ? '' : ` of ${run.trade_date}`}); end it first with: ${typed('down')}`,
          );
        terminal.note('a desk is running already; this is where:');
      }
      const data = deskData(run, was_running);
      terminal.result(data, () => describeDesk(data, terminal));
      if (!was_running) return;
      const { askDesk } = await import('../ask-desk.ts');
      const { unwell } = await askDesk(run);
      if (unwell.length > 0)
        throw new UnhealthyError(`the desk that runs is not well: ${unwell.join(', ')}`);
    });
};
