import type { RiskStatus } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { currentContext } from '@catalyst/service-kit';
import type { CycleDay } from './cycle-book.ts';
import type { FlowDeps } from './flow-deps.ts';

interface Asked {
  by: string;
  reason: string;
}

/** A person changes one limit: audited here, checked and versioned by risk. */
export const updateRiskParameter = async (
  { database, audit, risk }: FlowDeps,
  name: string,
  { value, by, reason }: Asked & { value: number | boolean },
) => {
  await database.transaction(async (tx) =>
    audit(tx, {
      actor: by,
      action: 'risk_parameter_change_asked',
      subject: name,
      details: { value, reason },
    }),
  );
  return risk.updateParameter({ params: { name }, body: { value, by, reason } });
};

/** A person pauses, halts, flattens or resumes the desk; flattening also closes what is held. */
export const changeTradingState = async (
  { database, audit, risk, trading, settle }: FlowDeps,
  day: CycleDay | null,
  { act, by, reason }: Asked & { act: 'pause' | 'halt' | 'flatten' | 'resume' },
): Promise<RiskStatus> => {
  await database.transaction(async (tx) =>
    audit(tx, {
      actor: by,
      action: 'trading_state_change_asked',
      subject: act,
      details: { reason },
    }),
  );
  const status = await risk.changeTradingState({ body: { act, by, reason } });
  if (act !== 'flatten') return status;
  const request_id = stableId(
    'flatten',
    day?.cycle.cycle_id ?? 'no cycle',
    currentContext()!.request_id,
  );
  await trading.closeAllPositions({ body: { request_id, by, reason: 'manual' } });
  await settle();
  return risk.showStatus();
};
