import { describe, expect, it } from '@jest/globals';
import { plainValues } from './plain-values.ts';

describe('what the desk answered', () => {
  it('reaches no terminal with a control, a line end or a direction mark in it', () => {
    expect(
      plainValues({
        reason: 'risk\n\u001b[2J fake',
        rows: [{ name: 'a\u0000b\u009bc', count: 3, none: null }, 'x\u202ey\u2028z', '\ud800'],
      }),
    ).toEqual({
      reason: 'risk  [2J fake',
      rows: [{ name: 'a b c', count: 3, none: null }, 'x y z', '\ufffd'],
    });
  });
});
