import type { Simulation } from '../simulation.ts';

/**
 * The next instant at which something that was asked for happens by itself: a minute with an order
 * alive is over, a cancel or a replacement arrives, a frame that is late leaves; null where nothing
 * waits.
 */
export const nextWake = (
  { accounts, market, now, finished }: Simulation,
  lateFrames: readonly number[],
): number | null => {
  const alive = accounts.flatMap((account) => [...account.alive.values()]);
  const instants = [
    ...(alive.length > 0 ? [market.time.startOf(finished() + 1)] : []),
    ...alive.flatMap(({ cancels_at: cancels, replacement }) => [
      cancels,
      replacement?.takes_over_at,
    ]),
    ...lateFrames,
  ].filter((one): one is number => Number.isFinite(one) && (one as number) > now());
  return instants.length > 0 ? Math.min(...instants) : null;
};
