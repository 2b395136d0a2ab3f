import type { Log } from '@catalyst/runtime';
import { statSync } from 'node:fs';
import type { OwnerLimits } from '../domain/owner-limits.ts';
import type { ClientHome } from './client-home.ts';

export interface WatchedLimits {
  /** As the file says now; as it said last, where it cannot be read. */
  limits(): OwnerLimits;
  /** Why the file cannot be read; null where it can. Nothing is entered meanwhile. */
  trouble(): string | null;
}

/**
 * The owner's limits, read again when their file changes; at the start it must be readable, unless
 * others are given to begin with, where nothing is to be done but to sell.
 * @throws ClientError where it is not
 */
export const watchLimits = (
  home: ClientHome,
  log: Log,
  tell: (message: string) => void,
  otherwise: OwnerLimits | null = null,
): WatchedLimits => {
  let trouble: string | null = null;
  const readFirst = (): OwnerLimits => {
    try {
      return home.limits();
    } catch (error) {
      if (otherwise === null) throw error;
      trouble = (error as Error).message;
      return otherwise;
    }
  };
  let limits = readFirst();
  const stampOf = (): number => statSync(home.limits_path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  let stamp = stampOf();
  const look = (): void => {
    const now = stampOf();
    if (now === stamp) return;
    stamp = now;
    try {
      limits = home.limits();
      trouble = null;
      log.info('limits_read_again');
    } catch (error) {
      trouble = (error as Error).message;
      log.error('limits_not_read', { error });
      tell(`nothing is entered until the limits can be read: ${trouble}`);
    }
  };
  return {
    limits: () => {
      look();
      return limits;
    },
    trouble: () => {
      look();
      return trouble;
    },
  };
};
