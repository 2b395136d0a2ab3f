import type { RebuildDifference, RebuildResult } from '@catalyst/contracts';
import { canonicalJson, compare, mayFollow, type DeskStatus } from '@catalyst/domain';
import type { BookHistory, KeptOrderEvent, KeptPositionEvent } from './book-history.ts';
import type { NewPosition, OrderRow, PositionFill, PositionRow } from './book-rows.ts';
import { positionAfter } from './domain/position-after.ts';

const DECIMALS: ReadonlySet<string> = new Set([
  'qty',
  'filled_qty',
  'filled_avg_price',
  'limit_price',
  'stop_price',
  'entered_qty',
  'entry_notional',
  'exit_notional',
  'entry_price',
  'exit_price',
  'initial_stop_price',
  'target_price',
  'realized_pnl_usd',
]);
const isSame = (name: string, left: unknown, right: unknown): boolean => {
  if (typeof left !== 'string' || typeof right !== 'string')
    return canonicalJson(left ?? null) === canonicalJson(right ?? null);
  if (DECIMALS.has(name)) return compare(left, right) === 0;
  return name.endsWith('_at') ? Date.parse(left) === Date.parse(right) : left === right;
};
const shown = (value: unknown): string =>
  typeof value === 'string' ? value : canonicalJson(value ?? null);

/** Prices of the market, and when a row was last written: not made of what happened. */
const NOT_REBUILT: ReadonlySet<string> = new Set([
  'last_price',
  'last_price_at',
  'unrealized_pnl_usd',
]);

const bySeq = (left: { seq: number }, right: { seq: number }): number => left.seq - right.seq;

const gapsOf = (log: string, rows: readonly { seq: number }[]): RebuildDifference[] =>
  [...rows].sort(bySeq).flatMap(({ seq }, n, sorted) => {
    const expected = n === 0 ? 1 : sorted[n - 1]!.seq + 1;
    return seq === expected
      ? []
      : [
          {
            of: 'history' as const,
            id: log,
            symbol: null,
            field: 'seq',
            row: String(seq),
            rebuilt: String(expected),
          },
        ];
  });

const compareRows = <R extends OrderRow | PositionRow>(
  of: 'order' | 'position',
  id: string,
  row: R,
  rebuilt: R,
  leave: ReadonlySet<string>,
): RebuildDifference[] =>
  (Object.keys(row) as (keyof R & string)[])
    .filter((field) => !leave.has(field) && !isSame(field, row[field], rebuilt[field]))
    .map((field) => ({
      of,
      id,
      symbol: row.symbol,
      field,
      row: shown(row[field]),
      rebuilt: shown(rebuilt[field]),
    }));

/** The order that its events come to, with each step that no order takes; null where they are not whole. */
const rebuildOrder = (
  events: readonly KeptOrderEvent[],
): { order: OrderRow; impossible: RebuildDifference[] } | null => {
  const states = [...events].sort(bySeq).flatMap(({ order_state }) => order_state ?? []);
  if (states[0]?.side === undefined) return null;
  const impossible: RebuildDifference[] = [];
  // one from before entries had parts is whole
  let order = { part: 1, ...states[0] } as OrderRow;
  for (const state of states.slice(1)) {
    const { status, client_order_id, symbol } = order;
    const next = state.status as DeskStatus;
    if (!mayFollow(status, next))
      impossible.push({
        of: 'history',
        id: client_order_id,
        symbol,
        field: 'status',
        row: `${status}, then ${next}`,
        rebuilt: 'no order goes that way',
      });
    order = { ...order, ...state };
  }
  return { order, impossible };
};

/** Why its exit was asked for, by the last word about it. */
const exitAsked = (events: readonly KeptPositionEvent[]): PositionRow['exit_asked'] =>
  [...events].sort(bySeq).reduce<PositionRow['exit_asked']>((asked, { event, details }) => {
    if (event === 'exit_asked') return details.reason as PositionRow['exit_asked'];
    return event === 'exit_withdrawn' ? null : asked;
  }, null);

/**
 * Makes the orders and positions of a book again from what happened to them, in memory, and holds
 * them against its rows. Nothing is written.
 */
export const checkRebuild = (history: BookHistory): RebuildResult => {
  const differences = [
    ...gapsOf('order_events', history.order_events),
    ...gapsOf('position_events', history.position_events),
    ...gapsOf('fills', history.fills),
  ];
  const left_out: string[] = [];
  const eventsOf = Map.groupBy(history.order_events, ({ client_order_id }) => client_order_id);
  const rebuilt = new Map<string, OrderRow>();
  for (const row of history.orders) {
    const id = row.client_order_id;
    const made = rebuildOrder(eventsOf.get(id) ?? []);
    if (made === null) {
      left_out.push(id);
      continue;
    }
    rebuilt.set(id, made.order);
    differences.push(...made.impossible, ...compareRows('order', id, row, made.order, new Set()));
  }

  const fillsOf = Map.groupBy(history.fills, ({ client_order_id }) => client_order_id);
  const askedOf = Map.groupBy(history.position_events, ({ position_id }) => position_id);
  const ordersOf = Map.groupBy(history.orders, ({ position_id }) => position_id);
  for (const row of history.positions) {
    const id = row.position_id;
    const events = askedOf.get(id) ?? [];
    const opened = events.find(({ event }) => event === 'opened')?.details as
      NewPosition | undefined;
    const orders = (ordersOf.get(id) ?? []).map(({ client_order_id }) =>
      rebuilt.get(client_order_id),
    );
    if (!opened || orders.includes(undefined)) {
      left_out.push(id);
      continue;
    }
    const known = orders as OrderRow[];
    const fills = known.flatMap((order): PositionFill[] =>
      (fillsOf.get(order.client_order_id) ?? []).map(
        ({ execution_id, client_order_id, qty, price, filled_at }) => {
          const { side, role, exit_reason, is_adopted } = order;
          return {
            execution_id,
            client_order_id,
            qty,
            price,
            filled_at,
            side,
            role,
            exit_reason,
            is_adopted,
          };
        },
      ),
    );
    const { last_price, last_price_at, updated_at } = row;
    const position = positionAfter(
      {
        ...opened,
        exit_asked: exitAsked(events),
        last_price,
        last_price_at,
        updated_at,
      } as PositionRow,
      known,
      fills,
    );
    differences.push(...compareRows('position', id, row, position, NOT_REBUILT));
  }
  return {
    orders: history.orders.length,
    positions: history.positions.length,
    events: history.order_events.length + history.position_events.length,
    fills: history.fills.length,
    left_out,
    differences,
  };
};
