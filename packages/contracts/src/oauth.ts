import { z } from 'zod';
import { accessKey, accessScope, keyHash } from './access-keys.ts';
import { route } from './route.ts';
import { givenName } from './said-by.ts';

/** What the authorization server keeps; it forgets each at its end. */
export const oauthModel = z.enum([
  'AccessToken',
  'AuthorizationCode',
  'Client',
  'Grant',
  'Interaction',
  'RefreshToken',
  'ReplayDetection',
  'Session',
]);
export type OauthModel = z.infer<typeof oauthModel>;

const name = z.strictObject({ model: oauthModel, id_hash: keyHash });
const grantId = z.string().regex(/^[A-Za-z0-9_-]{20,100}$/, 'expected the id of a grant');

/** A token of a grant lets in as a key does: under the grant's name, with no more than its scopes. */
export const oauthScope = accessScope.exclude(['admin']);
export type OauthScope = z.infer<typeof oauthScope>;

export const oauthRoutes = {
  saveOauthRecord: route('POST', '/api/v1/oauth/records', {
    summary:
      'Keeps what the authorization server must remember, sealed by it; known here by the hash of its id.',
    body: z.strictObject({
      ...name.shape,
      sealed: z.string().min(1).max(100_000),
      grant_id: grantId.nullable(),
      /** Of an access token: what it may do. */
      scopes: z.array(oauthScope).nullable(),
      lifetime_s: z
        .int()
        .min(1)
        .max(400 * 86_400),
    }),
    response: z.object({ saved: z.boolean() }),
    repeatable: true,
  }),
  findOauthRecord: route('POST', '/api/v1/oauth/records/find', {
    summary: 'A record that is neither past its end nor of a grant that was revoked.',
    body: name,
    response: z.object({
      record: z.object({ sealed: z.string(), is_consumed: z.boolean() }).nullable(),
    }),
    repeatable: true,
  }),
  consumeOauthRecord: route('POST', '/api/v1/oauth/records/consume', {
    summary: 'Marks a code or refresh token as used. False where somebody was first.',
    body: name,
    response: z.object({ is_first: z.boolean() }),
  }),
  removeOauthRecord: route('POST', '/api/v1/oauth/records/remove', {
    summary: 'Forgets a record; with a grant goes all that it gave, and its key.',
    body: name,
    response: z.object({ removed: z.boolean() }),
    repeatable: true,
  }),
  revokeOauthGrant: route('POST', '/api/v1/oauth/grants/revoke', {
    summary:
      'Ends a grant with all that it gave, and its key with it; a second time changes nothing.',
    body: z.strictObject({ grant_id: grantId, reason: z.string().min(3).max(200) }),
    response: z.object({ revoked: z.boolean() }),
    repeatable: true,
  }),
  approveOauthGrant: route('POST', '/api/v1/oauth/grants', {
    summary: 'The operator lets a client in: a key is made that its tokens stand for.',
    body: z.strictObject({
      grant_id: grantId,
      client_id_hash: keyHash,
      /** What the client calls itself; nobody has checked it. */
      client_name: givenName,
      redirect_host: givenName,
      /** The address that its tokens are for. */
      resource: z.url(),
      scopes: z.array(oauthScope).min(1),
      lifetime_hours: z
        .int()
        .min(1)
        .max(366 * 24),
    }),
    response: accessKey,
    repeatable: true,
  }),
  denyOauthGrant: route('POST', '/api/v1/oauth/denials', {
    summary: 'Notes in the audit that the operator did not let a client in.',
    body: z.strictObject({ client_name: givenName, redirect_host: givenName }),
    response: z.object({ noted: z.boolean() }),
  }),
};
