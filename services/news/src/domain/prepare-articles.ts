import { stableId, type Instant } from '@catalyst/domain';
import type { PreparedArticle, RawArticle } from './article.ts';
import { contentHash, findDuplicate, type EarlierStory } from './duplicate.ts';
import type { FoundTicker, TickerText } from './find-tickers.ts';
import { BODY_LENGTH, HEADLINE_LENGTH, sanitizeText } from './sanitize-text.ts';
import { scoreArticle } from './score-article.ts';

const SUMMARY_LENGTH = 5000;
const SOURCE_LENGTH = 100;
const URL_LENGTH = 2000;

/** A story that is stored already, under the id of the story that it repeats if it does. */
export interface StoredStory extends EarlierStory {
  symbols: readonly string[];
}

interface Facts {
  vendor: string;
  now: Instant;
  earlier: readonly StoredStory[];
  findTickers: (text: TickerText) => FoundTicker[];
  /** How much a source's word weighs, 0 to 1. */
  weighSource: (source: string) => number;
}

export interface RefusedArticle {
  external_id: string;
  reason: string;
}

const webAddress = (url: string | null): string | null => {
  if (url === null || url.length > URL_LENGTH || !URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
};

/**
 * One template sentence may be told of many companies: a repeat says nothing of a security that the
 * first story did not name.
 */
const mayRepeat = (symbols: ReadonlySet<string>, story: StoredStory): boolean =>
  symbols.size === 0
    ? story.symbols.length === 0
    : [...symbols].every((symbol) => story.symbols.includes(symbol));

/**
 * New articles made ready to be stored, by time of publication and id: plain text, tickers,
 * duplicates, sentiment and catalyst. What is published after `now`, or has no headline, is refused
 * with the reason.
 */
export const prepareArticles = (
  articles: readonly RawArticle[],
  { vendor, now, earlier, findTickers, weighSource }: Facts,
): { prepared: PreparedArticle[]; refused: RefusedArticle[] } => {
  const prepared: PreparedArticle[] = [];
  const refused: RefusedArticle[] = [];
  const stories = [...earlier];
  const inOrder = articles.toSorted((left, right) =>
    left.published_at < right.published_at
      ? -1
      : left.published_at > right.published_at
        ? 1
        : left.external_id < right.external_id
          ? -1
          : 1,
  );
  for (const article of inOrder) {
    if (article.published_at > now) {
      refused.push({
        external_id: article.external_id,
        reason: `published at ${article.published_at}, after ${now}`,
      });
      continue;
    }
    const headline = sanitizeText(article.headline, HEADLINE_LENGTH);
    if (headline === '') {
      refused.push({ external_id: article.external_id, reason: 'has no headline' });
      continue;
    }
    const summary = sanitizeText(article.summary, SUMMARY_LENGTH);
    const content = sanitizeText(article.content, BODY_LENGTH);
    const source = sanitizeText(article.source, SOURCE_LENGTH) || 'unknown';
    const tickers = findTickers({ headline, summary, vendor_symbols: article.symbols });
    const symbols = new Set(tickers.map((ticker) => ticker.symbol));
    const content_hash = contentHash(headline, content || summary);
    const verdict = findDuplicate(
      { content_hash, headline },
      stories.filter((story) => mayRepeat(symbols, story)),
    );
    const age_minutes = (Date.parse(now) - Date.parse(article.published_at)) / 60_000;
    const { catalyst, scores } = scoreArticle({
      headline,
      summary,
      tickers,
      source_weight: weighSource(source),
      age_minutes,
    });
    const article_id = stableId('article', vendor, article.external_id);
    const duplicate_of = verdict.duplicate ? verdict.duplicate_of : null;
    prepared.push({
      article_id,
      external_id: article.external_id,
      source,
      headline,
      summary,
      content,
      url: webAddress(article.url),
      content_hash,
      duplicate_of,
      published_at: article.published_at,
      tickers,
      catalyst_type: catalyst.catalyst_type,
      scores: duplicate_of === null ? scores : [],
    });
    stories.push({ id: duplicate_of ?? article_id, content_hash, headline, symbols: [...symbols] });
  }
  return { prepared, refused };
};
