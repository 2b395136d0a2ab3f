import type { Position } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import type { FlowDeps } from './flow-deps.ts';
import { handedOn } from './handed-on.ts';

interface Wanted {
  by: string;
  reason: string;
  request_id: string;
  caller: string;
  /** Only the operator's own key moves a stop away from the price. */
  loosen?: boolean;
  /** What is asked, for the journal. */
  act: Record<string, unknown>;
  run: (asked: {
    by: string;
    request_id: string;
  }) => Promise<{ position: Position; message: string }>;
}

/**
 * A person moves the stop of what is held, or sells a part of it. What lowers risk is in the journal
 * before it is done, and its audit row follows; what loosens has its row first, or is not done.
 */
export const steerPosition = async (
  { journal, database, audit, settle }: FlowDeps,
  position_id: string,
  { by, reason, request_id, caller, loosen = false, act, run }: Wanted,
) => {
  if (loosen && caller !== 'cli')
    throw new AppError(
      'OPERATOR_ONLY',
      "only the operator moves a stop away from the price, with the operator's own key",
    );
  const row = {
    on_behalf_of: by,
    action: 'position_steered',
    subject: position_id,
    details: { ...act, reason, request_id },
  };
  if (loosen) await database.transaction(async (tx) => audit(tx, row));
  else journal.note(row, stableId('steer', position_id, request_id));
  try {
    const { position, message } = await run({ by: handedOn(by), request_id });
    await settle();
    return { position_id, symbol: position.symbol, status: position.status, message };
  } finally {
    if (!loosen) await journal.settle();
  }
};
