import { Exact, toCents, toDecimalString, type DecimalString } from './money.ts';
import { entrySide, type Direction, type ExitReason, type OrderRole } from './order.ts';

import { bySequence, holdingAfter, type Execution } from './realized-profit.ts';

/** An execution with what its order says about it. */
export interface BookedFill extends Execution {
  role: OrderRole;
  /** Why an exit order was sent; null for legs and for what others placed. */
  exit_reason: ExitReason | null;
  is_adopted: boolean;
}

/**
 * What a position's executions amount to. Prices are averages, rounded to 9 decimals as the broker
 * does; notionals are exact. The entry price is that of the shares that are held, and of a position
 * that is flat that of all that it had.
 */
export interface PositionBook {
  qty: DecimalString;
  entered_qty: DecimalString;
  entry_notional: DecimalString;
  exit_notional: DecimalString;
  entry_price: DecimalString | null;
  entered_at: string | null;
  exit_price: DecimalString | null;
  exited_at: string | null;
  exit_reason: ExitReason | null;
  /** Dollars to the cent on the shares that were exited, each at the average cost of its time. */
  realized_pnl_usd: DecimalString;
}

const PLACES = 9;
const average = (notional: Exact, qty: Exact): DecimalString | null =>
  qty.isZero() ? null : toDecimalString(notional.div(qty).toDecimalPlaces(PLACES));

const reasonOf = ({ role, exit_reason, is_adopted }: BookedFill): ExitReason => {
  if (exit_reason !== null) return exit_reason;
  if (is_adopted) return 'external';
  return role === 'target' || role === 'stop' ? role : 'manual';
};

/** Adds up the executions of a position; their order of arrival does not matter. */
export const bookPosition = (direction: Direction, fills: readonly BookedFill[]): PositionBook => {
  const into = entrySide(direction);
  let entered = new Exact(0),
    exited = new Exact(0),
    entryNotional = new Exact(0),
    exitNotional = new Exact(0);
  let enteredAt: string | null = null;
  let lastExit: BookedFill | null = null;
  for (const fill of fills) {
    const notional = new Exact(fill.price).times(fill.qty);
    if (fill.side === into) {
      entered = entered.plus(fill.qty);
      entryNotional = entryNotional.plus(notional);
      if (enteredAt === null || fill.filled_at < enteredAt) enteredAt = fill.filled_at;
    } else {
      exited = exited.plus(fill.qty);
      exitNotional = exitNotional.plus(notional);
      if (lastExit === null || bySequence(lastExit, fill) < 0) lastExit = fill;
    }
  }
  const walked = holdingAfter(fills);
  const held = direction === 'long' ? walked.qty : walked.qty.negated();
  const isHeld = held.gt(0);
  const isFlat = !entered.isZero() && exited.gte(entered);
  return {
    qty: toDecimalString(isHeld ? held : 0),
    entered_qty: toDecimalString(entered),
    entry_notional: toDecimalString(entryNotional),
    exit_notional: toDecimalString(exitNotional),
    entry_price: isHeld ? average(walked.cost, walked.qty) : average(entryNotional, entered),
    entered_at: enteredAt,
    exit_price: average(exitNotional, exited),
    exited_at: isFlat ? ((lastExit as BookedFill | null)?.filled_at ?? null) : null,
    exit_reason: isFlat && lastExit ? reasonOf(lastExit) : null,
    realized_pnl_usd: toCents(walked.realized),
  };
};
