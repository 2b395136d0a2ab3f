import { describe, expect, it } from '@jest/globals';
import { base32, codeOfStep, findStep, newRecoveryCode, otpauthUrl, stepAt } from './totp.ts';

const secret = Buffer.from('12345678901234567890');

describe('a second factor', () => {
  // RFC 6238, appendix B, for SHA-1
  it.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('at %i s is %s', (seconds, code) => {
    expect(codeOfStep(secret, stepAt(seconds * 1000), 8)).toBe(code);
  });
  // RFC 4226, appendix D
  it.each([
    [0, '755224'],
    [1, '287082'],
    [9, '520489'],
  ])('of step %i is %s', (step, code) => {
    expect(codeOfStep(secret, step)).toBe(code);
  });
  it('is taken half a minute early or late, and no more', () => {
    const at = 1_700_000_010_000;
    const now = stepAt(at);
    const taken = [-2, -1, 0, 1, 2].map((off) =>
      findStep(secret, codeOfStep(secret, now + off), at, 0),
    );
    expect(taken).toEqual([null, now - 1, now, now + 1, null]);
  });
  it('is taken once, and none from before it afterwards', () => {
    const at = 1_700_000_010_000;
    const now = stepAt(at);
    expect(findStep(secret, codeOfStep(secret, now), at, now)).toBeNull();
    expect(findStep(secret, codeOfStep(secret, now - 1), at, now)).toBeNull();
    expect(findStep(secret, codeOfStep(secret, now + 1), at, now)).toBe(now + 1);
  });
  it.each(['', '12345', '1234567', '12345a', '١٢٣٤٥٦'])('is not %j', (code) => {
    expect(findStep(secret, code, 1_700_000_010_000, 0)).toBeNull();
  });
  it('is written for authenticators as RFC 4648 writes base32', () => {
    expect(
      ['f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => base32(Buffer.from(text))),
    ).toEqual(['MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI']);
    expect(otpauthUrl(secret, 'operator')).toContain(
      'secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Catalyst',
    );
  });
  it('has recovery codes that differ', () => {
    const codes = new Set(Array.from({ length: 100 }, newRecoveryCode));
    expect(codes.size).toBe(100);
    for (const code of codes) expect(code).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
  });
});
