import type { DecoyKind, TrueCatalyst } from '../day.ts';

/**
 * An article before it has its id. `seconds` counts from midnight in New York of the trading date.
 */
export interface ArticleDraft {
  seconds: number;
  headline: string;
  summary: string;
  content: string;
  author: string;
  source: string;
  symbols: string[];
  /** The trap it belongs to, if any. */
  trap: string | null;
  catalyst: Omit<TrueCatalyst, 'article_id'> | null;
  /** Why it moves nothing, if that is so. */
  decoy: DecoyKind | null;
  /** The story that it tells again, for stale news. */
  told_before?: ArticleDraft;
}
