import type { TradingStateChange } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { AppError, currentContext } from '@catalyst/service-kit';
import type { CycleDay } from './cycle-book.ts';
import type { FlowDeps } from './flow-deps.ts';
import { handedOn } from './handed-on.ts';

interface Asked {
  by: string;
  reason: string;
}

const requestId = (act: string, day: CycleDay | null): string =>
  stableId(act, day?.cycle.cycle_id ?? 'no cycle', currentContext()!.request_id);

/** A person cancels the entries that wait at the broker; what protects held shares stays. */
export const cancelEntries = async (
  { database, audit, trading, settle }: FlowDeps,
  day: CycleDay | null,
  { by, reason }: Asked,
): Promise<{ canceled_orders: number }> => {
  await database.transaction(async (tx) =>
    audit(tx, {
      on_behalf_of: by,
      action: 'cancel_entries_asked',
      subject: 'entries',
      details: { reason },
    }),
  );
  const canceled = await trading.cancelAllOrders({
    body: { request_id: requestId('cancel', day), by: handedOn(by) },
  });
  await settle();
  return canceled;
};

/**
 * A person pauses, halts, flattens or resumes the desk, at once, whatever job is at hand. A halt
 * also cancels the entries that wait at the broker, and flattening closes what is held.
 * @param atBroker waits until the broker may be asked for something
 */
export const changeTradingState = async (
  { database, audit, risk, trading, settle }: FlowDeps,
  day: CycleDay | null,
  {
    act,
    by,
    reason,
    caller,
  }: Asked &
    Record<'act', 'pause' | 'halt' | 'flatten' | 'resume'> & {
      caller: string;
    },
  atBroker: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<TradingStateChange> => {
  // an agent reads what strangers write; what a person stopped it does not start
  if (act === 'resume' && caller !== 'cli')
    throw new AppError(
      'OPERATOR_ONLY',
      "only the operator resumes the desk, with the operator's own key",
    );
  await database.transaction(async (tx) =>
    audit(tx, {
      on_behalf_of: by,
      action: 'trading_state_change_asked',
      subject: act,
      details: { reason },
    }),
  );
  const name = handedOn(by);
  const changed = await risk.changeTradingState({ body: { act, by: name, reason } });
  if (act !== 'halt' && act !== 'flatten') return changed;
  const request = { request_id: requestId(act, day), by: name };
  await atBroker(async () => {
    if (act === 'halt') await trading.cancelAllOrders({ body: request });
    else await trading.closeAllPositions({ body: { ...request, reason: 'manual' } });
    await settle();
  });
  return { ...(await risk.showStatus()), lifted: null };
};
