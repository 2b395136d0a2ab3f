import { createHash } from 'node:crypto';
import type { Order, OrderIntent, Position } from '@catalyst/contracts';
import {
  bracketFor,
  canonicalJson,
  entryOrderId,
  entrySide,
  positionIdFor,
} from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import type { OrderRow } from '../book-rows.ts';
import { toOrder, toPosition } from '../show-rows.ts';
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

/**
 * The approved intent becomes a position and its entry, committed; only then is the broker called.
 * Asking again finds the same order.
 */
export const createSubmitOrder = (
  deps: LifeDeps,
  { first, resume }: SendEntry,
  stops: WatchStops,
  isReconciled: () => boolean,
) => {
  const { book, clock } = deps;
  const rebook = createRebook(deps);

  const answer = async (clientOrderId: string): Promise<{ order: Order; position: Position }> => {
    const order = (await book.readOrder(clientOrderId))!;
    return {
      order: toOrder(order),
      position: toPosition((await book.readPosition(order.position_id!))!),
    };
  };

  const intend = ({ approval_id, intent }: Submission): Promise<OrderRow> =>
    book.transaction(async (tx) => {
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

      const client_order_id = entryOrderId(intent.intent_id);
      const position_id = positionIdFor(intent.intent_id);
      const bracket = bracketFor(intent, approval.qty, client_order_id);
      const plan =
        'plan' in bracket
          ? bracket.plan
          : { stop_price: intent.stop_price, target_price: intent.target_price };
      await tx.addPosition({
        position_id,
        cycle_id: intent.cycle_id,
        symbol: intent.symbol,
        intent_id: intent.intent_id,
        direction: intent.direction,
        initial_stop_price: plan.stop_price,
        target_price: plan.target_price,
        is_adopted: false,
        created_at: now,
      });
      const row: OrderRow = {
        client_order_id,
        broker_order_id: null,
        parent_client_order_id: null,
        approval_id,
        cycle_id: intent.cycle_id,
        position_id,
        symbol: intent.symbol,
        side: entrySide(intent.direction),
        role: 'entry',
        type: intent.limit_price === null ? 'market' : 'limit',
        order_class: 'bracket',
        time_in_force: 'gtc',
        qty: approval.qty,
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
          client_order_id,
          approval_id,
          side: row.side,
          qty: row.qty,
          stop_price: plan.stop_price,
          target_price: plan.target_price,
        },
      });
      if ('refusal' in bracket) await rebook(tx, position_id);
      return row;
    });

  return async (submission: Submission): Promise<{ order: Order; position: Position }> => {
    const earlier = await book.readOrderByApproval(submission.approval_id);
    if (earlier && earlier.client_order_id !== entryOrderId(submission.intent.intent_id)) {
      throw new AppError('APPROVAL_USED', 'the approval was used for another order', {
        approval_id: submission.approval_id,
        client_order_id: earlier.client_order_id,
      });
    }
    if (!earlier && !isReconciled())
      throw new AppError(
        'NOT_RECONCILED',
        'the desk differs from the broker and opens nothing until a reconciliation is clean',
      );
    if (!earlier) await stops.sight();
    const row = earlier ?? (await intend(submission));
    if (row.status === 'intended') await (earlier ? resume(row) : first(row));
    return answer(row.client_order_id);
  };
};
