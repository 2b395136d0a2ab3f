import type { Clock } from '@catalyst/runtime';
import { isSafety, type Purpose } from './purpose.ts';

/**
 * Requests a minute of each process at each of Alpaca's hosts. A host answers 200 to one account; no
 * state is shared, so the shares of a host sum to 190, and the rest is for what a person does in
 * Alpaca's app beside the desk.
 */
export const requestShares = {
  trading: { trading: 150, technical: 25, news: 5, cli: 10 },
  data: { trading: 26, technical: 124, news: 30, cli: 10 },
} as const;
export type AlpacaHostName = keyof typeof requestShares;
/** Who shows the keys: a service, or the command line. */
export type BrokerageProcess = keyof (typeof requestShares)['trading'];

/** Parts of a share that each purpose leaves to those before it. */
const KEPT_RATIO: Readonly<Record<Purpose, number>> = {
  exit: 0,
  protection: 0,
  reconciliation: 0.1,
  entry: 0.2,
  read: 0.35,
};

export interface RequestBudget {
  /**
   * Waits until one more request for `purpose` fits into the running minute. Exits and protection
   * are counted and never wait.
   */
  take(purpose: Purpose): Promise<void>;
  /** The host has had enough: until then only exits and protection go out. */
  holdUntil(at_ms: number): void;
}

interface Options {
  clock: Clock;
  /** Requests in any 60 seconds. */
  per_minute: number;
  /** True where more urgent requests share the budget, so that something is kept for them. */
  has_exits: boolean;
}

const MINUTE_MS = 60_000;

export const createRequestBudget = ({ clock, per_minute, has_exits }: Options): RequestBudget => {
  const taken: number[] = [];
  let heldUntil = 0;
  return {
    take: async (purpose) => {
      const most = Math.floor(per_minute * (has_exits ? 1 - KEPT_RATIO[purpose] : 1));
      for (;;) {
        const now = Date.parse(clock.latest());
        while (taken.length > 0 && taken[0]! <= now - MINUTE_MS) taken.shift();
        const mayGo = taken.length < most && now >= heldUntil;
        if (mayGo || isSafety(purpose)) {
          taken.push(now);
          return;
        }
        const mustLeave = taken[taken.length - most];
        const free_at = mustLeave === undefined ? 0 : mustLeave + MINUTE_MS;
        await clock.sleep(Math.max(1, free_at - now, heldUntil - now));
      }
    },
    holdUntil: (at_ms) => {
      heldUntil = Math.max(heldUntil, at_ms);
    },
  };
};

/** A replay's exchange has no limit of requests. */
export const unlimitedBudget: RequestBudget = { take: async () => {}, holdUntil: () => {} };
