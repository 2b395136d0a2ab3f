import { AppError } from '@catalyst/service-kit';

interface Page<T> {
  shown: T[];
  total: number;
  /** The cursor of the page after; null after the last. */
  next: string | null;
}
interface List {
  /** What tells this list from every other: its cursors are no other's. */
  list: string;
  limit: number;
  cursor: string | undefined;
}

const CURSOR = /^(.+)~(\d{1,9})~(\d{1,9})$/;

/**
 * A page of a list that is read whole, newest first or of a fixed order. The cursor says of which
 * list it is, how many came before, and how long the list was: what is new since is passed over, so
 * that no row comes twice.
 * @throws AppError INVALID_REQUEST for a cursor of another list, or beyond the end of this one
 */
export const pageOf = <T>(items: readonly T[], { list, limit, cursor }: List): Page<T> => {
  const total = items.length;
  const [, of, before, was] = (cursor === undefined ? null : CURSOR.exec(cursor)) ?? [];
  const from = before === undefined ? 0 : Number(before) + Math.max(0, total - Number(was));
  if (cursor !== undefined && (of !== list || from >= total))
    throw new AppError(
      'INVALID_REQUEST',
      'cursor is not `next` of a page of this list as it is now: leave it out to begin at the first page, and change nothing else between two pages',
      { cursor },
    );
  const to = from + limit;
  return {
    shown: items.slice(from, to),
    total,
    next: to < total ? `${list}~${to}~${total}` : null,
  };
};

/** How to come by the rest, for the last line of a page; nothing after the last page. */
export const moreLines = ({ next, total }: { next: string | null; total: number }): string[] =>
  next === null ? [] : [`${total} in all; the next page: cursor ${next}.`];
