import type { BrokerLeg } from '@catalyst/brokerage';

/** Tells whoever waits for a word of the broker that it has come. */
export const createBookSignal = () => {
  const waiting = new Set<() => void>();
  const listening: ((order: BrokerLeg) => void)[] = [];
  let changes = 0;
  const wakeAll = (): void => {
    for (const wake of [...waiting]) wake();
  };
  return {
    /** Called after each commit that wrote what the broker said. */
    changed: (): void => {
      changes += 1;
      wakeAll();
    },
    /** Called with each order of an update as it comes, before the book has it. */
    hear: (order: BrokerLeg): void => {
      for (const listen of listening) listen(order);
      wakeAll();
    },
    /** The listener is called with every order that comes by the stream from now on. */
    listen: (listener: (order: BrokerLeg) => void): void => void listening.push(listener),
    changes: (): number => changes,
    /** Resolves at the next change, and after `ms` of the wall at the latest. */
    next: (ms: number): Promise<void> =>
      new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, ms).unref();
        waiting.add(wake);
      }),
  };
};
export type BookSignal = ReturnType<typeof createBookSignal>;
