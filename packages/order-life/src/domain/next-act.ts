import {
  compare,
  type DecimalString,
  type Direction,
  Exact,
  type ExitOrder,
  type Instant,
  isEnded,
  isOnItsWayOut,
  isProtected,
  isStopLimitPassed,
  later,
  liveStops,
  type MarketHours,
  type PositionStatus,
} from '@catalyst/domain';

interface TendedOrder extends ExitOrder {
  type: string;
  stop_price: DecimalString | null;
  is_adopted: boolean;
  created_at: Instant;
  updated_at: Instant;
}
interface TendedPosition {
  status: PositionStatus;
  direction: Direction;
  qty: DecimalString;
  last_price: DecimalString | null;
}

/** What a pass knows beside the position and its orders. */
export interface Circumstances {
  now: Instant;
  hours: MarketHours;
  /** Only a minute of the cycle, a start and whoever asked for an entry send one. */
  may_enter: boolean;
  /** Halted or flattening: what waits to be entered is taken back. */
  is_stopped: boolean;
  /** Somebody closes at the broker without the desk, which keeps out of it. */
  is_direct: boolean;
  entry_lifetime_ms: number;
  /** Since when the shares are seen without a stop. */
  naked_since: Instant;
  patience: Patience;
}

/** How long the broker's word is waited for before the desk acts on shares without a stop. */
export interface Patience {
  /** For the legs of an entry that has just been filled: the broker tells of each by itself. */
  legs_ms: number;
  /** For the rest of an entry; null leaves one that is filled in part alone. */
  rest_ms: number | null;
}
/** Where time passes; with the cancel that follows, shares are naked for less than two seconds. */
export const SOME_PATIENCE: Patience = { legs_ms: 300, rest_ms: 1000 };
/** A replay's minute, whose time stands still, and a start: there is nothing to wait for. */
export const NO_PATIENCE: Patience = { legs_ms: 0, rest_ms: 0 };
/** After an update of a replay: the rest of an entry is its minute's to look at. */
export const UNTIL_THE_MINUTE: Patience = { legs_ms: 0, rest_ms: null };

export type NextAct =
  | { act: 'none' }
  /** Nothing yet, and a look at this instant. */
  | { act: 'wait'; until: Instant }
  | { act: 'resume_entry' }
  | { act: 'end_entry'; why: 'partly_filled' | 'too_old' | 'stopped' }
  | { act: 'protect' }
  | { act: 'close' }
  /** Parts of a share, whose stop would end with the day; or what a stop-limit guards no more. */
  | { act: 'sell'; why: 'fraction' | 'passed' };

/** A refused exit of shares that have their stop is tried again after 1, 2, 4, 8, 15, 15 … s. */
const AGAIN_AFTER_MS = 1000;
const AGAIN_AT_MOST_MS = 15_000;

const NONE: NextAct = { act: 'none' };

/** When an exit that was refused is due again; null where none was. */
const exitAgainAt = (orders: readonly TendedOrder[]): Instant | null => {
  const refused = orders.filter(({ role, status }) => role === 'exit' && status === 'refused');
  if (refused.length === 0) return null;
  const last = refused.reduce((a, b) => (a.updated_at > b.updated_at ? a : b));
  const wait_ms = Math.min(AGAIN_AFTER_MS * 2 ** (refused.length - 1), AGAIN_AT_MOST_MS);
  return later(last.updated_at, wait_ms);
};

const afterPatience = (
  { now, naked_since }: Circumstances,
  patience_ms: number,
  act: NextAct,
): NextAct => {
  const until = later(naked_since, patience_ms);
  return now >= until ? act : { act: 'wait', until };
};

const nextOfClosing = (
  position: TendedPosition,
  orders: readonly TendedOrder[],
  circumstances: Circumstances,
): NextAct => {
  const { now, hours } = circumstances;
  if (isOnItsWayOut(orders)) return NONE;
  if (compare(position.qty, 0) === 0) return { act: 'close' };
  const isSafe = isProtected(position.qty, orders);
  // a market order would wait for the next open, and the stop with it
  if (hours.open_since === null)
    return isSafe
      ? NONE
      : afterPatience(circumstances, circumstances.patience.legs_ms, { act: 'protect' });
  const again = isSafe ? exitAgainAt(orders) : null;
  return again !== null && now < again ? { act: 'wait', until: again } : { act: 'close' };
};

/**
 * What a position's state asks for, whatever led to it: so whatever a crash, a refusal or a lost
 * update cut off is taken up here.
 */
export const nextAct = (
  position: TendedPosition,
  orders: readonly TendedOrder[],
  circumstances: Circumstances,
): NextAct => {
  const { now, hours, may_enter, is_stopped, entry_lifetime_ms, patience } = circumstances;
  if (position.status === 'closed' || circumstances.is_direct) return NONE;
  if (position.status === 'closing') return nextOfClosing(position, orders, circumstances);
  const entries = orders.filter(({ role, status }) => role === 'entry' && !isEnded(status));
  const sent = entries.filter(({ status }) => status !== 'intended');
  const isHeld = compare(position.qty, 0) > 0;
  // the stop of a bracket sleeps until all of it is filled; one of another part may work already
  const isPartly =
    sent.some(({ filled_qty }) => compare(filled_qty, 0) > 0) || !isProtected(position.qty, orders);
  if (sent.length > 0 && isHeld && isPartly)
    return patience.rest_ms === null
      ? NONE
      : afterPatience(circumstances, patience.rest_ms, { act: 'end_entry', why: 'partly_filled' });
  const own = sent.find(({ is_adopted }) => !is_adopted);
  if (own && is_stopped) return { act: 'end_entry', why: 'stopped' };
  if (own && now >= later(own.created_at, entry_lifetime_ms))
    return { act: 'end_entry', why: 'too_old' };
  // a part whose fate is unknown waits while shares are naked
  if (entries.length > sent.length && !(isHeld && isPartly))
    return may_enter ? { act: 'resume_entry' } : NONE;
  if (!isHeld || sent.length > 0) return NONE;
  if (hours.closes_soon && !new Exact(position.qty).isInteger())
    return { act: 'sell', why: 'fraction' };
  if (hours.open_since !== null && isStopLimitPassed(position, orders, liveStops(orders)))
    return { act: 'sell', why: 'passed' };
  if (isProtected(position.qty, orders)) return NONE;
  return afterPatience(circumstances, patience.legs_ms, { act: 'protect' });
};
