import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** The secret of the desk's pages and of OAuth; what they keep is sealed with it. */
export const doorSecret = z.string().min(32, 'expected at least 32 random characters');

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key for one purpose out of a secret: who has one of them has none of the others. */
export const keyFor = (secret: string, purpose: string, bytes = 32): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `catalyst ${purpose}`, bytes));

/**
 * Seals text for one purpose, so that whoever reads the database has nothing of it. `place` is where
 * it stands (a row's key): a text that was moved elsewhere does not open.
 */
export const createSeal = (secret: string, purpose: string) => {
  const key = keyFor(secret, purpose);
  return {
    seal: (text: string, place: string): string => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    /** @throws Error for what was sealed with another secret, for another place, or was changed */
    open: (sealed: string, place: string): string => {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES))
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return `${decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8')}${decipher.final('utf8')}`;
    },
  };
};
export type Seal = ReturnType<typeof createSeal>;
