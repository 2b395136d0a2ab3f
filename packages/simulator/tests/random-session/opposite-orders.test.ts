import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Order } from '../../src/exchange/order.ts';
import type { Simulation } from '../../src/simulation.ts';
import { play } from './play.ts';
import { plan } from './random-plan.ts';
import { runs } from './runs.ts';
import { SYMBOLS } from './session.ts';

const mayTrade = (buy: Order, sell: Order): boolean =>
  !buy.limit_price || !sell.limit_price || buy.limit_price.gte(sell.limit_price);

/**
 * No account could trade with itself, at every instant: neither its plain orders nor what is on its
 * way to their places.
 */
const lookAtOpposites = ({ accounts }: Simulation): void => {
  for (const { alive } of accounts) {
    const plain = (symbol: string, side: 'buy' | 'sell'): Order[] =>
      [...alive.ofSide(symbol, side)]
        .filter((order) => order.order_class === 'simple' && order.type !== 'trailing_stop')
        .flatMap((order) => [order, ...(order.replacement ? [order.replacement] : [])]);
    for (const symbol of SYMBOLS)
      for (const buy of plain(symbol, 'buy'))
        expect(
          plain(symbol, 'sell')
            .filter((sell) => mayTrade(buy, sell))
            .map(({ id }) => `${buy.id} ${id}`),
        ).toEqual([]);
  }
};

describe('whatever the bars, the halts, the rules and what three accounts ask for', () => {
  it('no account has two plain orders that could trade with each other', () => {
    fc.assert(
      fc.property(plan, (planned) => void play(planned, 1, lookAtOpposites)),
      runs(20),
    );
  });
});
