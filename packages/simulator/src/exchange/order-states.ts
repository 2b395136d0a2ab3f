import type { OrderStatus } from '@catalyst/domain';

/*
 * Alpaca's 17 statuses and the moves between them. `filled`, `canceled`, `expired`, `replaced` and
 * `rejected` are final.
 * `accepted_for_bidding`, `stopped`, `suspended` and `calculated` are entered by a script only and lead back to the working statuses.
 */
const ENDS = ['canceled', 'expired', 'rejected'] as const;
/** What a script may ask for; of these only `done_for_day` also comes by itself. */
export const rareStatuses = [
  'accepted_for_bidding',
  'stopped',
  'suspended',
  'calculated',
  'done_for_day',
] as const;
const PENDING = ['pending_cancel', 'pending_replace'] as const;
const FILLS = ['partially_filled', 'filled'] as const;
/** A rare order goes on, is canceled, gives way to a touched stop, or ends. */
const ON = ['new', 'partially_filled', 'pending_cancel', 'replaced', ...ENDS] as const;

const NEXT: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending_new: ['new', ...ENDS],
  accepted: ['new', 'pending_cancel', 'accepted_for_bidding', 'suspended', ...ENDS],
  held: ['new', 'replaced', ...ENDS],
  new: [...FILLS, ...PENDING, ...rareStatuses, 'replaced', ...ENDS],
  partially_filled: [...FILLS, ...PENDING, ...rareStatuses, 'replaced', ...ENDS],
  pending_cancel: [...FILLS, 'replaced', ...ENDS],
  pending_replace: [...FILLS, 'new', 'replaced', ...ENDS],
  accepted_for_bidding: ON,
  stopped: ['filled', ...ON],
  suspended: ON,
  calculated: ['done_for_day', ...ON],
  done_for_day: ['calculated', ...ON],
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
