import type { BrokerFee, BrokerTransfer } from '@catalyst/brokerage';
import type { EventPayload, Reconciliation } from '@catalyst/contracts';
import type { DecimalString, Instant, Side } from '@catalyst/domain';
import type {
  AccountRow,
  ApprovalRow,
  BookSummary,
  FillRow,
  Mark,
  NewPosition,
  OrderEvent,
  OrderRow,
  PositionEvent,
  PositionFill,
  PositionRow,
  StandingRow,
} from './book-rows.ts';

/** Begins the names of orders and executions that had to be assumed, since nothing told of them. */
export const ASSUMED = 'assumed-';

/**
 * What can be asked of a book. Outside of a transaction each read is of what is committed, and two
 * of them may be of two instants; inside of one it sees what the transaction has written.
 */
export interface BookReads {
  // Orders
  /** Those with one of the names, in any order; each once, though both names were given. */
  findOrders(
    clientOrderIds: readonly string[],
    brokerOrderIds: readonly string[],
  ): Promise<OrderRow[]>;
  readOrder(clientOrderId: string): Promise<OrderRow | undefined>;
  /** The orders that an approval was used for, by part. */
  listOrdersByApproval(approvalId: string): Promise<OrderRow[]>;
  /** All orders of a position, legs and ended ones too, by `created_at`, then `client_order_id`. */
  listOrdersOf(positionId: string): Promise<OrderRow[]>;
  /** Orders that are not ended, in the same order. */
  listLiveOrders(): Promise<OrderRow[]>;
  /**
   * What watching looks at, in the same order: every order of a position that is not closed, and
   * every order that has not ended, whatever it belongs to.
   */
  listWatchedOrders(): Promise<OrderRow[]>;
  /** The oldest order named `assumed-…` of just these shares that no broker's order explains yet. */
  findAssumed(shares: {
    symbol: string;
    side: Side;
    filled_qty: DecimalString;
  }): Promise<OrderRow | undefined>;
  /** How often an event befell an order. */
  countOrderEvents(clientOrderId: string, event: string): Promise<number>;
  /** Orders with this event whose details hold this `request_id`, each once, by symbol. */
  listRequested(
    event: string,
    requestId: string,
  ): Promise<{ client_order_id: string; symbol: string }[]>;

  // Positions and executions
  readPosition(positionId: string): Promise<PositionRow | undefined>;
  /** The one position of a symbol that is not closed. */
  readOpenPosition(symbol: string): Promise<PositionRow | undefined>;
  /** Those that are not closed, by `created_at`, then symbol. */
  listOpenPositions(): Promise<PositionRow[]>;
  /** All executions of a position's orders. */
  listFillsOf(positionId: string): Promise<PositionFill[]>;
  /** Shares booked so far for one order. */
  bookedQty(clientOrderId: string): Promise<DecimalString>;
  /** Of these executions, those that the book has. */
  knownExecutions(executionIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The number of the last execution, counted from 1; 0 where there is none. */
  lastFillSeq(): Promise<number>;

  // What stands around an order
  readApproval(approvalId: string): Promise<ApprovalRow | undefined>;
  readStanding(): Promise<StandingRow>;
  /** The last trade update that was handled, by its `seq`; 0 where none was. */
  readCursor(): Promise<number>;

  // Sums, for comparing with the broker
  /**
   * The earliest creation among positions that are not closed or closed after `dayStart` and orders
   * that are not ended; null where there is nothing.
   */
  earliestOpen(dayStart: Instant): Promise<Instant | null>;
  /**
   * Orders created, executions of, and positions created after `since`, with all that is open; the
   * profit leaves out the positions of symbols in `leftOut`.
   */
  summarize(since: Instant, leftOut: readonly string[]): Promise<BookSummary>;
  /** Symbols with assumed executions after `since`, sorted. */
  assumedSymbols(since: Instant): Promise<string[]>;
}

export type AnnouncedEvent = 'catalyst:position_update' | 'catalyst:order_filled';

/** Who did what to what. */
export interface AuditNote {
  /** Who acts; without it, whoever asked for the work at hand. */
  actor?: string;
  /** The name that whoever asked has given; nobody has checked it. */
  on_behalf_of?: string;
  action: string;
  subject: string;
  details?: Record<string, unknown>;
}

/**
 * One change of the book, all of it or nothing. Rows of orders never change without the event that
 * says why: each keeps, beside what happened, the order as it was from then on (the first one the
 * whole row, a later one `orderStateOf`), so that the rows can be made anew from the events. Events
 * and executions are numbered without gaps, in the order in which they are committed, and are never
 * changed nor taken back.
 */
export interface BookTransaction extends BookReads {
  /**
   * Writes an order with its first event. False, and nothing is written, where one of its name, its
   * broker's name or its part of its approval is there already: so what is intended twice is one order.
   */
  addOrder(row: OrderRow, event: OrderEvent): Promise<boolean>;
  /** Writes what of an order may change (`OrderState`), with the event at its `updated_at`. */
  changeOrder(row: OrderRow, event: OrderEvent): Promise<void>;
  /** Writes an event that changes nothing of the order. */
  addOrderEvent(row: OrderRow, event: OrderEvent, occurredAt: Instant): Promise<void>;

