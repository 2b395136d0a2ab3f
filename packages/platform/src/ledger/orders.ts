import { Exact } from '@catalyst/domain';
import {
  createLedgerBook,
  type BookAccount,
  type BookOrder,
  type ExactNumber,
} from './ledger-book.ts';
import type { FillRow, LedgerRow, Violation, WireOrder } from './ledger-row.ts';

/**
 * Ids of the orders under each account and client id ("SIM000001 my-order"); a list of more than
 * one is a doubled order.
 */
export const ordersPerClientId = (rows: readonly LedgerRow[]): Map<string, string[]> => {
  const found = new Map<string, string[]>();
  const note = (account: string, order: WireOrder): void => {
    const key = `${account} ${order.client_order_id}`;
    const ids = found.get(key);
    if (!ids) found.set(key, [order.id]);
    else if (!ids.includes(order.id)) ids.push(order.id);
    for (const leg of order.legs ?? []) note(account, leg);
  };
  for (const row of rows) {
    if (row.kind === 'order') note(String(row.account_number), row.order as WireOrder);
    if (row.kind === 'update')
      note(String(row.account_number), (row.update as { order: WireOrder }).order);
  }
  return found;
};

/** What the fills of each order add up to. */
export interface OrderFills {
  order_id: string;
  account_number: string;
  qty: string;
  /** Mean price, weighted by quantity, to nine decimals as the exchange prints it. */
  average_price: string;
  executions: number;
}

export const fillsPerOrder = (rows: readonly LedgerRow[]): Map<string, OrderFills> => {
  const sums = new Map<
    string,
    { account_number: string; qty: ExactNumber; value: ExactNumber; executions: number }
  >();
  for (const row of rows) {
    if (row.kind !== 'fill') continue;
    const { order_id: id, qty, price, account_number } = row as FillRow;
    const before = sums.get(id) ?? {
      account_number,
      qty: new Exact(0),
      value: new Exact(0),
      executions: 0,
    };
    sums.set(id, {
      account_number,
      qty: before.qty.plus(qty),
      value: before.value.plus(new Exact(qty).times(price)),
      executions: before.executions + 1,
    });
  }
  return new Map(
    [...sums].map(([id, { account_number, qty, value, executions }]) => [
      id,
      {
        order_id: id,
        account_number,
        qty: qty.toFixed(),
        average_price: value.div(qty).toDecimalPlaces(9).toFixed(),
        executions,
      },
    ]),
  );
};

interface Asked {
  row: LedgerRow;
  client_order_id: string | null;
  symbol: string | null;
  closes: boolean;
}

const askedBy = (row: LedgerRow): Asked | null => {
  const path = String(row.url).split('?')[0]!;
  const body = (typeof row.body === 'object' && row.body !== null ? row.body : {}) as Record<
    string,
    unknown
  >;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  if (row.method === 'POST' && path === '/v2/orders')
    return {
      row,
      client_order_id: text(body.client_order_id),
      symbol: text(body.symbol),
      closes: false,
    };
  if (row.method === 'DELETE' && path.startsWith('/v2/positions'))
    return { row, client_order_id: null, symbol: null, closes: true };
  return null;
};

/**
 * Orders that were asked for and never made, though the exchange had the request and did not refuse
 * it; and orders that nobody asked for. A request that a fault kept from the exchange is allowed to
 * make none.
 */
export const lostAndUnasked = (rows: readonly LedgerRow[]): Violation[] => {
  const violations: Violation[] = [];
  const open = new Map<number, Asked>();
  const made = new Set<number>();
  // one order answers every request with its client id: a first that comes late, and its repetition
  const madeIds = new Set<string>();
  const isMade = ({ row, client_order_id }: Asked): boolean =>
    made.has(row.seq) || (client_order_id !== null && madeIds.has(client_order_id));
  for (const row of rows) {
    if (row.kind === 'request') {
      const asked = askedBy(row);
      if (asked) open.set(row.seq, asked);
    } else if (row.kind === 'fault' && row.exchange === 'never_saw') {
      open.delete(Number(row.request));
    } else if (row.kind === 'order') {
      const order = row.order as WireOrder;
      const candidates = [...open.values()].filter(
        ({ row: request }) =>
          request.account_number === null || request.account_number === row.account_number,
      );
      const asked =
        candidates.find(({ client_order_id: id }) => id !== null && id === order.client_order_id) ??
        candidates.find(
          ({ client_order_id: id, symbol, closes }) =>
            closes || (id === null && symbol === order.symbol),
        );
      if (asked) {
        made.add(asked.row.seq);
        if (asked.client_order_id !== null) madeIds.add(asked.client_order_id);
      } else
        violations.push({
          seq: row.seq,
          at: row.at,
          rule: 'unasked_order',
          message: `order ${order.id} (client id ${order.client_order_id}) for ${order.symbol} without a request`,
        });
    } else if (row.kind === 'answer') {
      const request = Number(row.request);
      const asked = open.get(request);
      open.delete(request);
      if (asked && !asked.closes && Number(row.status) < 300 && !isMade(asked)) {
        violations.push({
          seq: request,
          at: asked.row.at,
          rule: 'lost_order',
          message: `request ${request} for ${asked.symbol ?? 'an order'} (client id ${asked.client_order_id ?? 'none'}) was answered ${String(row.status)} and made no order`,
        });
      }
    }
  }
  for (const [seq, asked] of open) {
    if (!asked.closes && !isMade(asked))
      violations.push({
        seq,
        at: asked.row.at,
        rule: 'lost_order',
        message: `request ${seq} for ${asked.symbol ?? 'an order'} (client id ${asked.client_order_id ?? 'none'}) was neither answered nor made an order`,
      });
  }
  return violations;
};

