import { createHash, randomBytes } from 'node:crypto';
import { serviceNames, services, type Caller, type ServiceName } from '@catalyst/contracts';

/** One secret per caller: 256 random bits, base64url. */
export type ServiceKeys = Record<Caller, string>;

export const createServiceKeys = (): ServiceKeys =>
  Object.fromEntries(
    [...serviceNames, 'cli' as const].map((caller) => [
      caller,
      randomBytes(32).toString('base64url'),
    ]),
  ) as ServiceKeys;

export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/**
 * What `name` must know to recognise its callers: caller -> SHA-256 of its key. It never learns the
 * keys.
 */
export const keyHashesFor = (
  name: ServiceName,
  keys: ServiceKeys,
): Partial<Record<Caller, string>> =>
  Object.fromEntries(
    (Object.keys(services[name].grants) as Caller[]).map((caller) => [
      caller,
      hashKey(keys[caller]),
    ]),
  );
