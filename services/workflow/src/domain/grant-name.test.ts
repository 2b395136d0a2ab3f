import { describe, expect, it } from '@jest/globals';
import { holderName } from '@catalyst/contracts';
import fc from 'fast-check';
import { grantName } from './grant-name.ts';

const HASH = 'abcdef0123456789';

describe('the name of a grant', () => {
  it.each([
    ['Claude', 'oauth-claude-abcdef'],
    ['Claude (web) – Ünïcode', 'oauth-claude-web-u-ni-code-abcdef'],
    ['', 'oauth-client-abcdef'],
    ['克劳德', 'oauth-client-abcdef'],
    ['x'.repeat(200), `oauth-${'x'.repeat(24)}-abcdef`],
  ])('of %j is %s', (client, name) => {
    expect(grantName(client, HASH)).toBe(name);
  });
  it('is one that a key may have, whatever a client calls itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (client) => {
        expect(holderName.safeParse(grantName(client, HASH)).success).toBe(true);
      }),
    );
  });
});
