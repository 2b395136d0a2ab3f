import type { Decimal } from 'decimal.js';
import { createHappenedCounter, type Happened } from './clock/happened.ts';
import { StepError } from './clock/read-step.ts';
import type { Day } from './day/day.ts';
import { createAccount, type Account } from './exchange/account.ts';
import type { ExchangeOptions, TradeUpdate } from './exchange/exchange-context.ts';
import { createExchange, type Exchange } from './exchange/exchange.ts';
import { createSecretHider, type SecretHider } from './secret-hider.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createHistoricalBars, type HistoricalBars } from './market/historical-bars.ts';
import { reportTradesLate } from './market/late-trade.ts';
import { createMarket, type Market } from './market/market.ts';
import type { MarketOptions } from './market/market-options.ts';
import { createTape } from './market/tape.ts';
import { MINUTE_MS, MINUTES_PER_DAY } from './market/trading-time.ts';

export interface SimulationOptions {
  day: Day;
  /** New York clock time at which the simulation stands until it is stepped: "04:00". */
  at: string;
  /** What moves the clock, as `/sim/status` names it; `stepped` when absent. */
  clock?: string;
  accounts: number;
  cash: Decimal.Value;
  exchange: ExchangeOptions;
  market?: MarketOptions;
  /** Where everything is written down; a ledger in memory where none is given. */
  ledger?: Ledger;
  /** The accounts' secret keys, which must never stand in the ledger. */
  secret_keys?: readonly string[];
}

type UpdateListener = (account: Account, update: TradeUpdate) => void;

/** The day, the exchange and the clock that drives them; it moves only when `stepTo` is called. */
export interface Simulation {
  market: Market;
  exchange: Exchange;
  accounts: readonly Account[];
  ledger: Ledger;
  /** Takes secrets out of what comes from outside before it is written down. */
  secrets: SecretHider;
  /** `stepped`, or the name of the clock that runs by itself. */
  clock: string;
  bars: HistoricalBars;
  now(): number;
  finished(): number;
  /**
   * Moves the clock to `to` (milliseconds), minute by minute, and says what happened on the way; an
   * earlier or equal instant does nothing, one from the next midnight in New York on is a
   * `StepError`.
   */
  stepTo(to: number): Happened;
  /**
   * Moves the clock as `stepTo` does, and writes a step into the ledger only where a minute ends:
   * for a clock that runs by itself.
   */
  advanceTo(to: number): void;
  onUpdate(listener: UpdateListener): void;
  /**
   * Calls `listener` whenever the clock has moved: after each finished minute, its fills included,
   * and at the instant stepped to.
   */
  onClock(listener: (now: number) => void): void;
}

export const createSimulation = (options: SimulationOptions): Simulation => {
  const market = createMarket(options.day, options.market);
  const { time } = market;
  const ledger = options.ledger ?? createLedger();
  const accounts = Array.from({ length: options.accounts }, (_, index) =>
    createAccount(index + 1, options.cash),
  );
  const listeners: UpdateListener[] = [];
  const counter = createHappenedCounter(market);
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
        counter.countUpdate(update.event);
        for (const listener of listeners) listener(account, update);
      },
    },
    accounts,
  );

  const lateTrades = options.market?.late_trades_ratio ?? 0;
  if (lateTrades > 0)
    reportTradesLate(
      {
        market,
        tape: createTape(market),
        finished: () => time.finishedMinutes(now),
        onClock: (listener) => void clockListeners.push(listener),
      },
      lateTrades,
    );

  /** Moves the clock and returns how many minutes have ended on the way. */
  const moveTo = (to: number): number => {
    exchange.passTime();
    const before = time.finishedMinutes(now);
    for (let minute = before; minute < time.finishedMinutes(to); minute += 1) {
      now = time.startOf(minute) + MINUTE_MS;
      exchange.finishMinute(minute);
      tellTime();
    }
    if (now < to) {
      now = to;
      exchange.passTime();
      tellTime();
    }
    return time.finishedMinutes(now) - before;
  };
  const recordStep = (): void =>
    void ledger.append('step', now, { update_seq: accounts.map(({ seq }) => seq) });

  return {
    market,
    exchange,
    accounts,
    ledger,
    secrets: createSecretHider(options.secret_keys ?? []),
    clock: options.clock ?? 'stepped',
    bars: createHistoricalBars(market),
    now: () => now,
    finished: () => time.finishedMinutes(now),
    stepTo: (to) => {
      const midnight = time.startOf(MINUTES_PER_DAY);
      if (to >= midnight)
        throw new StepError(
          `the day ends at midnight in New York (${new Date(midnight).toISOString()}): expected an instant before that, was ${new Date(to).toISOString()}`,
        );
      const from = now;
      const begin = counter.begin();
      if (to > now) {
        moveTo(to);
        recordStep();
      }
      return counter.since(begin, from, now);
    },
    advanceTo: (to) => {
      if (to > now && moveTo(to) > 0) recordStep();
    },
    onUpdate: (listener) => {
      listeners.push(listener);
    },
    onClock: (listener) => {
      clockListeners.push(listener);
    },
  };
};
