import {
  compare,
  type DecimalString,
  exitOrderId,
  fallbackStop,
  guardOf,
  type Instant,
  isEnded,
  isOwnExit,
  isProtected,
  lastStopPrice,
  later,
  liveStops,
  marketExit,
  marketHoursAt,
  protectionFor,
  protectionOrderId,
  type OrderRequest,
  refusalOfOwnExit,
} from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import { setTimeout as pause } from 'node:timers/promises';
import type { OrderRow } from '../book-rows.ts';
import { dayOrderInstead } from '../domain/day-order.ts';
import { guardAct, type GuardAct, type GuardedOrder } from '../domain/guard-act.ts';
import { intendedRow } from '../domain/intended-row.ts';
import type { ActJournal } from '../unbooked.ts';
import type { LifeDeps } from './life-deps.ts';
import type { LookAtAccount } from './look-at-account.ts';
import type { HeldAtBroker } from './read-held.ts';
import type { BookMemory } from './remember-book.ts';

export interface ActedUnbooked {
  /** What was done; null where nothing was. */
  action: string | null;
  /** Why the shares are without a stop and without an exit; null where they are not. */
  naked: string | null;
  again_at: Instant | null;
}

const LOOKS_AFTER_MS = [50, 150, 300, 500, 900];
const AGAIN_MS = 1000;
const AGAIN_AT_MOST_MS = 15_000;
const CAUSE = 'the database is away';

interface Deps {
  memory: BookMemory;
  journal: ActJournal;
  account: LookAtAccount;
  readOne: (symbol: string) => Promise<HeldAtBroker | null>;
}

/**
 * Acts for the shares of one symbol without a book. The names of its orders are those that the book
 * would give them, so that whoever was at work when it went away, and whoever goes on when it is
 * back, sends the same order and not a second one.
 */
