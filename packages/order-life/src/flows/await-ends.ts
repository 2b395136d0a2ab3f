import { compare, type DecimalString, isEnded } from '@catalyst/domain';
import type { OrderRow } from '../book-rows.ts';
import type { BookSignal } from './book-signal.ts';
import type { LifeDeps } from './life-deps.ts';

/**
 * Wall time within which a cancel must have become `canceled`; a position is without its stop that
 * long at most.
 */
export const CANCEL_WITHIN_MS = 2000;
/**
 * The stream tells of a cancel at once; where it does not, the broker is asked after these. In a
 * replay nothing is told while a step works.
 */
const LOOKS_AFTER_MS = [300, 600, 1200, CANCEL_WITHIN_MS];
const REPLAY_LOOKS_AFTER_MS = [0, ...LOOKS_AFTER_MS];

/** Ends that are remembered by the stream's word: many more than wait to be written at a time. */
const MOST_TOLD = 1000;

/**
 * How long an act waits for orders to be over: for the stream's word of it, or for the book's, which
 * may be later; where neither comes, for what the broker says when it is asked.
 */
export const createAwaitEnds = (
  { book, settings }: Pick<LifeDeps, 'book' | 'settings'>,
  signal: BookSignal,
  refresh: (rows: readonly OrderRow[]) => Promise<void>,
) => {
  const isReplay = settings.mode === 'replay';
  const looks = isReplay ? REPLAY_LOOKS_AFTER_MS : LOOKS_AFTER_MS;

  const listLeft = async (among: readonly OrderRow[]): Promise<OrderRow[]> => {
    const orders = await book.findOrders(
      among.map(({ client_order_id }) => client_order_id),
      [],
    );
    // a fill that was faster wakes the legs
    const filled = new Set(
      orders.flatMap(({ client_order_id, status }) => (status === 'filled' ? client_order_id : [])),
    );
    return orders.filter(
      ({ status, parent_client_order_id }) =>
        !isEnded(status) && !filled.has(parent_client_order_id ?? ''),
    );
  };

  // The stream's word is enough where nothing has filled that the book does not have: its turn to be
  // written may be far, and shares are without a stop until then.
  const told = new Map<string, DecimalString>();
  signal.listen(({ id, status, filled_qty }) => {
    if (status !== 'canceled' && status !== 'expired') return;
    told.set(id, filled_qty);
    if (told.size > MOST_TOLD) told.delete(told.keys().next().value!);
  });
  /** Whether the stream has told that an order ended with no more filled than the book has of it. */
  const isTold = ({ broker_order_id, filled_qty }: OrderRow): boolean => {
    const filled = told.get(broker_order_id ?? '');
    return filled !== undefined && compare(filled, filled_qty) === 0;
  };

  /**
   * Waits until each of the orders whose cancel is being asked for has ended, and the legs that
   * sleep behind them; tells those that have not in time. What the stream told may be in the book
   * later, but for what legs sleep behind: what follows protects by the legs that the book shows.
   */
  const untilEnded = async (
    rows: readonly OrderRow[],
    legs: readonly OrderRow[],
  ): Promise<OrderRow[]> => {
    const began_at = performance.now();
    const areEnded = async (among: readonly OrderRow[]): Promise<boolean> =>
      (among === rows && rows.every(isTold)) || (await listLeft(among)).length === 0;
    const areEndedBefore = async (ms: number, among: readonly OrderRow[]): Promise<boolean> => {
      for (;;) {
        const wait_ms = began_at + ms - performance.now();
        const word = signal.next(Math.max(wait_ms, 0));
        if (await areEnded(among)) return true;
        if (wait_ms <= 0) return false;
        await word;
      }
    };
    /** A look at the broker, whose answer may be slow: true once the stream has told enough. */
    const areEndedWhileLooking = async (): Promise<boolean> => {
      if (isReplay) return refresh(rows).then(() => false);
      const looking = refresh(rows).then(
        () => ({ error: null }),
        (error: unknown) => ({ error }),
      );
      for (;;) {
        const word = signal.next(CANCEL_WITHIN_MS);
        if (await areEnded(rows)) return true;
        const looked = await Promise.race([looking, word]);
        if (looked?.error) throw looked.error;
        if (looked) return false;
      }
    };
    let among = legs.length === 0 ? rows : [...rows, ...legs];
    for (const look_after_ms of looks) {
      if (await areEndedBefore(look_after_ms, among)) return [];
      if (await areEndedWhileLooking()) return [];
      among = rows;
    }
    return listLeft(rows);
  };
  return { isTold, untilEnded };
};
