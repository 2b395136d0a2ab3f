import { lineNow, type Line } from '@catalyst/domain';
import { FEES_MINUTE } from '../exchange/fees.ts';
import type { Simulation } from '../simulation.ts';
import { LineError } from './read-line.ts';

/** The wall, as a running clock needs it: milliseconds since 1970 and a repeated call. */
export interface WallTimer {
  now(): number;
  /** Calls `tick` every `everyMs` milliseconds until the returned function is called. */
  every(everyMs: number, tick: () => void): () => void;
}

export const systemTimer: WallTimer = {
  // Bound to the wall once, when the process begins; corrections of the machine's clock do not move
  // it.
  now: () => performance.timeOrigin + performance.now(),
  every: (everyMs, tick) => {
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  },
};

/** How often the clock moves by itself; what it tells without being asked leaves so late at most. */
const TICK_MS = 10;

export interface RunningClock {
  start(line: Line): void;
  /**
   * Moves the simulation to where the wall is; to be called before anything that comes from outside
   * is looked at, so that nobody meets the minute before.
   */
  advance(): void;
  /**
   * Goes on along another line. What lies between the two happens at once, minute by minute; a line
   * that leads back is a `LineError`.
   */
  follow(line: Line): void;
  stop(): void;
}

/**
 * Moves the simulation on with the wall along a line, from where it stands (a line that is earlier
 * is waited for) until the day's fees are booked, and calls `moved` each time. A late tick is
 * caught up minute by minute. An error on the way stops the clock and is thrown on: it ends a
 * process that does not handle it.
 */
export const createRunningClock = (
  simulation: Simulation,
  moved: () => void = () => undefined,
  wall: WallTimer = systemTimer,
): RunningClock => {
  const { time } = simulation.market;
  const end = time.startOf(FEES_MINUTE);
  let running: { line: Line; stop: () => void } | null = null;
  const stop = (): void => {
    running?.stop();
    running = null;
  };
  const moveAlong = (line: Line): void => {
    try {
      simulation.advanceTo(Math.min(end, Math.floor(lineNow(line, wall.now()))));
    } catch (error) {
      stop();
      throw error;
    }
    if (simulation.now() >= end) stop();
    moved();
  };
  const advance = (): void => {
    if (running) moveAlong(running.line);
  };
  return {
    start: (line) => {
      running = { line, stop: wall.every(TICK_MS, advance) };
    },
    advance,
    follow: (line) => {
      if (!running) return;
      const now = wall.now();
      const back = lineNow(running.line, now) - lineNow(line, now);
      // The same line in other numbers may differ by less than a millisecond.
      if (back >= 1)
        throw new LineError(
          `the clock does not go back: expected a line that is at ${new Date(lineNow(running.line, now)).toISOString()} or later now, was ${Math.ceil(back)} ms earlier`,
        );
      running.line = line;
      advance();
    },
    stop,
  };
};
