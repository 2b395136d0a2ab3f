import type { Log } from '@catalyst/runtime';
import { statSync } from 'node:fs';
import type { OwnerLimits } from '../domain/owner-limits.ts';
import type { ClientHome } from './client-home.ts';

/**
 * The owner's limits as the file says now. A file that cannot be read leaves what was read last; at
 * the start it must be readable.
 */
export const watchLimits = (home: ClientHome, log: Log): (() => OwnerLimits) => {
  let limits = home.limits();
  const stampOf = (): number => statSync(home.limits_path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  let stamp = stampOf();
  return () => {
    const now = stampOf();
    if (now === stamp) return limits;
    stamp = now;
    try {
      limits = home.limits();
      log.info('limits_read_again');
    } catch (error) {
      log.error('limits_not_read', { error });
    }
    return limits;
  };
};
