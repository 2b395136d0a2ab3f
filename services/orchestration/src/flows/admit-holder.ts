import type { AccessKey, AccessScope } from '@catalyst/contracts';
import { AppError, messageOf, sha256, type Log } from '@catalyst/service-kit';
import type { Services } from '../services.ts';

/** Who speaks, and what it may do. */
export interface Holder {
  key_id: string;
  key_hash: string;
  /** As the audit names it, behind "mcp:". */
  name: string;
  scopes: ReadonlySet<AccessScope>;
}

interface Deps {
  workflow: Pick<Services['workflow'], 'findAccessKey'>;
  log: Log;
  /** The address that tokens of OAuth are for; without it none lets in. */
  resource?: string;
  /** How long an answer of workflow's holds before it is asked again; wall time. */
  sure_for_ms?: number;
}

interface Known {
  key: AccessKey | null;
  asked_at: number;
}

/** Wrong keys are remembered too, so that a flood of one is one question a second. */
const MOST_REMEMBERED = 1000;

const ENDED = { expired: 'has expired', revoked: 'was revoked' } as const;

const admit = (key_hash: string, key: AccessKey | null): Holder => {
  if (!key)
    throw new AppError(
      'WRONG_KEY',
      'this key is not one that the desk knows; the operator makes one with: scripts/catalyst key new',
    );
  if (key.state !== 'active')
    throw new AppError(
      'WRONG_KEY',
      `the key ${key.name} ${ENDED[key.state]}; the operator makes another with: scripts/catalyst key new`,
      { key_id: key.key_id, state: key.state },
    );
  return { key_id: key.key_id, key_hash, name: key.name, scopes: new Set(key.scopes) };
};

/**
 * Asks workflow who holds a key, at most once a second for each. While workflow does not answer, a
 * key that was in force stays so: whoever may stop the desk can, and what opens goes through
 * workflow anyhow.
 */
export const createAdmitHolder = ({ workflow, log, resource, sure_for_ms = 1000 }: Deps) => {
  const known = new Map<string, Known>();
  const asking = new Map<string, Promise<Known>>();

  const ask = async (key_hash: string): Promise<Known> => {
    const before = known.get(key_hash);
    try {
      const { key } = await workflow.findAccessKey({
        body: { kind: 'claude', key_hash, resource },
      });
      const answer = { key, asked_at: performance.now() };
      known.delete(key_hash);
      known.set(key_hash, answer);
      if (known.size > MOST_REMEMBERED) known.delete(known.keys().next().value!);
      return answer;
    } catch (error) {
      if (before?.key?.state !== 'active') throw error;
      log.warn('key_not_asked_again', { holder: before.key.name, why: messageOf(error) });
      known.set(key_hash, { ...before, asked_at: performance.now() });
      return before;
    }
  };
  const askOnce = (key_hash: string): Promise<Known> => {
    const under_way = asking.get(key_hash);
    if (under_way) return under_way;
    const asked = ask(key_hash).finally(() => asking.delete(key_hash));
    asking.set(key_hash, asked);
    return asked;
  };

  const admitHash = async (key_hash: string): Promise<Holder> => {
    const before = known.get(key_hash);
    const isSure = before !== undefined && performance.now() - before.asked_at < sure_for_ms;
    return admit(key_hash, (isSure ? before : await askOnce(key_hash)).key);
  };

  return {
    /**
     * @throws WRONG_KEY for a key that nobody has, has expired or was revoked; SERVICE_UNAVAILABLE
     *   where workflow does not say and never did
     */
    admit: (key: string): Promise<Holder> => admitHash(sha256(key)),
    /** The same for who has been let in and still has something open. */
    admitAgain: ({ key_hash }: Holder): Promise<Holder> => admitHash(key_hash),
    /** A key was revoked: whatever is known of it is asked anew. */
    forget: (key_id: string): void => {
      for (const [key_hash, { key }] of known) if (key?.key_id === key_id) known.delete(key_hash);
    },
  };
};
export type AdmitHolder = ReturnType<typeof createAdmitHolder>;
