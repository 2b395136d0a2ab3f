import { forPurpose, type BrokerOrder } from '@catalyst/brokerage';
import type { Left } from '@catalyst/contracts';
import { compare, symbol as symbolSchema } from '@catalyst/domain';
import { setTimeout as pause } from 'node:timers/promises';
import type { LifeDeps, OrderLife } from '@catalyst/order-life';

/** What was done at the broker, and what is left there. */
export interface Done {
  closing: string[];
  canceled_orders: number;
  left: Left[];
}

const AGAIN_MS = 1000;
const LOOKS_AFTER_MS = [100, 300, 600];

/**
 * Stops for a desk whose database is away: the broker alone is asked, by acts that are bounded by
 * what it holds. What they did is taken into the book when it is back, as what others did is.
 */
export const createActWithoutBook = ({
  broker,
  beside,
  log,
}: Pick<LifeDeps, 'broker' | 'log'> & { beside: OrderLife['besideBook'] }) => {
  const { account, orders } = broker;
  let flattening = false;

  const toLeft = (symbol: string, why: string): Left => ({ symbol, why, is_naked: true });
  const listOpen = (symbol?: string): Promise<BrokerOrder[]> =>
    orders.listOrders({ status: 'open', nested: false, ...(symbol && { symbols: [symbol] }) });
  const closeAll = async (): Promise<Done> => {
    const open = await listOpen();
    const closed = await account.closeEverything();
    return {
      closing: closed
        .map(({ symbol }) => symbol)
        .filter((one) => symbolSchema.safeParse(one).success),
      canceled_orders: open.length,
      left: closed.flatMap(({ symbol, refused }) =>
        refused === null ? [] : [toLeft(symbol, refused)],
      ),
    };
  };
  /** Asks each second until the account is flat. */
  const untilFlat = async (): Promise<void> => {
    if (flattening) return;
    flattening = true;
    try {
      for (;;) {
        await pause(AGAIN_MS);
        try {
          if ((await account.listPositions()).length === 0) return;
          const { left } = await closeAll();
          for (const { symbol, why } of left) log.error('position_naked', { symbol, why });
        } catch (error) {
          log.warn('flatten_failed', { error });
        }
      }
    } finally {
      flattening = false;
    }
  };

  /** Entries among open orders: whatever would add to what is held, or open something. */
  const entriesAmong = async (open: readonly BrokerOrder[]): Promise<BrokerOrder[]> => {
    const held = new Map((await account.listPositions()).map(({ symbol, qty }) => [symbol, qty]));
    return open.filter(({ symbol, side }) => {
      const qty = held.get(symbol) ?? '0';
      return compare(qty, 0) === 0 || compare(qty, 0) > 0 === (side === 'buy');
    });
  };
  const cancel = async (of: readonly BrokerOrder[]): Promise<void> => {
    await Promise.all(of.map(({ id }) => orders.cancelOrder(id)));
  };

  return {
    flatten: (): Promise<Done> =>
      forPurpose('exit', async () => {
        void beside(null, () => forPurpose('exit', untilFlat));
        return closeAll();
      }),
    cancelEntries: (): Promise<Done> =>
      forPurpose('exit', async () => {
        const entries = await entriesAmong(await listOpen());
        await cancel(entries);
        return { closing: [], canceled_orders: entries.length, left: [] };
      }),
    close: (symbol: string): Promise<Done> =>
      beside(symbol, () =>
        forPurpose('exit', async () => {
          const open = await listOpen(symbol);
          await cancel(open);
          for (const wait_ms of LOOKS_AFTER_MS) {
            if ((await listOpen(symbol)).length === 0) break;
            await pause(wait_ms);
          }
          const { refused } = await account.closeSymbol(symbol);
          return {
            closing: [symbol],
            canceled_orders: open.length,
            left: refused === null ? [] : [toLeft(symbol, refused)],
          };
        }),
      ),
  };
};
export type ActWithoutBook = ReturnType<typeof createActWithoutBook>;
