import { seededNumber } from './market/seeded-number.ts';
import type { Nanoseconds } from './nanoseconds.ts';

/** Crockford's digits, as https://github.com/ulid/spec names them. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 26;
const DRAWN_BITS = 30n;

export const isUlid = (text: string): boolean => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(text);

/**
 * A ULID for what happened at an instant. Its last 80 bits, random elsewhere, begin with the
 * nanoseconds beyond the millisecond, so that those of one account sort in the order of their times.
 */
export const ulidAt = (at: Nanoseconds, seed: string): string => {
  let rest = ((at / 1_000_000n) << 20n) | (at % 1_000_000n);
  for (const half of ['first', 'second'])
    rest = (rest << DRAWN_BITS) | BigInt(Math.floor(seededNumber(seed, half) * 2 ** 30));
  let text = '';
  for (let index = 0; index < LENGTH; index += 1) {
    text = DIGITS.charAt(Number(rest % 32n)) + text;
    rest /= 32n;
  }
  return text;
};
