import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Instant } from '@catalyst/domain';

/**
 * What travels with a piece of work across awaits and hops: who asked, for which cycle, and in a
 * replay at what time.
 */
export interface WorkContext {
  request_id: string;
  cycle_id: string | null;
  caller: string;
  /** The step time of a replay; null where the system's clock rules. */
  at: Instant | null;
}

const storage = new AsyncLocalStorage<WorkContext>();

export const currentContext = (): WorkContext | undefined => storage.getStore();

/** Runs `work` in its own context; parts that are not given are taken from the surrounding one. */
export const inContext = <T>(context: Partial<WorkContext>, work: () => T): T => {
  const outer = storage.getStore();
  return storage.run(
    {
      request_id: context.request_id ?? outer?.request_id ?? randomUUID(),
      cycle_id: context.cycle_id ?? outer?.cycle_id ?? null,
      caller: context.caller ?? outer?.caller ?? 'self',
      at: context.at ?? outer?.at ?? null,
    },
    work,
  );
};

/**
 * Runs `work` outside any context: for connections whose callbacks must not inherit the request
 * that opened them.
 */
export const outsideContext = <T>(work: () => T): T => storage.exit(work);
