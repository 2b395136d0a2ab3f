import { later, type Instant } from '@catalyst/domain';
import { inContext, type Stop } from '@catalyst/runtime';
import { setImmediate as immediate, setTimeout as pause } from 'node:timers/promises';
import type { PositionRow } from '../book-rows.ts';
import type { DeskTurns } from './desk-turns.ts';
import type { LifeDeps } from './life-deps.ts';
import { WATCHING, type Pass, type Tended, type TendPositions } from './tend-positions.ts';
import { UNTIL_THE_MINUTE } from '../domain/next-act.ts';
import { isBookAway } from '../unbooked.ts';

const EVERY_MS = 1000;
/** A pass that waits for the broker keeps the next from nobody else's position. */
const PASS_WAITS_MS = 900;
/** A book that does not answer a pass within this is away, once it has not answered for so long. */
const BOOK_WITHIN_MS = 500;
const BOOK_AWAY_MS = 1400;
/** So long the cycle's minutes may be away before trading asks the broker by itself. */
const UNWATCHED_MS = 90_000;

interface Deps {
  tend: TendPositions;
  turns: DeskTurns;
  /** Reads the broker and tends by it; what it finds out is in the book. */
  monitor: () => Promise<unknown>;
  /** When something was last asked by `monitor`. */
  monitoredAt: () => Instant;
  onPass: (open: number) => void;
  /** Done before each pass: what the halt file and the trading state ask for. */
  before: (isThere: () => void) => Promise<void>;
  /** What is done while the book is away, and once it is back; null where nothing is. */
  withoutBook: WithoutBook | null;
}
interface WithoutBook {
  look(wake: (at: Instant) => void): Promise<number | null>;
  back(): Promise<void>;
  /** True from the first look on until it is back. */
  isAway(): boolean;
  /** True while it may answer, but did not take what was written last. */
  isRefused(): boolean;
}

/**
 * Trading's own watch over protection, which needs nobody else: each second, after each update, and
 * where something is under way, on time. It protects, cancels and sells; it never enters. In a
 * replay, whose time stands still, only an update is followed by a pass.
 */
export const createWatchProtection = (
  { clock, log, settings }: LifeDeps,
  { tend, turns, monitor, monitoredAt, onPass, before, withoutBook }: Deps,
) => {
  const isReplay = settings.mode === 'replay';
  let stopped = false;
  let armed: { at: Instant; disarm: Stop } | null = null;
  let stopBeside: Stop = () => {};
  let isMonitoring = false;

  /** Wakes where something is under way: a rehearsal jumps over all else. */
  const arm = (at: Instant | null): void => {
    if (at === null || stopped || isReplay || (armed && armed.at <= at)) return;
    armed?.disarm();
    armed = {
      at,
      disarm: clock.at(at, () => {
        armed = null;
        return look();
      }),
    };
  };
  const armFor = (tended: readonly Tended[]): void => {
    for (const { again_at } of tended) arm(again_at);
  };

  const monitorIfNobodyDoes = (open: number): void => {
    const isDue = Date.parse(clock.now()) - Date.parse(monitoredAt()) >= UNWATCHED_MS;
    if (open === 0 || isMonitoring || !isDue) return;
    isMonitoring = true;
    // it may wait for its share of the requests for longer than the pass that began it
    const { run, release } = clock.hold();
    void run(monitor)
      .catch((error: unknown) => log.warn('not_monitored', { error }))
      .finally(() => {
        isMonitoring = false;
        release();
      });
  };

  const pass = async (isThere: (answer: boolean) => void): Promise<void> => {
    try {
      await before(() => isThere(true)).catch((error: unknown) => {
        isThere(!isBookAway(error));
        log.warn('stops_not_looked_at', { error });
      });
      const { tended, open } = await tend.tendOpen(WATCHING);
      armFor(tended);
      onPass(open);
      monitorIfNobodyDoes(open);
    } catch (error) {
      log.warn('protection_not_watched', { error });
      arm(later(clock.latest(), EVERY_MS));
    }
  };
  const lookWithoutBook = async (by: WithoutBook): Promise<void> => {
    try {
      const held = await by.look(arm);
      if (held !== null) onPass(held);
    } catch (error) {
      log.warn('not_guarded_without_book', { error });
      arm(later(clock.latest(), EVERY_MS));
    }
  };
  let answered_at = performance.now();
  /** A pass by the book and, where that does not answer, a look by the broker alone. */
  const watchOnce = async (): Promise<void> => {
    // what was away is not waited for
    const looking = withoutBook?.isAway() ? lookWithoutBook(withoutBook) : null;
    let passing: Promise<void> = Promise.resolve();
    const answer = new Promise<boolean>((resolve) => {
      passing = pass(resolve);
    });
    // it may be slow, which is not away yet
    const patience_ms = Math.max(BOOK_WITHIN_MS, answered_at + BOOK_AWAY_MS - performance.now());
    const isThere = await Promise.race([
      answer,
      // what has come meanwhile is read first: a busy process is no silent book
      pause(patience_ms, null, { ref: false }).then(() => immediate(null, { ref: false })),
    ]);
    if (isThere === true) answered_at = performance.now();
    if (withoutBook === null) return passing;
    if (isThere === true && !withoutBook.isRefused())
      void withoutBook.back().catch((error: unknown) => log.warn('book_not_caught_up', { error }));
    else await (looking ?? lookWithoutBook(withoutBook));
    await passing;
  };
  const byItself = <T>(work: () => T): T =>
    turns.outside(() => inContext({ at: null, caller: 'trading' }, work));
  /** One pass; who waits for it waits no longer than until the next. */
  const look = (): Promise<void> =>
    stopped
      ? Promise.resolve()
      : byItself(() =>
          Promise.race([watchOnce(), pause(PASS_WAITS_MS, undefined, { ref: false })]),
        );

  const needsLook = ({ status, qty, is_protected }: PositionRow): boolean =>
    status === 'closing' || (qty !== '0' && !is_protected);

  return {
    start: (): void => {
      stopBeside = clock.beside(EVERY_MS, look);
    },
    /** The book did not take what it was told: the broker alone is looked at now. */
    lookWithoutBook: (): void => {
      if (stopped || withoutBook === null) return;
      const { run, release } = clock.hold();
      void run(() => byItself(() => lookWithoutBook(withoutBook))).finally(release);
    },
    /** Looks again where a pass of others says so. */
    armFor,
    /** A pass beside those of each second, over what was found out just now. */
    now: look,
    /** Looks again in a second, where an act has left something. */
    soon: (): void => arm(later(clock.latest(), EVERY_MS)),
    /** After an update, with what it touched. In a replay the last of an instant is followed. */
    afterUpdate: async (touched: readonly PositionRow[], isLast: boolean): Promise<void> => {
      const how: Pass = isReplay ? { may_enter: false, patience: UNTIL_THE_MINUTE } : WATCHING;
      if (isReplay && !isLast) return;
      for (const { position_id } of touched.filter(needsLook)) {
        const tended = tend.tendOne(position_id, how).then(
          (one) => armFor([one]),
          (error: unknown) => {
            log.warn('position_not_tended', { position_id, error });
            arm(later(clock.latest(), EVERY_MS));
          },
        );
        // the next update may be what this one waits for
        if (isReplay) await tended;
      }
    },
    stop: (): void => {
      stopped = true;
      armed?.disarm();
      stopBeside();
    },
  };
};
export type WatchProtection = ReturnType<typeof createWatchProtection>;
