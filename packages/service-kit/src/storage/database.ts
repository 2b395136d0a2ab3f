import { createHash } from 'node:crypto';
import { toDecimalString } from '@catalyst/domain';
import pg from 'pg';
import { AppError, createOutage, within, type Log } from '@catalyst/runtime';
import type { Metrics } from '../metrics.ts';
import { databaseFault, toDatabaseError } from './database-faults.ts';

const PLAIN_NUMBER = /^-?(0|[1-9]\d*)(\.\d*[1-9])?$/;
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.DATE, (text) => text);
types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString());
types.setTypeParser(pg.types.builtins.NUMERIC, (text) =>
  PLAIN_NUMBER.test(text) ? text : toDecimalString(text),
);
// bigint columns here are sequence numbers, far below 2^53
types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * What a statement can be sent to: the pool, or the transaction at hand. Dates come as text,
 * instants as ISO text, NUMERIC as canonical decimal text, bigint as number.
 */
export interface Queryable {
  query<T extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<T[]>;
}

export interface Transaction extends Queryable {
  /** Runs once the transaction is committed; never when it is rolled back. */
  afterCommit(work: () => void): void;
  /**
   * Kept to the end, just before COMMIT, so that a gapless number is taken as the last statement.
   */
  beforeCommit(work: () => Promise<void>): void;
  /** Runs once the transaction has failed for good, with what its caller sees. */
  afterFailure(work: (error: unknown) => void): void;
}

/** Whether a failure is the database's absence, or what it takes for one, and not ours. */
export const isOutage = (error: unknown): boolean =>
  error instanceof AppError && databaseFault(error.cause) !== null;

export interface Database extends Queryable {
  /**
   * All of it or nothing. `work` runs again, up to three times in all, when the server undid it for
   * the sake of another transaction (deadlock, serialization): it must leave nothing behind that a
   * rollback does not undo.
   * @throws AppError SERVICE_UNAVAILABLE or TIMED_OUT when the database is away or busy
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Why the last write failed, until one succeeds; null where it did not. */
  failedWrite(): string | null;
  /** Statements since the last call, and those that found every connection of the pool in use. */
  takePoolUse(): { statements: number; waited: number };
  /** True when the database answers within a second. */
  isConnected(): Promise<boolean>;
  close(): Promise<void>;
}

interface Options {
  log: Log;
  metrics?: Metrics;
  /** Connections at most; nine services share one small server. */
  max_connections?: number;
  application_name: string;
}

/** Tries of a transaction that the server undid for the sake of another one. */
const TRANSACTION_TRIES = 3;

