import { createHash } from 'node:crypto';

/** Stories with at least this share of common words and word pairs are one story. */
export const NEAR_DUPLICATE_THRESHOLD = 0.7;

/**
 * Lower case words and numbers, one blank between them; what typography, case and punctuation
 * change is gone.
 */
export const normalizeText = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/https?:\/\/\S+/g, ' ')
    .replace(/['’`]/g, '')
    .replace(/(\d),(?=\d{3})/g, '$1')
    .replace(/[^\p{L}\p{N}%$.]+/gu, ' ')
    .replace(/\.(?!\d)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** SHA-256 (hex) of the normalized headline and body. */
export const contentHash = (headline: string, body = ''): string =>
  createHash('sha256')
    .update(`${normalizeText(headline)}\n${normalizeText(body)}`, 'utf8')
    .digest('hex');

/** The words of a text and its pairs of neighbours. */
export const shingles = (text: string): ReadonlySet<string> => {
  const words = normalizeText(text)
    .split(' ')
    .filter((word) => word !== '');
  const set = new Set(words);
  for (let index = 1; index < words.length; index += 1)
    set.add(`${words[index - 1]} ${words[index]}`);
  return set;
};

/** Common share of two sets: |A and B| / |A or B|; two empty sets share nothing. */
export const jaccard = (left: ReadonlySet<string>, right: ReadonlySet<string>): number => {
  let common = 0;
  for (const item of left) if (right.has(item)) common += 1;
  const union = left.size + right.size - common;
  return union === 0 ? 0 : common / union;
};

const numbers = (text: string): string =>
  [...new Set(normalizeText(text).match(/\d+(?:\.\d+)?/g) ?? [])].sort().join(' ');

/**
 * Whether two headlines tell one story: alike, and with the same numbers ("up 5 %" and "up 7 %" are
 * two stories).
 */
export const isNearDuplicate = (
  left: string,
  right: string,
  threshold = NEAR_DUPLICATE_THRESHOLD,
): boolean =>
  numbers(left) === numbers(right) && jaccard(shingles(left), shingles(right)) >= threshold;

export interface EarlierStory {
  id: string;
  content_hash: string;
  headline: string;
}

export type DuplicateVerdict =
  | { duplicate: false }
  | { duplicate: true; kind: 'same_content' | 'near'; duplicate_of: string; similarity: number };

/**
 * The earlier story that this one repeats: the same content first, else the most alike (of equals
 * the first given).
 */
export const findDuplicate = (
  story: { content_hash: string; headline: string },
  earlier: readonly EarlierStory[],
): DuplicateVerdict => {
  const same = earlier.find((item) => item.content_hash === story.content_hash);
  if (same) return { duplicate: true, kind: 'same_content', duplicate_of: same.id, similarity: 1 };
  const words = shingles(story.headline);
  const stated = numbers(story.headline);
  let best: { id: string; similarity: number } | null = null;
  for (const item of earlier) {
    if (numbers(item.headline) !== stated) continue;
    const similarity = jaccard(words, shingles(item.headline));
    if (similarity >= NEAR_DUPLICATE_THRESHOLD && (best === null || similarity > best.similarity))
      best = { id: item.id, similarity };
  }
  return best === null
    ? { duplicate: false }
    : { duplicate: true, kind: 'near', duplicate_of: best.id, similarity: best.similarity };
};
