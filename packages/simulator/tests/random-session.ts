import fc from 'fast-check';
import type { DayBar, MarketEvent } from '../src/day/day.ts';
import type { ExchangeOptions, TradeUpdate } from '../src/exchange/exchange-context.ts';
import { isAlive, type Order } from '../src/exchange/order.ts';
import type { Account } from '../src/exchange/account.ts';
import { createSimulation, type Simulation } from '../src/simulation.ts';
import { bar, OPEN, quietDay, security, TRADE_DATE } from './small-day.ts';

/*
 * A session of forty minutes, a few minutes around it, two securities, three accounts, and whatever
 * they may ask for: every type, class and time in force, shares and dollars, both sides, cancels,
 * replacements, entries that chase the market, closes and statuses by a script, between halts, gaps
 * and minutes without trades.
 */
export const SYMBOLS = ['ACME', 'BARE'] as const;
export const CASH = '100000';
export const SHARE = 0.1;
export const CLOSE_MINUTE = OPEN + 40;
const FIRST = OPEN - 8;
const LAST = CLOSE_MINUTE + 8;

/** A random walk of bars on the tick, with gaps and minutes without trades. */
export const walk = fc
  .array(
    fc.record({
      gap: fc.integer({ min: -150, max: 150 }),
      move: fc.integer({ min: -150, max: 150 }),
      up: fc.integer({ min: 0, max: 100 }),
      down: fc.integer({ min: 0, max: 100 }),
      volume: fc.integer({ min: 1, max: 4_000 }),
      trades: fc.integer({ min: 0, max: 9 }),
    }),
    { minLength: LAST - FIRST, maxLength: LAST - FIRST },
  )
  .map((steps) => {
    const bars: DayBar[] = [];
    let last = 10_000;
    steps.forEach(({ gap, move, up, down, volume, trades }, index) => {
      if (trades === 0) return;
      const open = last + gap;
      const close = open + move;
      bars.push(
        bar(
          FIRST + index,
          open / 100,
          (Math.max(open, close) + up) / 100,
          (Math.min(open, close) - down) / 100,
          close / 100,
          volume,
        ),
      );
      last = close;
    });
    return bars;
  });

const symbol = fc.constantFrom(...SYMBOLS);
const side = fc.constantFrom('buy' as const, 'sell' as const);
const cents = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((price) => (price / 100).toFixed(2));
const whole = fc.integer({ min: 1, max: 400 }).map(String);
const fraction = fc.integer({ min: 1, max: 40_000_000 }).map((parts) => (parts / 1e6).toFixed(6));
const anyPrice = cents(9_700, 10_300);
const lasting = fc.constantFrom('day', 'day', 'gtc');
const target = fc.record({ limit_price: cents(10_020, 10_500) });
const stop = fc.record({ stop_price: cents(9_500, 9_980) });
const longBracket = fc.record({
  symbol,
  side: fc.constant('buy'),
  type: fc.constant('limit'),
  limit_price: cents(9_990, 10_100),
  qty: whole,
  order_class: fc.constant('bracket'),
  time_in_force: lasting,
  take_profit: fc.constant({ limit_price: '102' }),
  stop_loss: stop,
});
const order = fc.oneof(
  fc.record({
    symbol,
    side,
    type: fc.constant('market'),
    qty: whole,
    time_in_force: fc.constantFrom('day', 'gtc', 'ioc', 'fok', 'opg', 'cls'),
  }),
  fc.record({
    symbol,
    side,
    type: fc.constant('limit'),
    qty: whole,
    limit_price: anyPrice,
    time_in_force: fc.constantFrom('day', 'day', 'gtc', 'ioc', 'fok', 'opg', 'cls'),
  }),
  fc.record({
    symbol,
    side,
    type: fc.constant('limit'),
    qty: whole,
    limit_price: anyPrice,
    time_in_force: lasting,
    extended_hours: fc.constant(true),
  }),
  fc.record({
    symbol,
    side,
    type: fc.constant('stop'),
    qty: whole,
    stop_price: anyPrice,
    time_in_force: lasting,
  }),
  fc.record({
    symbol,
    side,
    type: fc.constant('stop_limit'),
    qty: whole,
    stop_price: anyPrice,
    limit_price: anyPrice,
    time_in_force: lasting,
  }),
  fc.record({
    symbol,
    side,
    type: fc.constant('trailing_stop'),
    qty: whole,
    trail_percent: fc.constantFrom('0.5', '1'),
    time_in_force: lasting,
  }),
  fc
    .record({
      symbol,
      side,
      type: fc.constantFrom('market', 'limit'),
      qty: fraction,
      limit_price: anyPrice,
      time_in_force: fc.constant('day'),
    })
    .map(({ limit_price, ...one }) => (one.type === 'limit' ? { ...one, limit_price } : one)),
  fc.record({
    symbol,
    side,
    type: fc.constant('market'),
    notional: cents(100, 2_000_000),
    time_in_force: fc.constant('day'),
  }),
  fc.record({
    symbol,
    side: fc.constant('buy'),
    type: fc.constant('market'),
    qty: whole,
    order_class: fc.constant('bracket'),
    time_in_force: lasting,
    take_profit: target,
    stop_loss: stop,
  }),
  longBracket,
  fc.record({
    symbol,
    side: fc.constant('sell'),
    type: fc.constant('limit'),
    limit_price: cents(9_900, 10_010),
    qty: whole,
    order_class: fc.constant('bracket'),
    time_in_force: lasting,
    take_profit: fc.constant({ limit_price: '98' }),
    stop_loss: fc.record({ stop_price: cents(10_020, 10_500) }),
  }),
  fc.record({
    symbol,
    side: fc.constant('buy'),
    type: fc.constant('market'),
    qty: whole,
    order_class: fc.constant('oto'),
    time_in_force: lasting,
    stop_loss: stop,
  }),
  fc.record({
    symbol,
    side: fc.constant('sell'),
    type: fc.constant('limit'),
    qty: whole,
    order_class: fc.constant('oco'),
    time_in_force: lasting,
    take_profit: target,
    stop_loss: stop,
  }),
);

