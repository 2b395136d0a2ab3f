import { AppError, type Handlers } from '@catalyst/service-kit';
import type { oauthRoutes, operatorRoutes } from '@catalyst/contracts';
import type { FlowDeps } from './flows/flow-deps.ts';
import {
  approveOauthGrant,
  consumeOauthRecord,
  denyOauthGrant,
  findOauthRecord,
  removeOauthRecord,
  revokeOauthGrant,
  saveOauthRecord,
} from './flows/keep-oauth.ts';
import {
  confirmOperator,
  findSession,
  setOperator,
  showOperator,
  signIn,
  signOut,
} from './flows/sign-in.ts';

/** Who signs in at the desk's pages, and whom he lets in by OAuth; none of it waits for the desk's turn. */
export const createDoorRoutes = (
  deps: FlowDeps,
  atDeskTime: <T>(work: () => Promise<T>) => Promise<T>,
): Handlers<typeof operatorRoutes & typeof oauthRoutes> => {
  /** An operator's password and codes are of today, and so is what he grants. */
  const today = <T>(work: () => Promise<T>): Promise<T> => {
    if (deps.is_replay)
      throw new AppError(
        'INVALID_REQUEST',
        'a replay has no operator who signs in: its time is not that of the codes',
      );
    return work();
  };
  return {
    setOperator: ({ body }) => today(() => setOperator(deps, body)),
    confirmOperator: ({ body }) => today(() => confirmOperator(deps, body)),
    showOperator: () => atDeskTime(() => showOperator(deps)),
    signIn: ({ body }) => today(() => signIn(deps, body)),
    findSession: async ({ body }) => ({
      session: await today(() => findSession(deps, body.session_hash)),
    }),
    signOut: async ({ body }) => ({ ended: await today(() => signOut(deps, body.session_hash)) }),
    saveOauthRecord: ({ body }) => today(() => saveOauthRecord(deps, body)),
    findOauthRecord: ({ body }) => today(() => findOauthRecord(deps, body)),
    consumeOauthRecord: ({ body }) => today(() => consumeOauthRecord(deps, body)),
    removeOauthRecord: ({ body }) => today(() => removeOauthRecord(deps, body)),
    revokeOauthGrant: ({ body }) => today(() => revokeOauthGrant(deps, body.grant_id, body.reason)),
    approveOauthGrant: ({ body }) => today(() => approveOauthGrant(deps, body)),
    denyOauthGrant: ({ body }) => today(() => denyOauthGrant(deps, body)),
  };
};
