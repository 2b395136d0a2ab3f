import { forPurpose } from '@catalyst/brokerage';
import { orderReasons } from '@catalyst/contracts';
import { AppError } from '@catalyst/runtime';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderRow } from '../book-rows.ts';
import type { LifeDeps } from './life-deps.ts';
import type { SendOrder } from './send-order.ts';
import type { WatchStops } from './watch-stops.ts';

/** Sends of one approved entry in all, whoever asks for it and however often. */
const SENDS = 3;
const SENT_AGAIN = 'sent_again';
const FIRST_WAIT_MS = 250;

/** What became of an entry whose fate was unknown. */
export interface Resumed {
  action: string;
  /** It has ended without the broker having it. */
  is_refused: boolean;
}

/**
 * The one owner of an entry's tries: three sends at most, each after the first only when the broker
 * was asked and does not have it; then it ends.
 */
export const createSendEntry = (
  { book, clock, log }: LifeDeps,
  { send, refuse, isAtBroker }: SendOrder,
  stops: WatchStops,
) => {
  /** Says of a part that the broker does not have, and will not get again, that it is left out. */
  const tellLeftOut = async ({ client_order_id, approval_id }: OrderRow): Promise<void> => {
    const parts = approval_id === null ? [] : await book.listOrdersByApproval(approval_id);
    const one = parts.find((part) => part.client_order_id === client_order_id);
    if (one?.status !== 'refused' || parts.length === 1) return;
    const { symbol, part, qty, reason } = one;
    const details = { client_order_id, part, of: parts.length, qty, reason };
    log.warn('entry_part_left_out', { symbol, ...details });
    await book.transaction(async (tx) =>
      tx.audit({ actor: 'trading', action: 'entry_part_left_out', subject: symbol, details }),
    );
  };

  const end = async (entry: OrderRow, reason: string): Promise<Resumed> => {
    const { symbol, client_order_id } = entry;
    await refuse(entry, 'refused', reason);
    log.warn('entry_given_up', { symbol, client_order_id, reason });
    await tellLeftOut(entry);
    return { action: `entry dropped: ${reason}`, is_refused: true };
  };

  const look = async (entry: OrderRow): Promise<boolean> => {
    try {
      return await isAtBroker(entry);
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable) throw error;
      const { symbol, client_order_id } = entry;
      throw new AppError(
        'OUTCOME_UNKNOWN',
        `the broker may or may not have the entry of ${symbol}, and does not say`,
        { client_order_id, symbol },
        error,
      );
    }
  };

  /** Why an entry must not go out now, however long ago it was intended; null where it may. */
  const whyNot = async ({ approval_id }: OrderRow): Promise<string | null> => {
    const approval = approval_id === null ? undefined : await book.readApproval(approval_id);
    if (approval && Date.parse(approval.expires_at) <= Date.parse(clock.now()))
      return 'its approval ended before the broker had it';
    await stops.sight();
    try {
      await stops.assertMayEnter(book, approval?.approved_at ?? null);
      return null;
    } catch (error) {
      if (error instanceof AppError && !error.retryable) return error.message;
      throw error;
    }
  };

  /**
   * One step on with an entry that is intended since before.
   * @throws AppError OUTCOME_UNKNOWN while the broker does not say whether it has it
   */
  const resume = (entry: OrderRow): Promise<Resumed> =>
    forPurpose('entry', async () => {
      const { client_order_id } = entry;
      if (await look(entry)) return { action: 'entry found at the broker', is_refused: false };
      const banned = await whyNot(entry);
      if (banned !== null) return end(entry, banned);
      const sends = 1 + (await book.countOrderEvents(client_order_id, SENT_AGAIN));
      if (sends >= SENDS) return end(entry, orderReasons.given_up);
      // counted before it goes out: a crash gives no try back
      await book.transaction((tx) =>
        tx.addOrderEvent(entry, { event: SENT_AGAIN, source: 'desk' }, clock.now()),
      );
      const { order } = await send(entry);
      await tellLeftOut(entry);
      return {
        action: `entry sent again: ${order.status}`,
        is_refused: order.status === 'refused',
      };
    });

  return {
    /** Sends what has just been intended, unless the desk was stopped in between. */
    first: (entry: OrderRow) =>
      forPurpose('entry', async () => {
        const banned = await whyNot(entry);
        if (banned === null) {
          await send(entry);
          await tellLeftOut(entry);
        } else await end(entry, banned);
      }),
    resume,
  };
};
export type SendEntry = ReturnType<typeof createSendEntry>;

/**
 * Goes on with an entry of unknown fate until it is sent, refused or given up. Each step takes a
 * turn of its own, so that an exit that comes meanwhile does not wait for the pauses between them.
 */
export const inTries = async <T>(step: () => Promise<T>): Promise<T> => {
  for (let tries = 1, wait_ms = FIRST_WAIT_MS; ; tries += 1, wait_ms *= 2)
    try {
      return await step();
    } catch (error) {
      const isUnknown = error instanceof AppError && error.code === 'OUTCOME_UNKNOWN';
      // one step more than sends: the last one only looks
      if (!isUnknown || tries > SENDS) throw error;
      await sleep(wait_ms);
    }
};
