import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const PERIOD_S = 30;
/** A phone's clock may be off by as much, either way. */
const STEPS_OFF = 1;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base32 as authenticators read it, without padding. */
export const base32 = (bytes: Uint8Array): string => {
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >>> bits) & 31];
    }
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
};

export const newTotpSecret = (): Buffer => randomBytes(20);

/** The code of a time step, as RFC 4226 truncates it. */
export const codeOfStep = (secret: Uint8Array, step: number, digits = 6): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac[mac.length - 1]! & 15;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
};

export const stepAt = (at_ms: number): number => Math.floor(at_ms / 1000 / PERIOD_S);

/**
 * The step that a code is of, within half a minute of now; null for a wrong one, and for one that is
 * not later than the last that was taken.
 */
export const findStep = (
  secret: Uint8Array,
  code: string,
  at_ms: number,
  last_step: number,
): number | null => {
  if (!/^\d{6}$/.test(code)) return null;
  const now = stepAt(at_ms);
  let found: number | null = null;
  // all of them each time: how long it takes tells nothing
  for (let step = now - STEPS_OFF; step <= now + STEPS_OFF; step += 1) {
    const isRight = timingSafeEqual(Buffer.from(codeOfStep(secret, step)), Buffer.from(code));
    if (isRight && step > last_step) found = step;
  }
  return found;
};

export const otpauthUrl = (secret: Uint8Array, account: string): string =>
  `otpauth://totp/Catalyst:${encodeURIComponent(account)}?secret=${base32(secret)}&issuer=Catalyst&algorithm=SHA1&digits=6&period=${PERIOD_S}`;

/** Eighty random bits that a person can copy: abcd-efgh-ijkl-mnop. */
export const newRecoveryCode = (): string =>
  base32(randomBytes(10))
    .toLowerCase()
    .replace(/.{4}(?=.)/g, '$&-');
