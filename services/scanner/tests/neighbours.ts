import {
  newsApi,
  patternApi,
  technicalApi,
  type DetectedPattern,
  type SymbolCatalyst,
  type TechnicalSnapshot,
} from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { AppError, currentContext, type Handlers } from '@catalyst/service-kit';
import { createTestKeys, startFixtureService, type TestDatabase } from '@catalyst/testkit';

export const NOW = '2026-03-24T12:00:00.000Z';
const article = (symbol: string): string => stableId('article', symbol);

export const catalystOf = (
  symbol: string,
  fields: Partial<SymbolCatalyst> = {},
): SymbolCatalyst => ({
  symbol,
  catalyst_type: 'earnings',
  strength: 0.85,
  sentiment: 0.8,
  scored_by: 'lexicon',
  article_id: article(symbol),
  headline: `${symbol} beats estimates`,
  source: 'wire',
  published_at: NOW,
  first_seen_at: NOW,
  article_count: 1,
  ...fields,
});
export const snapshotOf = (
  symbol: string,
  fields: Partial<TechnicalSnapshot> = {},
): TechnicalSnapshot => ({
  symbol,
  phase: 'pre_market',
  timeframe: '1day',
  as_of: NOW,
  bars: 250,
  last_price: 50,
  relative_volume: 3,
  gap_ratio: 0.02,
  indicators: {
    sma_20: 48,
    sma_50: 46,
    sma_200: 40,
    ema_9: 49,
    ema_21: 48,
    rsi_14: 58,
    macd: 1,
    macd_signal: 0.9,
    macd_histogram: 0.1,
    atr_14: 1,
    bollinger_upper: 52,
    bollinger_middle: 48,
    bollinger_lower: 44,
    obv: 1_000_000,
    volume_ratio: 3,
  },
  ...fields,
});
export const patternOf = (
  symbol: string,
  fields: Partial<DetectedPattern> = {},
): DetectedPattern => ({
  symbol,
  pattern: 'bull_flag',
  timeframe: '1day',
  confidence: 0.8,
  level: 51,
  entry: 51,
  stop: 50,
  target: 53,
  reward_to_risk: 2,
  evidence: { pole_ratio: 0.1 },
  detected_at: NOW,
  ...fields,
});

interface Asked {
  route: string;
  at: string | null;
  symbols: number;
  limit?: number;
  hours?: number;
  phase?: string;
  session_date?: string | undefined;
}

/** What the three services answer; a test changes it and reads what they were asked. */
export const createAnswers = (symbols: readonly string[]) => {
  const answers = {
    catalysts: symbols.map((symbol) => catalystOf(symbol)),
    refused: [{ symbol: 'ZZZZ', reason: 'last_price was 3, not above 5' }],
    snapshots: new Map<string, Partial<TechnicalSnapshot>>(),
    patterns: new Map<string, Partial<DetectedPattern>[]>(),
    down: new Set<string>(),
    news_faults: [] as string[],
    /** Called before news answers; a test may hold it back. */
    before_news: async (): Promise<void> => {},
    asked: [] as Asked[],
  };
  const ask = (
    service: string,
    route: string,
    count: number,
    more: Partial<Omit<Asked, 'route' | 'at' | 'symbols'>> = {},
  ): void => {
    answers.asked.push({
      route,
      at: currentContext()?.at ?? null,
      symbols: count,
      ...more,
    });
    if (answers.down.has(service)) throw new AppError('BROKER_REFUSED', `${service} cannot answer`);
  };
  const unused = () => {
    throw new Error('not asked by the scanner');
  };
  const news: Handlers<typeof newsApi> = {
    collectNews: unused,
    listArticles: unused,
    queryCatalysts: async ({ body: { hours } }) => {
      ask('news', 'queryCatalysts', 0, { hours });
      await answers.before_news();
      return { as_of: NOW, catalysts: answers.catalysts, degraded: answers.news_faults };
    },
  };
  const technical: Handlers<typeof technicalApi> = {
    syncReference: unused,
    ingestBars: unused,
    refreshQuotes: unused,
    listBars: unused,
    showIndicators: unused,
    selectUniverse: ({ body }) => {
      ask('technical', 'selectUniverse', body.symbols_with_news.length, {
        limit: body.limit,
        session_date: body.session_date,
      });
      const members = body.symbols_with_news.slice(0, body.limit).map((symbol) => ({
        symbol,
        name: symbol,
        sector: null,
        last_price: 50,
        average_volume: 2_000_000,
        has_news: true,
        shortable: true,
      }));
      return { as_of: NOW, securities: 120, members, refused: answers.refused };
    },
    computeSnapshots: ({ body }) => {
      ask('technical', 'computeSnapshots', body.symbols.length, {
        phase: body.phase,
        session_date: body.session_date,
      });
      return {
        snapshots: body.symbols.map((symbol) =>
          snapshotOf(symbol, { phase: body.phase, ...answers.snapshots.get(symbol) }),
        ),
      };
    },
  };
  const pattern: Handlers<typeof patternApi> = {
    checkTriggers: unused,
    showLevels: unused,
    detectPatterns: ({ body }) => {
      ask('pattern', 'detectPatterns', body.symbols.length, { session_date: body.session_date });
      return {
        patterns: body.symbols.flatMap((symbol) =>
          (answers.patterns.get(symbol) ?? [{}]).map((fields) => patternOf(symbol, fields)),
        ),
      };
    },
  };
  return { answers, handlers: { news, technical, pattern } };
};
export type Answers = ReturnType<typeof createAnswers>['answers'];

/** Small services on real sockets, made from the contracts, that answer what the test says. */
export const startNeighbours = async (database: TestDatabase, symbols: readonly string[]) => {
  const { answers, handlers } = createAnswers(symbols);
  const keys = createTestKeys();
  const options = { database_url: database.url, replay_start_at: '2026-03-24T08:00:00.000Z', keys };
  const started = [
    await startFixtureService('news', newsApi, () => handlers.news, options),
    await startFixtureService('technical', technicalApi, () => handlers.technical, options),
    await startFixtureService('pattern', patternApi, () => handlers.pattern, options),
  ];
  const [news, technical, pattern] = started;
  return {
    answers,
    keys,
    options,
    environment: { NEWS_URL: news!.url, TECHNICAL_URL: technical!.url, PATTERN_URL: pattern!.url },
    close: async (): Promise<void> => {
      for (const service of started) await service.close();
    },
  };
};

/** The rows that scans refer to: a cycle, the articles and the securities. */
export const storeReferences = async (
  { database }: TestDatabase,
  cycleId: string,
  symbols: readonly string[],
): Promise<void> => {
  await database.query(
    "INSERT INTO trading_cycles VALUES ($1, '2026-03-24', 'scanning', 'autonomous', 100, '2026-03-24T13:30:00Z', '2026-03-24T20:00:00Z', false, $2, $2)",
    [cycleId, NOW],
  );
  await database.query('SELECT * FROM get_or_create_securities($1)', [symbols]);
  await database.query("INSERT INTO news_sources (name) VALUES ('wire')");
  await database.query(
    `INSERT INTO news_raw (article_id, source_id, vendor, external_id, headline, summary, content, content_hash, published_at, first_seen_at)
     SELECT n.id, (SELECT source_id FROM news_sources), 'test', n.symbol, n.symbol, '', '', n.symbol, $1, $1 FROM unnest($2::uuid[], $3::text[]) AS n(id, symbol)`,
    [NOW, symbols.map(article), symbols],
  );
};
