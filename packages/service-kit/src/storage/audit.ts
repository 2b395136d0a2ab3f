import { randomUUID } from 'node:crypto';
import { stableId } from '@catalyst/domain';
import { type Clock, currentContext } from '@catalyst/runtime';
import type { Database, Transaction } from './database.ts';

export interface AuditEntry {
  /** Who acts; without it the caller whose key was shown. */
  actor?: string;
  /** The name that the caller gave; nobody has checked it. */
  on_behalf_of?: string;
  action: string;
  subject: string;
  details?: Record<string, unknown>;
}

/** An entry with what is known of its act beside it. */
export interface AuditRow {
  /** Of a row that was in the journal first; it is stored once. */
  journal_id: string | null;
  at: string;
  actor: string;
  on_behalf_of: string | null;
  action: string;
  subject: string;
  details: Record<string, unknown>;
  request_id: string;
}

/** Writes an audit row in the transaction of the act it tells of: no row, no act. */
export type RecordAudit = (tx: Transaction, entry: AuditEntry) => void;

/**
 * For what only lowers risk (pause, halt, cancel, close, flatten, protect, tighten): the entry is on
 * this machine's disk, then the act is done whatever the database says, and the row follows.
 */
export interface AuditJournal {
  /** `once` names the act: noted again under the same name, it has one row. */
  note(entry: AuditEntry, once?: string): void;
  /** Writes the rows that wait; what cannot be written goes on waiting. Never throws. */
  settle(): Promise<void>;
}

export const createAuditRow =
  (service: string, clock: Clock) =>
  ({ actor, on_behalf_of, action, subject, details = {} }: AuditEntry): AuditRow => {
    const context = currentContext();
    const asker = context === undefined || context.caller === 'self' ? service : context.caller;
    return {
      journal_id: null,
      at: clock.now(),
      actor: actor ?? asker,
      on_behalf_of: on_behalf_of ?? null,
      action,
      subject,
      details,
      request_id: context?.request_id ?? 'none',
    };
  };

const insertRow = async (tx: Transaction, service: string, row: AuditRow): Promise<void> => {
  await tx.query(
    `INSERT INTO audit_log (service, seq, at, actor, on_behalf_of, action, subject, details,
       request_id, journal_id)
     VALUES ($1, next_seq($2), $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      service,
      `audit:${service}`,
      row.at,
      row.actor,
      row.on_behalf_of,
      row.action,
      row.subject,
      JSON.stringify(row.details),
      row.request_id,
      row.journal_id,
    ],
  );
};

export const createAudit = (service: string, clock: Clock): RecordAudit => {
  const rowOf = createAuditRow(service, clock);
  return (tx, entry) => {
    const row = rowOf(entry);
    tx.beforeCommit(() => insertRow(tx, service, row));
  };
};

/** An entry as the journal keeps it until its row is stored. */
export const createJournalRow = (service: string, clock: Clock) => {
  const rowOf = createAuditRow(service, clock);
  return (entry: AuditEntry, once?: string): AuditRow => ({
    ...rowOf(entry),
    journal_id: once === undefined ? randomUUID() : stableId('journal', service, once),
  });
};

/** Stores rows of the journal, each once, in the order in which they were written down. */
export const storeJournalRows = (
  database: Database,
  service: string,
  rows: readonly AuditRow[],
): Promise<void> =>
  database.transaction(async (tx) => {
    const stored = await tx.query<{ journal_id: string }>(
      'SELECT journal_id FROM audit_log WHERE journal_id = ANY ($1)',
      [rows.map(({ journal_id }) => journal_id)],
    );
    const known = new Set(stored.map(({ journal_id }) => journal_id));
    tx.beforeCommit(async () => {
      for (const row of rows) {
        if (known.has(row.journal_id!)) continue;
        known.add(row.journal_id!);
        await insertRow(tx, service, row);
      }
    });
  });
