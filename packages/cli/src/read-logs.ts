import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** How often a followed log is looked at. */
const FOLLOW_MS = 250;

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
 * Calls back for each line that is written from now on, until the signal; a file that is not there
 * yet is waited for.
 */
export const followLogs = async (
  folder: string,
  wanted: string | undefined,
  signal: AbortSignal,
  tell: (line: LogLine) => void,
): Promise<void> => {
  const readers = new Map<string, { at: number; rest: string }>();
  const names = () => readdirSync(folder).filter((name) => name.endsWith('.log'));
  for (const name of names())
    readers.set(name, { at: statSync(join(folder, name)).size, rest: '' });
  while (!signal.aborted) {
    for (const name of names()) {
      const service = basename(name, '.log');
      if (wanted !== undefined && wanted !== service) continue;
      const reader = readers.get(name) ?? { at: 0, rest: '' };
      readers.set(name, reader);
      const path = join(folder, name);
      const { size } = statSync(path);
      if (size < reader.at) reader.at = 0; // begun anew
      if (size === reader.at) continue;
      const fresh = Buffer.alloc(size - reader.at);
      const file = openSync(path, 'r');
      try {
        readSync(file, fresh, 0, fresh.length, reader.at);
      } finally {
        closeSync(file);
      }
      reader.at = size;
      const lines = (reader.rest + fresh.toString('utf8')).split('\n');
      reader.rest = lines.pop()!;
      for (const line of lines) if (line !== '') tell(readLogLine(line, service));
    }
    await sleep(FOLLOW_MS, undefined, { signal }).catch(() => undefined);
  }
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
