import type { Book, BookReads, BookTransaction } from '@catalyst/order-life';
import {
  assertHolder,
  createTurns,
  type Database,
  type EventBus,
  type Queryable,
  type RecordAudit,
  type Transaction,
} from '@catalyst/service-kit';
import { saveFees } from './fees.ts';
import * as fills from './fills.ts';
import * as orders from './orders.ts';
import * as positions from './positions.ts';
import * as records from './records.ts';
import { insertSighting, readStandingRow } from './standing.ts';
import { saveTransfers } from './transfers.ts';

const readsOf = (db: Queryable): BookReads => ({
  findOrders: (clientOrderIds, brokerOrderIds) =>
    orders.findOrders(db, clientOrderIds, brokerOrderIds),
  readOrder: (clientOrderId) => orders.readOrder(db, clientOrderId),
  listOrdersByApproval: (approvalId) => orders.listOrdersByApproval(db, approvalId),
  listOrdersOf: (positionId) => orders.listOrdersOf(db, [positionId]),
  listLiveOrders: () => orders.listLiveOrders(db),
  listWatchedOrders: () => orders.listWatchedOrders(db),
  findAssumed: (shares) => orders.findAssumed(db, shares),
  countOrderEvents: (clientOrderId, event) => orders.countOrderEvents(db, clientOrderId, event),
  listRequested: (event, requestId) => orders.listRequested(db, event, requestId),
  readPosition: (positionId) => positions.readPosition(db, positionId),
  readOpenPosition: (symbol) => positions.readOpenPosition(db, symbol),
  listOpenPositions: () => positions.listOpenPositions(db),
  listFillsOf: (positionId) => fills.listFillsOf(db, positionId),
  bookedQty: (clientOrderId) => fills.bookedQty(db, clientOrderId),
  knownExecutions: (executionIds) => fills.knownExecutions(db, executionIds),
  lastFillSeq: () => fills.lastFillSeq(db),
  readApproval: (approvalId) => records.readApproval(db, approvalId),
  readStanding: () => readStandingRow(db),
  readCursor: () => records.readCursor(db),
  earliestOpen: (dayStart) => records.earliestOpen(db, dayStart),
  summarize: (since, leftOut) => records.summarizeBook(db, since, leftOut),
  assumedSymbols: (since) => records.assumedSymbols(db, since),
});

interface Deps {
  database: Database;
  bus: Pick<EventBus, 'stage'>;
  audit: RecordAudit;
  /** Under which this process trades; whatever it intends is compared with the desk's. */
  epoch: () => number | null;
}

/** What is asked of the broker about an order that it has, written before it is asked. */
const INTENDS: ReadonlySet<string> = new Set([
  'cancel_requested',
  'sent_again',
  'stop_move_intended',
  'target_move_intended',
]);

/**
 * What is written in one transaction. What intends something, exits and moved stops among it, is
 * refused with DESK_TAKEN_OVER where another process trades by now: it acts on the same book, and
 * two would sell twice. What the broker told is written whoever reads it.
 */
const writesOf = (tx: Transaction, { bus, audit, epoch }: Deps): BookTransaction => ({
  ...readsOf(tx),
  addOrder: async (row, event) => {
    if (row.status === 'intended') await assertHolder(tx, 'trading', epoch());
    return orders.addOrder(tx, row, event);
  },
  changeOrder: (row, event) => orders.changeOrder(tx, row, event),
  addOrderEvent: async (row, event, occurredAt) => {
    if (INTENDS.has(event.event)) await assertHolder(tx, 'trading', epoch());
    return orders.addOrderEvent(tx, row, event, occurredAt);
  },
  addPosition: (row) => positions.addPosition(tx, row),
  changePosition: async (row, event) => {
    if (event) await assertHolder(tx, 'trading', epoch());
    return positions.changePosition(tx, row, event);
  },
  addFill: (fill) => fills.addFill(tx, fill),
  moveCursor: (seq, at) => records.moveCursor(tx, seq, at),
  saveAccount: (account, marks) => records.saveAccount(tx, account, marks),
  saveReconciliation: (cycleId, result) => records.saveReconciliation(tx, cycleId, result),
  saveFees: (fees, at) => saveFees(tx, fees, at),
  saveTransfers: (transfers, at) => saveTransfers(tx, transfers, at),
  noteHaltFile: (reason, seenAt) => insertSighting(tx, reason, seenAt),
  audit: (note) => audit(tx, note),
  announce: (channel, payload) => bus.stage(tx, channel, payload),
  afterCommit: (work) => tx.afterCommit(work),
});

/** The desk's book of orders, in PostgreSQL. */
export const createBook = (deps: Deps): Book => {
  // positions are acted on side by side; what they write stays one after the other
  const writes = createTurns();
  return {
    ...readsOf(deps.database),
    transaction: (work) =>
      writes(() => deps.database.transaction((tx) => work(writesOf(tx, deps)))),
    // one statement is all of it or nothing by itself: each minute has one
    saveAccount: (account, marks) =>
      writes(() => records.saveAccount(deps.database, account, marks)),
  };
};
