import { describe, expect, it } from '@jest/globals';
import { oauthScope } from '@catalyst/contracts';
import { offeredScopes, scopesUpTo, scopeWords } from './scope-words.ts';

describe('the scopes that a person may choose', () => {
  it('are all that OAuth gives, each in words, and none that sees to keys', () => {
    expect(scopeWords.map(({ scope }) => scope)).toEqual(oauthScope.options);
    expect(oauthScope.options).not.toContain('admin');
    for (const { may } of scopeWords) expect(may.length).toBeGreaterThan(0);
  });
  it.each([
    [['read'], ['read']],
    [['propose'], ['read', 'propose']],
    [
      ['trade', 'read'],
      ['read', 'propose', 'trade'],
    ],
    [['admin'], ['read']],
    [[''], ['read']],
  ])('of %j are %j: what was asked for and what it brings, never more', (asked, offered) => {
    expect(offeredScopes(asked).map(({ scope }) => scope)).toEqual(offered);
  });
  it('bring those below them', () => {
    expect(scopesUpTo('trade')).toEqual(['read', 'propose', 'trade']);
    expect(scopesUpTo('read')).toEqual(['read']);
  });
});
