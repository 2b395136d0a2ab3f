import { forPurpose, whyBlocked } from '@catalyst/brokerage';
import type { LifeDeps } from './life-deps.ts';
import { within } from '@catalyst/runtime';

/** An exit waits no longer for what the account says. */
const ANSWER_WITHIN_MS = 1000;
/** What was read serves all exits that are asked for together. */
const KEPT_MS = 1000;

/**
 * Why the broker would refuse an exit, so that no stop is taken away for it; null where nothing is
 * known to be in the way. An account that does not answer is in no exit's way.
 */
export const createLookAtAccount = ({ broker, log }: LifeDeps) => {
  let looked: { at: number; why: Promise<string | null> } | null = null;
  const read = async (): Promise<string | null> => {
    try {
      return whyBlocked(
        await within(
          ANSWER_WITHIN_MS,
          "the account's answer",
          forPurpose('exit', () => broker.account.getAccount()),
        ),
      );
    } catch (error) {
      log.warn('account_not_looked_at', { error });
      return null;
    }
  };
  return {
    whyBlocked: (): Promise<string | null> => {
      const now = performance.now();
      if (!looked || now - looked.at > KEPT_MS) looked = { at: now, why: read() };
      return looked.why;
    },
  };
};
export type LookAtAccount = ReturnType<typeof createLookAtAccount>;