  /**
   * Writes a position that opens, with nothing filled, and the event `opened`, which keeps all that
   * was given; one that is there stays as it is.
   */
  addPosition(row: NewPosition): Promise<void>;
  /** Writes what of a position may change; with the event where somebody asked for it. */
  changePosition(row: PositionRow, event?: PositionEvent): Promise<void>;
  /**
   * Writes an execution. False, and nothing is written, where one of its name is there: the broker
   * tells of each more than once.
   */
  addFill(fill: FillRow): Promise<boolean>;

  /** Moves on to this trade update, in the transaction of what it told; never back. */
  moveCursor(seq: number, at: Instant): Promise<void>;
  /** Keeps what was last said of the account, with the prices of what is held then. */
  saveAccount(account: AccountRow, marks?: readonly Mark[]): Promise<void>;
  /** Keeps a comparison with the broker; asked again at the same instant it is the newer one. */
  saveReconciliation(cycleId: string | null, result: Reconciliation): Promise<void>;
  /** Keeps each fee once, as the broker says it now. */
  saveFees(fees: readonly BrokerFee[], at: Instant): Promise<void>;
  /** Keeps each transfer once, as the broker says it now; how many were new or other than before. */
  saveTransfers(transfers: readonly BrokerTransfer[], at: Instant): Promise<number>;
  /** Remembers a halt file: it stops entries until a person resumes, also once it is gone. */
  noteHaltFile(reason: string, seenAt: Instant): Promise<void>;

  /** Writes who did what, or the transaction fails: no row, no act. */
  audit(note: AuditNote): void;
  /** Told to others once the transaction is committed, and never if it is not. */
  announce<C extends AnnouncedEvent>(channel: C, payload: EventPayload<C>): void;
  /** Runs once the transaction is committed; never when it is not. */
  afterCommit(work: () => void): void;
}

/**
 * Everything that the life of orders must remember, wherever that is: PostgreSQL at a desk, one file
 * at a friend's. What it promises is written down as tests, which each implementation runs:
 * `tests/book-contract/book-contract.ts`.
 *
 * An order is sent only after the transaction that wrote it as `intended` is committed, durably: a
 * process that is killed at any moment finds in the book whatever the broker may have.
 */
export interface Book extends BookReads {
  /**
   * All that `work` writes, or nothing. Transactions run one after the other. `work` may be run
   * again where the store undid it for its own reasons: it leaves nothing behind that is not undone.
   * @throws AppError with a retryable code where the store is away or busy; nothing is written then
   */
  transaction<T>(work: (tx: BookTransaction) => Promise<T>): Promise<T>;
  /** `saveAccount` as a transaction of its own, in its turn among the others. */
  saveAccount(account: AccountRow, marks?: readonly Mark[]): Promise<void>;
}
