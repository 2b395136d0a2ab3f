import { createHash } from 'node:crypto';
import { toDecimalString } from '@catalyst/domain';
import pg from 'pg';
import { AppError } from '../app-error.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';

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
}

export interface Database extends Queryable {
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
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

const mapped = (error: unknown): unknown => {
  const code = (error as { code?: string }).code;
  if (code === '57014')
    return new AppError(
      'TIMED_OUT',
      'the database took longer than 10 s for a statement',
      {},
      error,
    );
  if (code === 'ECONNREFUSED' || code === '57P01' || code === '57P03' || code === 'ECONNRESET')
    return new AppError('SERVICE_UNAVAILABLE', 'the database does not answer', {}, error);
  return error;
};

interface KnownStatement {
  /** Two words, for metrics: "INSERT fills", "SELECT next_seq", "COMMIT". */
  title: string;
  /** Under which a connection keeps the statement prepared. */
  name: string;
}
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
    options: '-c plan_cache_mode=force_generic_plan',
    connectionTimeoutMillis: 10_000,
    application_name,
    types,
  });
  pool.on('error', (error) => log.warn('database_connection_lost', { error }));

  const run = async <T extends object>(
    client: pg.Pool | pg.PoolClient,
    sql: string,
    values?: readonly unknown[],
  ): Promise<T[]> => {
    const { title, name } = knownStatement(sql);
    const stop = metrics?.queries.startTimer({ statement: title });
    try {
      // what has parameters is sent again and again: parsed and planned once for a connection
      const { rows } = await client.query<T>(
        values ? { name, text: sql, values: values as unknown[] } : sql,
      );
      stop?.({ outcome: 'ok' });
      return rows;
    } catch (error) {
      stop?.({ outcome: 'failed' });
      throw mapped(error);
    }
  };

  return {
    query: (sql, values) => run(pool, sql, values),
    transaction: async (work) => {
      const client = await pool.connect().catch((error: unknown) => {
        throw mapped(error);
      });
      const committed: (() => void)[] = [];
      const last: (() => Promise<void>)[] = [];
      let broken: Error | undefined;
      try {
        await run(client, 'BEGIN');
        const result = await work({
          query: (sql, values) => run(client, sql, values),
          afterCommit: (then) => committed.push(then),
          beforeCommit: (then) => last.push(then),
        });
        for (const then of last) await then();
        await run(client, 'COMMIT');
        for (const then of committed) then();
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((rollbackError: Error) => {
          broken = rollbackError;
        });
        throw mapped(error);
      } finally {
        client.release(broken);
      }
    },
    isConnected: async () => {
      try {
        await Promise.race([
          pool.query('SELECT 1'),
          new Promise((_, reject) =>
            setTimeout(() => reject(new Error('no answer')), 1000).unref(),
          ),
        ]);
        return true;
      } catch {
        return false;
      }
    },
    close: () => pool.end(),
  };
};
