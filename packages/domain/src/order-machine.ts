import { compare, type DecimalString } from './money.ts';
import { isClosedStatus, orderStatuses, type ToldOrderStatus } from './order.ts';

/**
 * `intended` until the broker is known to have it, `refused` when it never will; else the broker's
 * own word, `unknown` where the desk does not know it.
 */
export type DeskStatus = ToldOrderStatus | 'intended' | 'refused';

/** Where in its life an order is, by its status; each stage comes after those above it. */
export const orderStages = {
  /** Written down, and not known to be at the broker. */
  meant: ['intended', 'refused'],
  /** The broker has it, and says nothing that the desk understands. */
  unclear: ['unknown'],
  arriving: ['pending_new'],
  waiting: ['accepted', 'accepted_for_bidding', 'held'],
  working: ['new'],
  paused: ['stopped', 'suspended'],
  filling: ['partially_filled'],
  /** Asked to leave the book; until it has, it may fill. */
  leaving: ['pending_cancel', 'pending_replace'],
  /** Done for the session at hand. */
  resting: ['calculated', 'done_for_day'],
  ended: ['filled', 'canceled', 'expired', 'replaced', 'rejected'],
} as const satisfies Record<string, readonly DeskStatus[]>;
export type OrderStage = keyof typeof orderStages;

const STAGE_NAMES = Object.keys(orderStages) as OrderStage[];
const STAGE_OF = new Map<DeskStatus, OrderStage>(
  STAGE_NAMES.flatMap((stage) => orderStages[stage].map((status) => [status, stage] as const)),
);
export const stageOf = (status: DeskStatus): OrderStage => STAGE_OF.get(status)!;
const ageOf = (status: DeskStatus): number => STAGE_NAMES.indexOf(stageOf(status));

/** Every status that an order of the desk can have. */
export const deskStatuses: readonly DeskStatus[] = [
  'intended',
  'refused',
  'unknown',
  ...orderStatuses,
];

/** True when nothing more can come of the order. */
export const isEnded = (status: DeskStatus): boolean =>
  status === 'refused' || (status !== 'intended' && isClosedStatus(status));

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

/** Who says it: the stream, whose updates may be late, or an answer to a question of this moment. */
export type ToldBy = 'stream' | 'rest';

/**
 * What the answer to a new order says of it: an order that has reached the exchange is never on its
 * way there again, so an answer that says so is as old as the order.
 */
const isOnItsWay = (told: ToldOrderStatus): boolean =>
  told === 'pending_new' || told === 'accepted';

/**
 * The status after an update of an order. The stream only leads on; an answer may lead back, since
 * it is what the broker says at this moment. Ended is ended, but for what the desk alone gave up:
 * `refused` gives way to any word of the broker that it has the order. A word that nobody knows
 * changes nothing that was known.
 */
export const nextStatus = (known: DeskStatus, told: ToldOrderStatus, by: ToldBy): DeskStatus => {
  if (stageOf(known) === 'ended') return known;
  if (told === 'unknown') return stageOf(known) === 'meant' ? told : known;
  if (isClosedStatus(told) || stageOf(known) === 'meant') return told;
  if (by === 'rest' && !isOnItsWay(told)) return told;
  return ageOf(told) >= ageOf(known) ? told : known;
};

/** What is known of an order, or told of it, as far as its life is concerned. */
export interface OrderPoint<S extends DeskStatus = DeskStatus> {
  status: S;
  filled_qty: DecimalString;
}

/**
 * True for an update that tells of an earlier moment than what is known: with fewer shares filled,
 * or with as many at a stage that the order has left. What it says of sizes and prices is over; its
 * end, if it tells of one, is not.
 */
export const isLate = (
  known: OrderPoint,
  told: OrderPoint<ToldOrderStatus>,
  by: ToldBy,
): boolean => {
  const filled = compare(told.filled_qty, known.filled_qty);
  if (filled !== 0) return filled < 0;
  if (stageOf(known.status) === 'ended') return told.status !== known.status;
  return told.status !== 'unknown' && nextStatus(known.status, told.status, by) !== told.status;
};

/**
 * The status after an update with its shares: one that tells of fewer shares than are known is held
 * to be late, whoever says it, and only leads on.
 */
export const statusAfter = (
  known: OrderPoint,
  told: OrderPoint<ToldOrderStatus>,
  by: ToldBy,
): DeskStatus =>
  nextStatus(
    known.status,
    told.status,
    compare(told.filled_qty, known.filled_qty) < 0 ? 'stream' : by,
  );

/**
 * Every status that may come right after one, whoever tells it, the desk's own acts included: it
 * refuses what the broker does not have, ends what it no longer means, and takes up again for the
 * day what was refused until canceled. A row that went another way was written by something else.
 */
export const mayFollow = (known: DeskStatus, next: DeskStatus): boolean => {
  if (known === next) return true;
  if (next === 'intended') return known === 'refused';
  if (next === 'refused') return known === 'intended';
  return (['stream', 'rest'] as const).some((by) => nextStatus(known, next, by) === next);
};
