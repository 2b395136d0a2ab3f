import { createHash } from 'node:crypto';
import { services, type Caller, type Scope, type ServiceName } from '@catalyst/contracts';

export interface KeyHolder {
  caller: Caller;
  scopes: ReadonlySet<Scope>;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Looks up who holds a key. Only hashes are kept, so the table may be read by anyone who may read
 * the environment.
 */
export const createKeyRing = (
  service: ServiceName,
  hashes: Readonly<Partial<Record<Caller, string>>>,
): ((key: string) => KeyHolder | undefined) => {
  const holders = new Map<string, KeyHolder>();
  const grants = services[service].grants as Partial<Record<Caller, readonly Scope[]>>;
  for (const [caller, hash] of Object.entries(hashes) as [Caller, string][])
    holders.set(hash, { caller, scopes: new Set(grants[caller] ?? []) });
  // a lookup by the key's SHA-256 takes the same time for near misses, so nothing can be learnt
  // from it
  return (key) => holders.get(sha256(key));
};
