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

/** An outage for an answer; another failure is thrown. */
const orOutage = <T>(work: Promise<T>): Promise<T | AppError> =>
  work.catch((error: unknown) => {
    if (error instanceof AppError && error.retryable) return error;
    throw error;
  });
const told = <T>(answer: T | AppError): T => {
  if (answer instanceof AppError) throw answer;
  return answer;
};

const requestId = (act: string, day: CycleDay | null): string =>
  stableId(act, day?.cycle.cycle_id ?? 'no cycle', currentContext()!.request_id);

/** A person cancels the entries that wait at the broker; what protects held shares stays. */
export const cancelEntries = async (
  { journal, trading, settle }: FlowDeps,
  day: CycleDay | null,
  {
    by,
    reason,
    symbol,
    client_order_id,
  }: Asked & { symbol?: string | undefined; client_order_id?: string | undefined },
): Promise<{ canceled_orders: number }> => {
  journal.note({
    on_behalf_of: by,
    action: 'cancel_entries_asked',
    subject: client_order_id ?? symbol ?? 'entries',
    details: { reason },
  });
  try {
    const canceled = await trading.cancelAllOrders({
      body: {
        request_id: requestId('cancel', day),
        by: handedOn(by),
        ...(symbol && { symbol }),
        ...(client_order_id && { client_order_id }),
      },
    });
    await settle();
    return canceled;
  } finally {
    await journal.settle();
  }
};

/**
 * A person pauses, halts, flattens or resumes the desk, at once, whatever job is at hand. A halt
 * also cancels the entries that wait at the broker, and flattening closes what is held.
 * @param atBroker waits until the broker may be asked for something
 */
export const changeTradingState = async (
  deps: FlowDeps,
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
  const { database, audit, journal, risk, trading, settle } = deps;
  const asked = {
    on_behalf_of: by,
    action: 'trading_state_change_asked',
    subject: act,
    details: { reason },
  };
  const name = handedOn(by);
  const change = () => risk.changeTradingState({ body: { act, by: name, reason } });
  if (act === 'resume') {
    // an agent reads what strangers write; what a person stopped it does not start
    if (caller !== 'cli')
      throw new AppError(
        'OPERATOR_ONLY',
        "only the operator resumes the desk, with the operator's own key",
      );
    await database.transaction(async (tx) => audit(tx, asked));
    return change();
  }
  journal.note(asked);
  try {
    const changed = await orOutage(change());
    if (act === 'pause') return told(changed);
    const request = { request_id: requestId(act, day), by: name };
    // also where risk is away: what waits at the broker and what is held are trading's
    await atBroker(async () => {
      if (act === 'halt') await trading.cancelAllOrders({ body: request });
      else await trading.closeAllPositions({ body: { ...request, reason: 'manual' } });
      await settle();
    });
    told(changed);
    return { ...(await risk.showStatus()), lifted: null };
  } finally {
    await journal.settle();
  }
};
