import { chmodSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { AppError, createTurns, messageOf } from '@catalyst/runtime';
import { SCHEMA, SCHEMA_VERSION, UPGRADES } from './schema.ts';

/** Statements on one connection; a `?` for each value, instants and money as text. */
export interface LocalReads {
  all<T>(sql: string, ...values: SQLInputValue[]): T[];
  one<T>(sql: string, ...values: SQLInputValue[]): T | undefined;
}
export interface LocalWrites extends LocalReads {
  /** @returns the rows that it changed */
  run(sql: string, ...values: SQLInputValue[]): number;
}

export interface LocalDatabase extends LocalReads {
  /**
   * All that `work` writes, or nothing; one after the other, and on the disk when it resolves. Reads
   * beside it see what is committed.
   * @throws AppError SERVICE_UNAVAILABLE where the file cannot be written; nothing is written then
   */
  write<T>(work: (tx: LocalWrites) => Promise<T> | T): Promise<T>;
  close(): void;
}

/** Another program holds the file, the disk is full or broken, or it may not be written. */
const AWAY: ReadonlySet<number> = new Set([5, 6, 8, 10, 13, 14]);
const toAppError = (error: unknown): unknown => {
  const { errcode } = error as { errcode?: unknown };
  if (typeof errcode !== 'number' || !AWAY.has(errcode & 0xff)) return error;
  return new AppError(
    'SERVICE_UNAVAILABLE',
    `the client's book cannot be read or written: ${messageOf(error)}`,
    {},
    error,
  );
};

const statementsOf = (connection: DatabaseSync): LocalWrites => {
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql) ?? connection.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  const told = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw toAppError(error);
    }
  };
  return {
    all: <T>(sql: string, ...values: SQLInputValue[]) =>
      told(() => prepare(sql).all(...values) as T[]),
    one: <T>(sql: string, ...values: SQLInputValue[]) =>
      told(() => prepare(sql).get(...values) as T | undefined),
    run: (sql, ...values) => told(() => Number(prepare(sql).run(...values).changes)),
  };
};

const open = (path: string): DatabaseSync => {
  const connection = new DatabaseSync(path, { timeout: 5000 });
  // what is committed survives a crash of the machine, not of the program alone
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  return connection;
};

const versionOf = (connection: DatabaseSync): number =>
  (connection.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;

/** @throws Error for a file of a later version of this program */
const migrate = (connection: DatabaseSync): void => {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(connection);
    if (version > SCHEMA_VERSION)
      throw new Error(
        `the client's book is of a later version (${version}, this program knows ${SCHEMA_VERSION}): update catalyst-client`,
      );
    if (version === 0) connection.exec(SCHEMA);
    else for (let of = version; of < SCHEMA_VERSION; of += 1) connection.exec(UPGRADES[of]!);
    connection.exec(`PRAGMA user_version = ${SCHEMA_VERSION};`);
    connection.exec('COMMIT');
  } catch (error) {
    connection.exec('ROLLBACK');
    throw error;
  }
};

/** Opens the file, which is made where there is none, readable by its owner alone. */
export const openLocalDatabase = (path: string): LocalDatabase => {
  const writer = open(path);
  chmodSync(path, 0o600);
  migrate(writer);
  const reader = open(path);
  const reads = statementsOf(reader);
  const writes = statementsOf(writer);
  const turn = createTurns();
  return {
    all: reads.all,
    one: reads.one,
    write: (work) =>
      turn(async () => {
        writes.run('BEGIN IMMEDIATE');
        try {
          const result = await work(writes);
          writes.run('COMMIT');
          return result;
        } catch (error) {
          if (writer.isTransaction) writes.run('ROLLBACK');
          throw error;
        }
      }),
    close: () => {
      reader.close();
      writer.close();
    },
  };
};
