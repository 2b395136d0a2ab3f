import type { BrokerOrders } from '@catalyst/brokerage';

interface MarkedActs {
  orders: BrokerOrders;
  /** Another number whenever something was begun or ended. */
  moves(): number;
  mark(): string;
}

/**
 * The broker's orders with a mark that changes with each thing asked of the broker: whoever sees
 * the same mark twice knows that nothing was asked in between, and that `start_id` names the same
 * start of this service.
 */
export const markActs = (orders: BrokerOrders, start_id: string): MarkedActs => {
  let acts = 0;
  let ended = 0;
  const counted =
    <A extends unknown[], R>(act: (...input: A) => Promise<R>) =>
    async (...input: A): Promise<R> => {
      acts += 1;
      try {
        return await act(...input);
      } finally {
        ended += 1;
      }
    };
  return {
    orders: {
      ...orders,
      submitOrder: counted(orders.submitOrder),
      cancelOrder: counted(orders.cancelOrder),
      moveStop: counted(orders.moveStop),
      moveTarget: counted(orders.moveTarget),
    },
    moves: () => acts + ended,
    mark: () => `${start_id}:${acts}`,
  };
};
