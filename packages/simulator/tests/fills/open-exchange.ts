import type { DayBar } from '../../src/day/day.ts';
import type { ExchangeOptions } from '../../src/exchange/exchange-context.ts';
import type { Order } from '../../src/exchange/order.ts';
import type { TradeUpdate } from '../../src/index.ts';
import { createSimulation } from '../../src/simulation.ts';
import { quietDay } from '../small-day.ts';

/** An exchange without a wire, over a quiet day of ACME at 100 with chosen minutes replaced. */
export const openExchange = (bars: DayBar[], options: Partial<ExchangeOptions>, at = '10:00') => {
  const simulation = createSimulation({
    day: quietDay(bars),
    at,
    accounts: 3,
    cash: '100000',
    exchange: { volume_share: 0.1, stream_oco_cancels: true, ...options },
  });
  const account = simulation.accounts[0]!;
  const updates: TradeUpdate[] = [];
  simulation.onUpdate((one, update) => {
    if (one === account) updates.push(update);
  });
  return {
    simulation,
    account,
    events: () => updates.map(({ event }) => event),
    place: (fields: Record<string, unknown>): Order => {
      const outcome = simulation.exchange.submit(account, {
        symbol: 'ACME',
        side: 'buy',
        type: 'market',
        time_in_force: 'day',
        ...fields,
      });
      if (!outcome.ok) throw new Error(outcome.refusal.body.message);
      return outcome.value;
    },
    cancel: (order: Order) => simulation.exchange.cancel(account, order.id),
    /** To a New York clock time, or so many milliseconds on. */
    step: (to: string | number) =>
      simulation.stepTo(
        typeof to === 'string' ? simulation.market.time.at(to) : simulation.now() + to,
      ),
  };
};

export const priceOf = (order: Order): string => order.filled_value.div(order.filled_qty).toFixed();
/** Lets what follows an answer happen. */
export const afterTheAnswer = (): Promise<void> => Promise.resolve();
