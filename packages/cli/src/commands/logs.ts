import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { serviceNames } from '@catalyst/contracts';
import { homeFolder, listRunFolders, readRunFile } from '@catalyst/platform';
import { UsageError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../program.ts';

type LogLine = { at: string; level: string; service: string; event: string; cycle_id?: string; details: Record<string, unknown> };

const count = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('expected a whole number of at least 1');
  return Number(text);
};

/** The logs of the desk that runs, else of the latest run. */
const logsFolder = (home: string): string | undefined => {
  const run = readRunFile(home);
  if (run !== undefined && run.logs_dir !== '') return run.logs_dir;
  return [...listRunFolders(home).map((folder) => join(folder, 'logs')).reverse(), join(home, 'logs')].find((folder) => existsSync(folder));
};

/** A service writes JSON lines; whatever else reaches its log (a crash of the runtime) is kept as text. */
export const readLogLine = (line: string, service: string): LogLine => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return { at: '', level: 'text', service, event: line, details: {} };
  const { timestamp, at, level, service: named, event, message, cycle_id, ...details } = parsed as Record<string, unknown>;
  return {
    at: String(timestamp ?? at ?? ''),
    level: String(level ?? 'info'),
    service: String(named ?? service),
    event: String(event ?? message ?? ''),
    ...(typeof cycle_id === 'string' ? { cycle_id } : {}),
    details,
  };
};

const readLogs = (folder: string, wanted: string | undefined): LogLine[] => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.log')).filter((name) => wanted === undefined || name === `${wanted}.log`).sort();
  const lines = files.flatMap((file) => {
    let at = '';
    return readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const read = readLogLine(line, file.slice(0, -'.log'.length));
        at = read.at === '' ? at : read.at; // text goes with the line before it
        return { ...read, at };
      });
  });
  return lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
};

/** `catalyst logs [service]`: what the services wrote, in order of time. */
export const addLogs = (program: Command): void => {
  const sources = [...serviceNames, 'simulator', 'supervisor'];
  addVerb(program, 'logs', 'show what the services wrote')
    .argument('[service]', `one of ${sources.join(', ')}; otherwise all`)
    .option('--cycle <id>', 'only lines of this cycle')
    .option('-n, --lines <count>', 'how many of the latest lines', count, 200)
    .action((service: string | undefined, options: { cycle?: string; lines: number; json?: boolean }) => {
      const terminal = terminalOf(options);
      if (service !== undefined && !sources.includes(service)) throw new UsageError(`there is no service "${service}": expected one of ${sources.join(', ')}`);
      const folder = logsFolder(homeFolder());
      if (folder === undefined) throw new UsageError('there are no logs yet; run catalyst demo or catalyst up --embedded first');
      const found = readLogs(folder, service).filter(({ cycle_id }) => options.cycle === undefined || cycle_id === options.cycle).slice(-options.lines);
      const { red, yellow, dim } = terminal.colors;
      const paint = (level: string) => (level === 'error' ? red(level) : level === 'warn' ? yellow(level) : level);
      terminal.result({ logs_dir: folder, lines: found }, () =>
        found
          .map(({ at, level, service: name, event, details }) => `${dim(at)} ${paint(level.padEnd(5))} ${name.padEnd(13)} ${event}${Object.entries(details).map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join('')}`)
          .join('\n'),
      );
    });
};
