import type { OauthModel, OauthScope } from '@catalyst/contracts';
import { oauthScope } from '@catalyst/contracts';
import { createSeal, sha256 } from '@catalyst/service-kit';
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import type { Services } from '../services.ts';

interface Deps {
  workflow: Services['door'];
  secret: string;
}

/** A client that registers and is never let in is forgotten after a day. */
const UNUSED_CLIENT_S = 86_400;

const scopesOf = (payload: AdapterPayload): OauthScope[] =>
  (payload.scope ?? '').split(' ').flatMap((scope) => oauthScope.safeParse(scope).data ?? []);

/**
 * Keeps what the authorization server remembers at workflow: under the hash of its id, sealed. The
 * id is a bearer's secret, so it is in neither.
 */
export const createRecordAdapter = ({ workflow, secret }: Deps) => {
  const { seal, open } = createSeal(secret, 'oauth records');
  /** Null for what was sealed with another secret: it is as if it had ended. */
  const opened = (sealed: string, place: string): string | null => {
    try {
      return open(sealed, place);
    } catch {
      return null;
    }
  };
  return (model: string): Adapter => {
    const nameOf = (id: string) => ({ model: model as OauthModel, id_hash: sha256(id) });
    const placeOf = (id_hash: string) => `${model} ${id_hash}`;
    const revoke = async (grant_id: string, reason: string): Promise<void> => {
      await workflow.revokeOauthGrant({ body: { grant_id, reason } });
    };
    return {
      upsert: async (id, { jti: _, ...payload }, expires_in) => {
        const name = nameOf(id);
        await workflow.saveOauthRecord({
          body: {
            ...name,
            sealed: seal(JSON.stringify(payload), placeOf(name.id_hash)),
            grant_id: model === 'Grant' ? id : ((payload.grantId as string | undefined) ?? null),
            scopes: model === 'AccessToken' ? scopesOf(payload) : null,
            lifetime_s:
              model === 'Client' ? UNUSED_CLIENT_S : Math.max(1, expires_in ?? UNUSED_CLIENT_S),
          },
        });
      },
      find: async (id) => {
        const name = nameOf(id);
        const { record } = await workflow.findOauthRecord({ body: name });
        if (!record) return undefined;
        const text = opened(record.sealed, placeOf(name.id_hash));
        if (text === null) return undefined;
        const payload = JSON.parse(text) as AdapterPayload;
        return {
          ...payload,
          ...(model !== 'Client' && { jti: id }),
          ...(record.is_consumed && { consumed: true }),
        };
      },
      // of two that use a code at once only one may have it, and nobody knows which is the thief
      consume: async (id) => {
        const { is_first } = await workflow.consumeOauthRecord({ body: nameOf(id) });
        if (is_first) return;
        throw new errors.InvalidGrant('it was used already');
      },
      destroy: async (id) => {
        await workflow.removeOauthRecord({ body: nameOf(id) });
      },
      revokeByGrantId: (grant_id) =>
        revoke(grant_id, 'given back by the client, or something of it was used twice'),
      findByUid: async () => undefined,
      findByUserCode: async () => undefined,
    };
  };
};
