import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  newsApi,
  patternApi,
  reportingApi,
  riskApi,
  riskParameters,
  scannerApi,
  technicalApi,
  tradingApi,
  type Api,
  type DailyReport,
  type DetectedPattern,
  type RiskRefusal,
  type RiskParameters,
  type RiskStatus,
  type Scan,
  type ScanResult,
  type ServiceName,
  type SessionMode,
  type TradingState,
  type workflowApi,
} from '@catalyst/contracts';
import { later, newYorkTime, nyseCalendarDay, stableId } from '@catalyst/domain';
import { AppError, inContext, type Client, type Clock, type Handlers } from '@catalyst/service-kit';
import {
  createTestDatabase,
  createTestKeys,
  startFixtureService,
  type FixtureService,
  type TestDatabase,
} from '@catalyst/testkit';
import { parse } from 'yaml';
import { startFixtureExchange, type FixtureExchange } from './fixture-exchange.ts';
import { createFixtureTrading } from './fixture-trading.ts';

export const DATE = '2026-03-24';
export const at = (clock: string): string => newYorkTime(DATE, clock);

/** One call as a service received it. */
export interface Call {
  service: ServiceName;
  route: string;
  at: string;
  body: unknown;
}

/** What the day brings; tests change it before they advance. */
export interface Script {
  /** Symbols that each scan selects, by rank. */
  candidates: string[];
  /** Symbol -> New York times at which its trigger is confirmed. */
  triggers: Record<string, string[]>;
  /** Symbol -> why risk refuses it. */
  refusals: Record<string, RiskRefusal['code']>;
  trading_state: TradingState;
  parameters: RiskParameters;
  flatten_at: string | null;
  /** Answers of risk at that time that ask to look again before it decides. */
  looks_again: number;
  /** Held stocks without a price, as risk tells them. */
  stale_prices: RiskStatus['stale_prices'];
  /** Of every stock but GHOST. */
  quote: { bid_price: string; ask_price: string };
  /** What technical could not read of the broker's assets, days and actions. */
  unread: string[];
  /** Runs before a call is answered; a test may delay it or fail it. */
  beforeCall(call: Call): Promise<void>;
}

export interface FixtureFleet {
  exchange: FixtureExchange;
  database: TestDatabase;
  script: Script;
  calls: Call[];
  callsTo(route: string): Call[];
  trading: ReturnType<typeof createFixtureTrading>;
  /** What a workflow of this fleet needs in its environment. */
  env: Record<string, string>;
  keys: ReturnType<typeof createTestKeys>;
  close(): Promise<void>;
}

const patternOf = (symbol: string, now: string): DetectedPattern => ({
  symbol,
  pattern: 'bull_flag',
  timeframe: '5min',
  confidence: 0.82,
  level: 50,
  entry: 50,
  stop: 49,
  target: 53,
  reward_to_risk: 3,
  evidence: {},
  detected_at: now,
});

/**
 * Seven services that answer from a script, over real sockets and the contracts' own schemas,
 * beside the database of the workflow under test. A day that begins later than at 04:00 costs less.
 */
