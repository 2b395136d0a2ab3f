import { marketData, trading } from '@alpacahq/alpaca-trade-api';
import {
  AppError,
  createOutsideCall,
  type AlpacaConfig,
  type Clock,
  type Log,
  type CallMetrics,
  type TradingMode,
} from '@catalyst/runtime';
import type { z } from 'zod';
import { isSafety, purposeAtHand } from './purpose.ts';
import { createItemReader } from './read-items.ts';
import {
  createRequestBudget,
  requestShares,
  unlimitedBudget,
  type AlpacaHostName,
  type BrokerageProcess,
  type RequestBudget,
} from './request-budget.ts';
import { isTransient, takesAgainAt, toAppError } from './vendor-errors.ts';

export interface BrokerageOptions {
  config: AlpacaConfig;
  log: Log;
  metrics?: CallMetrics;
  clock: Clock;
  mode: TradingMode;
  /** Whose share of the requests of a minute this is; trading's where it is not said. */
  process?: BrokerageProcess;
  /** Milliseconds (wall) until a request is given up. */
  timeout_ms?: number;
}

interface RawAnswer {
  raw: { json(): Promise<unknown> };
}
type Send = (init: { signal?: AbortSignal }) => Promise<RawAnswer>;

export interface AlpacaHost {
  /**
   * A GET: guarded by the breaker, by retries where it serves no entry, and validated; what does not
   * fit is VENDOR_ANSWERED_GARBAGE with the field's name.
   */
  read<S extends z.ZodType>(what: string, schema: S, send: Send): Promise<z.output<S>>;
  /**
   * A request with an effect: sent once, and not at all at an open breaker unless it serves an exit
   * or protection; errors as the SDK throws them, or AppError when nothing was sent or answered.
   * `answer_within_ms` gives it up sooner than usual.
   */
  act<T>(
    send: (init: { signal?: AbortSignal }) => Promise<T>,
    answer_within_ms?: number,
  ): Promise<T>;
}

/** Validates a vendor's answer. */
export const readAnswer = <S extends z.ZodType>(
  what: string,
  schema: S,
  answer: unknown,
): z.output<S> => {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') || 'answer';
  throw new AppError(
    'VENDOR_ANSWERED_GARBAGE',
    `alpaca answered ${what} with something else than it documents: ${field}: ${issue?.message ?? 'unreadable'}`,
    { vendor: 'alpaca', request: what, field },
  );
};

const createHost = (
  host: AlpacaHostName,
  { config, log, metrics, clock, mode, process = 'trading', timeout_ms = 10_000 }: BrokerageOptions,
): AlpacaHost => {
  const guard = createOutsideCall({
    target: `alpaca_${host}`,
    log,
    clock,
    timeout_ms,
    isTransient,
    ...(metrics && { metrics }),
  });
  const budget: RequestBudget =
    mode === 'replay'
      ? unlimitedBudget
      : createRequestBudget({
          clock,
          per_minute: requestShares[host][process],
          has_exits: host === 'trading' && process === 'trading',
        });
  const heeded = async <T>(sent: Promise<T>): Promise<T> => {
    try {
      return await sent;
    } catch (error) {
      const at = takesAgainAt(error, Date.parse(clock.latest()));
      if (at !== null) budget.holdUntil(at);
      throw error;
    }
  };
  return {
    read: async (what, schema, send) => {
      const purpose = purposeAtHand();
      // an entry's tries are counted by who sends it: none is added here
      const call = purpose === 'entry' ? guard.once : guard.repeatable;
      const answer = await call(async (signal) => (await heeded(send({ signal }))).raw.json(), {
        passes: isSafety(purpose),
        before: () => budget.take(purpose),
      }).catch((error: unknown) => {
        if (error instanceof SyntaxError)
          throw new AppError(
            'VENDOR_ANSWERED_GARBAGE',
            `alpaca answered ${what} with what is not JSON`,
            { vendor: 'alpaca', request: what, field: 'answer' },
          );
        throw toAppError(what, error, config);
      });
      return readAnswer(what, schema, answer);
    },
    act: (send, answer_within_ms) => {
      const purpose = purposeAtHand();
      return guard.once((signal) => heeded(send({ signal })), {
        passes: isSafety(purpose),
        before: () => budget.take(purpose),
        // in a replay, whose time stands still, nobody is hurried
        ...(answer_within_ms !== undefined &&
          mode !== 'replay' && { timeout_ms: Math.min(answer_within_ms, timeout_ms) }),
      });
    },
  };
};

/** The SDK's API classes on this desk's addresses; its facade knows Alpaca's own hosts only. */
export const connectAlpaca = (options: BrokerageOptions) => {
  const { config, timeout_ms: timeoutMs = 10_000 } = options;
  const credentials = { keyId: config.ALPACA_API_KEY, secret: config.ALPACA_SECRET_KEY, timeoutMs };
  const tradingConfiguration = new trading.Configuration({
    ...credentials,
    basePath: config.ALPACA_TRADING_URL.replace(/\/+$/, ''),
  });
  const dataConfiguration = new marketData.Configuration({
    ...credentials,
    basePath: config.ALPACA_DATA_URL.replace(/\/+$/, ''),
  });
  return {
    trading: createHost('trading', options),
    data: createHost('data', options),
    items: createItemReader(options),
    accounts: new trading.AccountsApi(tradingConfiguration),
    activities: new trading.AccountActivitiesApi(tradingConfiguration),
    orders: new trading.OrdersApi(tradingConfiguration),
    positions: new trading.PositionsApi(tradingConfiguration),
    clock: new trading.ClockApi(tradingConfiguration),
    calendar: new trading.CalendarApi(tradingConfiguration),
    assets: new trading.AssetsApi(tradingConfiguration),
    stocks: new marketData.StockApi(dataConfiguration),
    screener: new marketData.ScreenerApi(dataConfiguration),
    corporateActions: new marketData.CorporateActionsApi(dataConfiguration),
    news: new marketData.NewsApi(dataConfiguration),
  };
};
export type AlpacaConnection = ReturnType<typeof connectAlpaca>;
