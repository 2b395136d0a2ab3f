import { forPurpose } from '@catalyst/brokerage';
import { inContext, within, type Stop } from '@catalyst/runtime';
import type { OrderRow } from '../book-rows.ts';
import { hides, type UnreadItem } from '../domain/unread.ts';
import { untoldOrders } from '../domain/untold-orders.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { LifeDeps } from './life-deps.ts';

/** Sixty of an account's 200 requests a minute: shares may be without a stop for two seconds. */
const EVERY_MS = 1000;
/** What is slower is not waited for: the next look asks anew. */
const LOOK_WITHIN_MS = 5000;
/** An order that works by its own word and that the list goes on leaving out is asked for so often. */
const UNLISTED_AGAIN_MS = 10_000;

/**
 * Live and in a rehearsal, each second while an order works: the broker's list of open orders
 * beside the book's. A stream of updates that is silent looks like one with nothing to tell, so that
 * a stop which somebody else took away would be missed until the next minute. What the list tells
 * otherwise is read anew with its fills, and a pass of the watch over protection follows.
 */
export const createWatchOrders = (
  { broker, book, clock, log, settings }: LifeDeps,
  { refresh, fetchMissingFills }: Pick<CancelOrders, 'refresh' | 'fetchMissingFills'>,
  watchNow: () => Promise<void>,
) => {
  let stop: Stop = () => {};
  /** When each order was last read that every list since has left out. */
  const unlisted = new Map<string, number>();
  const isDue = ({ client_order_id }: OrderRow): boolean =>
    performance.now() - (unlisted.get(client_order_id) ?? -Infinity) >= UNLISTED_AGAIN_MS;
  /** What is untold by the list, and by the book as it is once the list has come. */
  const findUntold = async (): Promise<OrderRow[]> => {
    const before = await book.listWatchedOrders();
    if (untoldOrders(before, []).length === 0) return [];
    const unread: UnreadItem[] = [];
    const listed = await broker.orders.listOrders({ status: 'open', nested: false }, (item) =>
      unread.push(item),
    );
    // one that the minute cannot read either is not asked for each second
    const untold = untoldOrders(before, listed).filter(({ symbol }) => !hides(unread, symbol));
    const first = new Set(untold.map(({ client_order_id }) => client_order_id));
    for (const id of unlisted.keys()) if (!first.has(id)) unlisted.delete(id);
    if (!untold.some(isDue)) return [];
    // mostly the stream has told meanwhile
    return untoldOrders(await book.listWatchedOrders(), listed).filter(
      (order) => first.has(order.client_order_id) && isDue(order),
    );
  };
  const look = async (): Promise<void> => {
    const untold = await findUntold();
    if (untold.length === 0) return;
    await refresh(untold);
    for (const { client_order_id } of untold) unlisted.set(client_order_id, performance.now());
    for (const position_id of new Set(untold.flatMap((order) => order.position_id ?? [])))
      await fetchMissingFills(position_id);
    await watchNow();
  };
  let isBlind = false;
  const lookOnce = async (): Promise<void> => {
    try {
      await within(
        LOOK_WITHIN_MS,
        "a look at the broker's open orders",
        inContext({ at: null, caller: 'trading' }, () => forPurpose('reconciliation', look)),
      );
      if (isBlind) log.info('orders_looked_at_again');
      isBlind = false;
    } catch (error) {
      // once, not each second that the broker or the book is away
      if (!isBlind) log.warn('orders_not_looked_at', { error });
      isBlind = true;
    }
  };
  return {
    start: (): void => {
      if (settings.mode !== 'replay') stop = clock.beside(EVERY_MS, lookOnce);
    },
    stop: (): void => stop(),
  };
};
