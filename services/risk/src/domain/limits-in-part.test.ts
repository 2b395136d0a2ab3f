import { describe, expect, it } from '@jest/globals';
import { describeLimitInPart, limitsInPart } from './limits-in-part.ts';

const known = { sector: 'Energy', has_history: true };

describe('limits that are not checked in full', () => {
  it.each([
    ['none while everything is known', [known, known], true, []],
    ['none while nothing is held', [], true, []],
    [
      'the sector limit where a sector is not known',
      [known, { ...known, sector: null }, { ...known, sector: null }],
      true,
      [
        'max_sector_ratio is not checked in full: 2 of 3 held symbols have no known sector; they count as one sector',
      ],
    ],
    [
      'the correlation where there is too little history',
      [{ ...known, has_history: false }],
      true,
      [
        'max_correlation is not checked in full: 1 of 1 held symbols have fewer than 20 daily returns; entries are not held against them',
      ],
    ],
    [
      'the daily loss before the account was read',
      [],
      false,
      [
        'daily_loss_limit_usd is not checked in full: the account has not been read from the broker yet; nothing is entered',
      ],
    ],
  ])('are %s', (_case, held, isAccountKnown, expected) => {
    expect(limitsInPart(held, isAccountKnown).map(describeLimitInPart)).toEqual(expected);
  });
});
