import { setTimeout as pause } from 'node:timers/promises';
import { clusterFolder, readPostmaster, serverUser, withPartLock } from '@catalyst/platform';
import { cancelAtBroker } from './broker-faults.ts';
import type { DrillDesk } from './drill-desk.ts';
import type { Scene } from './scene.ts';
import { finish, hold, lastSeq } from './settle.ts';

const DEAD_FOR_MS = 6000;
/** The desk has found out by then. */
const FOUND_OUT_MS = 1500;
const PROTECTED_WITHIN_MS = 4000;
const LOOK_EVERY_MS = 50;

/**
 * When the broker has a stop of a symbol again, or none of its shares, in milliseconds; null where
 * that takes too long.
 */
export const msUntilStop = async (desk: DrillDesk, symbol: string): Promise<number | null> => {
  const begun = performance.now();
  for (;;) {
    const { orders, positions } = await desk.view();
    const ms = performance.now() - begun;
    if (
      !positions.has(symbol) ||
      orders.some((order) => order.symbol === symbol && order.side === 'sell')
    )
      return ms;
    if (ms > PROTECTED_WITHIN_MS) return null;
    await pause(LOOK_EVERY_MS);
  }
};

/** Ends PostgreSQL at once and keeps it from being started again while `work` runs. */
const whileDead = (desk: DrillDesk, work: () => Promise<void>): Promise<void> =>
  withPartLock(desk.postgres_dir, async () => {
    const { pid } = readPostmaster(clusterFolder(desk.postgres_dir, serverUser()))!;
    process.kill(pid, 'SIGQUIT');
    await work();
  });

/** Nothing excuses shares without a stop here: trading lives, and nobody asks it anything. */
export const databaseDead: Scene = {
  name: 'database_dead_and_legs_cancelled',
  says: 'PostgreSQL is dead for 6 s, in which somebody cancels the stop and the target of what is held, past the desk',
  is_quick: true,
  run: async (desk) => {
    const faults: string[] = [];
    const seq = await lastSeq(desk);
    const symbol = await hold(desk);
    const hit_at = desk.now();
    await whileDead(desk, async () => {
      const begun = performance.now();
      await pause(FOUND_OUT_MS);
      await cancelAtBroker(desk, symbol, () => true);
      if ((await msUntilStop(desk, symbol)) === null)
        faults.push(`${symbol} got no stop within ${PROTECTED_WITHIN_MS / 1000} s`);
      await pause(Math.max(0, DEAD_FOR_MS - (performance.now() - begun)));
    });
    return finish(desk, databaseDead, { seq, symbols: [symbol], hit_at }, [], faults);
  },
};
