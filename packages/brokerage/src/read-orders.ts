import type { z } from 'zod';
import type { ItemReader, TellUnread } from './read-items.ts';
import { wireLeg, wireOrder, type BrokerLeg, type BrokerOrder } from './wire/order.ts';

/**
 * Orders with their legs, each leg by itself: one that cannot be read leaves its parent readable.
 * An order whose state or kind the desk has no word for is read, and told as well.
 */
export const createOrderReader = ({ read, tell }: ItemReader) => {
  const tellUnknown = (
    list: string,
    order: Pick<BrokerLeg, 'id' | 'symbol' | 'status' | 'type'>,
    tellUnread?: TellUnread,
  ): void => {
    const { symbol, id } = order;
    for (const field of ['status', 'type'] as const)
      if (order[field] === 'unknown')
        tell({ list, symbol, id, field, reason: 'a word that is not known' }, tellUnread);
  };
  const withLegs = (order: z.output<typeof wireOrder>, tellUnread?: TellUnread): BrokerOrder => {
    tellUnknown('orders', order, tellUnread);
    const legs = read('legs', wireLeg, order.legs, tellUnread);
    for (const leg of legs) tellUnknown('legs', leg, tellUnread);
    return { ...order, legs };
  };
  return {
    withLegs: (order: z.output<typeof wireOrder>): BrokerOrder => withLegs(order),
    readOrders: (sent: readonly unknown[], tellUnread?: TellUnread): BrokerOrder[] =>
      read('orders', wireOrder, sent, tellUnread).map((order) => withLegs(order, tellUnread)),
  };
};
