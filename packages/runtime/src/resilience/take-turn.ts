/** Runs pieces of work one after the other, in the order in which they were given. */
export type TakeTurn = <T>(work: () => Promise<T>) => Promise<T>;

export const createTurns = (): TakeTurn => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    // whoever asked for the turn gets its error; the next in line only waits
    last = turn.catch(() => undefined);
    return turn;
  };
};
