import type { Clock } from '../clock.ts';
import { currentContext } from '../context.ts';
import type { Transaction } from './database.ts';

export interface AuditEntry {
  actor: string;
  action: string;
  subject: string;
  details?: Record<string, unknown>;
}

/** Writes an audit row in the transaction of the act it tells of: no row, no act. */
export type RecordAudit = (tx: Transaction, entry: AuditEntry) => void;

export const createAudit =
  (service: string, clock: Clock): RecordAudit =>
  (tx, { actor, action, subject, details = {} }) => {
    const at = clock.now();
    const requestId = currentContext()?.request_id ?? 'none';
    tx.beforeCommit(async () => {
      await tx.query(
        `INSERT INTO audit_log (service, seq, at, actor, action, subject, details, request_id)
         VALUES ($1, next_seq($2), $3, $4, $5, $6, $7, $8)`,
        [
          service,
          `audit:${service}`,
          at,
          actor,
          action,
          subject,
          JSON.stringify(details),
          requestId,
        ],
      );
    });
  };
