import { stableId } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { insertDecisions, updateOutcome } from '../store/decisions.ts';
import { findPosition } from '../store/desk-reads.ts';
import type { CycleDay } from './cycle-book.ts';
import type { FlowDeps } from './flow-deps.ts';
import { handedOn } from './handed-on.ts';

interface Wanted {
  position_id: string;
  by: string;
  reason: string;
  request_id: string;
}

/**
 * A person closes one position at market; the decision and its audit row are written before the
 * order.
 */
export const closePosition = async (
  { database, clock, audit, trading, settle }: FlowDeps,
  day: CycleDay | null,
  { position_id, by, reason, request_id }: Wanted,
) => {
  const held = await findPosition(database, position_id);
  if (!held)
    throw new AppError('NOT_FOUND', `there is no position ${position_id}`, { position_id });
  const { symbol } = held;
  const decision_id = stableId('decision', 'close', position_id, request_id);
  await database.transaction(async (tx) => {
    if (day) {
      const decision = {
        decision_id,
        cycle_id: day.cycle.cycle_id,
        symbol,
        decided_at: clock.now(),
        kind: 'exit' as const,
        outcome: 'decided',
        reason: `${by}: ${reason}`,
        scan_id: null,
        article_id: null,
        intent_id: null,
        pattern: null,
        inputs: { position_id, request_id },
      };
      if (!(await insertDecisions(tx, [decision])).has(decision_id)) return;
    }
    audit(tx, {
      on_behalf_of: by,
      action: 'position_close_asked',
      subject: position_id,
      details: { symbol, reason, request_id },
    });
  });
  const { position } = await trading.closePosition({
    params: { position_id },
    body: { request_id, by: handedOn(by), reason: 'manual' },
  });
  await settle();
  await updateOutcome(database, decision_id, position.status, null, {});
  const message =
    position.status === 'closed'
      ? `${symbol} is closed`
      : `${symbol} is being closed at market: ${position.qty} shares`;
  return { position_id, symbol, status: position.status, message };
};
