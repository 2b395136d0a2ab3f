import { z } from 'zod';
import { protectionFor } from './bracket.ts';
import { compare, decimalString, Exact, toDecimalString, type DecimalString } from './money.ts';
import { exitSide, type Direction, type OrderRequest } from './order.ts';
import { stopMove } from './stop-plan.ts';
import { isOnTick } from './tick-size.ts';

/**
 * How a person lets what is held leave by an order that waits: at a limit or better, with the stop
 * where it is (`limit`) or somewhere nearer (`oco`); by a stop that sells no lower than a limit; or
 * by a stop that follows the price, by percent of it or by dollars.
 */
export const ownExit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('limit'), limit_price: decimalString }),
  z.strictObject({
    kind: z.literal('oco'),
    limit_price: decimalString,
    stop_price: decimalString,
  }),
  z.strictObject({
    kind: z.literal('stop_limit'),
    stop_price: decimalString,
    limit_price: decimalString,
  }),
  z.strictObject({ kind: z.literal('trailing_percent'), trail_percent: decimalString }),
  z.strictObject({ kind: z.literal('trailing_dollars'), trail_price: decimalString }),
]);
export type OwnExit = z.infer<typeof ownExit>;

/** The prices by which a person names an exit, whatever door they stand at. */
export interface NamedExit {
  limit_price?: DecimalString | undefined;
  stop_price?: DecimalString | undefined;
  stop_limit_price?: DecimalString | undefined;
  trail_percent?: DecimalString | undefined;
  trail_price?: DecimalString | undefined;
}
/** What is asked for beside an exit that waits: that the stop alone moves. */
type StopAlone = { kind: 'stop'; stop_price: DecimalString };

/** What the prices together ask for: null for none of them, which is at market. */
export const ownExitOf = ({
  limit_price,
  stop_price,
  stop_limit_price,
  trail_percent,
  trail_price,
}: NamedExit): OwnExit | StopAlone | { kind: 'contradiction'; why: string } | null => {
  const trail = trail_percent ?? trail_price;
  if (trail !== undefined) {
    const others = [limit_price, stop_price, stop_limit_price, trail_percent && trail_price];
    if (others.some((other) => other !== undefined))
      return {
        kind: 'contradiction',
        why: 'a stop that trails holds all the shares: it goes with no other price, and trails by one amount',
      };
    return trail_percent === undefined
      ? { kind: 'trailing_dollars', trail_price: trail }
      : { kind: 'trailing_percent', trail_percent };
  }
  if (stop_limit_price !== undefined)
    return limit_price !== undefined || stop_price === undefined
      ? {
          kind: 'contradiction',
          why: 'the limit of a stop is the least that it sells for: it goes with the price of the stop, and without another limit',
        }
      : { kind: 'stop_limit', stop_price, limit_price: stop_limit_price };
  if (limit_price !== undefined)
    return stop_price === undefined
      ? { kind: 'limit', limit_price }
      : { kind: 'oco', limit_price, stop_price };
  return stop_price === undefined ? null : { kind: 'stop', stop_price };
};

/** What it does with the shares, in words; `show` writes a price. */
export const describeOwnExit = (
  exit: OwnExit | StopAlone,
  show: (price: DecimalString) => string = (price) => price,
): string => {
  switch (exit.kind) {
    case 'limit':
      return `leave at ${show(exit.limit_price)} or better, the stop stays`;
    case 'oco':
      return `leave at ${show(exit.limit_price)} or better, or by a stop at ${show(exit.stop_price)}`;
    case 'stop':
      return `the stop moves to ${show(exit.stop_price)}`;
    case 'stop_limit':
      return `leave by a stop at ${show(exit.stop_price)}, for no worse than ${show(exit.limit_price)}; without the target`;
    case 'trailing_percent':
      return `leave by a stop that trails the price by ${exit.trail_percent} %; without the target`;
    case 'trailing_dollars':
      return `leave by a stop that trails the price by $${exit.trail_price}; without the target`;
  }
};

interface Held {
  symbol: string;
  direction: Direction;
  qty: DecimalString;
}

