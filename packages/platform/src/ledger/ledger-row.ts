/**
 * A row of the simulator's append-only ledger; packages/simulator/README.md says what each kind
 * holds.
 */
export interface LedgerRow {
  /** Gapless, from 1. */
  seq: number;
  /** The simulated instant. */
  at: string;
  kind: string;
  [field: string]: unknown;
}

/** An order as the exchange sends it, as far as the checks read it. */
export interface WireOrder {
  id: string;
  client_order_id: string;
  symbol: string;
  side: 'buy' | 'sell';
  type: string;
  order_class: string;
  status: string;
  qty: string | null;
  filled_qty: string;
  limit_price: string | null;
  replaces: string | null;
  legs: WireOrder[] | null;
}

export interface FillRow extends LedgerRow {
  account_number: string;
  order_id: string;
  execution_id: string;
  symbol: string;
  side: 'buy' | 'sell';
  qty: string;
  price: string;
}

export interface FeeRow extends LedgerRow {
  account_number: string;
  activity: { net_amount: string };
}

export interface AccountRow extends LedgerRow {
  account_number: string;
  cash: string;
  positions: { symbol: string; qty: string }[];
}

/** Something in a ledger that must not be: which row shows it, when, and what it is in words. */
export interface Violation {
  seq: number;
  at: string;
  rule: string;
  message: string;
}
