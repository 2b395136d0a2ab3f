import { messageOf, outsideContext, type Log } from '@catalyst/service-kit';
import { deskComponents, type ComponentHealth } from '../domain/desk-components.ts';
import type { ReadHealth } from './read-health.ts';

/** Twice for each heartbeat, so that none tells what is older than half of one. */
const EVERY_MS = 15_000;

/** Keeps how the desk's parts are, for as long as somebody is told of it. */
export const createWatchComponents = (
  readHealth: ReadHealth,
  { isWanted, log }: { isWanted: () => boolean; log: Log },
) => {
  let known: Record<string, ComponentHealth> = {};
  let running: Promise<void> | null = null;
  const look = (): Promise<void> =>
    (running ??= outsideContext(async () => {
      known = deskComponents(await readHealth());
    })
      .catch((error: unknown) => log.debug('components_not_read', { reason: messageOf(error) }))
      .finally(() => {
        running = null;
      }));
  const timer = setInterval(() => {
    if (isWanted()) void look();
  }, EVERY_MS).unref();
  return {
    /** Empty until the services were asked for the first time. */
    known: () => known,
    look,
    stop: (): void => clearInterval(timer),
  };
};
