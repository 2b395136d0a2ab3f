import { AppError, type Log, type RedisConnection } from '@catalyst/service-kit';
import type { Express } from 'express';
import type { AdmitHolder, Holder } from '../flows/admit-holder.ts';
import type { Oauth } from '../oauth/open-oauth.ts';
import { createCallBudget } from './call-budget.ts';
import { mountMcp } from './mount-mcp.ts';
import type { Offer } from './offer.ts';
import { createOpenStreams } from './open-streams.ts';
import { createSessions } from './sessions.ts';
import { createSharedState } from './shared-state.ts';

interface Options {
  offer: Offer;
  admitHolder: AdmitHolder;
  /** What has to be known before a request is answered. */
  lookAhead: () => Promise<void>;
  redis_url: string;
  run_id: string;
  allowed_hosts: readonly string[];
  per_minute: number;
  log: Log;
  /** How who has no key may come by one; left out where it may not. */
  oauth?: ((redis: RedisConnection) => Oauth) | null;
}

const IDLE_S = 30 * 60;

/** The door at /mcp: whatever an offer holds, over HTTP, for clients of both eras. */
export const openDoor = ({
  offer,
  admitHolder,
  lookAhead,
  redis_url,
  run_id,
  allowed_hosts,
  per_minute,
  log,
  oauth: makeOauth,
}: Options) => {
  const shared = createSharedState({ redis_url, run_id, log, idle_s: IDLE_S });
  const sessions = createSessions({ offer, shared, log, idle_ms: IDLE_S * 1000 });
  const isInForce = async (holder: Holder): Promise<boolean> => {
    try {
      await admitHolder.admitAgain(holder);
      return true;
    } catch (error) {
      return !(error instanceof AppError && error.code === 'WRONG_KEY');
    }
  };
  const streams = createOpenStreams({ isInForce, log });
  const oauth = makeOauth?.(shared.redis) ?? null;
  const mountAtMcp = mountMcp({
    offer,
    admitHolder,
    lookAhead,
    sessions,
    streams,
    budget: createCallBudget({ redis: shared.redis, run_id, per_minute }),
    allowed_hosts,
    log,
    oauth,
  });
  return {
    mount: (app: Express): void => {
      oauth?.mount(app);
      mountAtMcp(app);
    },
    /** Tells whoever follows one of these; a URI that ends with "/" stands for all below it. */
    announce: (uris: readonly string[]): void => {
      sessions.announce(uris);
      streams.announce(uris);
    },
    /** Ends what a key has open. */
    endOf: (key_id: string): void => {
      streams.endOf(key_id);
      sessions.endOf(key_id, 'its key was revoked');
    },
    /** Ends what stays open by design. */
    drain: (): void => {
      streams.stop();
      sessions.stop();
    },
    close: (): void => shared.close(),
  };
};
export type Door = ReturnType<typeof openDoor>;