const named = (order: BookOrder): string =>
  `order ${order.id} (client id ${order.client_order_id})`;

/**
 * Fills of unknown orders, executions told twice, more than was asked for, prices beyond the limit,
 * and orders that say another filled quantity than their fills.
 */
export const wrongFills = (rows: readonly LedgerRow[]): Violation[] => {
  const violations: Violation[] = [];
  const book = createLedgerBook();
  const executions = new Set<string>();
  for (const row of rows) {
    const touched = book.apply(row);
    const fail = (rule: string, message: string): void =>
      void violations.push({ seq: row.seq, at: row.at, rule, message });
    if (row.kind === 'update' && touched) {
      const { order: wire } = row.update as { order: WireOrder };
      const order = touched.account.orders.get(wire.id)!;
      if (!order.executed_qty.eq(order.filled_qty))
        fail(
          'filled_qty',
          `${named(order)} says ${order.filled_qty.toFixed()} filled, its fills add up to ${order.executed_qty.toFixed()}`,
        );
    }
    if (row.kind !== 'fill' || !touched) continue;
    const fill = row as FillRow;
    const order = touched.account.orders.get(fill.order_id);
    if (executions.has(fill.execution_id))
      fail(
        'execution_twice',
        `execution ${fill.execution_id} of order ${fill.order_id} is there twice`,
      );
    executions.add(fill.execution_id);
    if (!new Exact(fill.qty).gt(0) || !new Exact(fill.price).gt(0))
      fail('fill_size', `order ${fill.order_id} filled ${fill.qty} at ${fill.price}`);
    if (!order) {
      fail(
        'unknown_order',
        `a fill of ${fill.qty} ${fill.symbol} for order ${fill.order_id}, which is unknown`,
      );
      continue;
    }
    if (order.side !== fill.side || order.symbol !== fill.symbol)
      fail(
        'wrong_side',
        `${named(order)} is to ${order.side} ${order.symbol}, the fill is a ${fill.side} of ${fill.symbol}`,
      );
    if (order.qty && order.executed_qty.gt(order.qty))
      fail(
        'overfilled',
        `${named(order)} is for ${order.qty.toFixed()} shares, its fills add up to ${order.executed_qty.toFixed()}`,
      );
    if (
      order.limit_price &&
      (order.side === 'buy' ? order.limit_price.lt(fill.price) : order.limit_price.gt(fill.price))
    ) {
      fail(
        'beyond_limit',
        `${named(order)} has the limit ${order.limit_price.toFixed()}, the fill the price ${fill.price}`,
      );
    }
  }
  return violations;
};

/** What an order and those whose place it took have executed together. */
const executedInAll = ({ orders }: Pick<BookAccount, 'orders'>, order: BookOrder): ExactNumber => {
  const before = order.replaces === null ? undefined : orders.get(order.replaces);
  return before ? order.executed_qty.plus(executedInAll({ orders }, before)) : order.executed_qty;
};

/**
 * Exits that together closed more than their entry had opened, or, for an OCO, than the pair was
 * for: both sides filled.
 */
export const overfilledPairs = (rows: readonly LedgerRow[]): Violation[] => {
  const violations: Violation[] = [];
  const book = createLedgerBook();
  for (const row of rows) {
    const touched = book.apply(row);
    if (row.kind !== 'fill' || !touched) continue;
    const filled = touched.account.orders.get(String(row.order_id));
    const parent = filled && touched.account.orders.get(filled.parent_id ?? filled.id);
    if (!filled || !parent) continue;
    const legs = [...touched.account.orders.values()].filter(
      ({ parent_id }) => parent_id === parent.id,
    );
    if (legs.length === 0) continue;
    const isOco = parent.order_class === 'oco';
    const closed = [...legs, ...(isOco ? [parent] : [])].reduce(
      (sum, { executed_qty }) => sum.plus(executed_qty),
      new Exact(0),
    );
    const most = isOco ? (parent.qty ?? closed) : executedInAll(touched.account, parent);
    if (closed.gt(most))
      violations.push({
        seq: row.seq,
        at: row.at,
        rule: 'both_exits_filled',
        message: `the exits of ${named(parent)} closed ${closed.toFixed()} of ${most.toFixed()} shares`,
      });
  }
  return violations;
};
