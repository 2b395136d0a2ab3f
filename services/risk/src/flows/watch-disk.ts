import type { Alerts, Log } from '@catalyst/service-kit';

const LOOK_EVERY_MS = 15_000;

interface Deps {
  findShortage: () => string | null;
  alerts: Alerts;
  log: Log;
}

/**
 * Looks at the disk while the desk runs and tells a person, once each time that its space falls
 * below the floor. The wall's time: a disk is this machine's, not the market's.
 */
export const watchDisk = ({ findShortage, alerts, log }: Deps) => {
  let isTold = false;
  const look = async (): Promise<void> => {
    const shortage = findShortage();
    if (shortage === null) {
      if (isTold) log.info('disk_has_space_again');
      isTold = false;
      return;
    }
    if (isTold) return;
    isTold = true;
    await alerts
      .raise({
        severity: 'critical',
        code: 'DISK_SPACE_LOW',
        message: `${shortage}: nothing is entered until there is space again; what is held is watched`,
      })
      .catch((error: unknown) => {
        isTold = false; // a full database takes no row: again at the next look
        log.error('disk_space_low', { shortage, error });
      });
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  timer.unref();
  return { look, stop: (): void => clearInterval(timer) };
};
