import { z } from 'zod';
import { rareStatuses } from '../exchange/order-states.ts';

/*
 * A fault says where, when and what. `where` names one of four places, and the place decides which
 * `when` and `what` make sense there.
 */

const count = z.int().min(1);
const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, 'a New York time such as 10:05 or 10:05:30');
const id = z
  .string()
  .regex(/^[\w.:-]{1,64}$/, 'a name of 1 to 64 letters, digits, ".", ":", "_" or "-"')
  .optional();
const symbol = z.string().min(1);

/** Times of the trade date, half-open: from `from` until before `to`. */
const between = { from: clock.optional(), to: clock.optional() };

/**
 * Which of the calls that match `where` (between `from` and `to`, counted from 1) are hit: all of
 * them where nothing is said.
 */
const whenCalled = z
  .strictObject({
    ...between,
    /** The n-th call, or several of them. */
    nth: z.union([count, z.array(count).min(1)]).optional(),
    /** Every k-th call. */
    every: count.optional(),
    /** The first k calls. */
    first: count.optional(),
    /**
     * Each call with this probability, drawn from the seed, the fault's id and the call's number.
     */
    probability: z.number().gt(0).max(1).optional(),
    /** After this many the fault is spent. */
    times: count.optional(),
  })
  .refine(
    ({ nth, every, first, probability }) =>
      [nth, every, first, probability].filter((one) => one !== undefined).length <= 1,
    'only one of nth, every, first and probability',
  )
  .refine(
    ({ from, to }) => from === undefined || to === undefined || from < to,
    'a time `to` after the time `from`',
  );
const whenItIs = z
  .strictObject(between)
  .refine(
    ({ from, to }) => from === undefined || to === undefined || from < to,
    'a time `to` after the time `from`',
  );
export type WhenCalled = z.infer<typeof whenCalled>;

const exchange = z.enum(['did_it', 'never_saw']);
const waits = { after_ms: z.int().min(0).max(3_600_000).default(0) };
const failure = z.int().min(400).max(599);

const restEffect = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: failure,
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).default({}),
    exchange: exchange.default('never_saw'),
    ...waits,
  }),
  /** `ms` of waiting: before the exchange sees the request, or after it has answered. */
  z.strictObject({
    kind: z.literal('delay'),
    ms: z.int().min(1).max(3_600_000),
    delays: z.enum(['request', 'answer']).default('answer'),
  }),
  z.strictObject({ kind: z.literal('hang'), exchange: exchange.default('never_saw') }),
  z.strictObject({
    kind: z.literal('half_answer'),
    exchange: exchange.default('did_it'),
    ...waits,
  }),
  z.strictObject({ kind: z.literal('garbage'), exchange: exchange.default('did_it'), ...waits }),
  z.strictObject({
    kind: z.literal('accept_then_fail'),
    answer: z.union([failure, z.enum(['hang', 'reset'])]).default(504),
    ...waits,
  }),
  z.strictObject({ kind: z.literal('lost_request'), ...waits }),
]);
export type RestEffect = z.infer<typeof restEffect>;

const streamEffect = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['silence', 'drop', 'duplicate', 'reorder', 'missing']) }),
  z
    .strictObject({
      kind: z.literal('late'),
      frames: count.optional(),
      until: clock.optional(),
      minutes: count.optional(),
    })
    .refine(
      (late) =>
        [late.frames, late.until, late.minutes].filter((one) => one !== undefined).length === 1,
      'one of frames, until and minutes',
    ),
]);

const ratio = z.number().gt(0).max(100);
const afterSeconds = (most: number, usual: number) => ({
  after_seconds: z.int().min(1).max(most).default(usual),
});
const tapeEffects = [
  /**
   * A trade of `ratio` x the minute's close is reported only after the minute; participants have
   * ten seconds.
   */
  z.strictObject({
    kind: z.literal('late_trade'),
    ratio: ratio.default(1),
    size: count.default(100),
    ...afterSeconds(10, 4),
  }),
  /** A print of the minute turns out to have been at `ratio` x its price. */
  z.strictObject({ kind: z.literal('correction'), ratio, ...afterSeconds(3_600, 10) }),
  z.strictObject({
    kind: z.literal('cancel_error'),
    action: z.enum(['cancel', 'error']).default('cancel'),
    ...afterSeconds(3_600, 10),
  }),
] as const;
export type TapeEffect = z.infer<(typeof tapeEffects)[number]>;

const marketEffect = z.discriminatedUnion('kind', [
  ...tapeEffects,
  z.strictObject({
    kind: z.enum(['halt', 'wide_spread', 'stale_quote', 'borrow_withdrawn', 'day_orders_only']),
  }),
  /** All prices of the symbol from then on are multiplied by `ratio`. */
  z.strictObject({ kind: z.literal('gap'), ratio }),
]);
export const isTapeEffect = (effect: z.infer<typeof marketEffect>): effect is TapeEffect =>
  tapeEffects.some(({ shape }) => shape.kind.value === effect.kind);

const afterMinutes = { after_minutes: z.int().min(0).max(1_440).default(0) };
const orderEffect = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('status'), status: z.enum(rareStatuses), ...afterMinutes }),
  z.strictObject({
    kind: z.literal('reject'),
    reason: z.string().min(1).default('rejected by the exchange'),
    ...afterMinutes,
  }),
]);

const account = z.string().min(1).optional();
const REST = /^(\*|GET|POST|PUT|PATCH|DELETE) \/\S*$/;

const restFault = z.strictObject({
  id,
  /**
   * `rest` is "METHOD /path": `*` stands for any method or one part of a path, `**` for the rest of
   * it. `account` is an account's number, `key_id` one of its keys.
   */
  where: z.strictObject({
    rest: z
      .string()
      .regex(REST, 'a method and a path such as "POST /v2/orders" or "* /v2/positions/*"'),
    account,
    key_id: z.string().min(1).optional(),
  }),
  when: whenCalled.default({}),
  what: restEffect,
});
const streamFault = z.strictObject({
  id,
  /**
   * `event` is a trade update's event (fill, canceled …) or a data message's kind (t, q, b, u, d,
   * s, l, n).
   */
  where: z.strictObject({
    stream: z.enum(['trade_updates', 'stock_data', 'news']),
    account,
    event: z.string().min(1).optional(),
    symbol: symbol.optional(),
  }),
  when: whenCalled.default({}),
  what: streamEffect,
});
const marketFault = z.strictObject({
  id,
  where: z.strictObject({ market: symbol }),
  when: whenItIs.default({}),
  what: marketEffect,
});
const orderFault = z.strictObject({
  id,
  /** `orders` is a symbol or `*` for every one; `client_order_id` may hold `*` for any text. */
  where: z.strictObject({ orders: symbol, client_order_id: z.string().min(1).optional(), account }),
  when: whenCalled.default({}),
  what: orderEffect,
});

export type RestFault = z.infer<typeof restFault>;
export type StreamFault = z.infer<typeof streamFault>;
export type MarketFault = z.infer<typeof marketFault>;
export type OrderFault = z.infer<typeof orderFault>;
export type Fault = RestFault | StreamFault | MarketFault | OrderFault;

/** The four places, by the field of `where` that names them. */
export const faultSchemas = {
  rest: restFault,
  stream: streamFault,
  market: marketFault,
  orders: orderFault,
} as const;
export type FaultPlace = keyof typeof faultSchemas;

export const placeOf = (where: object): FaultPlace =>
  (Object.keys(faultSchemas) as FaultPlace[]).find((place) => place in where)!;
