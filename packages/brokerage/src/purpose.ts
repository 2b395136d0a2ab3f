import { AsyncLocalStorage } from 'node:async_hooks';

/** What a request to the broker serves, the most urgent first. */
export type Purpose = 'exit' | 'protection' | 'reconciliation' | 'entry' | 'read';

const atHand = new AsyncLocalStorage<Purpose>();

/**
 * Runs `work` with all its requests to the broker serving `purpose`, the reads on their way
 * included; of two around each other the inner one counts. What is not said serves a read.
 */
export const forPurpose = <T>(purpose: Purpose, work: () => T): T => atHand.run(purpose, work);

export const purposeAtHand = (): Purpose => atHand.getStore() ?? 'read';

/** Sells or guards shares that are held: it waits for nothing of our own making. */
export const isSafety = (purpose: Purpose): boolean =>
  purpose === 'exit' || purpose === 'protection';
