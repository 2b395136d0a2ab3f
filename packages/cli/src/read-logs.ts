import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { serviceNames } from '@catalyst/contracts';
import { listRunFolders, readRunFile } from '@catalyst/platform';

export type LogLine = {
  at: string;
  level: string;
  service: string;
  event: string;
  cycle_id?: string;
  details: Record<string, unknown>;
};

/** Whose logs there are. */
export const logSources: readonly string[] = [...serviceNames, 'simulator', 'supervisor'];

/** The logs of the desk that runs, else of the latest run. */
export const logsFolder = (home: string): string | undefined => {
  const run = readRunFile(home);
  if (run !== undefined && run.logs_dir !== '') return run.logs_dir;
  return [
    ...listRunFolders(home)
      .map((folder) => join(folder, 'logs'))
      .reverse(),
    join(home, 'logs'),
  ].find((folder) => existsSync(folder));
};

/**
 * A service writes JSON lines; whatever else reaches its log (a crash of the runtime) is kept as
 * text.
 */
const readLogLine = (line: string, service: string): LogLine => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== 'object' || parsed === null)
    return { at: '', level: 'text', service, event: line, details: {} };
  const {
    timestamp,
    at,
    level,
    service: named,
    event,
    message,
    cycle_id,
    ...details
  } = parsed as Record<string, unknown>;
  return {
    at: String(timestamp ?? at ?? ''),
    level: String(level ?? 'info'),
    service: String(named ?? service),
    event: String(event ?? message ?? ''),
    ...(typeof cycle_id === 'string' ? { cycle_id } : {}),
    details,
  };
};

/**
 * Lines of one source or of all, in order of time; lines of one moment stay in their file's order.
 */
export const readLogs = (home: string, folder: string, wanted: string | undefined): LogLine[] => {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .filter((name) => wanted === undefined || name === `${wanted}.log`)
    .sort();
  // the supervisor outlives the runs' folders: it writes into the home, about all of them
  const supervisor = join(home, 'logs', 'supervisor.log');
  const paths =
    wanted === 'supervisor'
      ? [supervisor].filter((path) => existsSync(path))
      : files.map((file) => join(folder, file));
  const lines = paths.flatMap((path) => {
    let at = '';
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const read = readLogLine(line, basename(path, '.log'));
        at = read.at === '' ? at : read.at; // text goes with the line before it
        return { ...read, at };
      });
  });
  return lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
};
