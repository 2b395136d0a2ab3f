import { marketData, trading } from '@alpacahq/alpaca-trade-api';
import {
  AppError,
  createOutsideCall,
  type AlpacaConfig,
  type Clock,
  type Log,
  type Metrics,
  type TradingMode,
} from '@catalyst/service-kit';
import type { z } from 'zod';
import { createItemReader } from './read-items.ts';
import { createRequestBudget, unlimitedBudget, type RequestBudget } from './request-budget.ts';
import { isTransient, toAppError } from './vendor-errors.ts';

export interface BrokerageOptions {
  config: AlpacaConfig;
  log: Log;
  metrics?: Metrics;
  clock: Clock;
  mode: TradingMode;
  /** Milliseconds (wall) until a request is given up. */
  timeout_ms?: number;
}

interface RawAnswer {
  raw: { json(): Promise<unknown> };
}
type Send = (init: { signal?: AbortSignal }) => Promise<RawAnswer>;

export interface AlpacaHost {
  /**
   * A GET: guarded by retries and the breaker, and validated; what does not fit is
   * VENDOR_ANSWERED_GARBAGE with the field's name.
   */
  read<S extends z.ZodType>(what: string, schema: S, send: Send): Promise<z.output<S>>;
  /** A request with an effect: sent once, errors as the SDK throws them. */
  act<T>(send: (init: { signal?: AbortSignal }) => Promise<T>): Promise<T>;
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

const PER_MINUTE = 200;
const KEPT_FOR_ACTS = 30;

const createHost = (
  target: string,
  budget: RequestBudget,
  { log, metrics, timeout_ms = 10_000 }: BrokerageOptions,
): AlpacaHost => {
  const guard = createOutsideCall({
    target,
    log,
    timeout_ms,
    isTransient,
    ...(metrics && { metrics }),
  });
  return {
    read: async (what, schema, send) => {
      // the first request waits for the budget outside of the guard's time-out
      await budget.take('read');
      let attempts = 0;
      const answer = await guard
        .repeatable(async (signal) => {
          attempts += 1;
          if (attempts > 1) await budget.take('read');
          const { raw } = await send({ signal });
          return raw.json();
        })
        .catch((error: unknown) => {
          if (error instanceof SyntaxError)
            throw new AppError(
              'VENDOR_ANSWERED_GARBAGE',
              `alpaca answered ${what} with what is not JSON`,
              { vendor: 'alpaca', request: what, field: 'answer' },
            );
          throw toAppError(what, error);
        });
      return readAnswer(what, schema, answer);
    },
    act: async (send) => {
      await budget.take('act');
      return send({});
    },
  };
};

/** The SDK's API classes on this desk's addresses; its facade knows Alpaca's own hosts only. */
export const connectAlpaca = (options: BrokerageOptions) => {
  const { config, clock, mode, timeout_ms: timeoutMs = 10_000 } = options;
  const credentials = { keyId: config.ALPACA_API_KEY, secret: config.ALPACA_SECRET_KEY, timeoutMs };
  const tradingConfiguration = new trading.Configuration({
    ...credentials,
    basePath: config.ALPACA_TRADING_URL.replace(/\/+$/, ''),
  });
  const dataConfiguration = new marketData.Configuration({
    ...credentials,
    basePath: config.ALPACA_DATA_URL.replace(/\/+$/, ''),
  });
  const budget = () =>
    mode === 'replay'
      ? unlimitedBudget
      : createRequestBudget({ clock, per_minute: PER_MINUTE, kept_for_acts: KEPT_FOR_ACTS });
  return {
    trading: createHost('alpaca_trading', budget(), options),
    data: createHost('alpaca_data', budget(), options),
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
