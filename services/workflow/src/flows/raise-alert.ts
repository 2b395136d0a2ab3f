import type { AlertDraft, Transaction } from '@catalyst/service-kit';
import { appendLog } from '../store/cycles.ts';
import type { FlowDeps } from './flow-deps.ts';

const logAlert = (
  tx: Transaction,
  { clock }: FlowDeps,
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
};

/** Raises an alert and writes it into the cycle's log, in the transaction of what it tells of. */
export const stageAlert = (
  tx: Transaction,
  deps: FlowDeps,
  cycle_id: string,
  draft: AlertDraft,
): void => {
  logAlert(tx, deps, cycle_id, draft);
  deps.alerts.stage(tx, { ...draft, cycle_id });
};

/** An approved entry that the broker does not have and will not get. */
export const entryRefused = (symbol: string, reason: string): AlertDraft => ({
  severity: 'warning',
  code: 'ENTRY_REFUSED',
  message: `the approved entry of ${symbol} was not taken: ${reason}`,
  subject: symbol,
  details: { symbol },
});

export const raiseAlert = async (
  deps: FlowDeps,
  cycle_id: string,
  alert: AlertDraft,
): Promise<void> => {
  await deps.alerts.raise({ ...alert, cycle_id }, (tx) => logAlert(tx, deps, cycle_id, alert));
};
