import { compare, type DecimalString } from './money.ts';
import type { ExitReason, OrderRole } from './order.ts';
import { isEnded, type DeskStatus } from './order-machine.ts';
import { isOnItsWayOut, isProtected, type ExitOrder } from './protection.ts';

/**
 * `opening` while its entry may still fill, `closing` while shares are held that somebody asked to
 * be closed, or an entry that he asked to be ended, `closed` when nothing is held and nothing can
 * fill.
 */
export type PositionStatus = 'opening' | 'open' | 'closing' | 'closed';

/** All that decides a position's status; how it came to be so does not. */
export interface PositionFacts {
  qty: DecimalString;
  /** Its entry is not ended. */
  has_live_entry: boolean;
  /** Why its exit was asked for; null where nobody asked, or took it back. */
  exit_asked: ExitReason | null;
}

export const hasLiveEntry = (orders: readonly { role: OrderRole; status: DeskStatus }[]): boolean =>
  orders.some(({ role, status }) => role === 'entry' && !isEnded(status));

/**
 * The status that the facts make, whatever it was before: so executions that come late, twice or in
 * another order lead to the same one. Shares that turn up after a position was closed open it again,
 * and are closed where that was asked for.
 */
export const positionStatus = ({
  qty,
  has_live_entry,
  exit_asked,
}: PositionFacts): PositionStatus => {
  if (compare(qty, 0) === 0 && !has_live_entry) return 'closed';
  if (exit_asked !== null) return 'closing';
  return has_live_entry ? 'opening' : 'open';
};

/** What stands between held shares and a loss without end. */
export type Guard =
  /** There are none. */
  | 'nothing_held'
  /** The broker has the exit of all of them. */
  | 'exit'
  /** Live stops cover all of them. */
  | 'stop'
  /** Neither: NAKED, and to be protected or closed at once. */
  | 'naked';

export const guardOf = (qty: DecimalString, orders: readonly ExitOrder[]): Guard => {
  if (compare(qty, 0) === 0) return 'nothing_held';
  if (isOnItsWayOut(orders)) return 'exit';
  return isProtected(qty, orders) ? 'stop' : 'naked';
};
