import type { SecurityScore } from './article.ts';
import { classifyCatalyst, type Catalyst } from './classify-catalyst.ts';
import type { FoundTicker } from './find-tickers.ts';
import { scoreSentiment } from './score-sentiment.ts';

/**
 * A story that lists more securities than this is a round-up: it is about those in its headline
 * only.
 */
const MAX_SUBJECTS = 3;
/** Share of the strength that is left for a security that is mentioned in passing. */
export const PASSING_MENTION = 0.5;

interface Story {
  headline: string;
  summary: string;
  tickers: readonly FoundTicker[];
  /** 0 to 1. */
  source_weight: number;
  age_minutes: number;
}

const mentionOf = ({ in_headline, found_by }: FoundTicker, count: number): number =>
  in_headline || (found_by === 'vendor' && count <= MAX_SUBJECTS) ? 1 : PASSING_MENTION;

/**
 * Kind of a story, and what it means for each of its securities: a passing mention has half the
 * strength.
 */
export const scoreArticle = ({
  headline,
  summary,
  tickers,
  source_weight,
  age_minutes,
}: Story): { catalyst: Catalyst; scores: SecurityScore[] } => {
  const catalyst = classifyCatalyst({ headline, summary, source_weight, age_minutes });
  const { score, scored_by } = scoreSentiment(headline, summary);
  const scores = tickers.map((ticker): SecurityScore => {
    const mention = mentionOf(ticker, tickers.length);
    return {
      symbol: ticker.symbol,
      sentiment: score,
      scored_by,
      catalyst_type: catalyst.catalyst_type,
      strength: catalyst.strength * mention,
      parts: { ...catalyst.parts, mention },
    };
  });
  return { catalyst, scores };
};
