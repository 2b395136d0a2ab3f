import { ADVERSE_NOUNS, FALLING, RISING } from './lexicon/directions.ts';
import { CONCESSIONS, CONTRASTS, INTENSIFIERS, NEGATIONS } from './lexicon/modifiers.ts';
import { LEXICON, LONGEST_PHRASE } from './lexicon/weighted-phrases.ts';

export interface SentimentHit {
  phrase: string;
  /** The lexicon's weight after negation, intensifiers and context. */
  weight: number;
}

export interface Sentiment {
  /** -1 (bad for the stock) .. +1 (good). */
  score: number;
  label: 'positive' | 'negative' | 'neutral';
  /** Which scorer answered; stored with the score. */
  scored_by: 'lexicon';
  hits: SentimentHit[];
}

/** Between these the story says nothing clear. */
const NEUTRAL_BAND = 0.3;
const NEGATION_REACH = 3;
/** The headline speaks louder than the summary. */
const SUMMARY_SHARE = 0.35;

/** Words as the lexicon writes them. */
export const toWords = (text: string): string[] =>
  text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/['’`]s\b/g, '')
    .replace(/['’`]/g, '')
    .replace(/u\.s\./g, 'us')
    .replace(/[^a-z0-9&%$.+]+/g, ' ')
    .split(' ')
    .map((word) => word.replace(/^\.+|\.+$/g, ''))
    .filter((word) => word !== '');

interface Match {
  phrase: string;
  weight: number;
  start: number;
  end: number;
}

const findMatches = (words: readonly string[]): Match[] => {
  const matches: Match[] = [];
  for (let start = 0; start < words.length; start += 1) {
    for (let length = Math.min(LONGEST_PHRASE, words.length - start); length > 0; length -= 1) {
      const phrase = words.slice(start, start + length).join(' ');
      const weight =
        LEXICON.get(phrase) ?? (RISING.has(phrase) || FALLING.has(phrase) ? 0 : undefined);
      if (weight === undefined) continue;
      matches.push({ phrase, weight, start, end: start + length });
      start += length - 1;
      break;
    }
  }
  return matches;
};

const pairAt = (words: readonly string[], index: number): string =>
  `${words[index]} ${words[index + 1] ?? ''}`;

const isNegated = (words: readonly string[], start: number): boolean => {
  for (let index = Math.max(0, start - NEGATION_REACH); index < start; index += 1) {
    if (NEGATIONS.has(words[index]!) || (index + 1 < start && NEGATIONS.has(pairAt(words, index))))
      return true;
  }
  return false;
};

/** A movement beside an adverse noun says the opposite of the movement. */
const adverseWeight = (words: readonly string[], match: Match): number | null => {
  const rising = RISING.has(match.phrase);
  if (!rising && !FALLING.has(match.phrase)) return null;
  const near = words.slice(Math.max(0, match.start - 2), match.end + 2);
  if (!near.some((word) => ADVERSE_NOUNS.has(word))) return null;
  return rising ? -0.7 : 0.6;
};

const scoreWords = (words: readonly string[]): SentimentHit[] => {
  const hits: SentimentHit[] = [];
  const matches = findMatches(words);
  const movesAdverse = matches.some((match) => adverseWeight(words, match) !== null);
  for (const match of matches) {
    let weight = adverseWeight(words, match) ?? match.weight;
    // "Loss narrows": the noun itself must not outvote its own movement.
    if (movesAdverse && ADVERSE_NOUNS.has(match.phrase)) weight = 0;
    if (weight === 0) continue;
    const before = words[match.start - 1];
    weight *= (before === undefined ? undefined : INTENSIFIERS.get(before)) ?? 1;
    if (isNegated(words, match.start)) weight *= -0.7;
    const concession = words.findIndex(
      (word, index) => CONCESSIONS.has(word) || CONCESSIONS.has(pairAt(words, index)),
    );
    if (concession >= 0 && match.start > concession) weight *= 0.25;
    const contrast = words.findLastIndex((word) => CONTRASTS.has(word));
    if (contrast > 0) weight *= match.start > contrast ? 1.3 : 0.6;
    hits.push({ phrase: match.phrase, weight });
  }
  return hits;
};

/** Sums pull towards +-1 without reaching it: two clear words say more than one. */
const squash = (sum: number): number => Math.tanh(sum);

/**
 * Sentiment of a story for the company in it, by the lexicon: phrases first, with negation,
 * intensifiers, concessions ("despite ...") and nouns whose rise is bad. The summary counts for
 * about a third beside the headline.
 */
export const scoreSentiment = (headline: string, summary = ''): Sentiment => {
  const sum = (items: readonly SentimentHit[]): number =>
    items.reduce((total, item) => total + item.weight, 0);
  const inHeadline = scoreWords(toWords(headline));
  const inSummary = scoreWords(toWords(summary));
  // Summaries repeat themselves: half of their sum, kept within -1..+1, before it counts beside the
  // headline.
  const below = Math.min(1, Math.max(-1, sum(inSummary) / 2));
  const score = squash(
    sum(inHeadline) + (inHeadline.length > 0 ? SUMMARY_SHARE : 2 * SUMMARY_SHARE) * below,
  );
  const hits = [...inHeadline, ...inSummary];
  const label = score > NEUTRAL_BAND ? 'positive' : score < -NEUTRAL_BAND ? 'negative' : 'neutral';
  return { score, label, scored_by: 'lexicon', hits };
};
