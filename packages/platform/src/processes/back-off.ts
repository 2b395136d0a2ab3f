const first_ms = 50;
const longest_ms = 10_000;
/**
 * What lived so long is no program that cannot start, and is started again at once when it ends:
 * positions may be waiting for it.
 */
const steady_ms = 5_000;

/** How long to wait before what ended is started again: longer each time that it soon ends again. */
export const createBackOff = () => {
  let next_ms = first_ms;
  return {
    after: (lived_ms: number): number => {
      if (lived_ms > steady_ms) next_ms = first_ms;
      const wait_ms = next_ms;
      next_ms = Math.min(next_ms * 2, longest_ms);
      return wait_ms;
    },
  };
};
