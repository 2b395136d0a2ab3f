import { tellOutside, type Alerts, type Clock, type Log } from '@catalyst/service-kit';

interface Deps {
  /** Asks each part: null where it is well, else why not, in our own words. */
  parts: Readonly<Record<string, () => Promise<string | null>>>;
  /** Pinged each minute while the desk is well, with /fail at its end while it is not. */
  heartbeat_url: string | undefined;
  alerts: Pick<Alerts, 'raise'>;
  clock: Pick<Clock, 'hold'>;
  log: Log;
  now?: () => number;
}

const LOOK_EVERY_MS = 15_000;
/** What is away for less than a minute comes back by itself. */
const DOWN_MS = 60_000;
const PING_EVERY_MS = 60_000;

/**
 * Watches whether the parts of the desk do what they are for, around the clock: tells a person of
 * what is down for a minute, and somebody outside each minute whether all is well. By the wall,
 * since it is about this machine; nothing of trading waits for it.
 */
export const createWatchFleet = ({
  parts,
  heartbeat_url,
  alerts,
  clock,
  log,
  now = () => performance.now(),
}: Deps) => {
  const since = new Map<string, number>();
  const told = new Set<string>();
  let pinged_at = -Infinity;
  let looking: Promise<void> = Promise.resolve();

  const tellDown = async (name: string, why: string): Promise<void> => {
    if (told.has(name)) return;
    const { run, release } = clock.hold();
    try {
      await run(() =>
        alerts.raise({
          severity: 'critical',
          code: 'SERVICE_DOWN',
          subject: name,
          message: `${name} has not been well for a minute: ${why}`,
        }),
      );
      told.add(name);
    } catch (error) {
      log.error('service_down', { service: name, why, error });
    } finally {
      release();
    }
  };
  const look = async (): Promise<void> => {
    const answers = await Promise.all(
      Object.entries(parts).map(async ([name, ask]) => ({ name, why: await ask() })),
    );
    for (const { name, why } of answers) {
      if (why === null) {
        since.delete(name);
        told.delete(name);
        continue;
      }
      if (!since.has(name)) since.set(name, now());
      if (now() - since.get(name)! >= DOWN_MS) await tellDown(name, why);
    }
    if (heartbeat_url === undefined || now() - pinged_at < PING_EVERY_MS) return;
    pinged_at = now();
    const isWell = answers.every(({ why }) => why === null);
    const answer = await tellOutside(isWell ? heartbeat_url : `${heartbeat_url}/fail`);
    if (!answer.taken) log.warn('heartbeat_not_taken', { error: answer.error });
  };
  const lookInTurn = (): Promise<void> =>
    (looking = looking
      .then(look)
      .catch((error: unknown) => log.warn('fleet_not_watched', { error })));

  let timer: NodeJS.Timeout | undefined;
  return {
    start: (): void => {
      timer = setInterval(() => void lookInTurn(), LOOK_EVERY_MS).unref();
    },
    look: lookInTurn,
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await looking;
    },
  };
};
