import type { Decimal } from 'decimal.js';
import type { Day } from './day/day.ts';
import { createAccount, type Account } from './exchange/account.ts';
import type { ExchangeOptions, TradeUpdate } from './exchange/exchange-context.ts';
import { createExchange, type Exchange } from './exchange/exchange.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createHistoricalBars, type HistoricalBars } from './market/historical-bars.ts';
import { createMarket, type Market } from './market/market.ts';
import { MINUTE_MS } from './market/trading-time.ts';

export interface SimulationOptions {
  day: Day;
  /** New York clock time at which the simulation stands until it is stepped: "04:00". */
  at: string;
  accounts: number;
  cash: Decimal.Value;
  exchange: ExchangeOptions;
}

type UpdateListener = (account: Account, update: TradeUpdate) => void;

/** The day, the exchange and the clock that drives them; it moves only when `stepTo` is called. */
export interface Simulation {
  market: Market;
  exchange: Exchange;
  accounts: readonly Account[];
  ledger: Ledger;
  bars: HistoricalBars;
  now(): number;
  finished(): number;
  /** Moves the clock to `to` (milliseconds), minute by minute; an earlier or equal instant does nothing. */
  stepTo(to: number): void;
  onUpdate(listener: UpdateListener): void;
  /** Calls `listener` whenever the clock has moved: after each finished minute, its fills included, and at the instant stepped to. */
  onClock(listener: (now: number) => void): void;
}

export const createSimulation = (options: SimulationOptions): Simulation => {
  const market = createMarket(options.day);
  const { time } = market;
  const ledger = createLedger();
  const accounts = Array.from({ length: options.accounts }, (_, index) => createAccount(index + 1, options.cash));
  const listeners: UpdateListener[] = [];
  let now = time.at(options.at);
  const clockListeners: ((now: number) => void)[] = [];
  const tellTime = (): void => {
    for (const listener of clockListeners) listener(now);
  };

  const exchange = createExchange(
    {
      market,
      ledger,
      options: options.exchange,
      now: () => now,
      finished: () => time.finishedMinutes(now),
      publish: (account, update) => {
        for (const listener of listeners) listener(account, update);
      },
    },
    accounts,
  );

  return {
    market,
    exchange,
    accounts,
    ledger,
    bars: createHistoricalBars(market),
    now: () => now,
    finished: () => time.finishedMinutes(now),
    stepTo: (to) => {
      if (to <= now) return;
      for (let minute = time.finishedMinutes(now); minute < time.finishedMinutes(to); minute += 1) {
        now = time.startOf(minute) + MINUTE_MS;
        exchange.finishMinute(minute);
        tellTime();
      }
      if (now < to) {
        now = to;
        tellTime();
      }
      ledger.append('step', now, { update_seq: accounts.map(({ seq }) => seq) });
    },
    onUpdate: (listener) => {
      listeners.push(listener);
    },
    onClock: (listener) => {
      clockListeners.push(listener);
    },
  };
};
