import { Exact } from '@catalyst/domain';
import type { FeeRow, FillRow, LedgerRow, WireOrder } from './ledger-row.ts';

export type ExactNumber = InstanceType<typeof Exact>;

/** An order as the rows so far tell it. */
export interface BookOrder {
  account_number: string;
  id: string;
  client_order_id: string;
  symbol: string;
  side: 'buy' | 'sell';
  type: string;
  order_class: string;
  status: string;
  /** Null for an order in dollars. */
  qty: ExactNumber | null;
  filled_qty: ExactNumber;
  limit_price: ExactNumber | null;
  parent_id: string | null;
  /** The order whose place it took: what that one had filled belongs to it too. */
  replaces: string | null;
  /** What the fill rows add up to; `filled_qty` is what the order itself says. */
  executed_qty: ExactNumber;
}

export interface BookAccount {
  account_number: string;
  /** Cash moved by fills since the ledger began. */
  cash_flow: ExactNumber;
  /** Shares by symbol, negative when short; a symbol without shares is absent. */
  positions: Map<string, ExactNumber>;
  orders: Map<string, BookOrder>;
  /** Price of the last fill by symbol. */
  prices: Map<string, ExactNumber>;
}

/** Orders, shares and cash as of the row that was read last. */
export interface LedgerBook {
  accounts: ReadonlyMap<string, BookAccount>;
  /**
   * Reads the next row and returns the account and symbols whose orders or shares it may have
   * changed.
   */
  apply(row: LedgerRow): { account: BookAccount; symbols: ReadonlySet<string> } | null;
}

export const createLedgerBook = (): LedgerBook => {
  const accounts = new Map<string, BookAccount>();

  const accountOf = (number: string): BookAccount => {
    const known = accounts.get(number);
    if (known) return known;
    const account: BookAccount = {
      account_number: number,
      cash_flow: new Exact(0),
      positions: new Map(),
      orders: new Map(),
      prices: new Map(),
    };
    accounts.set(number, account);
    return account;
  };

  const note = (account: BookAccount, wire: WireOrder, parentId: string | null): void => {
    const known = account.orders.get(wire.id);
    const replaced = wire.replaces === null ? undefined : account.orders.get(wire.replaces);
    account.orders.set(wire.id, {
      account_number: account.account_number,
      id: wire.id,
      client_order_id: wire.client_order_id,
      symbol: wire.symbol,
      side: wire.side,
      type: wire.type,
      order_class: wire.order_class,
      status: wire.status,
      qty: wire.qty === null ? null : new Exact(wire.qty),
      filled_qty: new Exact(wire.filled_qty),
      limit_price: wire.limit_price === null ? null : new Exact(wire.limit_price),
      parent_id: parentId ?? known?.parent_id ?? replaced?.parent_id ?? null,
      replaces: wire.replaces,
      executed_qty: known?.executed_qty ?? new Exact(0),
    });
    for (const leg of wire.legs ?? []) note(account, leg, wire.id);
  };

  const book = (account: BookAccount, fill: FillRow): void => {
    const signed = new Exact(fill.qty).times(fill.side === 'buy' ? 1 : -1);
    account.cash_flow = account.cash_flow.minus(signed.times(fill.price));
    account.prices.set(fill.symbol, new Exact(fill.price));
    const after = (account.positions.get(fill.symbol) ?? new Exact(0)).plus(signed);
    if (after.isZero()) account.positions.delete(fill.symbol);
    else account.positions.set(fill.symbol, after);
    const order = account.orders.get(fill.order_id);
    if (order) order.executed_qty = order.executed_qty.plus(fill.qty);
  };

  return {
    accounts,
    apply: (row) => {
      if (row.kind === 'fill') {
        const fill = row as FillRow;
        const account = accountOf(fill.account_number);
        book(account, fill);
        return { account, symbols: new Set([fill.symbol]) };
      }
      if (row.kind === 'fee' || row.kind === 'transfer') {
        const { account_number: number, activity } = row as FeeRow;
        const account = accountOf(number);
        account.cash_flow = account.cash_flow.plus(activity.net_amount);
        return { account, symbols: new Set() };
      }
      const wire =
        row.kind === 'order'
          ? (row.order as WireOrder)
          : row.kind === 'update'
            ? (row.update as { order: WireOrder }).order
            : null;
      if (!wire) return null;
      const account = accountOf(String(row.account_number));
      note(account, wire, null);
      return { account, symbols: new Set([wire.symbol]) };
    },
  };
};
