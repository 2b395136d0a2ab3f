import { decimalString, exitReason, ownExit, symbol, wholeQuantity } from '@catalyst/domain';
import { z } from 'zod';
import { orderIntent } from '../risk-decision.ts';
import { route } from '../route.ts';
import { onBehalfOf } from '../said-by.ts';
import { account, accountStatus, order, position, standingPosition } from './book.ts';
import { rebuildResult, reconciliation } from './reconciliation.ts';

/** What was to be closed and is not on its way out yet; it is tried again each second. */
export const left = z.object({ symbol, why: z.string(), is_naked: z.boolean() });
export type Left = z.infer<typeof left>;

/** The desk's own name of an order, as `listOrders` gives it. */
export const clientOrderId = z.string().trim().min(1).max(128);

/** An act by a person or a rule: who asks, and an id that makes asking twice harmless. */
const act = { request_id: z.uuid(), by: onBehalfOf };

export const stopActs = ['pause', 'halt', 'cancel', 'flatten', 'close'] as const;
export type StopAct = (typeof stopActs)[number];

/** What the second door did. */
export const stopped = z.object({
  act: z.enum(stopActs),
  /** The file that halts the desk; null for what changes no trading state. */
  halt_file: z.string().nullable(),
  /** Symbols that were asked to be closed. */
  closing: z.array(symbol),
  canceled_orders: z.int(),
  left: z.array(left),
  /** False where the database did not answer, so that the broker alone was asked. */
  by_book: z.boolean(),
});
export type Stopped = z.infer<typeof stopped>;

