import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatLine, lineNow, parseLine, wallOf } from './line-clock.ts';

const finite = { noNaN: true, noDefaultInfinity: true };
const instant = fc.double({ min: 0, max: 4e12, ...finite });
const anyLine = fc.record({
  w0: instant,
  s0: instant,
  f: fc.double({ min: 0.001, max: 10_000, ...finite }),
});

describe('a line between the wall and simulated time', () => {
  it('is at s0 when the wall is at w0, and passes f simulated milliseconds in each of the wall', () => {
    const line = { w0: 1_000, s0: 500_000, f: 20 };
    expect([1_000, 1_001, 4_000, 900].map((wall) => lineNow(line, wall))).toEqual([
      500_000, 500_020, 560_000, 498_000,
    ]);
    expect(wallOf(line, 560_000)).toBe(4_000);
  });

  it('says of each simulated instant when the wall is there, to less than a millisecond', () => {
    fc.assert(
      fc.property(anyLine, instant, (line, wall) => {
        expect(Math.abs(wallOf(line, lineNow(line, wall)) - wall)).toBeLessThan(1);
      }),
    );
  });

  it('comes back from its text as it was', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        expect(parseLine(formatLine(line))).toEqual(line);
      }),
    );
  });

  it.each(['', '1,2', '1,2,3,4', '1,2,', '1,2,0', '1,2,-1', '1,x,1', '1,2,Infinity'])(
    'is not what %j says',
    (text) => {
      expect(() => parseLine(text)).toThrow(/^expected w0,s0,f: .*, was /);
    },
  );
});
