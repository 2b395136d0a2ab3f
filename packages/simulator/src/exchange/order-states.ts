import type { OrderStatus } from '@catalyst/domain';

/*
 * Alpaca's 17 statuses and the moves between them. `filled`, `canceled`, `expired`, `replaced` and `rejected` are final.
 * `accepted_for_bidding`, `stopped`, `suspended` and `calculated` are entered by a script only and lead back to the working statuses.
 */
const ENDS = ['canceled', 'expired', 'rejected'] as const;
/** Entered by a script only. */
export const rareStatuses = ['accepted_for_bidding', 'stopped', 'suspended', 'calculated', 'done_for_day'] as const;
const PENDING = ['pending_cancel', 'pending_replace'] as const;
const FILLS = ['partially_filled', 'filled'] as const;

const NEXT: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending_new: ['accepted', 'new', 'pending_cancel', 'suspended', ...ENDS],
  accepted: ['pending_new', 'new', 'pending_cancel', 'accepted_for_bidding', 'suspended', 'replaced', ...ENDS],
  held: ['new', 'pending_cancel', 'pending_replace', 'replaced', ...ENDS],
  new: [...FILLS, ...PENDING, ...rareStatuses, 'replaced', ...ENDS],
  partially_filled: [...FILLS, ...PENDING, ...rareStatuses, 'replaced', ...ENDS],
  pending_cancel: [...FILLS, 'new', ...ENDS],
  pending_replace: [...FILLS, 'new', 'held', 'replaced', ...ENDS],
  accepted_for_bidding: ['new', 'partially_filled', 'pending_cancel', ...ENDS],
  stopped: [...FILLS, 'new', 'pending_cancel', 'replaced', ...ENDS],
  suspended: ['new', 'partially_filled', 'accepted', 'pending_cancel', ...ENDS],
  calculated: ['new', 'partially_filled', 'done_for_day', 'pending_cancel', ...ENDS],
  done_for_day: ['new', 'partially_filled', 'calculated', 'pending_cancel', ...ENDS],
  filled: [],
  canceled: [],
  expired: [],
  replaced: [],
  rejected: [],
};

/** Statuses to which an order may go from `status`; empty where it has ended. */
export const nextStatuses = (status: OrderStatus): readonly OrderStatus[] => NEXT[status];

export const mayBecome = (from: OrderStatus, to: OrderStatus): boolean => NEXT[from].includes(to);

/** Guards every change of status; an illegal one is a fault of the exchange and throws. */
export const assertTransition = (orderId: string, from: OrderStatus, to: OrderStatus): void => {
  if (!mayBecome(from, to)) throw new Error(`order ${orderId} cannot go from ${from} to ${to}`);
};
