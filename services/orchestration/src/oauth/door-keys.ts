import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { keyFor } from '@catalyst/service-kit';

/** What a private Ed25519 key in PKCS #8 begins with; its 32 bytes follow. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * All that the authorization server needs to keep secret, out of one secret: each copy has the same,
 * and none of it is in the database.
 */
export const doorKeys = (secret: string) => ({
  cookies: [keyFor(secret, 'cookies').toString('base64url')],
  forms: keyFor(secret, 'forms'),
  signing: createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, keyFor(secret, 'signing')]),
    format: 'der',
    type: 'pkcs8',
  }).export({ format: 'jwk' }) as JsonWebKey,
});
