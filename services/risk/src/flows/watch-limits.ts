import { later } from '@catalyst/domain';
import { inContext, type Clock, type Log, type Stop } from '@catalyst/service-kit';
import type { createCheckLimits } from './check-limits.ts';

/** Prices come each five seconds; what comes sooner is seen with the next. */
const LEAST_MS = 4000;
/** A limit that is reached waits for two more reads of the account, as far apart. */
const CONFIRM_MS = 5000;

interface Deps {
  checkLimits: ReturnType<typeof createCheckLimits>;
  clock: Clock;
  log: Log;
}

/**
 * Live: holds the limits against each new price of what is held, beside the cycle's minutes. Trading
 * sells what a limit flattens by itself; that somebody asks is not needed.
 */
export const createWatchLimits = ({ checkLimits, clock, log }: Deps) => {
  let looked_at = Number.NEGATIVE_INFINITY;
  let confirming: Stop | null = null;
  let isStopped = false;
  const look = async (cycleId: string): Promise<void> => {
    looked_at = Date.parse(clock.latest());
    try {
      const { confirm } = await inContext({ at: null, caller: 'risk' }, () => checkLimits(cycleId));
      if (!confirm || confirming !== null || isStopped) return;
      confirming = clock.at(later(clock.latest(), CONFIRM_MS), () => {
        confirming = null;
        return look(cycleId);
      });
    } catch (error) {
      log.warn('limits_not_watched', { error });
    }
  };
  return {
    /** What is held has another price or quantity. */
    onUpdate: async (cycleId: string | null): Promise<void> => {
      if (cycleId === null || confirming !== null) return;
      if (Date.parse(clock.latest()) - looked_at >= LEAST_MS) await look(cycleId);
    },
    stop: (): void => {
      isStopped = true;
      confirming?.();
    },
  };
};