interface KnownStatement {
  /** Two words, for metrics: "INSERT fills", "SELECT next_seq", "COMMIT". */
  title: string;
  /** Under which a connection keeps the statement prepared. */
  name: string;
}
const WRITES = /^(INSERT|UPDATE|DELETE)\b/;
/** What is sent again and again though it has no parameters; a migration begins otherwise. */
const READS = /^(SELECT|WITH)\b/;
const statements = new Map<string, KnownStatement>();
const knownStatement = (sql: string): KnownStatement => {
  const known = statements.get(sql);
  if (known) return known;
  const [verb = ''] = sql.trim().split(/\W/, 1);
  const [, object = ''] =
    /\b(?:INTO|FROM|UPDATE)\s+(?!unnest|jsonb_to_recordset)(\w+)/.exec(sql) ??
    /^\s*SELECT\s+(\w+)\(/.exec(sql) ??
    [];
  const statement = {
    title: `${verb} ${object}`.trim(),
    name: createHash('sha256').update(sql).digest('base64url'),
  };
  statements.set(sql, statement);
  return statement;
};

export const createDatabase = (
  url: string,
  { log, metrics, max_connections = 5, application_name }: Options,
): Database => {
  const pool = new pg.Pool({
    connectionString: url,
    max: max_connections,
    statement_timeout: 10_000,
    // below the statement's, so that who waits for a lock learns that it was a lock
    lock_timeout: 8000,
    // a process that hangs keeps its locks no longer than this
    idle_in_transaction_session_timeout: 20_000,
    // a server that hangs, or is gone without a word, is found out by us
    query_timeout: 15_000,
    keepAlive: true,
    options: '-c plan_cache_mode=force_generic_plan',
    connectionTimeoutMillis: 10_000,
    application_name,
    types,
  });
  const outage = createOutage('database', log);
  let failedWrite: string | null = null;
  let use = { statements: 0, waited: 0 };
  const noteUse = (): void => {
    use.statements += 1;
    const free = pool.idleCount + max_connections - pool.totalCount;
    if (pool.waitingCount >= free) use.waited += 1;
  };
  const lost = (error: unknown): void => {
    if (databaseFault(error) === 'away') outage.away(error);
  };
  // the pool listens to what lies idle in it alone: whoever uses a connection while it breaks would
  // end the process
  pool.on('connect', (client) => client.on('error', lost));
  pool.on('error', lost);

  const run = async <T extends object>(
    client: pg.Pool | pg.PoolClient,
    sql: string,
    values?: readonly unknown[],
  ): Promise<T[]> => {
    const { title, name } = knownStatement(sql);
    const stop = metrics?.queries.startTimer({ statement: title });
    try {
      // what is sent again and again is parsed and planned once for a connection
      const { rows } = await client.query<T>(
        values || READS.test(title)
          ? { name, text: sql, values: (values ?? []) as unknown[] }
          : sql,
      );
      stop?.({ outcome: 'ok' });
      outage.back();
      if (WRITES.test(title)) failedWrite = null;
      return rows;
    } catch (error) {
      stop?.({ outcome: 'failed' });
      lost(error);
      const failure = toDatabaseError(error);
      if (failure instanceof AppError && WRITES.test(title)) failedWrite = failure.message;
      throw failure;
    }
  };

  const runTransaction = async <T>(
    client: pg.PoolClient,
    work: (tx: Transaction) => Promise<T>,
    failed: ((error: unknown) => void)[],
  ): Promise<T> => {
    const committed: (() => void)[] = [];
    const last: (() => Promise<void>)[] = [];
    await run(client, 'BEGIN');
    const result = await work({
      query: (sql, values) => run(client, sql, values),
      afterCommit: (then) => committed.push(then),
      beforeCommit: (then) => last.push(then),
      afterFailure: (then) => failed.push(then),
    });
    for (const then of last) await then();
    await run(client, 'COMMIT');
    for (const then of committed) then();
    return result;
  };

  return {
    query: (sql, values) => {
      noteUse();
      return run(pool, sql, values);
    },
    transaction: async (work) => {
      noteUse();
      const client = await pool.connect().catch((error: unknown) => {
        lost(error);
        throw toDatabaseError(error);
      });
      let broken: Error | undefined;
      try {
        for (let tries = 1; ; tries += 1) {
          const failed: ((error: unknown) => void)[] = [];
          try {
            return await runTransaction(client, work, failed);
          } catch (error) {
            await client.query('ROLLBACK').catch((rollbackError: Error) => {
              broken = rollbackError;
            });
            const mayPass = error instanceof AppError && databaseFault(error.cause) === 'repeat';
            if (mayPass && !broken && tries < TRANSACTION_TRIES) continue;
            for (const then of failed) then(error);
            throw error;
          }
        }
      } finally {
        client.release(broken);
      }
    },
    failedWrite: () => failedWrite,
    takePoolUse: () => {
      const taken = use;
      use = { statements: 0, waited: 0 };
      return taken;
    },
    isConnected: async () => {
      try {
        await within(1000, 'the database', pool.query('SELECT 1'));
        return true;
      } catch {
        return false;
      }
    },
    close: () => pool.end(),
  };
};
