import { createHash } from 'node:crypto';
import type { Order, OrderIntent, Position } from '@catalyst/contracts';
import {
  bracketFor,
  canonicalJson,
  entryParts,
  entryOrderId,
  entrySide,
  positionIdFor,
  type BracketDecision,
  type DecimalString,
  type EntryPart,
  type Instant,
} from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import type { OrderRow } from '../book-rows.ts';
import { toOrder, toPosition } from '../show-rows.ts';
import type { BookTransaction } from '../book.ts';
import type { LifeDeps } from './life-deps.ts';
import { createRebook } from './rebook-position.ts';
import type { SendEntry } from './send-entry.ts';
import type { WatchStops } from './watch-stops.ts';

/** How risk names what it approved. */
const hashIntent = (intent: OrderIntent): string =>
  createHash('sha256').update(canonicalJson(intent)).digest('hex');

export interface Submission {
  approval_id: string;
  intent: OrderIntent;
}
/** The entry, its position, and each of its brackets. */
export interface Submitted {
  order: Order;
  position: Position;
  parts: Order[];
}
type Part = EntryPart & { bracket: BracketDecision };

/**
 * The approved intent becomes a position and its entry, committed; only then is the broker called.
 * An entry in parts is several brackets, each of which the broker takes or refuses by itself. Asking
 * again finds the same orders.
 */
export const createSubmitOrder = (
  deps: LifeDeps,
  entries: SendEntry,
  stops: WatchStops,
  isReconciled: () => boolean,
) => {
  const { book, clock } = deps;
  const rebook = createRebook(deps);

  const answer = async (approvalId: string): Promise<Submitted> => {
    const parts = await book.listOrdersByApproval(approvalId);
    const taken = parts.find(({ status }) => status !== 'refused') ?? parts[0]!;
    return {
      order: toOrder(taken),
      position: toPosition((await book.readPosition(taken.position_id!))!),
      parts: parts.map(toOrder),
    };
  };

  /**
   * The brackets that the approved shares are entered with: one for each part, or one for all where
   * the ticks bring a part's target to its entry.
   */
  const bracketsFor = (intent: OrderIntent, qty: DecimalString): Part[] => {
    const bracketOf = ({ part, qty: of, target_price }: EntryPart): Part => ({
      part,
      qty: of,
      target_price,
      bracket: bracketFor({ ...intent, target_price }, of, entryOrderId(intent.intent_id, part)),
    });
    const parts = entryParts(qty, intent.scale_out ?? [], intent.target_price).map(bracketOf);
    return parts.length === 1 || parts.every(({ bracket }) => 'request' in bracket)
      ? parts
      : entryParts(qty, [], intent.target_price).map(bracketOf);
  };

  const addEntry = async (
    tx: BookTransaction,
    { approval_id, intent }: Submission,
    { part, qty, target_price, bracket }: Part,
    now: Instant,
  ): Promise<OrderRow> => {
    const row: OrderRow = {
      client_order_id: entryOrderId(intent.intent_id, part),
      broker_order_id: null,
      parent_client_order_id: null,
      approval_id,
      part,
      cycle_id: intent.cycle_id,
      position_id: positionIdFor(intent.intent_id),
      symbol: intent.symbol,
      side: entrySide(intent.direction),
      role: 'entry',
      type: intent.limit_price === null ? 'market' : 'limit',
      order_class: 'bracket',
      time_in_force: 'gtc',
      qty,
      filled_qty: '0',
      filled_avg_price: null,
      limit_price:
        'request' in bracket ? (bracket.request.limit_price ?? null) : intent.limit_price,
      stop_price: null,
      status: 'refusal' in bracket ? 'refused' : 'intended',
      reason: 'refusal' in bracket ? bracket.refusal : null,
      exit_reason: null,
      is_adopted: false,
      request: 'request' in bracket ? { ...bracket.request } : { intent },
      created_at: now,
      updated_at: now,
    };
    await tx.addOrder(row, { event: row.status, source: 'desk', details: { approval_id } });
    tx.audit({
      actor: 'trading',
      action: 'order_intended',
      subject: intent.symbol,
      details: {
        client_order_id: row.client_order_id,
        approval_id,
        part,
        side: row.side,
        qty,
        stop_price: 'plan' in bracket ? bracket.plan.stop_price : intent.stop_price,
        target_price: 'plan' in bracket ? bracket.plan.target_price : target_price,
      },
    });
    return row;
  };

  const intend = (submission: Submission): Promise<OrderRow[]> =>
    book.transaction(async (tx) => {
      const { approval_id, intent } = submission;
      const now = clock.now();
      const approval = await tx.readApproval(approval_id);
      if (!approval)
        throw new AppError('APPROVAL_MISSING', `risk has no approval ${approval_id}`, {
          approval_id,
        });
      if (approval.intent_hash !== hashIntent(intent))
        throw new AppError('APPROVAL_MISSING', 'the approval is for another intent', {
          approval_id,
          intent_id: intent.intent_id,
        });
      if (Date.parse(approval.expires_at) <= Date.parse(now))
        throw new AppError('APPROVAL_EXPIRED', `the approval ended at ${approval.expires_at}`, {
          approval_id,
          expires_at: approval.expires_at,
        });
      await stops.assertMayEnter(tx, approval.approved_at);
      const held = await tx.readOpenPosition(intent.symbol);
      if (held)
        throw new AppError('BROKER_REFUSED', `the desk already holds or opens ${intent.symbol}`, {
          symbol: intent.symbol,
          position_id: held.position_id,
        });

      const position_id = positionIdFor(intent.intent_id);
      const brackets = bracketsFor(intent, approval.qty);
      const { bracket } = brackets.at(-1)!;
      await tx.addPosition({
        position_id,
        cycle_id: intent.cycle_id,
        symbol: intent.symbol,
        intent_id: intent.intent_id,
        direction: intent.direction,
        initial_stop_price: 'plan' in bracket ? bracket.plan.stop_price : intent.stop_price,
        target_price: 'plan' in bracket ? bracket.plan.target_price : intent.target_price,
        is_adopted: false,
        created_at: now,
      });
      const rows: OrderRow[] = [];
      for (const part of brackets) rows.push(await addEntry(tx, submission, part, now));
      if ('refusal' in bracket) await rebook(tx, position_id);
      return rows;
    });

  return async (submission: Submission): Promise<Submitted> => {
    const earlier = await book.listOrdersByApproval(submission.approval_id);
    const [first] = earlier;
    if (first && first.client_order_id !== entryOrderId(submission.intent.intent_id)) {
      throw new AppError('APPROVAL_USED', 'the approval was used for another order', {
        approval_id: submission.approval_id,
        client_order_id: first.client_order_id,
      });
    }
    if (!first && !isReconciled())
      throw new AppError(
        'NOT_RECONCILED',
        'the desk differs from the broker and opens nothing until a reconciliation is clean',
      );
    if (!first) await stops.sight();
    const rows = first ? earlier : await intend(submission);
    const unsent = rows.filter(({ status }) => status === 'intended');
    if (first) for (const row of unsent) await entries.resume(row);
    else for (const row of unsent) await entries.first(row);
    return answer(submission.approval_id);
  };
};
