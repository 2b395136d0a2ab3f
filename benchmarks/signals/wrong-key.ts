/** A key that the benchmark's workflow refuses. */
export const WRONG_KEY = 'x'.repeat(43);
