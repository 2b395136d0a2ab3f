import { describe, expect, it } from '@jest/globals';
import { compareMemory, whatHasGrown } from './memory-of-services.ts';

describe('the memory of services after a drill', () => {
  it('may be a little more than before, and is named where it is not given back', () => {
    const memory = compareMemory(
      new Map([
        ['trading', 100],
        ['risk', 50],
        ['news', 60],
      ]),
      new Map([
        ['trading', 161],
        ['risk', 90],
      ]),
    );
    expect(memory).toEqual({
      trading: { before_mb: 100, after_mb: 161 },
      risk: { before_mb: 50, after_mb: 90 },
    });
    expect(whatHasGrown(memory)).toEqual(['trading has 161 MB after the drill, 100 before']);
  });
});
