import { instant } from '@catalyst/domain';
import { z } from 'zod';
import { route } from './route.ts';
import { actReason, givenName } from './said-by.ts';

/**
 * What the holder of a key may do: `read` asks; `propose` previews, proposes, stops and tightens;
 * `trade` executes, closes and moves stops; `admin` sees to keys and clients. No scope resumes or
 * loosens: that is the operator's.
 */
export const accessScope = z.enum(['read', 'propose', 'trade', 'admin']);
export type AccessScope = z.infer<typeof accessScope>;

/** Who a key is for: Claude at /mcp, or a friend's client that receives signals. */
export const accessKind = z.enum(['claude', 'client']);
export type AccessKind = z.infer<typeof accessKind>;

/** How the audit names the holder. */
export const holderName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_.-]{0,39}$/,
    'expected a short name of small letters, digits, dots, dashes',
  );
/** The SHA-256 of a key, which is all that is kept of it. */
export const keyHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of a key as 64 hex digits');

export const accessKey = z.object({
  key_id: z.uuid(),
  kind: accessKind,
  name: holderName,
  scopes: z.array(accessScope),
  state: z.enum(['active', 'expired', 'revoked']),
  created_by: z.string(),
  created_at: instant,
  /** Null for a key that ends only by being revoked. */
  expires_at: instant.nullable(),
  revoked_by: z.string().nullable(),
  revoked_at: instant.nullable(),
  /** To the minute. */
  last_used_at: instant.nullable(),
});
export type AccessKey = z.infer<typeof accessKey>;

const LONGEST_HOURS = 10 * 366 * 24;

export const accessKeyRoutes = {
  createAccessKey: route('POST', '/api/v1/access-keys', {
    summary:
      'Lets a key in. Whoever makes the key keeps it; only its hash comes here. A name that an unrevoked key has is refused.',
    body: z.strictObject({
      kind: accessKind,
      name: holderName,
      /** A scope brings those below it: trade proposes, and each reads. */
      scopes: z.array(accessScope).min(1),
      key_hash: keyHash,
      /** From now on, by the desk's clock; null for no end. */
      lifetime_hours: z.int().min(1).max(LONGEST_HOURS).nullable(),
      by: givenName,
    }),
    response: accessKey,
    repeatable: true,
  }),
  listAccessKeys: route('GET', '/api/v1/access-keys', {
    summary: 'Keys that were let in, newest first; those that ended too.',
    response: z.object({ keys: z.array(accessKey) }),
  }),
  findAccessKey: route('POST', '/api/v1/access-keys/find', {
    summary:
      'The key of a kind with this hash, and whether it is in force; null where none has it.',
    body: z.strictObject({
      kind: accessKind,
      key_hash: keyHash,
      /** The address at which it is shown: a token of OAuth lets in at the one that it is for. */
      resource: z.url().optional(),
    }),
    response: z.object({ key: accessKey.nullable() }),
    repeatable: true,
  }),
  revokeAccessKey: route('POST', '/api/v1/access-keys/:key_id/revoke', {
    summary: 'Ends a key for good, in open sessions too; a second time changes nothing.',
    params: z.object({ key_id: z.uuid() }),
    body: z.strictObject({ by: givenName, reason: actReason }),
    response: accessKey,
    repeatable: true,
  }),
};
