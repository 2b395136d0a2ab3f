import type { z } from 'zod';

const place = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`,
    )
    .join('');

/** One clear sentence for what zod found: where, what was expected, what was given. */
export const describeIssues = (where: string, issues: readonly z.core.$ZodIssue[]): string =>
  issues
    .slice(0, 5)
    .map((issue) => {
      const name = [where, place(issue.path)].filter(Boolean).join('.');
      if (issue.code === 'unrecognized_keys')
        return `${name} has ${issue.keys.map((key) => `"${key}"`).join(', ')}, which is not a field of this route`;
      return `${name}: ${issue.message.replace(/^Invalid input: /, '')}`;
    })
    .join('; ');
