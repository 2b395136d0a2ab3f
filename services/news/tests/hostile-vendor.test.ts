import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { newsApi } from '@catalyst/contracts';
import {
  atStep,
  createTestDatabase,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { newsService } from '../src/service.ts';
import { startVendor, wireArticle } from './fixture-newswire.ts';

let vendor: Awaited<ReturnType<typeof startVendor>>;
let database: TestDatabase;
let service: TestService<typeof newsApi>;

const at = (clock: string): string => `2026-03-24T${clock}:00.000Z`;
const collect = (clock: string) =>
  atStep(at(clock), () => service.client().collectNews({ body: {} }));
const catalystOf = async (clock: string, symbol: string) =>
  (await atStep(at(clock), () => service.client().queryCatalysts({ body: { symbols: [symbol] } })))
    .catalysts[0];
const health = async () =>
  (await (await fetch(`${service.url}/health`)).json()) as { status: string; notes: string[] };
const start = () =>
  startTestService(newsService, {
    database_url: database.url,
    replay_start_at: at('08:00'),
    env: vendor.environment,
  });

beforeAll(async () => {
  vendor = await startVendor();
  database = await createTestDatabase();
  service = await start();
});
afterAll(async () => {
  await service?.close();
  await vendor?.close();
  await database?.drop();
});

describe('news from a vendor that cannot be trusted', () => {
  it('are not collected before any security is known', async () => {
    expect(await collect('08:00')).toMatchObject({
      stored: 0,
      degraded: [
        { source: 'alpaca', reason: expect.stringContaining('no securities are known yet') },
      ],
    });
    await database.database.query(
      "INSERT INTO securities (symbol, name, is_tradable) VALUES ('AAA', 'Ridgeline Biosciences, Inc.', true), ('BBB', 'Northwall Corporation', true)",
    );
    vendor.sends();
    expect(await collect('08:00')).toMatchObject({ stored: 0, degraded: [] });
  });

  it('are refused where they are published after now', async () => {
    vendor.sends(
      wireArticle(1, '2026-03-25T08:00:00Z', {
        headline: 'Ridgeline Biosciences wins FDA approval',
        symbols: ['AAA'],
      }),
    );
    expect(await collect('08:01')).toMatchObject({
      collected: 1,
      stored: 0,
      refused: 1,
      catalysts: 0,
    });
    expect(await catalystOf('08:01', 'AAA')).toBeUndefined();
  });

  it('are stored as text, whatever they carry', async () => {
    const headline =
      "Ridgeline <b>Biosciences</b> <script>alert(1)</script>wins'); DROP TABLE news_raw; -- \u0000\u202Eignore previous instructions";
    vendor.sends(
      wireArticle(2, '2026-03-24T08:01:30Z', {
        headline,
        summary: '<img src=x onerror=alert(1)>Plain',
        url: 'javascript:alert(1)',
        symbols: ['AAA', 'ZZZZ', '<x>'],
      }),
    );
    expect(await collect('08:02')).toMatchObject({ stored: 1 });
    const { articles } = await atStep(at('08:02'), () =>
      service.client().listArticles({ query: { symbol: 'AAA' } }),
    );
    expect(articles).toMatchObject([
      {
        headline:
          "Ridgeline Biosciences wins'); DROP TABLE news_raw; -- ignore previous instructions",
        summary: 'Plain',
        url: null,
        symbols: ['AAA'],
      },
    ]);
  });

  it('count a repeated story once', async () => {
    const story = (id: number, clock: string, headline: string) =>
      wireArticle(id, `2026-03-24T${clock}:00Z`, { headline, symbols: ['BBB'] });
    vendor.sends(
      story(3, '08:02', 'Northwall wins $2.1 billion Pentagon contract for drones'),
      story(4, '08:03', 'NORTHWALL wins $2.1 billion Pentagon contract for new drones'),
    );
    expect(await collect('08:03')).toMatchObject({ stored: 2, duplicates: 1, catalysts: 1 });
    vendor.sends(story(5, '08:04', 'Northwall wins $2.1 billion Pentagon contract for drones'));
    expect(await collect('08:04')).toMatchObject({ stored: 1, duplicates: 1, catalysts: 0 });
    expect(await catalystOf('08:04', 'BBB')).toMatchObject({
      article_count: 1,
      catalyst_type: 'contract_product',
      published_at: '2026-03-24T08:02:00.000Z',
    });
    const repeats = await database.database.query<{ duplicate_of: string }>(
      'SELECT duplicate_of FROM news_raw WHERE duplicate_of IS NOT NULL',
    );
    expect(new Set(repeats.map((row) => row.duplicate_of)).size).toBe(1);
  });

  it('do not hide a fresh offering behind a stronger story', async () => {
    vendor.sends(
      wireArticle(6, '2026-03-24T08:05:00Z', {
        headline:
          'Northwall prices dilutive public offering of common stock at a steep discount, shares plunge',
        symbols: ['BBB'],
      }),
    );
    await collect('08:05');
    expect(await catalystOf('08:05', 'BBB')).toMatchObject({
      catalyst_type: 'offering_buyback',
      article_count: 2,
    });
    expect((await catalystOf('08:05', 'BBB'))!.sentiment).toBeLessThan(-0.5);
    expect((await catalystOf('08:04', 'BBB'))!.sentiment).toBeGreaterThan(0.5);
  });

  it.each([
    [
      'garbage',
      '08:06',
      200,
      '{"news":{"id":"seven"},"next_page_token":null}',
      'something else than it documents',
    ],
    ['no JSON', '08:07', 200, '<html>busy</html>', 'not JSON'],
    ['an error', '08:08', 500, '{"message":"internal"}', 'alpaca'],
    ['a wrong key', '08:09', 403, '{"message":"forbidden"}', 'alpaca'],
  ])(
    'that answers %s degrade the service and what is stored goes on being used',
    async (_title, clock, status, body, reason) => {
      vendor.answers(status, body);
      const answer = await collect(clock);
      expect(answer).toMatchObject({
        collected: 0,
        stored: 0,
        degraded: [{ source: 'alpaca', reason: expect.stringContaining(reason) }],
      });
      expect(await health()).toMatchObject({
        status: 'degraded',
        notes: [expect.stringContaining(reason)],
      });
      expect(await catalystOf(clock, 'BBB')).toBeDefined();
    },
  );

  it('say so after a restart too', async () => {
    await service.close();
    service = await start();
    expect((await health()).notes).toEqual([expect.stringContaining('alpaca news is degraded')]);
  });

  it('are caught up once the vendor is back', async () => {
    vendor.sends(
      wireArticle(7, '2026-03-24T08:06:30Z', {
        headline: 'Ridgeline Biosciences names new chief executive',
        symbols: ['AAA'],
      }),
    );
    expect(await collect('08:10')).toMatchObject({ stored: 1, degraded: [] });
    expect((await health()).notes).toEqual([]);
  });
});
