import { toldOrderStatus, toldOrderType } from '@catalyst/domain';
import { z } from 'zod';
import {
  wireDecimal,
  wireInstant,
  wireNullableDecimal,
  wireNullableInstant,
  wireSide,
  wireText,
} from './primitives.ts';

const word = z.string().min(1);
export const wireLeg = z.object({
  id: z.string().min(1),
  client_order_id: z.string().min(1),
  symbol: z.string().min(1),
  side: wireSide,
  type: word.pipe(toldOrderType.catch('unknown')),
  /**
   * An order that stands alone comes with '' or 'simple'; other classes (such as mleg) belong to
   * assets that the desk does not trade.
   */
  order_class: z
    .string()
    .nullish()
    .transform((value) => value || 'simple'),
  time_in_force: z.string(),
  /** Null for an order by amount of money. */
  qty: wireNullableDecimal,
  filled_qty: wireDecimal,
  filled_avg_price: wireNullableDecimal,
  limit_price: wireNullableDecimal,
  stop_price: wireNullableDecimal,
  status: word.pipe(toldOrderStatus.catch('unknown')),
  created_at: wireInstant,
  updated_at: wireInstant,
  submitted_at: wireNullableInstant,
  filled_at: wireNullableInstant,
  canceled_at: wireNullableInstant,
  replaced_by: wireText.transform((value) => value || null),
  replaces: wireText.transform((value) => value || null),
});

/** Its legs are a list of their own, read one by one. */
export const wireOrder = wireLeg.extend({
  legs: z
    .array(z.unknown())
    .nullish()
    .transform((legs) => legs ?? []),
});

/**
 * An order as the broker has it: prices and quantities as canonical decimal text, instants in UTC.
 */
export type BrokerOrder = Omit<z.output<typeof wireOrder>, 'legs'> & { legs: BrokerLeg[] };
/** A leg as it comes inside its parent; it has none of its own. */
export type BrokerLeg = z.output<typeof wireLeg>;

/**
 * One `trade_updates` message. `seq` is gapless and sent by the simulator only; at the real Alpaca
 * it is null and execution ids and REST carry the order.
 * `execution_id`, `price` and `qty` of the execution are there when shares changed hands.
 */
export const wireTradeUpdate = z
  .object({
    event: z.string().min(1),
    seq: z
      .int()
      .min(1)
      .nullish()
      .transform((value) => value ?? null),
    execution_id: z
      .string()
      .min(1)
      .nullish()
      .transform((value) => value ?? null),
    price: wireNullableDecimal,
    qty: wireNullableDecimal,
    position_qty: wireNullableDecimal,
    timestamp: wireInstant.optional(),
    order: wireOrder,
  })
  .transform(({ timestamp, ...update }) => ({
    ...update,
    timestamp: timestamp ?? update.order.updated_at,
  }));
export type TradeUpdate = Omit<z.output<typeof wireTradeUpdate>, 'order'> & { order: BrokerOrder };
