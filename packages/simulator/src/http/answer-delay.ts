import { seededNumber } from '../market/seeded-number.ts';

/** How long answers wait, in milliseconds of the wall, inclusive. */
export interface AnswerDelay {
  least_ms: number;
  most_ms: number;
}

/** How long the n-th answer waits. */
export const answerDelay = (
  seed: number,
  nth: number,
  { least_ms, most_ms }: AnswerDelay,
): number => least_ms + seededNumber(seed, 'answer', nth) * (most_ms - least_ms);
