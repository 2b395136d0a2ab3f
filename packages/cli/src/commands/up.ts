import { type Command, Option } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../program.ts';

type Options = { embedded?: boolean; mode: 'replay' | 'paper'; day?: string; fixedPorts?: boolean; json?: boolean };

/** `catalyst up --embedded`: a desk in the background, without Docker. */
export const addUp = (program: Command): void => {
  addVerb(program, 'up', 'start a desk in the background and print its addresses and keys')
    .option('--embedded', 'with a PostgreSQL and a Redis of its own on this machine')
    .addOption(new Option('--mode <mode>', 'replay a recorded day, or trade on paper at Alpaca').choices(['replay', 'paper']).default('replay'))
    .option('--day <name or folder>', 'the recorded day to replay')
    .option('--fixed-ports', 'bind ports 5000 to 5009 instead of free ones')
    .action(async (options: Options) => {
      if (options.embedded !== true) throw new UsageError('say how: catalyst up --embedded runs everything on this machine; with Docker use: docker compose up -d');
      if ((process.env.TRADING_MODE ?? options.mode) === 'live') throw new UsageError('an embedded desk does not trade live; use the server set-up with TRADING_MODE=live');
      const [{ homeFolder, startInBackground }, { findDay }] = await Promise.all([import('@catalyst/platform'), import('../find-day.ts')]);
      const terminal = terminalOf(options);
      const day = options.mode === 'replay' ? await findDay(options.day) : undefined;
      const { run, was_running } = await startInBackground({
        home: homeFolder(),
        mode: options.mode,
        on_progress: (line) => terminal.note(`${line} …`),
        ...(day === undefined ? {} : { day_dir: day.dir }),
        ...(options.fixedPorts === true ? { fixed_ports: true } : {}),
      });
      if (was_running) terminal.note('a desk is running already; this is where:');
      const urls = run.urls ?? {};
      const data = {
        run_id: run.run_id, mode: run.mode, trade_date: run.trade_date, was_running, urls, mcp_url: `${run.urls?.orchestration}/mcp`, keys: { cli: run.cli_key },
        database_url: run.database_url, redis_url: run.redis_url, home: run.home, logs_dir: run.logs_dir, supervisor_pid: run.supervisor.pid,
      };
      terminal.result(data, () =>
        [
          terminal.table(['service', 'address'], Object.entries(urls).map(([name, url]) => [name, String(url)])),
          `mode     ${run.mode}${run.trade_date === null ? '' : `, the day of ${run.trade_date}`}`,
          `MCP      ${data.mcp_url}`,
          `key      ${run.cli_key} (send it as X-API-Key)`,
          `database ${run.database_url}`,
          `redis    ${run.redis_url}`,
          `home     ${run.home}`,
          '',
          'next: catalyst arm, catalyst cycle start, catalyst status; end with: catalyst down',
        ].join('\n'),
      );
    });
};