export const createActUnbooked = (
  { broker, clock, log, settings }: LifeDeps,
  { memory, journal, account, readOne }: Deps,
) => {
  const nakedSince = new Map<string, Instant>();
  const guarded = new Set<string>();
  const refusedExits = new Map<string, { tries: number; again_at: Instant }>();
  /** Orders for shares that the book is not known to have. */
  const strange = new Map<string, OrderRow[]>();
  const noted = new Set<string>();
  const canceled = new Set<string>();

  const ordersOf = ({ symbol, is_known }: HeldAtBroker): OrderRow[] =>
    is_known ? (memory.of(symbol)?.orders ?? []) : (strange.get(symbol) ?? []);
  const keep = ({ symbol, is_known }: HeldAtBroker, row: OrderRow): void => {
    if (is_known) return memory.keep(row);
    const others = (strange.get(symbol) ?? []).filter(
      ({ client_order_id }) => client_order_id !== row.client_order_id,
    );
    strange.set(symbol, [...others, row]);
  };

  /** Their stop was there when the book was: no leg of theirs is still to come. */
  const wasGuarded = (held: HeldAtBroker): boolean => {
    const known = ordersOf(held);
    const hadStop = known.some(({ role, status }) => role === 'stop' && isEnded(status));
    return hadStop || isProtected(held.qty, known);
  };

  const decide = (held: HeldAtBroker): GuardAct => {
    const { symbol, qty, orders, position } = held;
    const { position_id } = position;
    const now = clock.latest();
    if (guardOf(qty, orders) === 'naked') {
      if (!nakedSince.has(position_id)) nakedSince.set(position_id, now);
    } else {
      nakedSince.delete(position_id);
      if (isProtected(qty, orders)) guarded.add(position_id);
    }
    return guardAct(qty, orders, {
      now,
      hours: marketHoursAt(now),
      naked_since: nakedSince.get(position_id) ?? now,
      was_guarded: guarded.has(position_id) || wasGuarded(held),
      is_closing: position.status === 'closing',
      exit_again_at: refusedExits.get(symbol)?.again_at ?? null,
    });
  };

  /** Cancels and waits until nothing of it holds shares; what is held then. */
  const clear = async (
    symbol: string,
    orders: readonly GuardedOrder[],
  ): Promise<HeldAtBroker | null> => {
    for (const { client_order_id } of orders) {
      if (canceled.has(client_order_id)) continue;
      canceled.add(client_order_id);
      journal.note({ kind: 'canceled', at: clock.latest(), symbol, client_order_id, cause: CAUSE });
    }
    await Promise.all(orders.map(({ id }) => broker.orders.cancelOrder(id)));
    const ids = new Set(orders.map(({ id }) => id));
    for (const wait_ms of LOOKS_AFTER_MS) {
      await pause(wait_ms);
      const held = await readOne(symbol);
      if (!held || held.orders.every(({ id, status }) => !ids.has(id) || isEnded(status)))
        return held;
    }
    throw new AppError('OUTCOME_UNKNOWN', `the cancels of ${symbol} are not confirmed yet`);
  };

  /** Null where the broker has it; else why it refused. */
  const submit = async (
    held: HeldAtBroker,
    request: OrderRequest,
    fields: Pick<OrderRow, 'role' | 'exit_reason'>,
  ): Promise<string | null> => {
    const row = intendedRow(held.position, request, fields, clock.latest());
    return submitRow(held, row);
  };
  const submitRow = async (held: HeldAtBroker, row: OrderRow): Promise<string | null> => {
    const { client_order_id } = row;
    if (!noted.has(client_order_id)) {
      noted.add(client_order_id);
      const { qty, entry_price: price } = held;
      const shares = held.is_known ? null : { qty, price };
      journal.note({ kind: 'intended', at: row.created_at, row, cause: CAUSE, shares });
      keep(held, row);
    }
    const outcome = await broker.orders.submitOrder(row.request as OrderRequest);
    if (outcome.outcome === 'unknown')
      throw new AppError(
        'OUTCOME_UNKNOWN',
        `the broker may or may not have the ${row.role} order of ${row.symbol}; it is asked again under its id`,
        { client_order_id },
        outcome.cause,
      );
    const at = clock.latest();
    const isTaken = outcome.outcome === 'accepted';
    const reason = isTaken ? null : `${outcome.code}: ${outcome.message}`;
    journal.note({
      kind: 'answered',
      at,
      client_order_id,
      outcome: isTaken ? 'accepted' : 'refused',
      reason,
    });
    keep(held, { ...row, status: isTaken ? outcome.order.status : 'refused', updated_at: at });
    if (isTaken) return null;
    log.warn('order_refused', { symbol: row.symbol, role: row.role, client_order_id, reason });
    const instead = outcome.why === 'day_orders_only' ? dayOrderInstead(row) : null;
    return instead ? submitRow(held, { ...instead, created_at: at, updated_at: at }) : reason;
  };

  /** An exit of a person's own that is on its way. */
  const isOwnWaiting = ({ status, client_order_id }: OrderRow): boolean =>
    status === 'intended' && isOwnExit(client_order_id);
  const stopPrice = (held: HeldAtBroker): DecimalString =>
    lastStopPrice(ordersOf(held).filter((row) => !isOwnWaiting(row))) ??
    held.position.initial_stop_price ??
    fallbackStop(held.position.direction, held.price, settings.adopted_stop_ratio);

  /** What a person asked for, for the shares that are held, where it guards no less than before. */
  const askedExit = (held: HeldAtBroker, stop_price: DecimalString): OrderRow | null => {
    const { symbol, qty, position, price: last_price } = held;
    const waiting = ordersOf(held).find(isOwnWaiting);
    if (waiting === undefined) return null;
    const request = { ...(waiting.request as OrderRequest), qty };
    const subject = { symbol, direction: position.direction, last_price };
    return refusalOfOwnExit(request, subject, stop_price) === null
      ? { ...waiting, qty, request }
      : null;
  };

  const protect = async (held: HeldAtBroker, isAskedRefused = false): Promise<ActedUnbooked> => {
    const { symbol, qty, position } = held;
    const { position_id, direction, target_price } = position;
    const own = ordersOf(held);
    const stop_price = stopPrice(held);
    const attempt = own.filter(
      ({ role, parent_client_order_id }) =>
        role !== 'entry' && role !== 'exit' && parent_client_order_id === null,
    ).length;
    const requestAs = (client_order_id: string): OrderRequest =>
      protectionFor({
        client_order_id,
        symbol,
        direction,
        qty,
        stop_price,
        target_price,
        time_in_force: 'gtc',
      });
    const asked = isAskedRefused ? null : askedExit(held, stop_price);
    const fresh = requestAs(protectionOrderId(position_id, attempt));
    const role = fresh.order_class === 'oco' ? 'target' : 'stop';
    const waiting = own.find(
      (row) => row.status === 'intended' && row.role === role && !isOwnExit(row.client_order_id),
    );
    const request = waiting ? requestAs(waiting.client_order_id) : fresh;
    const refused = asked
      ? await submitRow(held, asked)
      : await submit(held, request, { role, exit_reason: null });
    if (refused === null)
      return {
        action: `the database is away: protected ${qty} with ${asked ? 'the exit that was asked for' : `a stop at ${stop_price}`}`,
        naked: null,
        again_at: null,
      };
    // the desk's own takes the place of a person's that the broker does not take
    if (asked) return protect(held, true);
    const again_at = later(clock.latest(), AGAIN_MS);
    if (marketHoursAt(clock.latest()).open_since === null)
      return { action: null, naked: `the broker refused its stop: ${refused}`, again_at };
    const exit = marketExit(
      exitOrderId(position_id, `unprotected-${attempt}`),
      symbol,
      direction,
      qty,
    );
    const kept = await submit(held, exit, { role: 'exit', exit_reason: 'unprotected' });
    return kept === null
      ? {
          action: 'the database is away: closed at market, the broker refused its stop',
          naked: null,
          again_at,
        }
      : { action: null, naked: `the broker refused its stop and its exit: ${kept}`, again_at };
  };

  const close = async (held: HeldAtBroker): Promise<ActedUnbooked> => {
    const { symbol, qty, position } = held;
    const { position_id, direction, exit_asked } = position;
    const own = ordersOf(held);
    const exits = own.filter(({ role }) => role === 'exit');
    const id =
      exits.find(({ status }) => status === 'intended')?.client_order_id ??
      exitOrderId(position_id, `continued-${exits.length}`);
    const refused = await submit(held, marketExit(id, symbol, direction, qty), {
      role: 'exit',
      exit_reason: exit_asked ?? 'manual',
    });
    const again_at = later(clock.latest(), AGAIN_MS);
    if (refused === null)
      return { action: 'the database is away: its exit was sent', naked: null, again_at };
    const tries = (refusedExits.get(symbol)?.tries ?? 0) + 1;
    refusedExits.set(symbol, {
      tries,
      again_at: later(clock.latest(), Math.min(AGAIN_MS * 2 ** (tries - 1), AGAIN_AT_MOST_MS)),
    });
    return protect(held);
  };

  return async (seen: HeldAtBroker): Promise<ActedUnbooked> => {
    const { symbol } = seen;
    const nothing = (again_at: Instant | null = null): ActedUnbooked => ({
      action: null,
      naked: null,
      again_at,
    });
    const first = decide(seen);
    if (first.act === 'none') return nothing();
    if (first.act === 'wait') return nothing(first.until);
    // a fill between the two lists, or an order from before: the broker is asked once more
    const held = await readOne(symbol);
    const next = held === null ? ({ act: 'none' } as const) : decide(held);
    if (held === null || next.act === 'none') return nothing();
    if (next.act === 'wait') return nothing(next.until);
    if (next.act === 'end_entry') {
      await clear(symbol, next.orders);
      return nothing(later(clock.latest(), 1));
    }
    if (next.act === 'close' && liveStops(held.orders).length > 0) {
      const blocked = await account.whyBlocked();
      if (blocked !== null) return nothing(later(clock.latest(), AGAIN_AT_MOST_MS));
    }
    const left = next.in_the_way.length === 0 ? held : await clear(symbol, next.in_the_way);
    if (left === null || compare(left.qty, 0) === 0) return nothing();
    return next.act === 'close' ? close(left) : protect(left);
  };
};