const which = fc.nat({ max: 100 });
const chase = fc.record({ kind: fc.constant('chase' as const), price: anyPrice });
const act = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('submit' as const), order }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel all' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      which,
      qty: whole,
      price: anyPrice,
      lasts: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: chase },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('close' as const), symbol }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('script' as const),
      which,
      status: fc.constantFrom(
        'suspended' as const,
        'new' as const,
        'stopped' as const,
        'calculated' as const,
        'done_for_day' as const,
        'canceled' as const,
        'rejected' as const,
      ),
    }),
  },
);
const timed = fc.record({
  minute: fc.integer({ min: FIRST, max: LAST }),
  second: fc.constantFrom(0, 0, 20),
  account: fc.nat({ max: 2 }),
  act,
});
type Act = typeof timed extends fc.Arbitrary<infer A> ? A : never;

const halts = fc
  .array(
    fc.record({
      symbol,
      kind: fc.constant('halt' as const),
      from_minute: fc.integer({ min: OPEN, max: CLOSE_MINUTE - 1 }),
      length: fc.integer({ min: 1, max: 12 }),
    }),
    { maxLength: 2 },
  )
  .map((all) =>
    all.map(({ length, ...one }): MarketEvent => ({ ...one, to_minute: one.from_minute + length })),
  );

const rules = fc.record({
  fills: fc.constantFrom('next_bar' as const, 'at_once' as const),
  latency_ms: fc.constantFrom(0, 0, 200, 60_000, 90_000),
  limit_queue: fc.constantFrom('none' as const, 'through' as const),
  impact_ratio: fc.constantFrom(0, 0.6),
  stream_oco_cancels: fc.boolean(),
});

export interface Plan {
  bars: Record<(typeof SYMBOLS)[number], DayBar[]>;
  events: MarketEvent[];
  acts: Act[];
  rules: Partial<ExchangeOptions>;
}
const bars = fc.record({ ACME: walk, BARE: walk });
const inOrder = (acts: Act[]): Act[] =>
  acts.sort((left, right) => left.minute - right.minute || left.second - right.second);
export const plan: fc.Arbitrary<Plan> = fc.record({
  bars,
  events: halts,
  rules,
  acts: fc.array(timed, { minLength: 1, maxLength: 60, size: 'max' }).map(inOrder),
});

/**
 * A bracket that more than one minute has to fill, and whose entry goes after the market again and
 * again.
 */
export const pursuit: fc.Arbitrary<Plan> = fc.record({
  bars,
  events: fc.constant([]),
  rules,
  acts: fc
    .tuple(
      longBracket,
      fc.array(
        fc.record({
          minute: fc.integer({ min: OPEN + 1, max: CLOSE_MINUTE - 1 }),
          second: fc.constantFrom(0, 20),
          account: fc.constant(0),
          act: chase,
        }),
        { minLength: 4, maxLength: 20 },
      ),
    )
    .map(([order, chases]): Act[] => [
      { minute: OPEN, second: 0, account: 0, act: { kind: 'submit', order } },
      ...inOrder(chases),
    ]),
});

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

/**
 * How many random runs a property gets. SIMULATOR_RUNS asks for another number, and then the first
 * plan that fails is shown as it is, since making so many smaller takes long.
 */
export const runs = (usual: number): { numRuns: number; endOnFailure: boolean } => {
  const asked = process.env.SIMULATOR_RUNS;
  return asked === undefined
    ? { numRuns: usual, endOnFailure: false }
    : { numRuns: Number(asked), endOnFailure: true };
};
