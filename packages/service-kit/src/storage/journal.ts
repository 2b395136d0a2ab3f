import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

/**
 * Adds text for this owner alone, and is back once it is on the disk in the file that has the name:
 * another copy may have put the opened one aside.
 */
const writeDown = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  for (let isThere = false; !isThere;) {
    const file = openSync(path, 'a', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
      isThere = fstatSync(file).ino === statSync(path, { throwIfNoEntry: false })?.ino;
    } finally {
      closeSync(file);
    }
  }
};

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const entryOf = <E>(line: string): E[] => {
  try {
    return line === '' ? [] : [JSON.parse(line) as E];
  } catch {
    return []; // cut off by the end of a copy that others outlived: it was never said to be written
  }
};

/**
 * Null where there is no such file: another copy, which may begin or take out at any moment, has it
 * and puts its entries back. A last line that a kill cut off was never said to be written.
 */
const readEntries = <E>(path: string): { entries: E[]; isCut: boolean } | null => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  const lines = text.split('\n');
  const cut = lines.pop();
  return { entries: lines.flatMap(entryOf<E>), isCut: cut !== '' };
};
const ASIDE = '.aside';
const lineOf = (entry: object): string => `${JSON.stringify(entry)}\n`;

/** What earlier processes left, and whether a file has to be put in order. */
const readLeft = <E>(path: string): { entries: E[]; isCut: boolean } => {
  const folder = dirname(path);
  if (!existsSync(folder)) return { entries: [], isCut: false };
  // whoever put one aside was killed before its entries were back
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith(ASIDE)) continue;
    const aside = join(folder, name);
    const found = readEntries<object>(aside);
    if (found === null) continue;
    writeDown(path, found.entries.map(lineOf).join(''));
    rmSync(aside, { force: true });
  }
  return readEntries<E>(path) ?? { entries: [], isCut: false };
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

  /**
   * Takes lines out; those of another copy of this service, which may use the file too, stay: what it
   * wrote before the file was put aside is read here, and what it writes after that it writes again.
   */
  const gone = new Set<string>();
  const rewrite = (taken: readonly E[]): void => {
    for (const entry of taken) gone.add(lineOf(entry));
    const aside = `${path}.${process.pid}-${randomUUID()}${ASIDE}`;
    try {
      renameSync(path, aside);
    } catch (error) {
      // another copy has it aside: they are taken out the next time
      if (isMissing(error)) return;
      throw error;
    }
    const found = readEntries<E>(aside);
    if (found === null) return;
    const lines = found.entries.map(lineOf);
    writeDown(path, lines.filter((line) => !gone.has(line)).join(''));
    gone.clear();
    rmSync(aside, { force: true });
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
        // on a line of its own, also behind what another copy's end cut off
        writeDown(path, `\n${lineOf(entry)}`);
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
