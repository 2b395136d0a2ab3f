import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { z } from 'zod';

/** Of the owner's account at the broker. They leave this machine for the broker alone. */
export const brokerKeys = z.strictObject({
  key_id: z.string().min(1).max(200),
  secret_key: z.string().min(1).max(200),
});
export type BrokerKeys = z.infer<typeof brokerKeys>;

/** RFC 7914 with 64 MB: about a third of a second for each guess. */
const COST = { N: 2 ** 16, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const base64 = z.base64();

export const keptKeys = z.discriminatedUnion('kept', [
  z.strictObject({ kept: z.literal('plain'), keys: brokerKeys }),
  z.strictObject({
    kept: z.literal('encrypted'),
    kdf: z.strictObject({
      name: z.literal('scrypt'),
      N: z
        .int()
        .min(2)
        .max(2 ** 20),
      r: z.int().min(1).max(32),
      p: z.int().min(1).max(16),
      salt: base64,
    }),
    cipher: z.strictObject({
      name: z.literal('aes-256-gcm'),
      iv: base64,
      tag: base64,
      data: base64,
    }),
  }),
]);
export type KeptKeys = z.infer<typeof keptKeys>;

/** A passphrase that does not open the keys, or is missing. */
export class PassphraseError extends Error {
  override readonly name = 'PassphraseError';
}

const derive = (
  passphrase: string,
  salt: Buffer,
  { N, r, p }: { N: number; r: number; p: number },
) => scryptSync(passphrase.normalize('NFKC'), salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r });

/** As they lie on the disk: under a passphrase where one is given, else as they are. */
export const sealKeys = (keys: BrokerKeys, passphrase: string | null): KeptKeys => {
  if (passphrase === null) return { kept: 'plain', keys };
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', derive(passphrase, salt, COST), iv);
  const data = Buffer.concat([cipher.update(JSON.stringify(keys), 'utf8'), cipher.final()]);
  return {
    kept: 'encrypted',
    kdf: { name: 'scrypt', ...COST, salt: salt.toString('base64') },
    cipher: {
      name: 'aes-256-gcm',
      iv: iv.toString('base64'),
      tag: cipher.getAuthTag().toString('base64'),
      data: data.toString('base64'),
    },
  };
};

/** @throws PassphraseError where it does not open them, or none is given and one is needed */
export const openKeys = (kept: KeptKeys, passphrase: string | null): BrokerKeys => {
  if (kept.kept === 'plain') return kept.keys;
  if (passphrase === null)
    throw new PassphraseError(
      'the broker keys are kept under a passphrase: type it, or set CATALYST_CLIENT_PASSPHRASE_FILE to a file that holds it',
    );
  const { kdf, cipher } = kept;
  const key = derive(passphrase, Buffer.from(kdf.salt, 'base64'), kdf);
  try {
    const open = createDecipheriv('aes-256-gcm', key, Buffer.from(cipher.iv, 'base64'));
    open.setAuthTag(Buffer.from(cipher.tag, 'base64'));
    const text = Buffer.concat([open.update(Buffer.from(cipher.data, 'base64')), open.final()]);
    return brokerKeys.parse(JSON.parse(text.toString('utf8')));
  } catch {
    throw new PassphraseError('the passphrase does not open the broker keys: try it again');
  }
};
