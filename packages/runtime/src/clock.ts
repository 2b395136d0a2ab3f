import type { Instant } from '@catalyst/domain';
import { currentContext } from './context.ts';

/** Ends what was armed or held; a second call does nothing. */
export type Stop = () => void;

/** Work under way, which the time of a rehearsal waits for. */
export interface Hold {
  /** Does the work, or a part of it: where that sleeps, the time may go on. */
  run<T>(work: () => T): T;
  /** Ends it. What still goes on of it is waited for no longer, and keeps nobody else's from it. */
  release: Stop;
}

/**
 * The injected clock: schedules, ages, approvals and everything stored read it, and whatever waits
 * for the market waits on it. Time-outs of connections, back-off of retries and health read the
 * wall.
 */
export interface Clock {
  /**
   * The time of the work at hand. In a replay it throws outside of any step, since no time would be
   * right.
   */
  now(): Instant;
  /**
   * Like now(), but outside of any step the last step seen; for bookkeeping that decides nothing.
   */
  latest(): Instant;
  /** Waits. Work that goes on beside one that sleeps says so with `together`. */
  sleep(ms: number): Promise<void>;
  /** Runs `work` at an instant, at once where that is over. */
  at(instant: Instant, work: () => void | Promise<void>): Stop;
  /**
   * Says that work is under way: a rehearsal, whose time jumps over what is idle, waits for it. Who
   * handles requests, events and schedules holds for all that they call.
   */
  hold(): Hold;
  /**
   * Does `work` every `ms` of time that passes by itself, one at a time, and once after a jump.
   * Nothing waits for it: a rehearsal jumps over it. In a replay, whose time stands still, it never
   * happens.
   * @param work must not throw
   */
  beside(ms: number, work: () => Promise<void>): Stop;
  /** Does all at the same time, like Promise.allSettled; one may sleep while another works. */
  together<T extends readonly (() => Promise<unknown>)[]>(
    works: T,
  ): Promise<{ [K in keyof T]: PromiseSettledResult<Awaited<ReturnType<T[K]>>> }>;
}

/** The longest that a timer of Node waits; what is due later is armed again then. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Runs `fire` when the wall is at `due`, which may be weeks away. */
export const armTimer = (due: number, fire: () => void): Stop => {
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const left = due - Date.now();
    timer =
      left > LONGEST_TIMER_MS
        ? setTimeout(arm, LONGEST_TIMER_MS)
        : setTimeout(fire, Math.max(0, left));
  };
  arm();
  return () => clearTimeout(timer);
};

/** Work that is done again and again, and at once when it is asked for. */
export interface Repeated {
  atOnce(): void;
  stop: Stop;
}

/** Repeats `work`, `ms` of the wall after it ended; asked for while it runs, it runs once more. */
export const repeat = (ms: number, work: () => Promise<void>): Repeated => {
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;
  let isWanted = false;
  let isStopped = false;
  const run = async (): Promise<void> => {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    clearTimeout(timer);
    while (isWanted && !isStopped) {
      isWanted = false;
      await work();
    }
    isRunning = false;
    arm();
  };
  const arm = (): void => {
    if (!isStopped) timer = setTimeout(() => void run(), ms).unref();
  };
  arm();
  return {
    atOnce: () => void run(),
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
};

/** Waits on the wall, and holds nothing: time that passes by itself jumps over nobody. */
const onTheWall: Pick<Clock, 'sleep' | 'at' | 'hold' | 'beside' | 'together'> = {
  sleep: (ms) => new Promise((resolve) => void armTimer(Date.now() + ms, resolve)),
  at: (instant, work) => armTimer(Date.parse(instant), () => void work()),
  hold: () => ({ run: (work) => work(), release: () => {} }),
  beside: (ms, work) => repeat(ms, work).stop,
  together: (works) => Promise.allSettled(works.map((work) => work())) as never,
};

export const systemClock: Clock = {
  ...onTheWall,
  now: () => new Date().toISOString(),
  latest: () => new Date().toISOString(),
};

export interface ReplayClock extends Clock {
  /** Takes note of a trusted step time; time never goes back. */
  observe(at: Instant): void;
}

/**
 * The clock of a replayed day: it shows the step that the current work belongs to. Within a step no
 * time passes, so that what waits there waits on the wall.
 */
export const createReplayClock = (startsAt: Instant): ReplayClock => {
  let seen = startsAt;
  return {
    ...onTheWall,
    beside: () => () => {},
    now: () => {
      const at = currentContext()?.at;
      if (!at)
        throw new Error(
          'the replay clock was read outside of a step: run the work in the context of the message that caused it',
        );
      return at;
    },
    latest: () => currentContext()?.at ?? seen,
    observe: (at) => {
      if (Date.parse(at) > Date.parse(seen)) seen = at;
    },
  };
};
