import type { TradingState } from '@catalyst/contracts';
import type {
  BookedFill,
  DecimalString,
  DeskStatus,
  Direction,
  ExitReason,
  Instant,
  OrderClass,
  OrderRequest,
  OrderRole,
  PositionStatus,
  Side,
  TimeInForce,
  ToldOrderType,
} from '@catalyst/domain';

/** What of an order may change after it was written down; the rest of its row never does. */
export interface OrderState {
  /** Null until the broker is known to have it. */
  broker_order_id: string | null;
  position_id: string | null;
  time_in_force: TimeInForce;
  qty: DecimalString;
  filled_qty: DecimalString;
  filled_avg_price: DecimalString | null;
  limit_price: DecimalString | null;
  stop_price: DecimalString | null;
  status: DeskStatus;
  reason: string | null;
  /** What was or will be sent; for what others placed, what the broker said. */
  request: OrderRequest | Record<string, unknown>;
  updated_at: Instant;
}

const ORDER_STATE = [
  'broker_order_id',
  'position_id',
  'time_in_force',
  'qty',
  'filled_qty',
  'filled_avg_price',
  'limit_price',
  'stop_price',
  'status',
  'reason',
  'request',
  'updated_at',
] as const satisfies readonly (keyof OrderState)[];
/** What an event of a change keeps of its order. */
export const orderStateOf = (row: OrderRow): OrderState =>
  Object.fromEntries(ORDER_STATE.map((name) => [name, row[name]])) as unknown as OrderState;

/** An order as it is now. */
export interface OrderRow extends OrderState {
  /** The desk's own name for it, by which a lost answer is found again. */
  client_order_id: string;
  /** Of a leg, the order that brought it. */
  parent_client_order_id: string | null;
  /** An entry's permission, which is used once; null for all else and for what others placed. */
  approval_id: string | null;
  /** Of an entry that was split into several brackets, which of them; else 1. */
  part: number;
  cycle_id: string | null;
  symbol: string;
  side: Side;
  role: OrderRole;
  type: ToldOrderType;
  order_class: OrderClass;
  /** Why an exit is sent; null for all else. */
  exit_reason: ExitReason | null;
  is_adopted: boolean;
  created_at: Instant;
}

/** What happened to an order: what was done about it, or what the broker said. */
export interface OrderEvent {
  event: string;
  source: 'desk' | 'stream' | 'rest';
  details?: Record<string, unknown>;
}

/** What is known of a position before anything is filled; it never changes. */
export interface NewPosition {
  position_id: string;
  cycle_id: string | null;
  symbol: string;
  intent_id: string | null;
  direction: Direction;
  initial_stop_price: DecimalString | null;
  target_price: DecimalString | null;
  is_adopted: boolean;
  created_at: Instant;
}

/** A position as it is now: worked out from its executions, its orders and what was asked of it. */
export interface PositionRow extends NewPosition {
  status: PositionStatus;
  qty: DecimalString;
  entered_qty: DecimalString;
  entry_notional: DecimalString;
  exit_notional: DecimalString;
  entry_price: DecimalString | null;
  entered_at: Instant | null;
  exit_price: DecimalString | null;
  exited_at: Instant | null;
  /** Why its exit was asked for, until that is withdrawn; null where nobody asked. */
  exit_asked: ExitReason | null;
  exit_reason: ExitReason | null;
  last_price: DecimalString | null;
  last_price_at: Instant | null;
  unrealized_pnl_usd: DecimalString;
  realized_pnl_usd: DecimalString;
  is_protected: boolean;
  updated_at: Instant;
}

/**
 * What somebody asked of a position: `exit_asked`, that it be closed, for the reason in its details,
 * and `exit_withdrawn`, that it stays after all. What the broker did to it is in the history of its
 * orders.
 */
export interface PositionEvent {
  event: 'exit_asked' | 'exit_withdrawn';
  details: Record<string, unknown>;
  occurred_at: Instant;
}

/** One execution of an order. */
export interface FillRow {
  execution_id: string;
  client_order_id: string;
  qty: DecimalString;
  price: DecimalString;
  filled_at: Instant;
}
/** An execution with what its order says of it. */
export interface PositionFill extends BookedFill {
  client_order_id: string;
}

/** The permission to enter: at a desk, what risk approved. */
export interface ApprovalRow {
  approval_id: string;
  /** SHA-256 of the canonical JSON of the intent that was approved. */
  intent_hash: string;
  qty: DecimalString;
  approved_at: Instant;
  expires_at: Instant;
}

/** What stands of the trading state. */
export interface StandingRow {
  /** Null where nobody has armed the desk. */
  state: TradingState | null;
  reason: string | null;
  /** When a person or a limit last stopped the desk, whether it was resumed since or not. */
  stopped_at: Instant | null;
  /** What the halt file said when it was last seen, if nobody has resumed since. */
  sighted: string | null;
  /** A person's name where a person made the state. */
  on_behalf_of: string | null;
  /** Of the process that does the work at the desk; null before there was one. */
  epoch: number | null;
}

/** What the broker said of the account at an instant. */
export interface AccountRow {
  read_at: Instant;
  account_number: string;
  equity_usd: DecimalString;
  last_equity_usd: DecimalString;
  cash_usd: DecimalString;
  buying_power_usd: DecimalString;
  maintenance_margin_usd: DecimalString | null;
  /** Why the broker takes no orders of the account; null where it takes them. */
  blocked_reason: string | null;
  /** The last execution that the book had before the account was asked for. */
  fills_seq: number;
}
/** The price of what is held, as the broker gives it. */
export type Mark = Pick<
  PositionRow,
  'position_id' | 'last_price' | 'last_price_at' | 'unrealized_pnl_usd'
>;

/** What the book says since an instant. */
export interface BookSummary {
  orders: number;
  fills: number;
  open_orders: number;
  open_positions: number;
  positions: number;
  realized_pnl_usd: DecimalString;
}
