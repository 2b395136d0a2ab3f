import type { Instant } from '@catalyst/domain';
import type { Catalyst } from './classify-catalyst.ts';
import type { FoundTicker } from './find-tickers.ts';

/** A story as a vendor sent it. */
export interface RawArticle {
  /** The vendor's own id. */
  external_id: string;
  source: string;
  headline: string;
  summary: string;
  content: string;
  url: string | null;
  symbols: readonly string[];
  published_at: Instant;
}

/** What a story means for one security. */
export interface SecurityScore {
  symbol: string;
  /** -1 to +1. */
  sentiment: number;
  scored_by: string;
  catalyst_type: Catalyst['catalyst_type'];
  /** 0 to 1. */
  strength: number;
  parts: Catalyst['parts'] & { mention: number };
}

/**
 * A story as it is stored: plain text, its tickers, the story that it repeats, and what it means.
 */
export interface PreparedArticle {
  article_id: string;
  external_id: string;
  source: string;
  headline: string;
  summary: string;
  content: string;
  url: string | null;
  content_hash: string;
  duplicate_of: string | null;
  published_at: Instant;
  tickers: FoundTicker[];
  catalyst_type: Catalyst['catalyst_type'];
  /** Empty for a duplicate: what it says was counted with the story that it repeats. */
  scores: SecurityScore[];
}

/** A catalyst that is announced to the fleet: stronger than 0.7 and clearly good or bad. */
export const isStrong = ({
  strength,
  sentiment,
}: Pick<SecurityScore, 'strength' | 'sentiment'>): boolean =>
  strength > 0.7 && Math.abs(sentiment) > 0.5;
