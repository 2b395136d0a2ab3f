import type { Simulation } from '../simulation.ts';

/** The wall, as a running clock needs it: monotonic milliseconds and a repeated call. */
export interface WallTimer {
  now(): number;
  /** Calls `tick` every `everyMs` milliseconds until the returned function is called. */
  every(everyMs: number, tick: () => void): () => void;
}

export const systemTimer: WallTimer = {
  now: () => performance.now(),
  every: (everyMs, tick) => {
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  },
};

const TICK_MS = 50;

export interface RunningClock {
  stop(): void;
}

/**
 * Moves the simulation on with the wall at `speed`, from where it stands to the end of the extended
 * session. A late tick is caught up minute by minute. An error in a tick stops the clock and is
 * thrown on: it ends a process that does not handle it.
 */
export const runClock = (
  simulation: Simulation,
  speed: number,
  wall: WallTimer = systemTimer,
): RunningClock => {
  const { time } = simulation.market;
  const end = time.startOf(time.extended_close_minute);
  const from = simulation.now();
  const begun = wall.now();
  const stop = wall.every(TICK_MS, () => {
    try {
      simulation.advanceTo(Math.min(end, from + Math.floor((wall.now() - begun) * speed)));
    } catch (error) {
      stop();
      throw error;
    }
    if (simulation.now() >= end) stop();
  });
  return { stop };
};
