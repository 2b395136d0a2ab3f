import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeMinute, p95, type Minute } from './judge-minute.ts';

const calm: Minute = {
  answers: Array.from({ length: 100 }, () => 0.01),
  errors: 0,
  statements: 100,
  waited: 0,
  memory_ratio: 0.5,
};
const codes = (over: Partial<Minute>): string[] =>
  judgeMinute({ ...calm, ...over }).map(({ code }) => code);
const answers = (fast: number, slow: number): number[] => [
  ...Array.from({ length: fast }, () => 0.1),
  ...Array.from({ length: slow }, () => 2.1),
];

it.each<[string, Partial<Minute>, string[]]>([
  ['a calm minute', {}, []],
  ['five errors of a hundred', { errors: 5 }, []],
  ['six errors of a hundred', { errors: 6 }, ['HIGH_ERROR_RATE']],
  ['nothing but errors, of which there are few', { answers: answers(19, 0), errors: 19 }, []],
  ['five slow answers of a hundred', { answers: answers(95, 5) }, []],
  ['six slow answers of a hundred', { answers: answers(94, 6) }, ['SLOW_ANSWERS']],
  ['one scan that took its time', { answers: [14] }, []],
  ['four fifths of the memory', { memory_ratio: 0.8 }, []],
  ['more of the memory', { memory_ratio: 0.81 }, ['MEMORY_HIGH']],
  ['half of the statements waited', { waited: 50 }, []],
  ['more of them waited', { waited: 51 }, ['POOL_BUSY']],
  [
    'everything at once',
    { answers: answers(0, 20), errors: 20, waited: 99, memory_ratio: 0.9 },
    ['HIGH_ERROR_RATE', 'SLOW_ANSWERS', 'MEMORY_HIGH', 'POOL_BUSY'],
  ],
])('judges %s', (_name, minute, expected) => expect(codes(minute)).toEqual(expected));

it('finds the least value that 95 of 100 do not exceed', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), (values) => {
      const found = p95(values);
      const upTo = values.filter((value) => value <= found).length;
      expect(upTo / values.length).toBeGreaterThanOrEqual(0.95);
      expect(values.filter((value) => value < found).length / values.length).toBeLessThan(0.95);
    }),
  );
  expect(p95([])).toBe(0);
});
