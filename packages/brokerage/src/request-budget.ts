import type { Clock } from '@catalyst/service-kit';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RequestBudget {
  /**
   * Waits until one more request fits into the running minute. Urgent requests may also take what
   * is kept back from the others.
   */
  take(urgency: 'read' | 'act'): Promise<void>;
}

interface Options {
  clock: Clock;
  /** Requests in any 60 seconds; Alpaca answers 429 beyond 200. */
  per_minute: number;
  /** Kept back from reads, so that an exit never queues behind them. */
  kept_for_acts: number;
}

const MINUTE_MS = 60_000;

export const createRequestBudget = ({
  clock,
  per_minute,
  kept_for_acts,
}: Options): RequestBudget => {
  const taken: number[] = [];
  return {
    take: async (urgency) => {
      const most = urgency === 'act' ? per_minute : per_minute - kept_for_acts;
      for (;;) {
        const now = Date.parse(clock.latest());
        while (taken.length > 0 && taken[0]! <= now - MINUTE_MS) taken.shift();
        if (taken.length < most) {
          taken.push(now);
          return;
        }
        const mustLeave = taken[taken.length - most]!;
        await sleep(Math.max(1, mustLeave + MINUTE_MS - now));
      }
    },
  };
};

/** A replay's exchange has no limit of requests. */
export const unlimitedBudget: RequestBudget = { take: async () => {} };
