import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { newsApi } from '@catalyst/contracts';
import { loadDay, startSimulator, type Day, type Simulator } from '@catalyst/simulator';
import {
  atStep,
  createTestDatabase,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { newsService } from '../src/service.ts';
import { alpacaOf, storedNews, storeSecurities, wireArticle } from './fixture-newswire.ts';

const FOLDER = join(import.meta.dirname, '../../../packages/simulator/days/2026-03-24');
const FOUR = '2026-03-24T08:00:00.000Z';
const EIGHT = '2026-03-24T12:00:00.000Z';
const TOMORROW = wireArticle(99_000_001, '2026-03-25T12:00:00Z', {
  headline: 'Tomorrow is in this headline',
  source: 'northwire',
});

let day: Day;
let simulator: Simulator;
let database: TestDatabase;
let service: TestService<typeof newsApi>;

const stepTo = (at: string) => simulator.simulation.stepTo(Date.parse(at));
const collect = (at: string) => atStep(at, () => service.client().collectNews({ body: {} }));
const publishedBy = (at: string): number =>
  day.news.filter((article) => Date.parse(article.created_at) <= Date.parse(at)).length;
const countRows = async (table: string): Promise<number> =>
  (
    await database.database.query<{ count: number }>(`SELECT count(*)::int8 AS count FROM ${table}`)
  )[0]!.count;

beforeAll(async () => {
  const bundled = await loadDay(FOLDER);
  const [security] = bundled.securities;
  day = { ...bundled, news: [...bundled.news, { ...TOMORROW, symbols: [security!.symbol] }] };
  simulator = await startSimulator({ day });
  database = await createTestDatabase();
  await storeSecurities(database, day);
  service = await startTestService(newsService, {
    database_url: database.url,
    replay_start_at: FOUR,
    env: alpacaOf(simulator),
  });
});
afterAll(async () => {
  await service?.close();
  await simulator?.close();
  await database?.drop();
});

describe('collecting a day of news', () => {
  it('begins with the day before and stores what is published by then, and nothing later', async () => {
    stepTo(FOUR);
    const first = await collect(FOUR);
    expect(first).toMatchObject({
      collected: publishedBy(FOUR),
      stored: publishedBy(FOUR),
      refused: 0,
      degraded: [],
    });
    expect(first.stored).toBeGreaterThan(0);
    stepTo(EIGHT);
    const second = await collect(EIGHT);
    expect(second.stored).toBe(publishedBy(EIGHT) - publishedBy(FOUR));
    expect(await countRows('news_raw')).toBe(publishedBy(EIGHT));
    expect(
      await database.database.query('SELECT 1 FROM news_raw WHERE first_seen_at < published_at'),
    ).toHaveLength(0);
  });

  it('gives the same answer and the same rows when the same collection is asked for again, also twice at once', async () => {
    const before = await storedNews(database);
    const answers = await Promise.all([collect(EIGHT), collect(EIGHT)]);
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ stored: publishedBy(EIGHT) - publishedBy(FOUR) });
    expect(await storedNews(database)).toEqual(before);
    const next = '2026-03-24T12:01:00.000Z';
    stepTo(next);
    const at = [collect(next), collect(next), collect(next)];
    const [a, b, c] = await Promise.all(at);
    expect([b, c]).toEqual([a, a]);
    expect(await countRows('news_raw')).toBe(publishedBy(next));
    expect(await countRows('news_collection_stats')).toBe(3);
  });

  it('finds at least 35 strong and good stories by 08:00, the best of each symbol, by symbol', async () => {
    const { as_of, catalysts } = await atStep(EIGHT, () =>
      service.client('scanner').queryCatalysts({ body: {} }),
    );
    expect(as_of).toBe(EIGHT);
    expect(
      catalysts.filter((catalyst) => catalyst.strength > 0.7 && catalyst.sentiment > 0.5).length,
    ).toBeGreaterThanOrEqual(35);
    expect(catalysts.map((catalyst) => catalyst.symbol)).toEqual(
      [...new Set(catalysts.map((catalyst) => catalyst.symbol))].sort(),
    );
  });

  it('answers as of the time of the question', async () => {
    const { catalysts } = await atStep('2026-03-24T08:30:00.000Z', () =>
      service.client().queryCatalysts({ body: {} }),
    );
    expect(
      catalysts.every((catalyst) => catalyst.first_seen_at <= '2026-03-24T08:30:00.000Z'),
    ).toBe(true);
    const { articles } = await atStep(FOUR, () =>
      service.client().listArticles({ query: { limit: 200 } }),
    );
    expect(articles).toHaveLength(publishedBy(FOUR));
  });

  it('announces each strong catalyst once', async () => {
    const { events, collections } = await storedNews(database);
    expect(events).toHaveLength(
      (collections as { catalysts: number }[]).reduce((sum, row) => sum + row.catalysts, 0),
    );
    expect(new Set(events.map((event) => JSON.stringify(event.payload))).size).toBe(events.length);
  });

  it('never sees tomorrow’s headline, up to the end of the day', async () => {
    const end = '2026-03-24T20:00:00.000Z';
    stepTo(end);
    await collect(end);
    expect(await countRows('news_raw')).toBe(publishedBy(end));
    const { articles } = await atStep(end, () =>
      service.client().listArticles({ query: { limit: 200 } }),
    );
    expect(articles.map((article) => article.headline)).not.toContain(TOMORROW.headline);
    expect(articles.map((article) => article.published_at)).toEqual(
      articles
        .map((article) => article.published_at)
        .sort()
        .reverse(),
    );
  });

  it('keeps the number of each source’s stories and repeats', async () => {
    const [sum] = await database.database.query<{ articles: number; duplicates: number }>(
      'SELECT sum(articles)::int8 AS articles, sum(duplicates)::int8 AS duplicates FROM source_metrics',
    );
    expect(sum!.articles + sum!.duplicates).toBe(await countRows('news_raw'));
    expect(sum!.duplicates).toBe(
      (await database.database.query('SELECT 1 FROM news_raw WHERE duplicate_of IS NOT NULL'))
        .length,
    );
  });
});
