import type { DecimalString, Instant } from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import type { OrderRow } from './book-rows.ts';

/** The book's own failure, which passes; what is wrong with that which is asked of it does not. */
export const isBookAway = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'SERVICE_UNAVAILABLE' || error.code === 'TIMED_OUT');

/** What was done at the broker while the book was away, in the order in which it was done. */
export type UnbookedAct =
  /**
   * An order that is about to be sent; `cause` says why. `shares` are those that it is for where the
   * book is not known to have them: what the broker held of them and paid for each.
   */
  | {
      kind: 'intended';
      at: Instant;
      row: OrderRow;
      cause: string;
      shares: { qty: DecimalString; price: DecimalString } | null;
    }
  /** What the broker answered to it. */
  | {
      kind: 'answered';
      at: Instant;
      client_order_id: string;
      outcome: 'accepted' | 'refused';
      reason: string | null;
    }
  /** An order that was in the way of one of those. */
  | {
      kind: 'canceled';
      at: Instant;
      symbol: string;
      client_order_id: string;
      cause: string;
    };

/** Keeps acts on this machine's disk until the book has them. */
export interface ActJournal {
  note(act: UnbookedAct): void;
  /** Hands over what waits; never throws. */
  settle(): Promise<void>;
}
/** Takes acts into the book, all or none; one that it has already is passed over. */
export type TakeActs = (acts: readonly UnbookedAct[]) => Promise<void>;
export type OpenJournal = (take: TakeActs) => ActJournal;
