import { forPurpose, whyBlocked } from '@catalyst/brokerage';
import type { LifeDeps } from './life-deps.ts';
import { within } from '@catalyst/runtime';

/** An exit waits no longer for what the account says. */
const ANSWER_WITHIN_MS = 1000;
/** An account that is blocked is not asked again before, however many exits wait for it. */
const BLOCKED_KEPT_MS = 250;

/**
 * Why the broker would refuse an exit, so that no stop is taken away for it; null where nothing is
 * known to be in the way. What the account said last holds where it does not answer: one that was
 * blocked still is, as far as is known, and one that never said so is in no exit's way.
 */
export const createLookAtAccount = ({ broker, log }: LifeDeps) => {
  let known: { why: string | null; at: number } = { why: null, at: -Infinity };
  /** Serves all exits that are asked for together; none that is asked for after its answer. */
  let underWay: Promise<string | null> | null = null;
  const read = async (): Promise<string | null> => {
    try {
      const account = await within(
        ANSWER_WITHIN_MS,
        "the account's answer",
        forPurpose('exit', () => broker.account.getAccount()),
      );
      known = { why: whyBlocked(account), at: performance.now() };
    } catch (error) {
      log.warn('account_not_looked_at', { error, known: known.why });
    }
    return known.why;
  };
  return {
    whyBlocked: async (): Promise<string | null> => {
      if (known.why !== null && performance.now() - known.at < BLOCKED_KEPT_MS) return known.why;
      underWay ??= read().finally(() => (underWay = null));
      return underWay;
    },
  };
};
export type LookAtAccount = ReturnType<typeof createLookAtAccount>;
