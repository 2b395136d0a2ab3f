import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { describeIssues } from './describe-issues.ts';

const NAMES = Array.from({ length: 12 }, (_, index) => `limit_${index}_usd`);
const schema = z.strictObject({
  limit: z.int().min(1).max(50).optional(),
  above: z.number().positive().optional(),
  reason: z.string().min(3).max(5).optional(),
  date: z.iso.date().optional(),
  id: z.uuid().optional(),
  side: z.enum(['buy', 'sell']).optional(),
  name: z.enum(NAMES).optional(),
  level: z.union([z.number(), z.literal('all')]).optional(),
  own: z
    .string()
    .refine(() => false, 'must be ours')
    .optional(),
});
const told = (given: object, of: z.ZodType = schema): string =>
  describeIssues('', of.safeParse(given).error!.issues, given);

it.each([
  [{ limit: 0 }, 'limit: expected 1 at least'],
  [{ limit: 1000 }, 'limit: expected 50 at most'],
  [{ limit: 2.5 }, 'limit: expected a whole number'],
  [{ above: 0 }, 'above: expected more than 0'],
  [{ reason: 'ok' }, 'reason: expected 3 characters at least'],
  [{ reason: 'longer' }, 'reason: expected 5 characters at most'],
  [{ date: '2026-02-30' }, 'date: expected a date that the calendar has, such as 2026-03-24'],
  [{ id: 'current' }, 'id: expected an id such as 8be320be-8349-435a-b7be-a65f2ae3d695'],
  [{ side: 'long' }, 'side: expected one of buy, sell'],
  [{ name: 'limit_7' }, 'name: did you mean limit_7_usd?'],
  [{ level: true }, 'level: expected number, received boolean'],
  [{ own: 'theirs' }, 'own: must be ours'],
  [{ note: 'please' }, 'has "note", which it does not take'],
])('says of %j what was expected', (given, words) => {
  expect(told(given)).toBe(words);
});
it('names ten of many words where none looks like the one that was given', () => {
  expect(told({ name: 'zzz' })).toMatch(
    /^name: expected one of 12 words such as limit_0_usd, .*, limit_9_usd$/,
  );
});
it('says of what is missing that it is needed', () => {
  const needed = z.object({
    symbol: z.string(),
    side: z.enum(['buy', 'sell']),
    level: schema.shape.level.unwrap(),
  });
  expect(told({}, needed)).toBe(
    'symbol: is needed; side: is needed: expected one of buy, sell; level: is needed',
  );
});
