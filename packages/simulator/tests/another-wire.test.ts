import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import type { WireView } from '../src/index.ts';
import { openAccount, type OpenAccount } from './open-account.ts';
import { at, quietDay } from './small-day.ts';

const article = (id: number, headline: string, created: string, updated = created) => ({
  id,
  headline,
  created_at: at(created),
  updated_at: at(updated),
  summary: '',
  content: '',
  author: '',
  source: 'northwire',
  url: `https://news.example/${id}`,
  symbols: ['ACME'],
});
const day = quietDay([], {
  news: [
    article(1, 'ACME wins an order', '09:20', '09:45'),
    article(2, 'ACME loses an order', '09:31'),
    article(3, 'ACME is sold', '11:00'),
  ],
});

/** A small part of another vendor's news API, with keys of its own. */
const newsApi = (view: WireView) => {
  const app = express();
  app.get('/v2/everything', (request, response) => {
    if (request.get('X-Api-Key') !== 'news-key')
      return void response.status(401).json({ status: 'error', code: 'apiKeyInvalid' });
    const articles = view
      .news()
      .filter(({ headline }) => headline.includes(String(request.query.q)));
    response.json({
      status: 'ok',
      totalResults: articles.length,
      articles: articles.map(({ headline, updated_at }) => ({
        title: headline,
        publishedAt: updated_at,
      })),
    });
  });
  app.get(
    '/last-minute',
    (_request, response) =>
      void response.json({
        now: view.now(),
        bars: view.bars('ACME').map(({ minute }) => minute),
        unknown: view.bars('NOPE'),
      }),
  );
  return app;
};

let account: OpenAccount;
afterEach(() => account.close());
const everything = async (headers: Record<string, string> = { 'X-Api-Key': 'news-key' }) =>
  account.request('GET', '/v2/everything?q=ACME', undefined, headers);

describe('another wire on the same clock', () => {
  it('shows what is published and over at its simulated instant, and never more', async () => {
    account = await openAccount(day, { at: '09:30', routes: newsApi });
    const titles = async (): Promise<unknown> => (await everything()).body.articles;
    expect(await titles()).toEqual([{ title: 'ACME wins an order', publishedAt: at('09:20') }]);
    expect((await account.get('/last-minute')).body).toEqual({
      now: Date.parse(at('09:30')),
      bars: [],
      unknown: [],
    });
    await account.step('09:32');
    expect(await titles()).toEqual([
      { title: 'ACME wins an order', publishedAt: at('09:20') },
      { title: 'ACME loses an order', publishedAt: at('09:31') },
    ]);
    expect((await account.get('/last-minute')).body).toMatchObject({
      now: Date.parse(at('09:32')),
      bars: [570, 571],
    });
    await account.step('11:00');
    expect((await everything()).body).toMatchObject({
      totalResults: 3,
      articles: [{ publishedAt: at('09:45') }, {}, { title: 'ACME is sold' }],
    });
  });

  it("has its own keys, leaves Alpaca's routes and controls as they are, and is met by faults and the ledger", async () => {
    account = await openAccount(day, { at: '09:30', routes: newsApi });
    await account.request('POST', '/sim/faults', {
      where: { rest: 'GET /v2/everything' },
      when: { nth: 2 },
      what: { kind: 'status', status: 503 },
    });
    expect((await everything({})).status).toBe(401);
    expect((await everything()).status).toBe(503);
    expect((await everything()).status).toBe(200);
    const withNewsKey = await fetch(`${account.simulator.url}/v2/clock`, {
      headers: { 'X-Api-Key': 'news-key' },
    });
    expect([
      (await account.get('/v2/clock')).status,
      withNewsKey.status,
      (await account.get('/sim/status')).status,
    ]).toEqual([200, 401, 200]);
    const requests = (await account.get('/sim/ledger')).body.filter(
      ({ kind, url }: Record<string, string>) =>
        kind === 'request' && url === '/v2/everything?q=ACME',
    );
    expect(requests).toHaveLength(3);
  });

  it('cannot change the day through what it is shown', async () => {
    let seen: WireView | null = null;
    account = await openAccount(day, {
      at: '10:00',
      routes: (view) => ((seen = view), (_request, _response, next) => next()),
    });
    const view = seen as unknown as WireView;
    view.news()[0]!.symbols.push('BETA');
    view.bars('ACME')[0]!.close = 0;
    expect(view.news()[0]!.symbols).toEqual(['ACME']);
    expect(view.bars('ACME')[0]!.close).toBe(100);
    expect((await account.get('/v2/clock')).status).toBe(200);
  });
});
