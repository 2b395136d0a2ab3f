import type { Router } from 'express';
import { knownUpdate, wireNews } from '../market/wire-market.ts';
import type { Simulation } from '../simulation.ts';
import { createRoutes } from './create-routes.ts';
import {
  expectParameters,
  InvalidParameter,
  readBoolean,
  readChoice,
  readInteger,
  readPageToken,
  readSymbols,
  readText,
  readTime,
  toPageToken,
} from './query.ts';

/** News of Alpaca's market data API, in order of their last known update. */
export const createNewsRoutes = (simulation: Simulation): Router => {
  const routes = createRoutes();
  const { day } = simulation.market;
  routes.get('/v1beta1/news', ({ query }, response) => {
    expectParameters(query, [
      'start',
      'end',
      'sort',
      'symbols',
      'limit',
      'include_content',
      'exclude_contentless',
      'page_token',
    ]);
    const now = simulation.now();
    const symbols = readText(query, 'symbols') === null ? null : new Set(readSymbols(query));
    const start = readTime(query, 'start') ?? Number.NEGATIVE_INFINITY;
    const end = readTime(query, 'end') ?? Number.POSITIVE_INFINITY;
    if (end < start) throw new InvalidParameter('end should not be before start');
    const limit = readInteger(query, 'limit', 10, 1, 50);
    const ascending = readChoice(query, 'sort', ['asc', 'desc'], 'desc') === 'asc';
    const includeContent = readBoolean(query, 'include_content');
    const withContentOnly = readBoolean(query, 'exclude_contentless');
    const token = readPageToken(query, 1);
    const compare = (left: (typeof known)[number], right: (typeof known)[number]): number =>
      left.at - right.at || left.article.id - right.article.id;
    const known = day.news
      .filter((article) => Date.parse(article.created_at) <= now)
      .map((article) => ({ article, at: knownUpdate(article, now) }))
      .filter(
        ({ article, at }) =>
          at >= start &&
          at <= end &&
          (!symbols || article.symbols.some((symbol) => symbols.has(symbol))) &&
          (!withContentOnly || article.content.trim() !== ''),
      )
      .sort((left, right) => (ascending ? compare(left, right) : compare(right, left)));
    const from =
      token === null ? 0 : known.findIndex(({ article }) => String(article.id) === token[0]) + 1;
    if (token !== null && from === 0) throw new InvalidParameter('invalid page_token');
    const page = known.slice(from, from + limit);
    const last = page.at(-1);
    response.json({
      news: page.map(({ article }) => wireNews(article, now, includeContent)),
      next_page_token: last && from + limit < known.length ? toPageToken(last.article.id) : null,
    });
  });
  return routes;
};
