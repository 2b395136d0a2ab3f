import { newYorkTime, type CalendarDay } from '@catalyst/domain';
import type { DayNews } from '../day.ts';
import { newsPageSchema, type RawArticle } from './raw-answers.ts';
import { visitPages } from './read-raw.ts';

/**
 * A day's news begins at the close of the session before it and ends with its own date. Instants in
 * milliseconds, half-open.
 */
export const newsWindow = (
  calendar: readonly CalendarDay[],
  tradeDate: string,
): { from_ms: number; to_ms: number } => {
  const previous = calendar.findLast(({ date }) => date < tradeDate);
  const midnight = Date.parse(newYorkTime(tradeDate, '00:00'));
  return {
    from_ms: previous ? Date.parse(newYorkTime(previous.date, previous.close)) : midnight,
    to_ms: midnight + 86_400_000,
  };
};

/** Alpaca sends one space where an article has nothing. */
const textOf = (text: string | null | undefined): string =>
  text === null || text === undefined || text.trim() === '' ? '' : text;

/**
 * Reads `news/`: the articles that were published in the day's window and name one of its symbols,
 * oldest first.
 */
export const readArticles = async (
  dir: string,
  symbols: readonly string[],
  calendar: readonly CalendarDay[],
  tradeDate: string,
): Promise<{ news: DayNews[]; notes: string[] }> => {
  const known = new Set(symbols);
  const window = newsWindow(calendar, tradeDate);
  const articles = new Map<number, RawArticle>();
  await visitPages(dir, 'news', newsPageSchema, ({ news }) => {
    for (const article of news) articles.set(article.id, article);
  });
  let shortened = 0;
  let nameless = 0;
  let turned = 0;
  let revised = 0;
  const news: DayNews[] = [];
  for (const article of articles.values()) {
    const created = Date.parse(article.created_at);
    const own = [...new Set(article.symbols.filter((symbol) => known.has(symbol)))];
    if (created < window.from_ms || created >= window.to_ms || own.length === 0) continue;
    if (textOf(article.headline) === '') {
      nameless += 1;
      continue;
    }
    if (own.length < article.symbols.length) shortened += 1;
    const isTurned = Date.parse(article.updated_at) < created;
    if (isTurned) turned += 1;
    if (Date.parse(article.updated_at) > created) revised += 1;
    news.push({
      id: article.id,
      created_at: article.created_at,
      updated_at: isTurned ? article.created_at : article.updated_at,
      headline: article.headline,
      summary: textOf(article.summary),
      content: textOf(article.content),
      author: textOf(article.author),
      source: textOf(article.source) || 'unknown',
      url: textOf(article.url),
      symbols: own,
    });
  }
  news.sort(
    (left, right) =>
      Date.parse(left.created_at) - Date.parse(right.created_at) || left.id - right.id,
  );
  const notes = [
    'News are the articles published from the close of the session before to the end of the date that name one of the symbols.',
  ];
  if (revised > 0)
    notes.push(
      `${revised} articles were changed after publication: Alpaca keeps only the last text, so theirs may be later than created_at.`,
    );
  if (shortened > 0)
    notes.push(
      `${shortened} articles also name symbols that the day does not have; these were dropped from their lists.`,
    );
  if (nameless > 0) notes.push(`${nameless} articles without a headline were left out.`);
  if (turned > 0)
    notes.push(
      `${turned} articles said they were updated before they were created; the day says updated_at is created_at.`,
    );
  return { news, notes };
};
