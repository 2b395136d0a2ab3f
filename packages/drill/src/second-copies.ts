import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@catalyst/contracts';
import { cancelAtBroker } from './broker-faults.ts';
import type { Scene } from './scene.ts';
import { finish, hold, lastSeq } from './settle.ts';

const TAKES_OVER_WITHIN_S = 10;
const PASSIVE_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

const secondsUntil = async (
  isSo: () => Promise<boolean>,
  within_ms: number,
): Promise<number | null> => {
  const begun = performance.now();
  for (;;) {
    const isReached = await isSo().catch(() => false); // it does not listen yet
    const ms = performance.now() - begun;
    if (isReached) return ms / 1000;
    if (ms > within_ms) return null;
    await pause(LOOK_EVERY_MS);
  }
};

/**
 * A second copy of what must be single is started beside the first; the first is killed while
 * shares are held, and somebody takes their stop away just then.
 */
export const twoCopies = (service: ServiceName): Scene => {
  const scene: Scene = {
    name: `two_copies_of_${service}`,
    says: `a second ${service} runs beside the first, which is killed; then somebody cancels a stop past the desk`,
    run: async (desk) => {
      const faults: string[] = [];
      const seq = await lastSeq(desk);
      const symbol = await hold(desk);
      const copy = await desk.desk.fleet.startCopy(service);
      const ask = async (path: string) => fetch(`${copy.url}${path}`);
      const isPassive = async (): Promise<boolean> =>
        ((await (await ask('/health')).json()) as { notes: string[] }).notes.some((note) =>
          note.startsWith('passive'),
        );
      const isReady = async (): Promise<boolean> => (await ask('/health/ready')).ok;
      try {
        if ((await secondsUntil(isPassive, PASSIVE_WITHIN_MS)) === null)
          faults.push('the second copy does not say that it is passive');
        const hit_at = desk.now();
        await desk.desk.fleet.kill(service, 'SIGKILL');
        const seconds = await secondsUntil(isReady, 3 * TAKES_OVER_WITHIN_S * 1000);
        if (seconds === null || seconds > TAKES_OVER_WITHIN_S)
          faults.push(
            `the second copy took over after ${seconds === null ? 'more than 30' : seconds.toFixed(1)} s, ${TAKES_OVER_WITHIN_S} are allowed`,
          );
        const taken_over_at = desk.now();
        await cancelAtBroker(desk, symbol, ({ type }) => type === 'stop');
        await desk.pass(5000);
        // the one that was started again is passive now, and becomes the holder when the copy ends
        await copy.stop();
        return await finish(
          desk,
          scene,
          { seq, symbols: [symbol], hit_at },
          service === 'trading'
            ? [
                { from: hit_at, to: taken_over_at },
                { from: desk.now(), to: Infinity },
              ]
            : [],
          faults,
        );
      } finally {
        await copy.stop();
      }
    },
  };
  return scene;
};
