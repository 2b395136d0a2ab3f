import type { Account } from '../../src/exchange/account.ts';
import type { TradeUpdate } from '../../src/exchange/exchange-context.ts';
import { isAlive, type Order } from '../../src/exchange/order.ts';
import { createSimulation, type Simulation } from '../../src/simulation.ts';
import { quietDay, security, TRADE_DATE } from '../small-day.ts';
import type { Act, Plan } from './random-plan.ts';
import { CASH, LAST, SHARE, type SYMBOLS } from './session.ts';

export interface Fill {
  account_number: string;
  order_id: string;
  symbol: (typeof SYMBOLS)[number];
  side: 'buy' | 'sell';
  qty: string;
  price: string;
  minute: number;
  at: string;
}

export interface Played {
  simulation: Simulation;
  updates: { account: Account; update: TradeUpdate }[];
  fills: Fill[];
}

const perform = (
  { exchange }: Simulation,
  account: Account,
  index: number,
  one: Act['act'],
): void => {
  const alive = [...account.orders.values()].filter(isAlive);
  const chosen = (at: number): Order | undefined => alive[at % Math.max(1, alive.length)];
  if (one.kind === 'submit')
    exchange.submit(account, { client_order_id: `order-${index}`, ...one.order });
  else if (one.kind === 'cancel all') exchange.cancelAll(account);
  else if (one.kind === 'close') exchange.closePosition(account, one.symbol, null);
  else if (one.kind === 'chase') {
    // A bracket's entry that has filled in part goes after the market.
    const entry = alive.find(
      (order) =>
        order.leg_ids.length > 0 &&
        order.role === 'entry' &&
        order.limit_price &&
        order.filled_qty.gt(0),
    );
    if (entry) exchange.replace(account, entry.id, { limit_price: one.price });
  } else {
    const order = chosen(one.which);
    if (!order) return;
    if (one.kind === 'cancel') exchange.cancel(account, order.id);
    else if (one.kind === 'script') exchange.scriptStatus(account, order.id, one.status);
    else {
      exchange.replace(account, order.id, {
        ...(order.order_class === 'simple' && order.qty.isInteger() && { qty: one.qty }),
        ...(order.limit_price && { limit_price: one.price }),
        ...(order.stop_price && order.type !== 'trailing_stop' && { stop_price: one.price }),
        ...(one.lasts && { time_in_force: 'gtc' }),
      });
    }
  }
};

/**
 * Plays a plan to the end of the extended session; `stride` minutes are stepped at once where
 * nothing is due, and `look` is called after every act and step.
 */
export const play = (
  { bars, events, acts, rules: chosen }: Plan,
  stride = 1,
  look: (simulation: Simulation) => void = () => undefined,
): Played => {
  const usual = quietDay([]);
  const day = quietDay([], {
    bars,
    events,
    securities: [security('ACME'), security('BARE', { marginable: false })],
    calendar: usual.calendar.map((session) =>
      session.date === TRADE_DATE ? { ...session, close: '10:10' } : session,
    ),
  });
  const simulation = createSimulation({
    day,
    at: '09:20',
    accounts: 3,
    cash: CASH,
    exchange: { volume_share: SHARE, stream_oco_cancels: true, ...chosen },
  });
  const updates: Played['updates'] = [];
  simulation.onUpdate((account, update) => updates.push({ account, update }));
  const { time } = simulation.market;
  const stepTo = (instant: number): void => {
    simulation.stepTo(instant);
    look(simulation);
  };
  const goTo = (minute: number, second: number): void => {
    for (let next = simulation.finished() + stride; next < minute; next += stride)
      stepTo(time.startOf(next));
    stepTo(time.startOf(minute) + second * 1_000);
  };
  acts.forEach(({ minute, second, account, act: one }, index) => {
    goTo(minute, second);
    perform(simulation, simulation.accounts[account]!, index, one);
    look(simulation);
  });
  goTo(LAST + 1, 0);
  stepTo(time.startOf(time.extended_close_minute));
  const fills = simulation.ledger
    .after(0)
    .filter(({ kind }) => kind === 'fill') as unknown as Fill[];
  return { simulation, updates, fills };
};
