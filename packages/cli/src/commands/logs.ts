import { InvalidArgumentError, type Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { typed } from '../typed.ts';
import { addVerb, terminalOf } from '../verb.ts';

const count = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text))
    throw new InvalidArgumentError('expected a whole number of at least 1');
  return Number(text);
};

/** `catalyst logs [service]`: what the services wrote, in order of time. */
export const addLogs = (program: Command): void => {
  addVerb(program, 'logs', 'show what the services wrote')
    .argument('[service]', 'a service, simulator or supervisor; otherwise all')
    .option('--cycle <id>', 'only lines of this cycle')
    .option('-f, --follow', 'and then each line as it is written, until Ctrl-C')
    .option('-n, --lines <count>', 'how many of the latest lines', count, 200)
    .action(
      async (
        service: string | undefined,
        options: { cycle?: string; lines: number; follow?: boolean; json?: boolean },
      ) => {
        const [
          { homeFolder },
          { followLogs, logSources, logsFolder, readLogs },
          { describeLogLine },
          { untilStopped },
        ] = await Promise.all([
          import('@catalyst/platform'),
          import('../read-logs.ts'),
          import('../describe-log-line.ts'),
          import('../stop-signals.ts'),
        ]);
        const terminal = terminalOf(options);
        if (service !== undefined && !logSources.includes(service))
          throw new UsageError(
            `there is no service "${service}": expected one of ${logSources.join(', ')}`,
          );
        const folder = logsFolder(homeFolder());
        if (folder === undefined)
          throw new UsageError(
            `there are no logs yet; run ${typed('demo')} or ${typed('up --embedded')} first`,
          );
        const found = readLogs(homeFolder(), folder, service)
          .filter(({ cycle_id }) => options.cycle === undefined || cycle_id === options.cycle)
          .slice(-options.lines);
        if (found.length === 0)
          terminal.note(
            `no lines${service === undefined ? '' : ` of ${service}`}${options.cycle === undefined ? '' : ` of cycle ${options.cycle}`} in ${folder}`,
          );
        if (found.length > 0 || terminal.is_json)
          terminal.result({ logs_dir: folder, lines: found }, () =>
            found.map((line) => describeLogLine(line, terminal)).join('\n'),
          );
        if (options.follow !== true) return;
        await untilStopped((signal) =>
          followLogs(folder, service, signal, (line) => {
            if (options.cycle !== undefined && line.cycle_id !== options.cycle) return;
            terminal.result(line, () => describeLogLine(line, terminal));
          }),
        );
      },
    );
};
