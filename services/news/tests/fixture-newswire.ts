import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Day, DayNews, Simulator } from '@catalyst/simulator';
import type { TestDatabase } from '@catalyst/testkit';

/** The securities of a day, as the technical service would have stored them. */
export const storeSecurities = async ({ database }: TestDatabase, day: Day): Promise<void> => {
  await database.query(
    'INSERT INTO securities (symbol, name, is_tradable) SELECT symbol, name, true FROM unnest($1::text[], $2::text[]) AS n(symbol, name)',
    [
      day.securities.map((security) => security.symbol),
      day.securities.map((security) => security.name),
    ],
  );
};

/** What a news service needs to speak to a simulator. */
export const alpacaOf = (
  simulator: Pick<Simulator, 'url' | 'stream_url' | 'accounts'>,
): Record<string, string> => ({
  ALPACA_API_KEY: simulator.accounts[0]!.key_id,
  ALPACA_SECRET_KEY: simulator.accounts[0]!.secret_key,
  ALPACA_TRADING_URL: simulator.url,
  ALPACA_DATA_URL: simulator.url,
  ALPACA_STREAM_URL: simulator.stream_url,
});

export const wireArticle = (
  id: number,
  created_at: string,
  fields: Partial<DayNews> = {},
): DayNews => ({
  id,
  created_at,
  updated_at: created_at,
  headline: `Story ${id}`,
  summary: '',
  content: '',
  author: '',
  source: 'wire',
  url: '',
  symbols: [],
  ...fields,
});

/**
 * Everything that collections leave behind, in a fixed order and without generated numbers; what
 * two databases can be compared by.
 */
export const storedNews = async ({ database }: TestDatabase) => ({
  articles: await database.query(
    'SELECT article_id, external_id, headline, content_hash, duplicate_of, published_at, first_seen_at FROM news_raw ORDER BY article_id',
  ),
  symbols: await database.query(
    'SELECT article_id, symbol, found_by FROM news_symbols JOIN securities USING (security_id) ORDER BY 1, 2',
  ),
  scores: await database.query(
    'SELECT article_id, symbol, time_id, sentiment, catalyst_type, catalyst_strength FROM news_sentiment JOIN securities USING (security_id) ORDER BY 1, 2',
  ),
  sources: await database.query(
    'SELECT name, tier, catalyst_type, articles, duplicates FROM source_metrics JOIN news_sources USING (source_id) ORDER BY 1, 3',
  ),
  collections: await database.query(
    'SELECT collection_id, collected_to, collected, stored, duplicates, refused, catalysts, error FROM news_collection_stats ORDER BY collected_to, collection_id',
  ),
  events: await database.query<{ payload: { symbol: string } }>(
    "SELECT seq, channel, envelope->'payload' AS payload, envelope->>'at' AS at FROM outbox WHERE service = 'news' ORDER BY seq",
  ),
});

/** A vendor on a real socket that answers every request with what the test says. */
export const startVendor = async () => {
  let answer: { status: number; body: string } = {
    status: 200,
    body: '{"news":[],"next_page_token":null}',
  };
  const server = createServer(
    (_request, response) =>
      void response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(answer.body),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    environment: {
      ALPACA_API_KEY: 'key',
      ALPACA_SECRET_KEY: 'secret',
      ALPACA_TRADING_URL: url,
      ALPACA_DATA_URL: url,
    },
    sends: (...news: DayNews[]): void =>
      void (answer = { status: 200, body: JSON.stringify({ news, next_page_token: null }) }),
    answers: (status: number, body: string): void => void (answer = { status, body }),
    close: async (): Promise<void> => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};
