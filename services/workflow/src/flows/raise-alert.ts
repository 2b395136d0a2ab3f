import type { Transaction } from '@catalyst/service-kit';
import { appendLog } from '../store/cycles.ts';
import type { FlowDeps } from './flow-deps.ts';

export interface AlertDraft {
  severity: 'info' | 'warning' | 'critical';
  code: string;
  message: string;
  details?: Record<string, unknown>;
}

/**
 * Writes an alert into the cycle's log and announces it, in the transaction of what it tells of.
 */
export const stageAlert = (
  tx: Transaction,
  { clock, bus }: FlowDeps,
  cycle_id: string,
  { severity, code, message, details = {} }: AlertDraft,
): void => {
  const at = clock.now();
  tx.beforeCommit(() =>
    appendLog(tx, {
      cycle_id,
      at,
      kind: 'alert',
      title: message,
      details: { ...details, severity, code },
    }),
  );
  bus.stage(tx, 'catalyst:risk_alert', { cycle_id, severity, code, message, used_ratio: null });
};

/** An approved entry that the broker does not have and will not get. */
export const entryRefused = (symbol: string, reason: string): AlertDraft => ({
  severity: 'warning',
  code: 'ENTRY_REFUSED',
  message: `the approved entry of ${symbol} was not taken: ${reason}`,
  details: { symbol },
});

export const raiseAlert = async (
  deps: FlowDeps,
  cycle_id: string,
  alert: AlertDraft,
): Promise<void> => {
  await deps.database.transaction(async (tx) => stageAlert(tx, deps, cycle_id, alert));
};
