import type { OperatorSession } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import type { Queryable, Transaction } from '@catalyst/service-kit';
import type { FailedTries } from '../domain/sign-in-wait.ts';

export interface StoredOperator {
  password_hash: string;
  totp_sealed: string;
  last_totp_step: number;
  recovery_hashes: string[];
  set_at: Instant;
  confirmed_at: Instant | null;
}

const COLUMNS = 'password_hash, totp_sealed, last_totp_step, recovery_hashes, set_at, confirmed_at';

/** The operator; locked until the transaction ends where that is asked for. */
export const findOperator = async (
  db: Queryable,
  { lock = false }: { lock?: boolean } = {},
): Promise<StoredOperator | null> => {
  const [row] = await db.query<StoredOperator>(
    `SELECT ${COLUMNS} FROM operators WHERE name = 'operator' ${lock ? 'FOR UPDATE' : ''}`,
  );
  return row ? { ...row, last_totp_step: Number(row.last_totp_step) } : null;
};

/** Puts the operator in the place of whoever was it; sessions and failures of before are over. */
export const replaceOperator = async (
  tx: Transaction,
  operator: Pick<StoredOperator, 'password_hash' | 'totp_sealed' | 'recovery_hashes' | 'set_at'>,
  by: string,
): Promise<void> => {
  await tx.query('DELETE FROM operator_sessions');
  await tx.query('DELETE FROM operator_tries');
  await tx.query('DELETE FROM operators');
  await tx.query(
    `INSERT INTO operators (name, password_hash, totp_sealed, recovery_hashes, set_by, set_at)
     VALUES ('operator', $1, $2, $3, $4, $5)`,
    [operator.password_hash, operator.totp_sealed, operator.recovery_hashes, by, operator.set_at],
  );
};

export const confirmStored = async (tx: Transaction, step: number, at: Instant): Promise<void> => {
  await tx.query(
    'UPDATE operators SET confirmed_at = COALESCE(confirmed_at, $2), last_totp_step = $1',
    [step, at],
  );
};

export const useStep = async (tx: Transaction, step: number): Promise<void> => {
  await tx.query('UPDATE operators SET last_totp_step = $1', [step]);
};

export const useRecoveryCode = async (tx: Transaction, hash: string): Promise<void> => {
  await tx.query('UPDATE operators SET recovery_hashes = array_remove(recovery_hashes, $1)', [
    hash,
  ]);
};

/** Failures since an instant, from one address or from everywhere. */
export const countTries = async (
  db: Queryable,
  since: Instant,
  address: string | null,
): Promise<FailedTries> => {
  const [row] = await db.query<{ count: string; last_at: Instant | null }>(
    `SELECT count(*) AS count, max(at) AS last_at FROM operator_tries
     WHERE at > $1 AND ($2::text IS NULL OR address = $2)`,
    [since, address],
  );
  return {
    count: Number(row!.count),
    last_at_ms: row!.last_at === null ? null : Date.parse(row!.last_at),
  };
};

export const insertTry = async (
  tx: Transaction,
  row: { try_id: string; address: string; at: Instant; forget_before: Instant },
): Promise<void> => {
  await tx.query('DELETE FROM operator_tries WHERE at <= $1', [row.forget_before]);
  await tx.query('INSERT INTO operator_tries (try_id, address, at) VALUES ($1, $2, $3)', [
    row.try_id,
    row.address,
    row.at,
  ]);
};

/** A try that succeeded ends the wait of its address. */
export const forgetTries = async (tx: Transaction, address: string): Promise<void> => {
  await tx.query('DELETE FROM operator_tries WHERE address = $1', [address]);
};

export const insertSession = async (
  tx: Transaction,
  row: OperatorSession & { session_hash: string; address: string },
): Promise<void> => {
  await tx.query('DELETE FROM operator_sessions WHERE expires_at <= $1', [row.signed_in_at]);
  await tx.query(
    `INSERT INTO operator_sessions (session_hash, address, signed_in_at, expires_at)
     VALUES ($1, $2, $3, $4)`,
    [row.session_hash, row.address, row.signed_in_at, row.expires_at],
  );
};

export const findStoredSession = async (
  db: Queryable,
  session_hash: string,
  at: Instant,
): Promise<OperatorSession | null> => {
  const [row] = await db.query<OperatorSession>(
    `SELECT signed_in_at, expires_at FROM operator_sessions
     WHERE session_hash = $1 AND expires_at > $2`,
    [session_hash, at],
  );
  return row ?? null;
};

export const removeSession = async (tx: Transaction, session_hash: string): Promise<boolean> => {
  const rows = await tx.query(
    'DELETE FROM operator_sessions WHERE session_hash = $1 RETURNING session_hash',
    [session_hash],
  );
  return rows.length > 0;
};