export const startFixtureFleet = async (from = '04:00'): Promise<FixtureFleet> => {
  const database = await createTestDatabase();
  const exchange = await startFixtureExchange(at(from));
  const keys = createTestKeys();
  const calls: Call[] = [];
  const script: Script = {
    candidates: ['AAA', 'BBB'],
    triggers: {},
    refusals: {},
    trading_state: 'active',
    parameters: riskParameters.parse(
      parse(
        readFileSync(join(import.meta.dirname, '../../../config/risk_parameters.yaml'), 'utf8'),
      ),
    ),
    flatten_at: null,
    looks_again: 0,
    stale_prices: [],
    quote: { bid_price: '50.08', ask_price: '50.1' },
    unread: [],
    beforeCall: async () => {},
  };
  const clocks = new Map<ServiceName, Clock>();
  const started: FixtureService[] = [];
  const env: Record<string, string> = { SIMULATOR_URL: exchange.url };

  const start = async <const A extends Api>(
    name: ServiceName,
    api: A,
    handlers: Handlers<A>,
  ): Promise<void> => {
    const recorded = Object.fromEntries(
      Object.entries(handlers as Record<string, (request: { body?: unknown }) => unknown>).map(
        ([route, handle]) => [
          route,
          async (request: { body?: unknown }) => {
            const call: Call = {
              service: name,
              route,
              at: clocks.get(name)!.now(),
              body: request.body,
            };
            calls.push(call);
            await script.beforeCall(call);
            return handle(request);
          },
        ],
      ),
    ) as unknown as Handlers<A>;
    const answering = (clock: Clock): Handlers<A> => {
      clocks.set(name, clock);
      return recorded;
    };
    const options = { keys, replay_start_at: at(from) };
    const service = await startFixtureService(name, api, answering, options);
    env[`${name.toUpperCase()}_URL`] = service.url;
    started.push(service);
  };
  const nowOf = (name: ServiceName) => (): string => clocks.get(name)!.now();

  await start('news', newsApi, {
    collectNews: () => ({
      collected: 3,
      stored: 2,
      duplicates: 1,
      refused: 0,
      catalysts: 2,
      degraded: [],
    }),
    queryCatalysts: () => ({ as_of: nowOf('news')(), catalysts: [] }),
    listArticles: () => ({ articles: [] }),
  });

  const scanNow = nowOf('scanner');
  let lastSessionScan: Scan | null = null;
  const selected = (now: string): ScanResult[] =>
    script.candidates.map((symbol, index): ScanResult => ({
      symbol,
      stage: 'ranking',
      passed: true,
      reason: 'selected',
      rank: index + 1,
      composite_score: 0.9 - index / 10,
      catalyst_type: 'earnings',
      catalyst_strength: 0.8,
      sentiment: 0.7,
      article_id: null,
      headline: `${symbol} beats`,
      technical: null,
      pattern: patternOf(symbol, now),
    }));
  await start('scanner', scannerApi, {
    startScan: async ({ body: { cycle_id, scan_id = stableId('scan'), phase, universe_size } }) => {
      const now = scanNow();
      await database.database.query(
        "INSERT INTO scans (scan_id, cycle_id, phase, universe_size, status, started_at, completed_at) VALUES ($1, $2, $3, $4, 'complete', $5, $5) ON CONFLICT DO NOTHING",
        [scan_id, cycle_id, phase, universe_size, now],
      );
      const results = selected(now);
      const scan: Scan = {
        scan_id,
        cycle_id,
        phase,
        session_date: null,
        status: 'complete',
        started_at: now,
        completed_at: now,
        counts: {
          universe: 100,
          catalyst: 35,
          technical: 20,
          pattern: 10,
          ranking: results.length,
        },
        degraded: [],
        results,
      };
      return { scan_id, status: 'complete' as const, estimated_completion: now, scan };
    },
    scanLastSession: ({ body: { scan_id, session_date } }) => {
      const now = scanNow();
      lastSessionScan = {
        scan_id,
        cycle_id: null,
        phase: 'last_session',
        session_date,
        status: 'complete',
        started_at: now,
        completed_at: now,
        counts: { universe: 0, catalyst: 0, technical: 0, pattern: 0, ranking: 0 },
        degraded: [],
        results: selected(now),
      };
      return lastSessionScan;
    },
    showLastSessionScan: () => {
      if (!lastSessionScan) throw new AppError('NOT_FOUND', 'no session was scanned yet');
      return lastSessionScan;
    },
    showLatestScan: () => {
      throw new Error('nobody asks for it');
    },
    showScan: () => {
      throw new Error('nobody asks for it');
    },
    showCandidate: () => {
      throw new Error('nobody asks for it');
    },
  });

  await start('technical', technicalApi, {
    syncReference: ({ body }) => {
      const next = Array.from({ length: 10 }, (_, days) =>
        later(`${body.trade_date}T12:00:00.000Z`, (days + 1) * 86_400_000).slice(0, 10),
      ).find((date) => nyseCalendarDay(date));
      return {
        securities: 120,
        calendar_days: 250,
        trading_day: nyseCalendarDay(body.trade_date),
        next_trading_day: nyseCalendarDay(next!),
        unread: script.unread,
      };
    },
    selectUniverse: () => {
      throw new Error('nobody asks for it');
    },
    ingestBars: () => ({ stored: 1, refused: [], missing: [] }),
    computeSnapshots: () => {
      throw new Error('nobody asks for it');
    },
    refreshQuotes: ({ body }) => ({
      quotes: body.symbols
        .filter((symbol) => symbol !== 'GHOST')
        .map((symbol) => ({
          symbol,
          ...script.quote,
          bid_size: 100,
          ask_size: 100,
          quoted_at: nowOf('technical')(),
        })),
    }),
    listBars: () => {
      throw new Error('nobody asks for it');
    },
    showIndicators: () => {
      throw new Error('nobody asks for it');
    },
  });

  await start('pattern', patternApi, {
    detectPatterns: () => ({ patterns: [] }),
    checkTriggers: ({ body }) => {
      const now = nowOf('pattern')();
      return {
        triggers: body.symbols.map((symbol) => {
          const confirmed = (script.triggers[symbol] ?? []).some((clock) => at(clock) === now);
          const pattern = symbol === 'GHOST' ? null : patternOf(symbol, now);
          return {
            symbol,
            confirmed,
            reason: confirmed
              ? 'closed at 50.05 above 50 on 1.80 x the average volume'
              : `close was 49.9 at ${now}, not above 50`,
            bar_missing: false,
            pattern,
            close: pattern && 50.05,
            volume_ratio: 1.8,
          };
        }),
      };
    },
    showLevels: () => {
      throw new Error('nobody asks for it');
    },
  });

  const riskNow = nowOf('risk');
  const status = (): RiskStatus => ({
    trading_state: script.trading_state,
    reason: 'armed',
    daily_pnl_usd: '0',
    daily_loss_limit_usd: '2000',
    daily_loss_used_ratio: 0,
    open_positions: 0,
    max_positions: 5,
    exposure_usd: '0',
    open_risk_usd: '0',
    equity_usd: '100000',
    live_approvals: 0,
    stale_prices: script.stale_prices,
    parameters_version: 1,
    limits_in_part: [],
    limits_used: [],
  });
  const review: Handlers<typeof riskApi>['checkOrder'] = ({ body }) => {
    const code = script.refusals[body.symbol];
    if (code)
      return {
        verdict: 'refused',
        intent_id: body.intent_id,
        code,
        message: 'five positions are held',
        limit: '5',
        value: '6',
        max_qty: '0',
      };
    const qty = body.qty ?? '100';
    return {
      verdict: 'approved',
      approval_id: stableId('approval', body.intent_id),
      intent_id: body.intent_id,
      qty,
      risk_usd: '110',
      notional_usd: '5010',
      expires_at: later(riskNow(), 60_000),
      sizing: {},
    };
  };
  await start('risk', riskApi, {
    checkOrder: review,
    previewOrder: review,
    sizePosition: ({ body: { symbol } }) => ({
      symbol,
      qty: '110',
      stake_ratio: 0.005,
      method: 'fixed_fraction' as const,
      factors: [],
      caps: [],
      tightest: 'risk_per_trade',
    }),
    checkLimits: () => {
      const isOver = script.flatten_at !== null && riskNow() >= at(script.flatten_at);
      const confirm = isOver && script.looks_again > 0;
      if (confirm) script.looks_again -= 1;
      return { status: status(), flatten: isOver && !confirm, confirm };
    },
    showStatus: status,
    showTradingState: () => ({ state: script.trading_state, reason: 'armed' }),
    arm: status,
    changeTradingState: status,
    showParameters: () => ({
      version: 1,
      parameters: script.parameters,
      ranges: {
        max_positions: { min: 1, max: 10 },
        risk_per_trade_ratio: { min: 0.0005, max: 0.02 },
      },
    }),
    updateParameter: ({ params, body }) => ({
      version: 2,
      name: params.name,
      old_value: 5,
      new_value: body.value,
    }),
  });

  const trading = createFixtureTrading(database.database, exchange, () =>
    clocks.get('trading')!.latest(),
  );
  await start('trading', tradingApi, trading.handlers);

  await start('reporting', reportingApi, {
    makeDailyReport: ({ body }) => {
      const metric = { value: null, note: 'no trades' };
      const report: DailyReport = {
        report_id: stableId('report', body.cycle_id),
        cycle_id: body.cycle_id,
        trade_date: DATE,
        mode: 'replay',
        cycle_state: 'reporting',
        subject: 's',
        verdict: 'v',
        performance: {
          period: 'daily',
          from: DATE,
          to: DATE,
          trades: 0,
          wins: 0,
          losses: 0,
          realized_pnl_usd: '0',
          fees: null,
          return_ratio: metric,
          win_rate: metric,
          profit_factor: metric,
          average_win_usd: metric,
          average_loss_usd: metric,
          largest_win_usd: metric,
          largest_loss_usd: metric,
          expectancy_r: metric,
          average_hold_minutes: metric,
          sharpe_ratio: metric,
          max_drawdown_usd: metric,
          by_pattern: [],
        },
        trades: [],
        trades_digest: '0'.repeat(64),
        candidates: 0,
        universe: 0,
        securities: 0,
        orders: 0,
        fills: 0,
        open_positions: trading.open().length,
        open_orders: 0,
        reconciliation: null,
        equity_curve: [],
        risk_used_ratio: null,
        news: [],
        errors: [],
        limits_in_part: [],
        next_session: null,
        report_path: '/r',
        mail: { status: 'sent', to: null, attempts: 1, message_id: null, error: null },
        created_at: nowOf('reporting')(),
      };
      return report;
    },
    showDailyReport: () => {
      throw new Error('nobody asks for it');
    },
    showPerformance: () => {
      throw new Error('nobody asks for it');
    },
    tellStory: () => {
      throw new Error('not asked');
    },
    showJournal: () => {
      throw new Error('nobody asks for it');
    },
  });

  return {
    exchange,
    database,
    script,
    calls,
    trading,
    env,
    keys,
    callsTo: (route) => calls.filter((call) => call.route === route),
    close: async () => {
      await Promise.all(started.map((service) => service.close()));
      await exchange.close();
      await database.drop();
    },
  };
};

/** Opens the day's cycle and gives the conductor's reins. */
export const openDay = async (
  workflow: Client<typeof workflowApi>,
  session_mode: SessionMode = 'autonomous',
) => {
  const cycle = await workflow.startCycle({ body: { session_mode } });
  return {
    cycle,
    advanceTo: (clock: string) =>
      inContext({ cycle_id: cycle.cycle_id }, () =>
        workflow.advanceReplay({ body: { to: at(clock) } }),
      ),
  };
};
