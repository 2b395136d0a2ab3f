import { isClosedStatus, type ToldOrderStatus } from './order.ts';

/**
 * `intended` until the broker is known to have it, `refused` when it never will; else the broker's
 * own word, `unknown` where the desk does not know it.
 */
export type DeskStatus = ToldOrderStatus | 'intended' | 'refused';

/** True when nothing more can come of the order. */
export const isEnded = (status: DeskStatus): boolean =>
  status === 'refused' || (status !== 'intended' && isClosedStatus(status));

// how far along its life a status is; updates may come late, twice or out of order
const PROGRESS: Readonly<Partial<Record<DeskStatus, number>>> = {
  intended: 0,
  refused: 0,
  pending_new: 1,
  accepted: 2,
  accepted_for_bidding: 2,
  held: 2,
  new: 3,
  stopped: 4,
  suspended: 4,
  partially_filled: 5,
  pending_cancel: 6,
  pending_replace: 6,
  calculated: 7,
  done_for_day: 7,
};

/**
 * What the answer to a new order says of it: an order that has reached the exchange is never on its
 * way there again.
 */
const ON_ITS_WAY: ReadonlySet<ToldOrderStatus> = new Set(['pending_new', 'accepted']);

/**
 * The status after an update of an order. An ended order stays ended; a trade update of the stream
 * never leads back, an answer (REST) may, since it is what the broker says at this moment. The
 * answer to a new order is as old as the order: the stream can be ahead of it. A word that nobody
 * knows changes nothing that was known, and of an order of which nothing was it says only that the
 * broker has it.
 */
export const nextStatus = (
  known: DeskStatus,
  told: ToldOrderStatus,
  source: 'stream' | 'rest',
): DeskStatus => {
  if (known !== 'refused' && isEnded(known)) return known;
  if (told === 'unknown' && known !== 'intended' && known !== 'refused') return known;
  if (told === 'unknown' || isClosedStatus(told) || (source === 'rest' && !ON_ITS_WAY.has(told)))
    return told;
  return (PROGRESS[told] ?? 0) >= (PROGRESS[known] ?? 0) ? told : known;
};

const WORKING: ReadonlySet<DeskStatus> = new Set([
  'new',
  'accepted',
  'partially_filled',
  'pending_new',
  'pending_replace',
  'accepted_for_bidding',
  'stopped',
]);
/** True when the order is in the book and may fill. */
export const isWorking = (status: DeskStatus): boolean => WORKING.has(status);
