import { valueAt } from '@catalyst/domain';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const place = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`,
    )
    .join('');

/** What zod says of a form, and what was expected. */
const FORMS: ReadonlyMap<string, string> = new Map([
  ['Invalid ISO date', 'expected a date that the calendar has, such as 2026-03-24'],
  ['Invalid ISO datetime', 'expected an instant such as 2026-03-24T14:30:00.000Z'],
  ['Invalid UUID', 'expected an id such as 8be320be-8349-435a-b7be-a65f2ae3d695'],
]);

/** More words than that are not listed: those that look like the one that was given are. */
const MOST_LISTED = 10;
const looksLike = (given: string, word: string): boolean =>
  given.length >= 3 && (word.includes(given) || given.includes(word));

const oneOf = (values: readonly unknown[], given: unknown): string => {
  const words = values.map(String);
  const text = typeof given === 'string' ? given.toLowerCase() : '';
  const near = words.filter((word) => looksLike(text, word.toLowerCase()));
  if (near.length > 0) return `did you mean ${near.slice(0, 3).join(' or ')}?`;
  return words.length <= MOST_LISTED
    ? `expected one of ${words.join(', ')}`
    : `expected one of ${words.length} words such as ${words.slice(0, MOST_LISTED).join(', ')}`;
};

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

/** What was expected, as zod found it missing; its own words where they are ours. */
const expected = (issue: Issue, given: unknown): string => {
  const { message } = issue;
  const isGiven = !message.endsWith('received undefined');
  if (issue.code === 'invalid_union') {
    const [first] = issue.errors;
    return first?.[0]
      ? expected(first[0], given)
      : message.replace(/^Invalid input$/, 'is not right');
  }
  if (issue.code === 'too_small' && message.startsWith('Too small')) {
    const least = `${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    return issue.inclusive ? `expected ${least} at least` : `expected more than ${least}`;
  }
  if (issue.code === 'too_big' && message.startsWith('Too big')) {
    const most = `${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    return issue.inclusive ? `expected ${most} at most` : `expected less than ${most}`;
  }
  if (issue.code === 'invalid_value' && message.startsWith('Invalid option'))
    return given === undefined
      ? `is needed: ${oneOf(issue.values, given)}`
      : oneOf(issue.values, given);
  if (issue.code === 'invalid_type' && message.startsWith('Invalid input')) {
    if (!isGiven) return 'is needed';
    if (issue.expected === 'int') return 'expected a whole number';
  }
  return FORMS.get(message) ?? message.replace(/^Invalid input: /, '');
};

/**
 * One clear sentence for what zod found: where, what was expected, what was given.
 * @param given what was read, so that a word that was nearly right is known
 */
export const describeIssues = (where: string, issues: readonly Issue[], given?: unknown): string =>
  issues
    .slice(0, 5)
    .map((issue) => {
      const name = [where, place(issue.path)].filter(Boolean).join('.');
      if (issue.code === 'unrecognized_keys')
        return `${name === '' ? '' : `${name} `}has ${issue.keys.map((key) => `"${key}"`).join(', ')}, which it does not take`;
      return `${name === '' ? '' : `${name}: `}${expected(issue, valueAt(given, issue.path))}`;
    })
    .join('; ');
