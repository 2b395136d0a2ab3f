import type { z } from 'zod';

/** What a schema expected, in words that follow "expected". */
export const describeIssue = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'invalid_format':
      return issue.format === 'date'
        ? 'a date such as 2026-03-10'
        : issue.format === 'datetime'
          ? 'an instant in UTC such as 2026-03-10T13:30:00Z'
          : `text of the form ${issue.pattern ?? issue.format}`;
    case 'invalid_type':
      return `a value of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`;
    case 'unrecognized_keys':
      return `no field ${issue.keys.join(', ')}, which is unknown`;
    default:
      return issue.message;
  }
};