export const tradingApi = {
  stop: route('POST', '/api/v1/stop', {
    summary:
      'The second door for stops, for where workflow does not answer: writes the halt file (for pause, halt and flatten), then acts, also while the database is away.',
    body: z.strictObject({
      ...act,
      act: z.enum(stopActs),
      /** What to close, for `close`. */
      symbol: symbol.optional(),
      reason: z.string().trim().min(1).max(500),
    }),
    response: stopped,
    scope: 'stop',
    repeatable: true,
  }),
  submitOrder: route('POST', '/api/v1/orders', {
    summary:
      'Sends the approved intent as a bracket, or as several where it is left in parts. The intent is committed before the broker is called; asking again finds the same order.',
    body: z.strictObject({ approval_id: z.uuid(), intent: orderIntent }),
    response: z.object({
      /** The entry; of several brackets the first that the broker did not refuse. */
      order,
      position,
      /** All brackets of the entry; one that is `refused` was left out, and is not sent again. */
      parts: z.array(order).default([]),
    }),
    repeatable: true,
  }),
  listOrders: route('GET', '/api/v1/orders', {
    summary: 'Orders, oldest first.',
    query: z.strictObject({
      cycle_id: z.uuid().optional(),
      status: z.enum(['open', 'closed', 'all']).default('all'),
    }),
    response: z.object({ orders: z.array(order) }),
  }),
  listPositions: route('GET', '/api/v1/positions', {
    summary:
      'Positions, oldest first, with the stop and target that are live, what is at risk, and what is naked.',
    query: z.strictObject({
      cycle_id: z.uuid().optional(),
      status: z.enum(['open', 'closed', 'all']).default('all'),
    }),
    response: z.object({ positions: z.array(standingPosition) }),
  }),
  showPosition: route('GET', '/api/v1/positions/:position_id', {
    summary: 'One position, as it stands.',
    params: z.object({ position_id: z.uuid() }),
    response: standingPosition,
  }),
  closePosition: route('POST', '/api/v1/positions/:position_id/close', {
    summary:
      'Cancels the legs, waits until they are canceled, closes at market; protects again when that fails, and goes on trying.',
    params: z.object({ position_id: z.uuid() }),
    body: z.strictObject({ ...act, reason: exitReason }),
    response: z.object({
      position,
      /** Why it is not on its way out yet; null where it is, or is closed. */
      left: left.nullable(),
    }),
    repeatable: true,
  }),
  moveStop: route('POST', '/api/v1/positions/:position_id/stop', {
    summary:
      "Moves the stop of what is held towards the price, by replacing it at the broker; away from it only with loosen, which is the operator's.",
    params: z.object({ position_id: z.uuid() }),
    body: z.strictObject({ ...act, stop_price: decimalString, loosen: z.boolean().default(false) }),
    response: z.object({ position, message: z.string() }),
    repeatable: true,
  }),
  placeExit: route('POST', '/api/v1/positions/:position_id/exit-order', {
    summary:
      "Exchanges the exits of what is held for a person's own: a limit, a pair of limit and stop, a stop-limit or a trailing stop. Never guards less than before.",
    params: z.object({ position_id: z.uuid() }),
    body: z.strictObject({ ...act, exit: ownExit }),
    response: z.object({ position, message: z.string() }),
    repeatable: true,
  }),
  reducePosition: route('POST', '/api/v1/positions/:position_id/reduce', {
    summary:
      'Sells a part of what is held at market; what stays is guarded before that. Asking again finds what was done.',
    params: z.object({ position_id: z.uuid() }),
    body: z.strictObject({ ...act, qty: wholeQuantity }),
    response: z.object({ position, message: z.string() }),
    repeatable: true,
  }),
  closeAllPositions: route('POST', '/api/v1/positions/close-all', {
    summary:
      'Cancels every order of the desk and closes every position at market, each though another fails; says what is left and why.',
    body: z.strictObject({ ...act, reason: exitReason }),
    response: z.object({
      closing: z.array(symbol),
      canceled_orders: z.int(),
      left: z.array(left),
    }),
    repeatable: true,
  }),
  cancelAllOrders: route('POST', '/api/v1/orders/cancel-all', {
    summary:
      'Cancels open entry orders: all, those of one symbol, or one by its client_order_id; protective legs stay.',
    body: z.strictObject({
      ...act,
      symbol: symbol.optional(),
      client_order_id: clientOrderId.optional(),
    }),
    response: z.object({ canceled_orders: z.int() }),
    repeatable: true,
  }),
  monitorPositions: route('POST', '/api/v1/positions/monitor', {
    summary:
      'Reads account and prices, updates profit and loss, verifies that every open share has a live stop and mends what has not.',
    body: z.strictObject({ cycle_id: z.uuid() }),
    response: z.object({
      account,
      positions: z.array(position),
      mended: z.array(z.object({ symbol, action: z.string(), is_refused: z.boolean() })),
      /** Another one whenever something was asked of the broker, or the service began anew. */
      acts_mark: z.string(),
    }),
    repeatable: true,
  }),
  listReconciliations: route('GET', '/api/v1/reconciliations', {
    summary:
      'Reconciliations, newest first: each difference from the broker and what was done about it.',
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
    response: z.object({ reconciliations: z.array(reconciliation) }),
  }),
  reconcile: route('POST', '/api/v1/reconcile', {
    summary:
      "Holds orders, fills, positions and realised profit against the broker, takes over the broker's truth and lists the differences.",
    body: z.strictObject({ cycle_id: z.uuid().nullable() }),
    response: reconciliation,
    repeatable: true,
  }),
  rebuildBook: route('GET', '/api/v1/book/rebuilt', {
    summary:
      'Makes orders and positions again from their events and executions, in memory, and lists where the rows differ; writes nothing.',
    response: rebuildResult,
  }),
  drainStream: route('POST', '/api/v1/stream/drain', {
    summary:
      'Replay: waits until the trade updates up to to_seq are handled and nothing is outbound.',
    body: z.strictObject({
      to_seq: z.int().min(0),
      timeout_ms: z.int().min(1).max(60_000).default(20_000),
    }),
    response: z.object({ seq: z.int() }),
    scope: 'step',
    repeatable: true,
  }),
  showAccount: route('GET', '/api/v1/account', {
    summary: "The account as last read, with the fees of that day's trades.",
    response: accountStatus,
  }),
};
