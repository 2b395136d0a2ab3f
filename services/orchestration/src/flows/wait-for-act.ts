import { setTimeout as pause } from 'node:timers/promises';
import type { ToolCaller } from '../tools/tool.ts';

/** How long somebody waits for an act that takes long, and how often he hears how far it is. */
const LONG_MS = 5000;
const TELL_EVERY_MS = 1000;

/**
 * Waits for an act that goes on without us, and tells how far it is. Wall time: it is about who
 * waits, not about the market.
 * @param howFar asked each second
 * @param wait_ms how long it is waited for
 * @param failedLater told why an act failed after it was no longer waited for
 * @returns what the act answered; null where it takes longer, or the call was taken back
 */
export const createWaitForAct =
  (failedLater: (error: unknown) => void) =>
  async <T>(
    act: Promise<T>,
    { signal, tell }: Pick<ToolCaller, 'signal' | 'tell'>,
    howFar: () => Promise<string>,
    wait_ms = LONG_MS,
  ): Promise<{ done: T } | null> => {
    const ended = act.then((done) => ({ done }));
    for (let waited = 0; waited < wait_ms && !signal.aborted; waited += TELL_EVERY_MS) {
      const isBack = { ref: false, signal };
      const soon = await Promise.race([
        ended,
        pause(TELL_EVERY_MS, null, isBack).catch(() => null),
      ]);
      if (soon !== null) return soon;
      tell(await howFar().catch(() => 'under way'));
    }
    ended.catch(failedLater);
    return null;
  };
export type WaitForAct = ReturnType<typeof createWaitForAct>;
