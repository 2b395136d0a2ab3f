import { forPurpose } from '@catalyst/brokerage';
import { later, type Instant } from '@catalyst/domain';
import { AppError, messageOf, within } from '@catalyst/runtime';
import type { ActJournal } from '../unbooked.ts';
import { createActUnbooked } from './act-unbooked.ts';
import type { HaltFile, LifeDeps } from './life-deps.ts';
import type { LookAtAccount } from './look-at-account.ts';
import { createReadHeld, type HeldAtBroker } from './read-held.ts';
import type { BookMemory } from './remember-book.ts';
import type { TellNaked } from './tell-naked.ts';

const READ_WITHIN_MS = 2000;
const AGAIN_MS = 1000;

interface Deps {
  memory: BookMemory;
  journal: ActJournal;
  tell: TellNaked;
  haltFile: HaltFile;
  account: LookAtAccount;
}

/**
 * Watches over what is held while the book is away: by what the broker holds and by what was last
 * known. It opens nothing, adds to nothing and moves no stop; it gives shares without a stop theirs,
 * goes on with an exit that was asked for before, and writes each act down on this machine first.
 */
export const createGuardWithoutBook = (
  deps: LifeDeps,
  { memory, journal, tell, haltFile, account }: Deps,
) => {
  const { clock, log } = deps;
  const readHeld = createReadHeld(deps, memory);
  const actOn = createActUnbooked(deps, { memory, journal, account, readOne: readHeld.one });
  /** Symbols with an act under way: one that waits for the broker is not begun again. */
  const atWork = new Set<string>();
  /** Acts of a person at the broker, which a stop beside them would be in the way of. */
  const leftAlone = new Map<string, number>();
  const EVERYTHING = '*';
  let away: { since: Instant; done: { symbol: string; action: string }[] } | null = null;
  let isReading = false;
  /** Somebody has asked for what the broker says since the reading at hand was begun. */
  let isOutdated = false;

  const isLeftAlone = (symbol: string): boolean =>
    (leftAlone.get(symbol) ?? 0) + (leftAlone.get(EVERYTHING) ?? 0) > 0;

  const guardOne = async (held: HeldAtBroker): Promise<Instant | null> => {
    const { symbol, qty } = held;
    const { position_id } = held.position;
    if (atWork.has(symbol) || isLeftAlone(symbol)) return later(clock.latest(), AGAIN_MS);
    atWork.add(symbol);
    try {
      const { again_at, action, naked } = await actOn(held);
      if (action !== null) {
        log.warn('guarded_without_book', { symbol, action });
        away?.done.push({ symbol, action });
      }
      tell.note(position_id, naked === null ? null : { symbol, qty, why: naked });
      return again_at;
    } catch (error) {
      if (!(error instanceof AppError)) log.error('not_guarded', { symbol, error });
      else log.warn('not_guarded', { symbol, error });
      tell.note(position_id, { symbol, qty, why: messageOf(error) });
      return later(clock.latest(), AGAIN_MS);
    } finally {
      atWork.delete(symbol);
    }
  };

  /** What is read is acted on at once, each position on its own, also where it is outdated by then. */
  const look = async (wake: (at: Instant) => void): Promise<number | null> => {
    if (away === null) {
      away = { since: clock.latest(), done: [] };
      log.warn('guarding_without_book', {});
    }
    // whoever closes at the broker without the desk takes the stops away for it
    if (haltFile.isDirect()) return 0;
    isOutdated = isReading;
    if (isReading) return null;
    isReading = true;
    let held: HeldAtBroker[];
    try {
      held = await within(READ_WITHIN_MS, "the broker's word on what is held", readHeld.all());
    } finally {
      isReading = false;
    }
    const guarding = held.map(async (one) => {
      const again_at = await guardOne(one);
      if (again_at !== null) wake(again_at);
    });
    await Promise.all([...guarding, isOutdated ? look(wake) : null]);
    return held.length;
  };

  return {
    /**
     * Reads what the broker holds and guards it; asked while it reads, it reads once more. How many
     * positions are held, null where another look tells; `wake` hears when one is to be looked at again.
     */
    look: (wake: (at: Instant) => void): Promise<number | null> =>
      forPurpose('protection', () => look(wake)),
    /** Since when the book is away; null where it is there. */
    since: (): Instant | null => away?.since ?? null,
    /** The book is back: it takes what was done, and a person is told of it. True where it was away. */
    back: async (): Promise<boolean> => {
      if (away === null) return false;
      const { since, done } = away;
      away = null;
      await journal.settle();
      log.info('book_is_back', { since, acts: done.length });
      for (const { symbol, action } of done) tell.mended({ symbol, action, is_refused: false });
      return true;
    },
    /** Keeps out of the way of a person's act at the broker, on one symbol or, with null, on all. */
    aside: async <T>(symbol: string | null, work: () => Promise<T>): Promise<T> => {
      const key = symbol ?? EVERYTHING;
      leftAlone.set(key, (leftAlone.get(key) ?? 0) + 1);
      try {
        return await work();
      } finally {
        leftAlone.set(key, leftAlone.get(key)! - 1);
      }
    },
  };
};
