/** Tells whoever waits for a word of the broker that the book has changed. */
export const createBookSignal = () => {
  const waiting = new Set<() => void>();
  let changes = 0;
  return {
    /** Called after each commit that wrote what the broker said. */
    changed: (): void => {
      changes += 1;
      for (const wake of [...waiting]) wake();
    },
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
