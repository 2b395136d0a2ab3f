/** Tries that failed lately, since the last that did not. */
export interface FailedTries {
  count: number;
  last_at_ms: number | null;
}

const FREE_TRIES = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** From whatever addresses: more than any person mistypes. */
const FREE_FROM_ANYWHERE = 30;
const WAIT_FROM_ANYWHERE_MS = 60_000;

const left = ({ last_at_ms }: FailedTries, wait_ms: number, now_ms: number): number =>
  last_at_ms === null ? 0 : Math.max(0, last_at_ms + wait_ms - now_ms);

/**
 * How long the next try must wait, in whole seconds: five are free, then half a minute, doubled up
 * to a quarter of an hour, for one address; a minute for everybody where all together fail too
 * often, so that many addresses guess no faster than one person types.
 */
export const signInWait = (
  address: FailedTries,
  everybody: FailedTries,
  now_ms: number,
): number => {
  const own =
    address.count < FREE_TRIES
      ? 0
      : left(
          address,
          Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (address.count - FREE_TRIES)),
          now_ms,
        );
  const all =
    everybody.count < FREE_FROM_ANYWHERE ? 0 : left(everybody, WAIT_FROM_ANYWHERE_MS, now_ms);
  return Math.ceil(Math.max(own, all) / 1000);
};
