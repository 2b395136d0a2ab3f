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
 * A person closes one position at market. It is in the journal before the order; the decision and
 * the audit's row are written where they can be, and hold nothing up.
 */
export const closePosition = async (
  deps: FlowDeps,
  day: CycleDay | null,
  { position_id, by, reason, request_id }: Wanted,
) => {
  const { database, clock, journal, log, trading, settle } = deps;
  const held = await findPosition(database, position_id);
  if (!held)
    throw new AppError('NOT_FOUND', `there is no position ${position_id}`, { position_id });
  const { symbol } = held;
  const decision_id = stableId('decision', 'close', position_id, request_id);
  journal.note(
    {
      on_behalf_of: by,
      action: 'position_close_asked',
      subject: position_id,
      details: { symbol, reason, request_id },
    },
    decision_id,
  );
  const orLog = async (work: Promise<unknown>): Promise<void> => {
    await work.catch((error: unknown) => {
      if (!(error instanceof AppError && error.retryable)) throw error;
      log.warn('close_not_recorded', { symbol, position_id, error });
    });
  };
  try {
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
      await orLog(database.transaction((tx) => insertDecisions(tx, [decision])));
    }
    const { position } = await trading.closePosition({
      params: { position_id },
      body: { request_id, by: handedOn(by), reason: 'manual' },
    });
    await settle();
    await orLog(updateOutcome(database, decision_id, position.status, null, {}));
    const message =
      position.status === 'closed'
        ? `${symbol} is closed`
        : `${symbol} is being closed at market: ${position.qty} shares`;
    return { position_id, symbol, status: position.status, message };
  } finally {
    await journal.settle();
  }
};
