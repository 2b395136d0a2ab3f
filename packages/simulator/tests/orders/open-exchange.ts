import type { Day } from '../../src/day/day.ts';
import type { Account } from '../../src/exchange/account.ts';
import type { ExchangeOptions } from '../../src/exchange/exchange-context.ts';
import type { Order } from '../../src/exchange/order.ts';
import type { Outcome } from '../../src/exchange/refusal.ts';
import { createSimulation, type Simulation } from '../../src/simulation.ts';

interface OpenExchangeOptions {
  /** New York clock time. */
  at: string;
  cash: string;
  exchange: Partial<ExchangeOptions>;
}

/** One account at the exchange of a day, without a wire between them. */
export interface OpenExchange {
  simulation: Simulation;
  account: Account;
  submit(order: Record<string, unknown>): Outcome<Order>;
  /** Places an order that must be taken. */
  place(order: Record<string, unknown>): Order;
  replace(order: Order, body: unknown): Outcome<Order>;
  step(clock: string): void;
}

/** What an outcome is: a status, a code and a message, or "taken". */
export const verdict = (outcome: Outcome<unknown>): string =>
  outcome.ok
    ? 'taken'
    : `${outcome.refusal.status} ${outcome.refusal.body.code} ${outcome.refusal.body.message}`;

export const openExchange = (
  day: Day,
  { at = '10:00', cash = '100000', exchange = {} }: Partial<OpenExchangeOptions> = {},
): OpenExchange => {
  const simulation = createSimulation({
    day,
    at,
    accounts: 1,
    cash,
    exchange: { volume_share: 0.1, stream_oco_cancels: true, ...exchange },
  });
  const account = simulation.accounts[0]!;
  const submit: OpenExchange['submit'] = (order) =>
    simulation.exchange.submit(account, {
      symbol: 'ACME',
      qty: '100',
      side: 'buy',
      type: 'market',
      time_in_force: 'day',
      ...order,
    });
  return {
    simulation,
    account,
    submit,
    place: (order) => {
      const outcome = submit(order);
      if (!outcome.ok) throw new Error(outcome.refusal.body.message);
      return outcome.value;
    },
    replace: (order, body) => simulation.exchange.replace(account, order.id, body),
    step: (clock) => simulation.stepTo(simulation.market.time.at(clock)),
  };
};
