import type { ExchangeContext } from './exchange-context.ts';
import type { Order } from './order.ts';

/**
 * Whether the market trades such an order now: in the session, or around it where the order says
 * so.
 */
export const isAtMarket = (
  { market: { time }, finished }: ExchangeContext,
  order: Pick<Order, 'extended_hours'>,
): boolean =>
  time.inRegularSession(finished()) || (order.extended_hours && time.inExtendedHours(finished()));
