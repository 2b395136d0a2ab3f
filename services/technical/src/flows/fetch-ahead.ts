/**
 * Takes items in groups, one after the other, and fetches the next group while one is taken: no two
 * are taken at once.
 */
export const fetchAhead = async <I, F>(
  items: readonly I[],
  at_a_time: number,
  fetch: (group: readonly I[]) => Promise<F>,
  take: (fetched: F, group: readonly I[]) => Promise<void>,
): Promise<void> => {
  const groupFrom = (from: number): readonly I[] => items.slice(from, from + at_a_time);
  const begin = (from: number): Promise<F> | undefined => {
    const fetching = from < items.length ? fetch(groupFrom(from)) : undefined;
    // heard where it is awaited; where taking fails first, nobody asks for it any more
    fetching?.catch(() => undefined);
    return fetching;
  };
  let next = begin(0);
  for (let from = 0; from < items.length; from += at_a_time) {
    const fetched = await next!;
    next = begin(from + at_a_time);
    await take(fetched, groupFrom(from));
  }
};
