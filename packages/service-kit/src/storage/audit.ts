import type { Clock } from '../clock.ts';
import { currentContext } from '../context.ts';
import type { Transaction } from './database.ts';

export interface AuditEntry {
  /** Who acts; without it the caller whose key was shown. */
  actor?: string;
  /** The name that the caller gave; nobody has checked it. */
  on_behalf_of?: string;
  action: string;
  subject: string;
  details?: Record<string, unknown>;
}

/** Writes an audit row in the transaction of the act it tells of: no row, no act. */
export type RecordAudit = (tx: Transaction, entry: AuditEntry) => void;

export const createAudit =
  (service: string, clock: Clock): RecordAudit =>
  (tx, { actor, on_behalf_of, action, subject, details = {} }) => {
    const at = clock.now();
    const context = currentContext();
    const requestId = context?.request_id ?? 'none';
    const asker = context === undefined || context.caller === 'self' ? service : context.caller;
    tx.beforeCommit(async () => {
      await tx.query(
        `INSERT INTO audit_log (service, seq, at, actor, on_behalf_of, action, subject, details,
           request_id)
         VALUES ($1, next_seq($2), $3, $4, $5, $6, $7, $8, $9)`,
        [
          service,
          `audit:${service}`,
          at,
          actor ?? asker,
          on_behalf_of ?? null,
          action,
          subject,
          JSON.stringify(details),
          requestId,
        ],
      );
    });
  };
