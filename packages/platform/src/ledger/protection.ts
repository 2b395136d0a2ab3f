import { Exact } from '@catalyst/domain';
import {
  createLedgerBook,
  type BookAccount,
  type BookOrder,
  type ExactNumber,
} from './ledger-book.ts';
import type { LedgerRow } from './ledger-row.ts';

const STOPS: ReadonlySet<string> = new Set(['stop', 'stop_limit', 'trailing_stop']);
const WORKING: ReadonlySet<string> = new Set([
  'new',
  'accepted',
  'partially_filled',
  'pending_replace',
]);

const remaining = (order: BookOrder): ExactNumber =>
  (order.qty ?? new Exact(0)).minus(order.filled_qty);

/**
 * The other exit of an order's pair that works: the target beside a held stop, a leg of the same
 * parent or, for an OCO, the parent itself.
 */
const hasWorkingTarget = (account: BookAccount, stop: BookOrder): boolean => {
  if (stop.parent_id === null) return false;
  for (const order of account.orders.values()) {
    const isPartner =
      order.order_class === 'oco'
        ? order.id === stop.parent_id
        : order.parent_id === stop.parent_id && order.id !== stop.id;
    if (
      isPartner &&
      !STOPS.has(order.type) &&
      order.side === stop.side &&
      WORKING.has(order.status)
    )
      return true;
  }
  return false;
};

/**
 * A live stop is `new` or `accepted` (or already filling, or works on until its replacement is
 * there), or `held` beside a working target. A leg that still waits for its entry protects nothing.
 */
export const isLiveStop = (account: BookAccount, order: BookOrder): boolean =>
  STOPS.has(order.type) &&
  (WORKING.has(order.status) || (order.status === 'held' && hasWorkingTarget(account, order)));

/** Shares of one symbol and what stands behind them, from the row `seq` on. */
export interface Protection {
  seq: number;
  at: string;
  account_number: string;
  symbol: string;
  /** Negative for a short position. */
  position_qty: string;
  /** Shares under live stops. */
  protected_qty: string;
  /** Shares that working market orders are closing. */
  exiting_qty: string;
}

/**
 * How many shares are held and protected, for each symbol, at each row that changes it. One pass.
 */
export function* protections(rows: Iterable<LedgerRow>): Generator<Protection> {
  const book = createLedgerBook();
  const last = new Map<string, string>();
  for (const row of rows) {
    const touched = book.apply(row);
    if (!touched) continue;
    const { account } = touched;
    for (const symbol of touched.symbols) {
      const position = account.positions.get(symbol) ?? new Exact(0);
      let underStops = new Exact(0);
      let exiting = new Exact(0);
      if (!position.isZero()) {
        const exitSide = position.isNegative() ? 'buy' : 'sell';
        for (const order of account.orders.values()) {
          if (order.symbol !== symbol || order.side !== exitSide) continue;
          if (isLiveStop(account, order)) underStops = underStops.plus(remaining(order));
          else if (
            order.type === 'market' &&
            (WORKING.has(order.status) || order.status === 'pending_new')
          )
            exiting = exiting.plus(remaining(order));
        }
      }
      const now = {
        position_qty: position.toFixed(),
        protected_qty: underStops.toFixed(),
        exiting_qty: exiting.toFixed(),
      };
      const key = `${account.account_number} ${symbol}`;
      const text = Object.values(now).join(' ');
      if ((last.get(key) ?? '0 0 0') === text) continue;
      last.set(key, text);
      yield { seq: row.seq, at: row.at, account_number: account.account_number, symbol, ...now };
    }
  }
}

/** A time during which some open shares had neither a live stop nor an exit on its way. */
export interface NakedWindow {
  account_number: string;
  symbol: string;
  from: string;
  from_seq: number;
  /** The instant at which they were covered or gone; of the last row where they never were. */
  to: string;
  to_seq: number;
  /** Simulated time; 0 where everything happened in one instant. */
  length_ms: number;
  /** The most shares that were naked at once. */
  naked_qty: string;
  /** True where the ledger ends before the shares were covered. */
  still_open: boolean;
}

/** Every naked window, in the order in which they end. */
export const nakedWindows = (rows: readonly LedgerRow[]): NakedWindow[] => {
  const open = new Map<string, NakedWindow>();
  const windows: NakedWindow[] = [];
  const close = (
    key: string,
    window: NakedWindow,
    seq: number,
    at: string,
    stillOpen: boolean,
  ): void => {
    open.delete(key);
    windows.push({
      ...window,
      to: at,
      to_seq: seq,
      length_ms: Date.parse(at) - Date.parse(window.from),
      still_open: stillOpen,
    });
  };
  for (const {
    seq,
    at,
    account_number,
    symbol,
    position_qty,
    protected_qty,
    exiting_qty,
  } of protections(rows)) {
    const key = `${account_number} ${symbol}`;
    const naked = new Exact(position_qty).abs().minus(protected_qty).minus(exiting_qty);
    const window = open.get(key);
    if (naked.lte(0)) {
      if (window) close(key, window, seq, at, false);
    } else if (!window) {
      open.set(key, {
        account_number,
        symbol,
        from: at,
        from_seq: seq,
        to: at,
        to_seq: seq,
        length_ms: 0,
        naked_qty: naked.toFixed(),
        still_open: false,
      });
    } else if (naked.gt(window.naked_qty)) {
      window.naked_qty = naked.toFixed();
    }
  }
  const last = rows.at(-1);
  if (last) for (const [key, window] of [...open]) close(key, window, last.seq, last.at, true);
  return windows;
};

/** The naked windows in which the clock moved, in words; empty as it must be. */
export const nakedMinutes = (rows: readonly LedgerRow[]): string[] =>
  nakedWindows(rows)
    .filter(({ length_ms }) => length_ms > 0)
    .map(
      ({ from, to, symbol, naked_qty }) =>
        `${from} ${symbol}: ${naked_qty} shares without a live stop until ${to}`,
    );
