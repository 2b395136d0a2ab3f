/**
 * Below this much free space where a desk keeps its data it does not start, and a running one enters
 * no trade.
 */
export const LEAST_FREE_BYTES = 500 * 1024 * 1024;

/** A folder with less than the least, in words; null where there is enough. */
export const describeShortage = (folder: string, free_bytes: number): string | null =>
  free_bytes < LEAST_FREE_BYTES
    ? `${folder} has ${Math.floor(free_bytes / 1024 ** 2)} MB free, ${LEAST_FREE_BYTES / 1024 ** 2} are needed`
    : null;