/** The order of a person's own exit for all shares; `stop_price` is where their stop is now. */
export const ownExitRequest = (
  client_order_id: string,
  { symbol, direction, qty }: Held,
  asked: OwnExit,
  stop_price: DecimalString,
): OrderRequest => {
  const shared = {
    client_order_id,
    symbol,
    side: exitSide(direction),
    time_in_force: 'gtc' as const,
    qty,
  };
  if (asked.kind === 'limit' || asked.kind === 'oco')
    return protectionFor({
      ...shared,
      direction,
      stop_price: asked.kind === 'oco' ? asked.stop_price : stop_price,
      target_price: asked.limit_price,
    });
  const { kind, ...prices } = asked;
  return {
    ...shared,
    type: kind === 'stop_limit' ? 'stop_limit' : 'trailing_stop',
    order_class: 'simple',
    ...prices,
  };
};

/** A price more than this many times the last one, or less than its part, is a slip of the hand. */
const FAR = 2;

/** Where a trailing stop would begin, at the last price. */
const firstStop = (
  { trail_percent, trail_price }: OrderRequest,
  direction: Direction,
  last_price: DecimalString,
): DecimalString => {
  const trail = trail_price ?? new Exact(last_price).times(trail_percent!).div(100);
  const price = new Exact(last_price);
  return toDecimalString(direction === 'long' ? price.minus(trail) : price.plus(trail));
};

/**
 * Why an exit of one's own is not sent, in words; null where it may be. It never guards less than
 * what it takes the place of: `floor` is the stop that is live, or was last.
 */
export const refusalOfOwnExit = (
  request: OrderRequest,
  {
    symbol,
    direction,
    last_price,
  }: { symbol: string; direction: Direction; last_price: DecimalString | null },
  floor: DecimalString | null,
): string | null => {
  if (last_price === null) return `no price of ${symbol} is known`;
  if (!new Exact(request.qty).isInteger())
    return `parts of a share take no order of this kind: ${symbol} can be closed at market`;
  const gain = direction === 'long' ? 1 : -1;
  const trail = request.trail_percent ?? request.trail_price ?? null;
  if (trail !== null && compare(trail, 0) <= 0)
    return `a stop of ${symbol} cannot trail by ${trail}`;
  const target = request.order_class === 'oco' ? request.limit_price! : null;
  const stop =
    trail !== null
      ? firstStop(request, direction, last_price)
      : (request.stop_loss?.stop_price ?? request.stop_price!);
  const under = request.type === 'stop_limit' ? request.limit_price! : null;
  for (const price of [target, trail === null ? stop : null, under])
    if (price !== null) {
      if (!isOnTick(price)) return `${price} is not on a tick of ${symbol}`;
      if (
        new Exact(price).gt(new Exact(last_price).times(FAR)) ||
        new Exact(price).times(FAR).lt(last_price)
      )
        return `${price} is too far from the price of ${symbol}, ${last_price}`;
    }
  if (target !== null && compare(target, stop) !== gain)
    return `the limit ${target} of ${symbol} is not beyond its stop ${stop}`;
  const move = stopMove(direction, floor, stop, last_price);
  if (move === 'beyond_price')
    return `a stop at ${stop} would sell ${symbol} at once: its price is ${last_price}; close the position instead`;
  if (move === 'farther')
    return `the stop of ${symbol} stays at ${floor!}: an exit does not move it away from the price, to ${stop}`;
  if (under === null) return null;
  if (compare(under, stop) === gain)
    return `the limit ${under} of ${symbol} is not at its stop ${stop} or behind it`;
  // the stop that it takes the place of stays behind it, in the desk's hand
  return stopMove(direction, floor, under, null) === 'farther'
    ? `the limit ${under} of ${symbol} is behind the stop at ${floor!} that it takes the place of`
    : null;
};

interface StopOrder {
  role: string;
  type: string;
  status: string;
  stop_price: DecimalString | null;
  is_adopted: boolean;
}

/**
 * True where the price has come to the stop that an own stop-limit took the place of: its limit
 * waits behind the price, and guards no more. `orders` from the oldest to the newest.
 */
export const isStopLimitPassed = (
  { direction, last_price }: { direction: Direction; last_price: DecimalString | null },
  orders: readonly StopOrder[],
  live: readonly StopOrder[],
): boolean => {
  if (
    last_price === null ||
    !live.some(({ type, is_adopted }) => type === 'stop_limit' && !is_adopted)
  )
    return false;
  const before = orders.findLast(
    ({ role, type, stop_price, is_adopted, status }) =>
      role === 'stop' &&
      type !== 'stop_limit' &&
      stop_price !== null &&
      !is_adopted &&
      status !== 'refused',
  );
  return (
    before !== undefined &&
    compare(last_price, before.stop_price!) !== (direction === 'long' ? 1 : -1)
  );
};
