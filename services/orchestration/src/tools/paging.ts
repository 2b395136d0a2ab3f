import { AppError } from '@catalyst/service-kit';

interface Page<T> {
  shown: T[];
  total: number;
  /** The cursor of the page after; null after the last. */
  next: string | null;
}

/** A page of a list that is read whole: the cursor is how many came before. */
export const pageOf = <T>(items: readonly T[], limit: number, cursor?: string): Page<T> => {
  const from = cursor === undefined ? 0 : Number(cursor);
  if (!Number.isInteger(from) || from < 0)
    throw new AppError('INVALID_REQUEST', 'cursor must be the `next` of the page before', {
      cursor,
    });
  const to = from + limit;
  return {
    shown: items.slice(from, to),
    total: items.length,
    next: to < items.length ? String(to) : null,
  };
};

/** How to come by the rest, for the last line of a page; nothing after the last page. */
export const moreLines = ({ next, total }: { next: string | null; total: number }): string[] =>
  next === null ? [] : [`${total} in all; the next page: cursor ${next}.`];
