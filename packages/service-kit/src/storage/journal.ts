import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { AppError, type Log, outsideContext } from '@catalyst/runtime';

export interface Journal<E> {
  /**
   * Keeps an entry on this machine's disk before it returns, whatever else is away. A disk that
   * takes nothing is told in the log, and the entry waits in memory: it keeps nobody from a stop.
   */
  note(entry: E): void;
  /** Hands over what waits. Never throws: what is not taken goes on waiting. */
  settle(): Promise<void>;
  /** How many entries wait since they were not taken; 0 where none was refused. */
  refused(): number;
  close(): Promise<void>;
}

interface Options<E> {
  path: string;
  /**
   * Takes entries where they belong, all or none; one that it has already is passed over, since a
   * crash may hand it over twice.
   */
  take: (entries: readonly E[]) => Promise<void>;
  log: Log;
  /** Between two tries, by the wall. */
  every_ms?: number;
}

const BATCH = 500;

/** Opens for this owner alone, writes, and is back once it is on the disk. */
const writeDown = (path: string, flags: 'a' | 'w', text: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, flags, 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** What an earlier process left; a last line that a kill cut off was never said to be written. */
const readLeft = <E>(path: string): { entries: E[]; isCut: boolean } => {
  if (!existsSync(path)) return { entries: [], isCut: false };
  const lines = readFileSync(path, 'utf8').split('\n');
  const cut = lines.pop();
  return { entries: lines.map((line) => JSON.parse(line) as E), isCut: cut !== '' };
};

/**
 * A file of entries that go where they belong once that can be reached: what lowers risk is written
 * here, acts, and its row follows.
 */
export const createJournal = <E extends object>({
  path,
  take,
  log,
  every_ms = 2000,
}: Options<E>): Journal<E> => {
  const left = readLeft<E>(path);
  let waiting = left.entries;
  let queue: Promise<void> = Promise.resolve();
  let isRefused = false;
  const lineOf = (entry: E): string => `${JSON.stringify(entry)}\n`;

  /** Takes lines out; those of another copy of this service, which may use the file too, stay. */
  const rewrite = (taken: readonly E[]): void => {
    const gone = new Set(taken.map((entry) => JSON.stringify(entry)));
    const kept = readLeft<E>(path).entries.filter((entry) => !gone.has(JSON.stringify(entry)));
    const draft = `${path}.new`;
    writeDown(draft, 'w', kept.map(lineOf).join(''));
    renameSync(draft, path);
  };
  if (left.isCut) rewrite([]);
  const forget = (taken: readonly E[]): void => {
    waiting = waiting.filter((entry) => !taken.includes(entry));
    try {
      rewrite(taken);
    } catch (error) {
      // they are handed over once more after a restart, and passed over there
      log.error('journal_not_written', { path, error });
    }
  };
  const offer = async (entries: readonly E[]): Promise<unknown> => {
    try {
      await take(entries);
      forget(entries);
      return null;
    } catch (error) {
      return error;
    }
  };
  const handOver = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const batch = waiting.slice(0, BATCH);
    let refusal = await offer(batch);
    const isOutage = refusal instanceof AppError && refusal.retryable;
    // one entry may be why: it stays, and holds none of the others up
    if (refusal !== null && !isOutage)
      for (const entry of batch) refusal = (await offer([entry])) ?? refusal;
    if (refusal !== null && !isRefused)
      log.warn('journal_waits', { path, waiting: waiting.length, error: refusal });
    isRefused = refusal !== null;
  };
  const settle = (): Promise<void> => (queue = queue.then(handOver));
  const timer = setInterval(() => {
    if (waiting.length > 0) void outsideContext(settle);
  }, every_ms).unref();

  return {
    note: (entry) => {
      waiting.push(entry);
      try {
        writeDown(path, 'a', lineOf(entry));
      } catch (error) {
        log.error('journal_not_written', { path, entry, error });
      }
    },
    settle,
    refused: () => (isRefused ? waiting.length : 0),
    close: async () => {
      clearInterval(timer);
      await settle();
    },
  };
};
