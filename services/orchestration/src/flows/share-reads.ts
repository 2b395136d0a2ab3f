/**
 * Who asks the same while it is asked gets the same answer. Nothing is kept once it is answered, and
 * whoever asks after an act or an event waits for no answer from before it.
 */
export const createShareReads = () => {
  const under_way = new Map<string, Promise<unknown>>();
  let turn = 0;
  return {
    share: <T>(what: string, ask: () => Promise<T>): Promise<T> => {
      const known = under_way.get(what);
      if (known) return known as Promise<T>;
      const asked = ask().finally(() => {
        if (under_way.get(what) === asked) under_way.delete(what);
      });
      under_way.set(what, asked);
      return asked;
    },
    /** Something changed: what is asked from now on is asked anew. */
    askAnew: (): void => {
      turn += 1;
      under_way.clear();
    },
    /** Another number whenever something changed. */
    turn: (): number => turn,
  };
};
export type ShareReads = ReturnType<typeof createShareReads>;
